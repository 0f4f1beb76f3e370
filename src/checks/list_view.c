/* What the lists say about a target, and which facts that takes. */
#include "checks/dnsbl_priv.h"

#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "checks/names.h"

enum { REASON_LEN_MAX = 300 };

bool
dnsbl_may_ask(const struct target *t)
{
	return t->policy->allow_special || ip_special(&t->ip) == NULL;
}

/* NULL when the list has no such entry. */
static const struct dns_answer *
entry_answer(const struct facts *f, const char *entry)
{
	return *entry == '\0' ? NULL : facts_dns(f, entry, DNS_A);
}

static void
want_entry(struct facts *f, const char *entry)
{
	if (*entry != '\0')
		facts_want_dns(f, entry, DNS_A);
}

/*
 * The reason (TXT) is asked for only where the address's answer lists: most lists do not, and
 * asking is somebody's bandwidth.  It does not wait for the test entries, which would cost a
 * third round trip.
 */
static void
want_address(const struct list *l, const struct target *t, struct facts *f)
{
	char name[NAME_TEXT_MAX];
	list_query_name(l, &t->ip, name);
	facts_follow_dns(f, name, DNS_A);
	if (list_answer_lists(l, facts_dns(f, name, DNS_A)))
		facts_want_dns(f, name, DNS_TXT);
}

static void
want_entries(const struct list *l, const struct target *t, struct facts *f)
{
	const struct list_test *test = list_test_for(l, &t->ip);
	want_entry(f, test->listed);
	want_entry(f, test->clean);
}

/* The address's own questions first: they lead on, the test entries do not. */
void
dnsbl_wants(const struct target *t, struct facts *f)
{
	const struct catalogue *c = t->policy->lists;
	if (!dnsbl_may_ask(t))
		return;
	for (size_t i = 0; i < c->n; i++)
		if (list_takes(&c->lists[i], &t->ip))
			want_address(&c->lists[i], t, f);
	for (size_t i = 0; i < c->n; i++)
		if (list_takes(&c->lists[i], &t->ip))
			want_entries(&c->lists[i], t, f);
}

/*
 * A plain file does not say whether a list takes IPv6.  One that does has the IPv6 test entry
 * (RFC 5782 section 5), so silence about both is no fault of the list.
 */
static bool
is_other_family(const struct list *l, const struct target *t, const struct list_verdict *v)
{
	return l->plain && t->ip.family == 6 && v->reason == LIST_EMPTY && v->n_codes == 0;
}

static void
view_list(const struct list *l, const struct target *t, const struct facts *f, struct arena *a,
    struct list_view *out)
{
	char name[NAME_TEXT_MAX];
	const struct list_test *test = list_test_for(l, &t->ip);
	*out = (struct list_view){
		.list = l,
		.verdict = { .reason = LIST_NOT_ASKED, .impact = l->impact, .fix = "" },
		.text = "",
	};
	if (!list_takes(l, &t->ip))
		out->verdict.reason = LIST_FAMILY;
	if (!list_takes(l, &t->ip) || !dnsbl_may_ask(t))
		return;
	list_query_name(l, &t->ip, name);
	list_judge(l, facts_dns(f, name, DNS_A), entry_answer(f, test->listed),
	    entry_answer(f, test->clean), a, &out->verdict);
	if (is_other_family(l, t, &out->verdict))
		out->verdict.reason = LIST_FAMILY;
	if (out->verdict.state != LIST_LISTED)
		return;
	struct name_set texts = names_of_records(facts_dns(f, name, DNS_TXT), a);
	out->text = safe_join(a, texts.list, texts.n, "; ");
}

/* Do most lists that have an IPv4 test entry seem empty?  Then answers inside 127/8 get lost. */
static bool
answers_get_lost(const struct target *t, const struct list_view *views, size_t n)
{
	size_t tested = 0, empty = 0;
	for (size_t i = 0; i < n && t->ip.family == 4; i++) {
		if (*views[i].list->test4.listed == '\0' || views[i].verdict.reason == LIST_FAMILY)
			continue;
		tested++;
		empty += views[i].verdict.reason == LIST_EMPTY;
	}
	return empty >= DNSBL_BLAME_MIN && 2 * empty > tested;
}

/* A list without a test entry is trusted by itself, but not where its fellows go unheard. */
static void
doubt_untested(struct list_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct list_view *v = &views[i];
		if (v->verdict.state != LIST_CLEAN || *v->list->test4.listed != '\0')
			continue;
		v->verdict.state = LIST_UNKNOWN;
		v->verdict.reason = LIST_UNTESTED;
	}
}

struct list_view *
list_views(const struct target *t, const struct facts *f, struct arena *a, size_t *n)
{
	const struct catalogue *c = t->policy->lists;
	struct list_view *views = arena_array(a, c->n, sizeof *views);
	for (size_t i = 0; i < c->n; i++)
		view_list(&c->lists[i], t, f, a, &views[i]);
	if (answers_get_lost(t, views, c->n))
		doubt_untested(views, c->n);
	*n = c->n;
	return views;
}

const char *
dnsbl_show_list(const struct list *l, struct arena *a)
{
	return strcmp(l->name, l->zone) == 0 ? l->zone :
					       arena_printf(a, "%s (%s)", l->name, l->zone);
}

const char *
dnsbl_show_codes(const struct list_verdict *v, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < v->n_codes; i++) {
		const char *meaning = v->meanings[i];
		text = arena_printf(a, *meaning != '\0' ? "%s%s%s (%s)" : "%s%s%s%s", text,
		    i > 0 ? ", " : "", v->codes[i], meaning);
	}
	return text;
}

const char *
dnsbl_show_reason(const char *text, struct arena *a)
{
	if (*text == '\0')
		return "";
	size_t len = strlen(text);
	bool cut = len > REASON_LEN_MAX;
	if (cut)
		len = REASON_LEN_MAX;
	while (cut && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return arena_printf(a, ", giving as reason \"%.*s%s\"", (int)len, text, cut ? "..." : "");
}

const char *
dnsbl_show_removal(const struct list *l, const struct target *t, struct arena *a)
{
	static const char hole[] = "{address}";
	const char *at = strstr(l->removal, hole);
	if (at == NULL)
		return l->removal;
	return arena_printf(a, "%.*s%s%s", (int)(at - l->removal), l->removal, t->address,
	    at + strlen(hole));
}
