/* PTR names through the runs: a value, not something that is there or not. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "change_priv.h"

static bool
names_known(const struct digest *run)
{
	return run->has_ptr && run->ptr_status != PTR_TEMPERROR;
}

static bool
same_names(const struct digest *a, const struct digest *b)
{
	if (a->n_ptr_names != b->n_ptr_names || a->n_more_ptr_names != b->n_more_ptr_names)
		return false;
	for (size_t i = 0; i < a->n_ptr_names; i++)
		if (strcmp(a->ptr_names[i], b->ptr_names[i]) != 0)
			return false;
	return true;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The run, among the known ones oldest first up to n, whose names its neighbours confirm; or NULL. */
static const struct digest *
agreed_names(const struct change_policy *policy, const struct digest *const *known, size_t n)
{
	size_t last = smaller(n, policy->of), agree = 0;

	for (size_t i = n - last; i < n; i++)
		agree += same_names(known[i], known[n - 1]);
	return agree >= smaller(policy->confirm, n) ? known[n - 1] : NULL;
}

static const char *
show_names(const struct digest *d, struct arena *a)
{
	return safe_names(a, d->ptr_names, d->n_ptr_names, d->n_more_ptr_names);
}

const char *
change_names(const struct digest *runs, size_t n_runs, const struct change_policy *policy,
    struct arena *a)
{
	const struct digest *known[CHANGE_RUNS_MAX], *now = NULL, *before = NULL;
	size_t n = 0;

	for (size_t i = n_runs; i-- > 0;) {
		if (!names_known(&runs[i]))
			continue;
		known[n++] = &runs[i];
		const struct digest *same = agreed_names(policy, known, n);
		before = now;
		now = same != NULL ? same : now;
	}
	if (!names_known(&runs[0]) || before == NULL || same_names(before, now) ||
	    before->n_ptr_names == 0 || now->n_ptr_names == 0)
		return NULL;
	return arena_printf(a, "the PTR name%s %s now; before %s",
	    now->n_ptr_names > 1 ? "s are" : " is", show_names(now, a),
	    arena_printf(a, "%s %s", before->n_ptr_names > 1 ? "they were" : "it was",
		show_names(before, a)));
}
