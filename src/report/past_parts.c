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

bool
past_is_refused(const struct digest_demand *d)
{
	return d->any == DEMAND_NOT_MET || d->bulk == DEMAND_NOT_MET;
}

size_t
past_n_refused(const struct past_server *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_demands; i++)
		n += past_is_refused(&s->demands[i].demand);
	return n;
}

const char *
past_demand_state(const struct digest_demand *d)
{
	return d->any == DEMAND_NOT_MET ? "not met" : "not met by a bulk sender";
}

const char *
past_demand_code(const struct digest_demand *d)
{
	return d->code[0] == '\0' ? "no code is documented" : d->code;
}

/* Demands of one receiver stand together. */
const char *
past_unknown_demands(const struct past_server *s, struct arena *a)
{
	const struct digest_demand *before = NULL;
	const char *text = NULL;

	for (size_t i = 0; i < s->n_demands; i++) {
		const struct digest_demand *d = &s->demands[i].demand;
		if (past_is_refused(d))
			continue;
		bool same = before != NULL && strcmp(before->name, d->name) == 0;
		text = arena_printf(a, "%s%s%s%s%s", text == NULL ? "Unknown: " : text,
		    same               ? ", " :
			before != NULL ? "); " :
					 "",
		    same ? "" : d->name, same ? "" : " (", receivers_heads[d->demand]);
		before = d;
	}
	return text == NULL ? NULL : arena_printf(a, "%s).", text);
}

const char *
past_no_demand(const struct past_server *s)
{
	return s->has_demands && s->n_demands == 0 ?
	    "Big receivers: all demands that can be seen from outside are met." :
	    NULL;
}

const char *
past_evidence(const char *kept)
{
	return kept != NULL ? kept : "";
}
