/* The test entries of every list, judged as if they were addresses. */
#include "views/list_health.h"

#include <string.h>

#include "base/arena.h"
#include "views/list_priv.h"

static const struct list_test *
test_of(const struct list *l)
{
	if (l->ip4)
		return &l->test4;
	return l->ip6 ? &l->test6 : &l->test_domain;
}

static void
wants(const struct target *t, struct facts *f)
{
	const struct catalogue *c = t->policy->lists;
	for (size_t i = 0; i < c->n; i++)
		if (!list_lacks_key(t->policy, &c->lists[i]) && !c->lists[i].exhausted)
			list_want_entries(t, f, &c->lists[i], test_of(&c->lists[i]));
}

const struct check check_list_health = {
	.id = "list-health",
	.title = "Health of lists",
	.spec = "RFC 5782 5",
	.wants = wants,
};

/*
 * The entry that must be listed is judged as if it were an address.  Without one, the entry that
 * must not be can still show a wildcard, a parked domain or a refusal, but never health.
 */
static void
judge_list(const struct target *t, const struct facts *f, const struct list *l, struct arena *a,
    struct list_verdict *out)
{
	const struct list_test *test = test_of(l);
	const char *entry = *test->listed != '\0' ? test->listed : test->clean;
	*out = (struct list_verdict){ .reason = LIST_UNTESTED, .impact = l->impact };
	if (*entry == '\0')
		return;
	list_judge_facts(t, f, l, list_answer(t, f, l, entry, DNS_A, NULL), test, a, out);
	if (out->state != LIST_CLEAN)
		return;
	out->state = LIST_UNKNOWN;
	out->reason = LIST_UNTESTED;
}

static void
view_list(const struct target *t, const struct facts *f, const struct list *l, struct arena *a,
    struct list_view *out)
{
	*out = (struct list_view){
		.list = l,
		.subject = t->address,
		.is_domain = !l->ip4 && !l->ip6,
		.tested = *test_of(l)->listed != '\0',
		.verdict = { .reason = LIST_KEY_NEEDED, .impact = l->impact },
		.text = "",
		.removal = "",
		.explained_by = "",
	};
	if (list_lacks_key(t->policy, l))
		return;
	out->verdict.reason = LIST_BUDGET;
	if (l->exhausted)
		return;
	judge_list(t, f, l, a, &out->verdict);
	out->entry = list_entry_status(t, f, l, test_of(l));
	if (out->verdict.reason == LIST_PENDING)
		out->verdict.reason = LIST_TIMEOUT;
}

struct list_view *
list_health_views(const struct target *t, const struct facts *f, struct arena *a, size_t *n)
{
	const struct catalogue *c = t->policy->lists;
	struct list_view *views = arena_array(a, c->n, sizeof *views);
	for (size_t i = 0; i < c->n; i++)
		view_list(t, f, &c->lists[i], a, &views[i]);
	list_views_doubt(t, views, c->n);
	*n = c->n;
	return views;
}

const char *
list_health_word(const struct list_view *v)
{
	return enumtab_name(&list_reason_names, (int)v->verdict.reason);
}
