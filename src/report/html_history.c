/* What a server's runs were: strips drawn as inline SVG, and the same as tables. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "html_priv.h"
#include "html_strip_priv.h"
#include "past_priv.h"

enum { CHANGES_SHOWN = 30 }; /* of the verdict, as table rows */

/* A stretch of time in which nothing changed. */
struct stretch {
	int64_t from_s, to_s; /* to: exclusive */
	enum verdict verdict;
};

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The usual time between two runs: the median. */
static int64_t
usual_step(const struct past_server *s)
{
	if (s->n_points < 2)
		return 3600;
	size_t n = s->n_points - 1;
	int64_t *steps = mem_zalloc(n, sizeof *steps);
	for (size_t i = 0; i < n; i++)
		steps[i] = s->points[i + 1].time_s - s->points[i].time_s;
	qsort(steps, n, sizeof *steps, compare_times);
	int64_t step = steps[n / 2] > 0 ? steps[n / 2] : 1;
	free(steps);
	return step;
}

/*
 * A run speaks for the time until the next one; when that one is long in coming, only for as long as
 * runs usually are apart, and the rest is a gap.
 */
static size_t
stretches_of(struct page *p, const struct past_server *s, struct stretch **out)
{
	struct stretch *list = arena_array(p->arena, s->n_points, sizeof *list);
	int64_t step = usual_step(s);
	size_t n = 0;

	for (size_t i = 0; i < s->n_points; i++) {
		const struct history_point *point = &s->points[i];
		int64_t next = i + 1 < s->n_points ? point[1].time_s : p->past->until_s + 1;
		if (next - point->time_s > 3 * step)
			next = point->time_s + step;
		struct stretch *last = n > 0 ? &list[n - 1] : NULL;
		if (last != NULL && last->verdict == point->verdict && last->to_s == point->time_s)
			last->to_s = next;
		else
			list[n++] = (struct stretch){ point->time_s, next, point->verdict };
	}
	*out = list;
	return n;
}

/* Taller is worse, so that a strip can be read without its colours. */
static int
height_of(enum verdict v)
{
	if (verdict_is_bad(v))
		return STRIP_HEIGHT;
	if (v == VERDICT_TEMPERROR)
		return 30;
	return v == VERDICT_WARN ? 20 : 10;
}

static void
put_rect(struct page *p, long from, long to, enum verdict v)
{
	int height = height_of(v);

	buf_printf(p->out, "<rect class=\"%s\" x=\"%ld\" y=\"%d\" width=\"%ld\" height=\"%d\"/>",
	    enumtab_name(&verdict_names, (int)v), from, STRIP_HEIGHT - height, to - from, height);
}

/* A column shows the worst of its time; equal columns side by side are one rectangle. */
static void
put_columns(struct page *p, const struct stretch *list, size_t n)
{
	signed char worst[STRIP_WIDTH];

	memset(worst, -1, sizeof worst);
	for (size_t i = 0; i < n; i++) {
		long from = strip_column(p, list[i].from_s), to = strip_column(p, list[i].to_s);
		if (from == STRIP_WIDTH)
			from--;
		if (to <= from)
			to = from + 1;
		for (long x = from; x < to; x++) {
			bool worse = worst[x] < 0 ||
			    verdict_rank(list[i].verdict) > verdict_rank((enum verdict)worst[x]);
			if (worse)
				worst[x] = (signed char)list[i].verdict;
		}
	}
	for (long x = 0; x < STRIP_WIDTH;) {
		long from = x;
		while (x < STRIP_WIDTH && worst[x] == worst[from])
			x++;
		if (worst[from] >= 0)
			put_rect(p, from, x, (enum verdict)worst[from]);
	}
}

void
html_timeline(struct page *p, const struct past_server *s, size_t number, bool small)
{
	struct stretch *list;
	size_t n = stretches_of(p, s, &list);
	const char *id = arena_printf(p->arena, "%s-%zu", small ? "glance" : "time", number);

	strip_begin(p, id, small, "Verdict of each run", past_runs(s, p->arena));
	put_columns(p, list, n);
	buf_puts(p->out, "</svg>");
}

static void
put_axis(struct page *p)
{
	static const char *const classes[] = { "", " class=\"wide\"", "", " class=\"wide\"", "" };
	int64_t since = p->past->since_s, whole = p->past->until_s - since;

	buf_puts(p->out, "<div class=\"axis\" aria-hidden=\"true\">");
	for (int i = 0; i < 5; i++)
		buf_printf(p->out, "<span%s>%s</span>", classes[i],
		    html_day_text(p, since + whole * i / 4));
	buf_puts(p->out, "</div>");
}

static void
put_changes(struct page *p, const struct past_server *s)
{
	struct stretch *list;
	size_t n = stretches_of(p, s, &list);
	size_t first = n > CHANGES_SHOWN ? n - CHANGES_SHOWN : 0;

	buf_puts(p->out,
	    "<details class=\"more same\"><summary>The same as a table</summary>\n<table>\n");
	if (first > 0)
		buf_printf(p->out,
		    "<caption>The last %d stretches of one verdict, of %zu</caption>",
		    CHANGES_SHOWN, n);
	else
		buf_puts(p->out, "<caption>Stretches of one verdict</caption>");
	buf_puts(p->out,
	    "<thead><tr><th scope=\"col\">From</th><th scope=\"col\">Until</th>"
	    "<th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n");
	for (size_t i = first; i < n; i++) {
		buf_puts(p->out, "<tr class=\"nums\"><td>");
		html_minute(p, list[i].from_s);
		buf_puts(p->out, "</td><td>");
		html_minute(p, list[i].to_s < p->past->until_s ? list[i].to_s : p->past->until_s);
		buf_puts(p->out, "</td><td>");
		html_badge(p, list[i].verdict);
		buf_puts(p->out, "</td></tr>\n");
	}
	buf_puts(p->out, "</tbody>\n</table>\n</details>\n");
}

static void
put_timeline(struct page *p, const struct past_server *s, size_t number)
{
	buf_puts(p->out, "<figure>");
	html_timeline(p, s, number, false);
	put_axis(p);
	buf_puts(p->out, "<figcaption>Verdict: ");
	markup_add(p->out, past_runs(s, p->arena));
	buf_puts(p->out,
	    ". The taller, the worse: pass, warn, unknown, fail. Where it is empty, "
	    "nothing was run.</figcaption></figure>\n");
	put_changes(p, s);
}

void
html_history(struct page *p, const struct past_server *s, size_t number)
{
	if (p->past->since_s == 0 || s->n_points == 0)
		return;
	buf_puts(p->out, "<h3>Timeline</h3>\n");
	if (s->n_points > 1)
		put_timeline(p, s, number);
	else
		buf_puts(p->out, "<p>One run so far.</p>\n");
	html_listings(p, s, number);
	html_spans(p, s, number);
	html_demands(p, s);
}
