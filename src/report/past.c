/* The formats of servers over time, and the words that they share. */
#include "past_priv.h"

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
