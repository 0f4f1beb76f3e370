/* The formats of servers over time, and the words that they share. */
#include "past_priv.h"

#include <string.h>

/* Formats that show how servers are, not how they were: of the last run of each. */
static void
write_last(const struct past *p, const struct renderer *r, const struct render_options *o,
    struct buf *out)
{
	struct arena a;

	arena_init(&a);
	struct digest *all = arena_array(&a, p->n, sizeof *all);
	for (size_t i = 0; i < p->n; i++)
		all[i] = *p->servers[i].last;
	r->whole(all, p->n, o, out);
	arena_fini(&a);
}

static void
past_junit(const struct past *p, const struct render_options *o, struct buf *out)
{
	write_last(p, &render_junit, o, out);
}

static void
past_openmetrics(const struct past *p, const struct render_options *o, struct buf *out)
{
	write_last(p, &render_openmetrics, o, out);
}

const struct past_format past_formats[] = {
	{ "text", past_text },
	{ "html", html_past },
	{ "markdown", past_markdown },
	{ "json", past_json },
	{ "csv", past_csv },
	{ "openmetrics", past_openmetrics },
	{ "junit", past_junit },
};
const size_t past_formats_n = sizeof past_formats / sizeof past_formats[0];

const struct past_format *
past_format_by_name(const char *name)
{
	for (size_t i = 0; i < past_formats_n; i++) {
		if (strcmp(past_formats[i].name, name) == 0)
			return &past_formats[i];
	}
	return NULL;
}

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
			    enumtab_name(&verdict_names, v), by_verdict[v]);
	}
	return arena_printf(a, "%s of %zu run%s", text, s->n_points, s->n_points == 1 ? "" : "s");
}

const char *
day_text(int64_t time_s, struct arena *a)
{
	char iso[TIME_TEXT_MAX];

	return arena_printf(a, "%.10s", time_text(time_s, iso));
}

const char *
span_text(int64_t first_s, int64_t last_s, bool standing, struct arena *a)
{
	const char *first = day_text(first_s, a);

	if (standing)
		return arena_printf(a, "since %s", first);
	return arena_printf(a, "%s to %s", first, day_text(last_s, a));
}
