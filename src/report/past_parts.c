/* What the formats of servers over time share: counts of runs, days, spans. */
#include <string.h>

#include "base/when.h"
#include "past_priv.h"

/* A warning is good enough to be accepted; it is counted on its own. */
static const struct {
	enum verdict verdict;
	const char *before, *after;
} counted[] = {
	{ VERDICT_WARN, "with warnings in ", "" },
	{ VERDICT_FAIL, "bad in ", "" },
	{ VERDICT_TEMPERROR, "", " without an answer" },
};

const char *
past_runs(const struct past_server *s, struct arena *a)
{
	size_t by_verdict[VERDICT_FAIL + 1] = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		enum verdict v = s->points[i].verdict;
		by_verdict[verdict_is_bad(v)                   ? VERDICT_FAIL :
			v == VERDICT_PASS || v == VERDICT_WARN ? v :
								 VERDICT_TEMPERROR]++;
	}
	by_verdict[VERDICT_TEMPERROR] += s->n_blind;
	size_t n = s->n_points + s->n_blind;
	const char *text = arena_printf(a, "good in %zu of %zu run%s", by_verdict[VERDICT_PASS], n,
	    n == 1 ? "" : "s");
	for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++)
		if (by_verdict[counted[i].verdict] > 0)
			text = arena_printf(a, "%s, %s%zu%s", text, counted[i].before,
			    by_verdict[counted[i].verdict], counted[i].after);
	return text;
}

const char *
day_text(int64_t time_s, struct arena *a)
{
	char day[WHEN_TEXT_MAX];

	return arena_strdup(a, when_day(time_s, day));
}

const char *
span_text(int64_t first_s, int64_t last_s, bool standing, struct arena *a)
{
	const char *first = day_text(first_s, a);

	if (standing)
		return arena_printf(a, "since %s", first);
	const char *last = day_text(last_s, a);
	if (strcmp(first, last) == 0)
		return arena_printf(a, "on %s", first);
	return arena_printf(a, "%s to %s", first, last);
}

const char *
past_evidence(const char *kept)
{
	return kept != NULL ? kept : "";
}
