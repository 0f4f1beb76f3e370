/* The changes between runs of one server. */
#include "change_priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

const struct change_policy change_policy_default = { .of = 3, .confirm = 2, .unknown = 2 };

static const struct enumtab_row kind_rows[] = {
	{ "new", CHANGE_NEW },
	{ "worse", CHANGE_WORSE },
	{ "better", CHANGE_BETTER },
	{ "gone", CHANGE_GONE },
	{ "ptr", CHANGE_PTR },
	{ "remind", CHANGE_REMINDER },
	{ "ended", CHANGE_ENDED },
};
const struct enumtab change_kind_names = ENUMTAB(kind_rows);

/* One finding through the runs.  Unknown findings are followed separately. */
struct thread {
	const char *rule, *subject;
	bool unknown;
	/* by the runs that said anything, oldest first; NULL */
	const struct digest_finding *seen[CHANGE_RUNS_MAX];
	size_t n_seen;
	const struct digest_finding *confirmed; /* NULL: it is not */
};

struct following {
	const struct digest *runs; /* newest first */
	size_t n;
	struct change_policy policy;
	struct arena *arena;
	struct changes *out;
	size_t cap, cap_doubted, cap_standing, cap_over;
};

static bool
stands(const struct digest_finding *f)
{
	return !verdict_is_good(f->verdict);
}

static int
compare_level(const struct digest_finding *a, const struct digest_finding *b)
{
	int order = verdict_rank(a->verdict) - verdict_rank(b->verdict);

	return order != 0 ? order : (int)a->severity - (int)b->severity;
}

static bool
is_thread(const struct thread *t, const struct digest_finding *f)
{
	return stands(f) && (f->verdict == VERDICT_TEMPERROR) == t->unknown &&
	    strcmp(f->rule, t->rule) == 0 && strcmp(f->subject, t->subject) == 0;
}

/* The worst of those that a run has. */
static const struct digest_finding *
find(const struct thread *t, const struct digest *run)
{
	const struct digest_finding *worst = NULL;

	assert(run->n_findings == 0 || run->findings != NULL);
	for (size_t i = 0; i < run->n_findings; i++) {
		const struct digest_finding *f = &run->findings[i];
		if (is_thread(t, f) && (worst == NULL || compare_level(f, worst) > 0))
			worst = f;
	}
	return worst;
}

/* A reply in a log is no look-up that may fail: it is there, or it is over. */
static bool
is_certain(const struct thread *t)
{
	return digest_same_check(t->rule, "refused.");
}

/* An answer of a list counts, even when other lists of its check are unknown. */
static bool
list_answered(const struct thread *t, const struct digest *run, bool *known)
{
	bool asked = false;

	*known = true;
	for (size_t i = 0; i < run->n_lists; i++) {
		if (strcmp(run->lists[i].zone, t->subject) != 0)
			continue;
		asked = true;
		enum list_state state = run->lists[i].state;
		*known = *known && (state == LIST_LISTED || state == LIST_CLEAN);
	}
	return asked;
}

/* Did the check look, and see?  A check that was left out, or judged nothing, says nothing. */
static bool
check_looked(const struct thread *t, const struct digest *run)
{
	bool judged = false, known;

	/* what has any other finding has an address again */
	if (digest_same_check(t->rule, "target."))
		return run->n_findings > 0;
	if (list_answered(t, run, &known))
		return known;
	for (size_t i = 0; i < run->n_findings; i++) {
		const struct digest_finding *f = &run->findings[i];
		if (!digest_same_check(t->rule, f->rule))
			continue;
		if (f->verdict == VERDICT_TEMPERROR)
			return false;
		judged = judged || f->verdict != VERDICT_SKIP;
	}
	return judged;
}

/* Of a name whose addresses are in doubt nobody knows which replies are about it. */
static bool
has_address(const struct digest *run)
{
	for (size_t i = 0; i < run->n_findings; i++)
		if (stands(&run->findings[i]) &&
		    digest_same_check("target.", run->findings[i].rule))
			return false;
	return true;
}

static enum change_look
says(const struct thread *t, const struct digest *run, const struct digest_finding **f)
{
	*f = find(t, run);
	if (*f != NULL)
		return CHANGE_LOOK_STANDS;
	bool looked = t->unknown || (is_certain(t) ? has_address(run) : check_looked(t, run));
	return looked ? CHANGE_LOOK_GONE : CHANGE_LOOK_NOTHING;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many of the last n that said something have it. */
static size_t
count_standing(const struct thread *t, size_t n)
{
	size_t standing = 0;

	for (size_t i = t->n_seen - n; i < t->n_seen; i++)
		standing += t->seen[i] != NULL;
	return standing;
}

/* The finding in its latest form, at the worst level that need of the last n agree on. */
static const struct digest_finding *
agreed(const struct thread *t, size_t n, size_t need)
{
	const struct digest_finding *best = NULL;

	for (size_t i = t->n_seen; i-- > t->n_seen - n;) {
		size_t as_bad = 0;
		if (t->seen[i] == NULL)
			continue;
		for (size_t k = t->n_seen - n; k < t->n_seen; k++)
			as_bad += t->seen[k] != NULL && compare_level(t->seen[k], t->seen[i]) >= 0;
		if (as_bad >= need && (best == NULL || compare_level(t->seen[i], best) > 0))
			best = t->seen[i];
	}
	return best;
}

/*
 * A finding counts once need of the last runs have it, and no longer once as many in a row have not:
 * what comes and goes from run to run is reported once, not each time.  An unknown finding is never
 * confirmed by fewer runs, not even by the first.  One that was looked at again within its run is.
 */
static void
step(const struct following *w, struct thread *t, const struct digest *run)
{
	const struct digest_finding *f;
	enum change_look said = says(t, run, &f);

	if (said == CHANGE_LOOK_NOTHING)
		return;
	t->seen[t->n_seen++] = f;
	/* of what is certain the worst of as many runs is told: to ask again whether it is repaired may fail */
	bool certain = is_certain(t);
	size_t confirm = w->policy.confirm, of = certain ? confirm : w->policy.of;
	size_t want = t->unknown ? w->policy.unknown : certain ? 1 : confirm;
	size_t n = smaller(t->n_seen, want > of ? want : of);
	size_t need = t->unknown ? want : smaller(want, t->n_seen);
	size_t absent = smaller(certain ? 1 : confirm, t->n_seen);
	if (f != NULL && f->sure)
		t->confirmed = f;
	else if (said == CHANGE_LOOK_STANDS && count_standing(t, n) >= need)
		t->confirmed = agreed(t, n, need);
	else if (said == CHANGE_LOOK_GONE && count_standing(t, absent) == 0)
		t->confirmed = NULL;
}

static void
add(struct following *w, struct change change)
{
	struct changes *out = w->out;

	out->list = arena_grow(w->arena, out->list, out->n, &w->cap, sizeof *out->list);
	out->list[out->n++] = change;
}

static void
add_over(struct following *w, const struct digest_finding *f)
{
	struct changes *out = w->out;

	out->over = arena_grow(w->arena, out->over, out->n_over, &w->cap_over,
	    sizeof(const struct digest_finding *));
	out->over[out->n_over++] = f;
}

static void
compare(struct following *w, const struct digest_finding *before, const struct digest_finding *now)
{
	if (before == NULL && now == NULL)
		return;
	if (before == NULL) {
		add(w, (struct change){ .kind = CHANGE_NEW, .finding = now, .text = now->text });
		return;
	}
	if (now == NULL && change_goes_on(&w->runs[0], before)) {
		add_over(w, before);
		return;
	}
	if (now == NULL) {
		add(w,
		    (struct change){ .kind = CHANGE_GONE,
			.finding = before,
			.text = arena_printf(w->arena, "no longer: %s", before->text) });
		return;
	}
	int order = compare_level(now, before);
	if (order != 0)
		add(w,
		    (struct change){ .kind = order > 0 ? CHANGE_WORSE : CHANGE_BETTER,
			.finding = now,
			.before = before,
			.text = now->text });
	else if (change_reminds(w->runs, w->n, now))
		add(w,
		    (struct change){ .kind = CHANGE_REMINDER, .finding = now, .text = now->text });
}

/* Updates the verdict of the server with one more confirmed finding. */
static enum verdict
weigh(enum verdict so_far, const struct digest_finding *f)
{
	enum verdict v = f->verdict;

	if (verdict_is_bad(v))
		v = VERDICT_FAIL;
	else if (v == VERDICT_TEMPERROR && !f->required)
		return so_far;
	return verdict_rank(v) > verdict_rank(so_far) ? v : so_far;
}

static struct thread
thread_of(const struct digest_finding *f)
{
	return (struct thread){ .rule = f->rule,
		.subject = f->subject,
		.unknown = f->verdict == VERDICT_TEMPERROR };
}

/* It would not be told yet, though it is grave. */
static void
doubt(struct following *w, const struct thread *t)
{
	struct changes *out = w->out;
	const struct digest_finding *f = find(t, &w->runs[0]);

	if (f == NULL || !verdict_is_bad(f->verdict) || f->severity < SEVERITY_HIGH ||
	    (t->confirmed != NULL && compare_level(f, t->confirmed) <= 0))
		return;
	out->doubted = arena_grow(w->arena, out->doubted, out->n_doubted, &w->cap_doubted,
	    sizeof *out->doubted);
	out->doubted[out->n_doubted++] = f;
}

static void
follow(struct following *w, const struct digest_finding *first)
{
	struct thread t = thread_of(first);
	const struct digest_finding *before = NULL;

	for (size_t i = w->n; i-- > 0;) {
		before = t.confirmed;
		step(w, &t, &w->runs[i]);
	}
	compare(w, before, t.confirmed);
	doubt(w, &t);
	if (before != NULL)
		w->out->before = weigh(w->out->before, before);
	if (t.confirmed == NULL)
		return;
	w->out->verdict = weigh(w->out->verdict, t.confirmed);
	w->out->standing = arena_grow(w->arena, w->out->standing, w->out->n_standing,
	    &w->cap_standing, sizeof(const struct digest_finding *));
	w->out->standing[w->out->n_standing++] = t.confirmed;
}

/* Was the same followed already, in a newer run or further up in this one? */
static bool
is_followed(const struct following *w, size_t run, size_t finding)
{
	struct thread t = thread_of(&w->runs[run].findings[finding]);

	for (size_t i = 0; i < finding; i++)
		if (is_thread(&t, &w->runs[run].findings[i]))
			return true;
	for (size_t i = 0; i < run; i++)
		if (find(&t, &w->runs[i]) != NULL)
			return true;
	return false;
}

/* That there is none, or again one, is a finding's affair. */
static void
follow_names(struct following *w)
{
	const char *text = change_names(w->runs, w->n, &w->policy, w->arena);

	if (text != NULL)
		add(w, (struct change){ .kind = CHANGE_PTR, .text = text });
}

/* Bad news before good, the worst of each first. */
static int
by_weight(const void *a, const void *b)
{
	static const int order[] = { [CHANGE_NEW] = 0,
		[CHANGE_WORSE] = 0,
		[CHANGE_PTR] = 1,
		[CHANGE_REMINDER] = 1,
		[CHANGE_BETTER] = 2,
		[CHANGE_GONE] = 3,
		[CHANGE_ENDED] = 3 };
	const struct change *x = a, *y = b;
	int by_kind = order[x->kind] - order[y->kind];

	if (by_kind != 0 || x->finding == NULL || y->finding == NULL)
		return by_kind;
	int by_level = compare_level(y->finding, x->finding);
	if (by_level != 0)
		return by_level;
	int by_rule = strcmp(x->finding->rule, y->finding->rule);
	return by_rule != 0 ? by_rule : strcmp(x->finding->subject, y->finding->subject);
}

static bool
judged_any(const struct digest *run)
{
	for (size_t i = 0; i < run->n_findings; i++)
		if (run->findings[i].verdict == VERDICT_PASS ||
		    run->findings[i].verdict == VERDICT_WARN ||
		    verdict_is_bad(run->findings[i].verdict))
			return true;
	return false;
}

/* A server without confirmed findings is good, if anything was ever judged. */
static enum verdict
verdict_to_begin(const struct following *w, size_t newest)
{
	for (size_t i = newest; i < w->n; i++)
		if (judged_any(&w->runs[i]))
			return VERDICT_PASS;
	return VERDICT_TEMPERROR;
}

void
changes_of(const struct digest *runs, size_t n, const struct change_policy *policy, struct arena *a,
    struct changes *out)
{
	struct following w = { .runs = runs, .policy = *policy, .arena = a, .out = out };

	assert(n > 0 && policy->confirm > 0 && policy->confirm <= policy->of);
	assert(policy->of < CHANGE_RUNS_MAX && policy->unknown > 0 &&
	    policy->unknown < CHANGE_RUNS_MAX);
	w.n = smaller(n, CHANGE_RUNS_MAX);
	*out = (struct changes){ .first = n == 1 };
	out->verdict = verdict_to_begin(&w, 0);
	out->before = out->first ? out->verdict : verdict_to_begin(&w, 1);
	for (size_t i = 0; i < w.n; i++)
		for (size_t k = 0; k < runs[i].n_findings; k++)
			if (stands(&runs[i].findings[k]) && !is_followed(&w, i, k))
				follow(&w, &runs[i].findings[k]);
	follow_names(&w);
	if (out->first)
		out->before = out->verdict;
	if (out->n > 1)
		qsort(out->list, out->n, sizeof *out->list, by_weight);
}

enum change_look
change_look(const struct digest_finding *f, const struct digest *look)
{
	const struct digest_finding *found;
	struct thread t = thread_of(f);

	return says(&t, look, &found);
}
