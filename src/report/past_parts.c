/* What the formats of servers over time share: counts of runs, days, spans. */
#include "base/when.h"
#include "past_priv.h"

const char *
past_runs(const struct past_server *s, struct arena *a)
{
	size_t by_verdict[VERDICT_FAIL + 1] = { 0 };
	const char *text = "";

	for (size_t i = 0; i < s->n_points; i++)
		by_verdict[s->points[i].verdict]++;
	for (int v = 0; v <= VERDICT_FAIL; v++) {
		if (by_verdict[v] > 0)
			text = arena_printf(a, "%s%s%s in %zu", text, text[0] != '\0' ? ", " : "",
			    verdict_word((enum verdict)v), by_verdict[v]);
	}
	return arena_printf(a, "%s of %zu run%s", text, s->n_points, s->n_points == 1 ? "" : "s");
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
	return arena_printf(a, "%s to %s", first, day_text(last_s, a));
}
