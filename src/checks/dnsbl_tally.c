/* Counting what the lists say. */
#include <string.h>

#include "base/arena.h"
#include "checks/dnsbl_priv.h"

/* Lists of one operator, or one list, do not confirm each other. */
static bool
is_independent(const struct list *a, const struct list *b)
{
	if (*a->operator_name == '\0' || *b->operator_name == '\0')
		return a != b;
	return strcmp(a->operator_name, b->operator_name) != 0;
}

static bool
is_listing(const struct list_view *v)
{
	return v->verdict.state == LIST_LISTED && v->list->kind == LIST_KIND_BLOCK;
}

static bool
is_confirmed(const struct list_view *v, const struct dnsbl_tally *tally)
{
	for (size_t i = 0; i < tally->n; i++)
		if (is_listing(&tally->views[i]) && tally->views[i].verdict.impact >= LIST_LOW &&
		    is_independent(tally->views[i].list, v->list))
			return true;
	return false;
}

/*
 * Critical are the listings that large mailbox providers name when they refuse.  High ones fail
 * too, although fewer receivers use them: PBL and Barracuda each outweigh by themselves the limit
 * of common servers (mailcow: 8 and 7 of 6 points), so mail is refused for them alone, which is
 * more than "some receivers mind".  Medium ones are only ever counted.  One low list alone is
 * noise; two independent ones are not.
 */
enum verdict
dnsbl_verdict(const struct list_view *v, const struct dnsbl_tally *tally)
{
	if (v->verdict.impact >= LIST_HIGH)
		return VERDICT_FAIL;
	if (v->verdict.impact == LIST_MEDIUM)
		return VERDICT_WARN;
	if (v->verdict.impact == LIST_LOW && is_confirmed(v, tally))
		return VERDICT_WARN;
	return VERDICT_INFO;
}

static void
count(const struct target *t, const struct list_view *v, struct dnsbl_tally *out)
{
	if (v->verdict.state == LIST_NOT_APPLICABLE) {
		bool family = v->verdict.reason == LIST_FAMILY;
		out->family += family;
		out->assumed += family && list_takes(v->list, &t->ip);
		out->offline += !family && t->policy->offline;
		return;
	}
	out->asked++;
	out->answered += v->verdict.state != LIST_UNKNOWN;
	out->keyless += v->verdict.reason == LIST_KEY_NEEDED;
	if (v->verdict.state != LIST_LISTED)
		return;
	enum verdict verdict = dnsbl_verdict(v, out);
	out->listed++;
	out->critical += v->verdict.impact == LIST_CRITICAL;
	out->high += v->verdict.impact == LIST_HIGH;
	out->minded += verdict == VERDICT_WARN || verdict == VERDICT_FAIL;
}

/* Lists of names have none where there is no name; nor do they take the address. */
static size_t
lists_without_row(const struct target *t, const struct list_view *views, size_t n)
{
	size_t lists = 0;

	for (size_t i = 0; i < t->policy->lists->n; i++)
		lists += t->policy->lists->lists[i].kind == LIST_KIND_BLOCK;
	for (size_t i = 0; i < n; i++)
		lists -= list_view_leads(views, i) && views[i].list->kind == LIST_KIND_BLOCK;
	return lists;
}

void
dnsbl_tally_up(const struct target *t, const struct list_view *views, size_t n,
    struct dnsbl_tally *out)
{
	*out = (struct dnsbl_tally){ .views = views, .n = n };
	out->family = lists_without_row(t, views, n);
	for (size_t i = 0; i < n; i++) {
		if (!list_view_leads(views, i))
			continue;
		const struct list_view *row = list_view_main(views, n, i);
		if (row->list->kind == LIST_KIND_BLOCK)
			count(t, row, out);
		else
			out->others += row->verdict.state == LIST_LISTED;
	}
}

static const char *
weights_text(const struct dnsbl_tally *tally, struct arena *a)
{
	if (tally->critical > 0 && tally->high > 0)
		return arena_printf(a, " (%zu critical, %zu high)", tally->critical, tally->high);
	if (tally->critical > 0)
		return arena_printf(a, " (%zu critical)", tally->critical);
	return tally->high > 0 ? arena_printf(a, " (%zu high)", tally->high) : "";
}

const char *
dnsbl_summary(const struct dnsbl_tally *tally, struct arena *a)
{
	const char *unknown = "", *family = "";
	size_t n_unknown = tally->asked - tally->answered;
	if (n_unknown > 0)
		unknown = arena_printf(a, ", %zu could not be asked", n_unknown);
	if (tally->family > 0)
		family = arena_printf(a, ", %zu %s not take this address family", tally->family,
		    tally->family == 1 ? "does" : "do");
	if (tally->answered == 0 && tally->keyless < tally->asked)
		return arena_printf(a, "none of %zu lists gave a usable answer%s", tally->asked,
		    family);
	return arena_printf(a, "listed on %zu of %zu%s%s%s", tally->listed, tally->asked,
	    weights_text(tally, a), unknown, family);
}
