/* What the lists say about a target, and which facts that takes. */
#include "views/lists.h"

#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "base/strset.h"
#include "lists/keyring.h"
#include "views/list_priv.h"
#include "views/names.h"
#include "views/world.h"

/* What a list is asked. */
struct question {
	const struct list *list;
	const char *subject;
	bool is_domain;
	char name[NAME_TEXT_MAX];
	const struct list_test *test;
};

typedef void question_fn(void *arg, const struct question *q);

bool
lists_may_ask(const struct target *t)
{
	return t->policy->allow_special || ip_special(&t->ip) == NULL;
}

/* Only then the names of the server matter. */
static bool
asks_domains(const struct catalogue *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->lists[i].domain)
			return true;
	return false;
}

/* Were the list's test entries right a short while ago? */
static bool
is_tested_lately(const struct target *t, const struct list *l)
{
	const struct policy *p = t->policy;
	return strset_has(p->tested, p->n_tested, l->zone);
}

/* Then its silence needs no proof; an answer always does. */
static bool
needs_no_entries(const struct target *t, const struct list *l, const struct dns_answer *answer)
{
	return is_tested_lately(t, l) && answer->status != DNS_FOUND;
}

static bool
is_exhausted(const struct facts *f, const struct question *q)
{
	return q->list->exhausted && facts_find_dns(f, q->name, DNS_A) == NULL;
}

bool
list_lacks_key(const struct policy *p, const struct list *l)
{
	return *l->key != '\0' && !keyring_has(p->keys, l->key);
}

/* Facts of an earlier run, which had the key, need none. */
static bool
lacks_key(const struct target *t, const struct facts *f, const struct question *q)
{
	return list_lacks_key(t->policy, q->list) && facts_find_dns(f, q->name, DNS_A) == NULL;
}

/* The address's own questions, then those about names: calls back for each. */
static void
each_question(const struct list *l, const struct target *t, const struct list_subject *subjects,
    size_t n_subjects, question_fn *fn, void *arg)
{
	struct question q = { .list = l, .subject = t->address };
	if (list_takes(l, &t->ip) || (!l->domain && (l->ip4 || l->ip6))) {
		list_query_name(l, &t->ip, q.name);
		q.test = list_test_for(l, &t->ip);
		fn(arg, &q);
	}
	if (!l->domain)
		return;
	const char *domains[2 * LIST_SUBJECTS_MAX];
	size_t n = list_domains(l, subjects, n_subjects, domains);
	q.is_domain = true;
	q.test = &l->test_domain;
	for (size_t i = 0; i < n; i++) {
		q.subject = domains[i];
		if (list_domain_name(l, domains[i], q.name))
			fn(arg, &q);
	}
}

struct wanting {
	const struct target *t;
	struct facts *f;
};

/* Is the list there for this question, and may it be asked? */
static bool
is_askable(const struct wanting *w, const struct question *q)
{
	return (q->is_domain || list_takes(q->list, &w->t->ip)) && !lacks_key(w->t, w->f, q) &&
	    !is_exhausted(w->f, q);
}

/*
 * The reason (TXT) is asked for only where the answer lists: most lists do not, and asking is
 * somebody's bandwidth.  It does not wait for the test entries, which would cost a third round
 * trip.
 */
static void
want_answer(void *arg, const struct question *q)
{
	struct wanting *w = arg;
	if (!is_askable(w, q))
		return;
	const struct dns_answer *answer = list_want(w->t, w->f, q->list, q->name, DNS_A,
	    FACTS_LEAD_FOUND);
	if (list_answer_lists(q->list, answer))
		list_want(w->t, w->f, q->list, q->name, DNS_TXT, FACTS_LEAF);
}

static void
want_entry(const struct wanting *w, const struct list *l, const char *entry)
{
	if (*entry != '\0')
		list_want(w->t, w->f, l, entry, DNS_A, FACTS_LEAF);
}

void
list_want_entries(const struct target *t, struct facts *f, const struct list *l,
    const struct list_test *test)
{
	const struct wanting w = { .t = t, .f = f };
	char probe[NAME_TEXT_MAX];
	want_entry(&w, l, test->listed);
	want_entry(&w, l, test->clean);
	if (test == &l->test_domain && list_probe_name(t->policy, l, probe))
		want_entry(&w, l, probe);
}

static void
want_entries(void *arg, const struct question *q)
{
	struct wanting *w = arg;
	if (!is_askable(w, q))
		return;
	const struct dns_answer *answer = list_answer(w->t, w->f, q->list, q->name, DNS_A, NULL);
	if (!needs_no_entries(w->t, q->list, answer))
		list_want_entries(w->t, w->f, q->list, q->test);
}

/* The questions themselves first: they lead on, the test entries do not. */
void
lists_want(const struct target *t, struct facts *f)
{
	const struct catalogue *c = t->policy->lists;
	struct list_subject subjects[LIST_SUBJECTS_MAX];
	struct wanting w = { .t = t, .f = f };
	struct understanding k;
	struct arena a;
	size_t n = 0;
	if (!lists_may_ask(t))
		return;
	arena_init(&a);
	if (asks_domains(c)) {
		char reverse[IP_REVERSE_MAX];
		world_follow(t, f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
		understanding_init(&k, t, f, &a);
		n = list_subjects(&k, subjects);
	}
	for (size_t i = 0; i < c->n; i++)
		each_question(&c->lists[i], t, subjects, n, want_answer, &w);
	for (size_t i = 0; i < c->n; i++)
		each_question(&c->lists[i], t, subjects, n, want_entries, &w);
	arena_fini(&a);
}

/* NULL when the list has no such entry. */
static const struct dns_answer *
entry_answer(const struct target *t, const struct facts *f, const struct list *l, const char *entry)
{
	return *entry == '\0' ? NULL : list_answer(t, f, l, entry, DNS_A, NULL);
}

/*
 * Domain lists show that they list everything by either of two names: "invalid", which some
 * operators answer by hand, and one that nobody can know.
 */
static const struct dns_answer *
clean_answer(const struct target *t, const struct facts *f, const struct list *l,
    const struct list_test *test)
{
	const struct dns_answer *answer = entry_answer(t, f, l, test->clean);
	char probe[NAME_TEXT_MAX];
	if (test != &l->test_domain || !list_probe_name(t->policy, l, probe))
		return answer;
	const struct dns_answer *other = list_answer(t, f, l, probe, DNS_A, NULL);
	if (answer == NULL)
		return other;
	bool shows = answer->status == DNS_FOUND || !dns_is_known(answer->status);
	return shows && other->status != DNS_FOUND ? answer : other;
}

enum dns_status
list_entry_status(const struct target *t, const struct facts *f, const struct list *l,
    const struct list_test *test)
{
	const struct dns_answer *entry = entry_answer(t, f, l, test->listed);
	return entry == NULL ? DNS_PENDING : entry->status;
}

void
list_judge_facts(const struct target *t, const struct facts *f, const struct list *l,
    const struct dns_answer *answer, const struct list_test *test, struct arena *a,
    struct list_verdict *out)
{
	bool none = needs_no_entries(t, l, answer);
	list_judge(l, answer, none ? NULL : entry_answer(t, f, l, test->listed),
	    none ? NULL : clean_answer(t, f, l, test), a, out);
}

struct viewing {
	struct understanding *k;
	struct list_view *rows;
	size_t n, cap;
};

/*
 * A plain file does not say whether a list takes IPv6.  One that does has the IPv6 test entry
 * (RFC 5782 section 5), so silence about both is not a fault of the list.
 */
static bool
is_other_family(const struct list *l, const struct target *t, const struct list_verdict *v)
{
	return l->plain && t->ip.family == 6 && v->reason == LIST_EMPTY && v->n_codes == 0;
}

static void
set_not_applicable(struct list_view *out, enum list_reason reason)
{
	out->verdict.state = LIST_NOT_APPLICABLE;
	out->verdict.reason = reason;
}

/*
 * Removal comes last: as long as the cause is there, or remembered, the list refuses it or lists
 * the address again.
 */
static enum list_explained
explain(struct understanding *k, const struct list_verdict *v)
{
	bool no_ptr = v->cause == LIST_CAUSE_NO_PTR;
	if (v->cause == LIST_CAUSE_NONE || known_ptr(k)->status == PTR_TEMPERROR)
		return LIST_UNEXPLAINED;
	if (known_ptr(k)->status != PTR_FOUND)
		return LIST_BY_NO_PTR;
	if (no_ptr)
		return LIST_CAUSE_GONE;
	if (k->target->policy->generic == NULL || !known_generic(k)->judged)
		return LIST_UNEXPLAINED;
	return known_generic(k)->is_generic ? LIST_BY_GENERIC_PTR : LIST_CAUSE_GONE;
}

/* The removal page with the address or the name filled in; "" */
static const char *
fill_removal(const struct list_view *v, struct arena *a)
{
	static const char hole[] = "{address}";
	const char *removal = v->list->removal;
	const char *at = strstr(removal, hole);
	if (at == NULL)
		return removal;
	return arena_printf(a, "%.*s%s%s", (int)(at - removal), removal, v->subject,
	    at + strlen(hole));
}

static void
view_listing(struct understanding *k, const struct question *q, const struct dns_answer *answer,
    struct list_view *out)
{
	static const char *const rules[] = {
		[LIST_UNEXPLAINED] = "",
		[LIST_BY_NO_PTR] = "ptr.missing",
		[LIST_BY_GENERIC_PTR] = "generic_ptr",
		[LIST_CAUSE_GONE] = "",
	};
	struct name_set texts = names_of_records(list_answer(k->target, k->facts, q->list, q->name,
						     DNS_TXT, NULL),
	    k->arena);
	out->ttl_s = answer->records[0].ttl_s;
	out->text = safe_join(k->arena, texts.list, texts.n, "; ");
	out->removal = fill_removal(out, k->arena);
	out->explained = explain(k, &out->verdict);
	out->explained_by = rules[out->explained];
}

static void
view_answer(struct understanding *k, const struct question *q, struct list_view *out)
{
	const struct target *t = k->target;
	const struct list *l = q->list;
	const struct dns_answer *answer = list_answer(t, k->facts, l, q->name, DNS_A, NULL);
	list_judge_facts(t, k->facts, l, answer, q->test, k->arena, &out->verdict);
	out->tested = *q->test->listed != '\0' && !needs_no_entries(t, l, answer);
	out->entry = list_entry_status(t, k->facts, l, q->test);
	if (!q->is_domain && is_other_family(l, t, &out->verdict))
		set_not_applicable(out, LIST_FAMILY);
	else if (t->policy->offline && out->verdict.reason == LIST_NOT_ASKED)
		set_not_applicable(out, LIST_NOT_ASKED);
	else if (out->verdict.state == LIST_LISTED)
		view_listing(k, q, answer, out);
}

static void
view_question(void *arg, const struct question *q)
{
	struct viewing *w = arg;
	struct understanding *k = w->k;
	const struct target *t = k->target;
	w->rows = arena_grow(k->arena, w->rows, w->n, &w->cap, sizeof *w->rows);
	struct list_view *out = &w->rows[w->n++];
	*out = (struct list_view){
		.list = q->list,
		.subject = q->is_domain ? arena_strdup(k->arena, q->subject) : q->subject,
		.is_domain = q->is_domain,
		.verdict = { .impact = q->list->impact },
		.text = "",
		.removal = "",
		.explained_by = "",
	};
	if (!q->is_domain && !list_takes(q->list, &t->ip))
		set_not_applicable(out, LIST_FAMILY);
	else if (!lists_may_ask(t))
		set_not_applicable(out, LIST_NOT_ASKED);
	else if (lacks_key(t, k->facts, q))
		out->verdict.reason = LIST_KEY_NEEDED;
	else if (is_exhausted(k->facts, q))
		out->verdict.reason = LIST_BUDGET;
	else
		view_answer(k, q, out);
}

static struct list_counts
count_lists(const struct catalogue *c, const struct list_view *rows, size_t n)
{
	struct list_counts counts = { .asked = 0 };
	for (size_t i = 0; i < c->n; i++)
		counts.not_applicable += c->lists[i].kind == LIST_KIND_BLOCK;
	for (size_t i = 0; i < n; i++) {
		const struct list_view *v = list_view_main(rows, n, i);
		if (!list_view_leads(rows, i) || v->list->kind != LIST_KIND_BLOCK)
			continue;
		counts.listed += v->verdict.state == LIST_LISTED;
		counts.clean += v->verdict.state == LIST_CLEAN;
		counts.unknown += v->verdict.state == LIST_UNKNOWN;
	}
	counts.asked = counts.listed + counts.clean + counts.unknown;
	counts.not_applicable -= counts.asked;
	return counts;
}

const struct lists_view *
known_lists(struct understanding *k)
{
	const struct catalogue *c = k->target->policy->lists;
	struct viewing w = { .k = k };
	struct list_subject subjects[LIST_SUBJECTS_MAX];
	if (k->lists != NULL)
		return k->lists;
	size_t n_subjects = asks_domains(c) ? list_subjects(k, subjects) : 0;
	for (size_t i = 0; i < c->n; i++)
		each_question(&c->lists[i], k->target, subjects, n_subjects, view_question, &w);
	list_views_doubt(k->target, w.rows, w.n);
	struct lists_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct lists_view){ .rows = w.rows, .n = w.n };
	v->counts = count_lists(c, w.rows, w.n);
	return k->lists = v;
}

size_t
list_view_facts(const struct understanding *k, const struct list_view *v,
    const struct fact *out[LIST_FACTS_MAX])
{
	char name[NAME_TEXT_MAX], probe[NAME_TEXT_MAX];
	const struct target *t = k->target;
	const struct list *l = v->list;
	const struct list_test *test = v->is_domain ? &l->test_domain : list_test_for(l, &t->ip);
	size_t n = 0;
	if (v->is_domain && !list_domain_name(l, v->subject, name))
		return 0;
	if (!v->is_domain)
		list_query_name(l, &t->ip, name);
	const struct {
		const char *name;
		uint16_t type;
	} questions[LIST_FACTS_MAX] = {
		{ name, DNS_A },
		{ name, DNS_TXT },
		{ test->listed, DNS_A },
		{ test->clean, DNS_A },
		{ v->is_domain && list_probe_name(t->policy, l, probe) ? probe : "", DNS_A },
	};
	for (size_t i = 0; i < LIST_FACTS_MAX; i++) {
		const struct fact *fact = NULL;
		if (*questions[i].name != '\0')
			list_answer(t, k->facts, l, questions[i].name, questions[i].type, &fact);
		if (fact != NULL)
			out[n++] = fact;
	}
	return n;
}
