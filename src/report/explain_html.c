/* Refusals as one self-contained page: the causes over time as inline SVG, and the table. */
#include <string.h>

#include "base/when.h"
#include "explain_priv.h"
#include "html_priv.h"

enum { CHART_WIDTH = 360, CHART_HEIGHT = 40, DAY_S = 86400 };

struct sheet {
	const struct explain_report *report;
	struct arena arena;
	struct buf *out;
	size_t oldest; /* days ago, of the first refusal that is dated */
	size_t most;   /* refusals of one cause on a day */
};

static void
put_text(struct sheet *s, const char *tag, const char *text)
{
	buf_printf(s->out, "<%s>", tag);
	markup_add(s->out, text);
	buf_printf(s->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static void
put_head(struct sheet *s)
{
	const char *style = html_style(&s->arena);
	buf_puts(s->out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	    "'");
	buf_puts(s->out, html_style_hash(style, &s->arena));
	buf_puts(s->out,
	    "'; base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"generator\" content=\"mailready " MAILREADY_VERSION "\">\n"
	    "<title>Refused mail</title>\n<style>");
	buf_puts(s->out, style);
	buf_puts(s->out,
	    "</style>\n</head>\n<body>\n<header>\n<p class=\"brand\">mailready</p>\n"
	    "<h1>Refused mail</h1>\n");
	buf_printf(s->out, "<p class=\"lead\">%zu refused, %zu different</p>\n</header>\n<main>\n",
	    s->report->n_refused, s->report->n);
}

/* ---- causes over time */

static void
measure(struct sheet *s)
{
	for (size_t i = 0; i < s->report->n_days; i++) {
		const struct explain_days *d = &s->report->days[i];
		for (size_t ago = 0; ago < EXPLAIN_DAYS_MAX; ago++) {
			if (d->n[ago] > 0 && ago > s->oldest)
				s->oldest = ago;
			if (d->n[ago] > s->most)
				s->most = d->n[ago];
		}
	}
}

/* The colour of a cause: red while any kind of it is still there. */
static const char *
class_of(const struct sheet *s, const char *cause)
{
	bool broken = false, unknown = false;
	for (size_t i = 0; i < s->report->n; i++) {
		const struct explanation *e = s->report->list[i];
		if (strcmp(e->cause, cause) != 0)
			continue;
		broken |= e->now == EXPLAIN_STILL_BROKEN;
		unknown |= e->now != EXPLAIN_REPAIRED && e->now != EXPLAIN_NEVER_WAS;
	}
	return broken ? "fail" : unknown ? "temperror" : "pass";
}

static const char *
day_text(struct sheet *s, size_t ago)
{
	char when[WHEN_TEXT_MAX];
	when_utc(s->report->now_s - (int64_t)ago * DAY_S, when);
	return arena_strndup(&s->arena, when, 10);
}

static void
put_bars(struct sheet *s, const struct explain_days *d)
{
	size_t days = s->oldest + 1;
	double width = (double)CHART_WIDTH / (double)days;
	for (size_t i = 0; i < days; i++) {
		size_t n = d->n[s->oldest - i];
		double height = (double)n * (double)CHART_HEIGHT / (double)s->most;
		if (n > 0)
			buf_printf(s->out,
			    "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
			    "height=\"%.2f\"><title>%s: %zu</title></rect>",
			    class_of(s, d->cause), (double)i * width, (double)CHART_HEIGHT - height,
			    width * 0.9, height, day_text(s, s->oldest - i), n);
	}
}

static void
put_cause(struct sheet *s, const struct explain_days *d)
{
	size_t total = 0;
	for (size_t i = 0; i < EXPLAIN_DAYS_MAX; i++)
		total += d->n[i];
	buf_puts(s->out, "<figure>\n<figcaption>");
	markup_add(s->out, d->cause);
	buf_printf(s->out,
	    ": %zu</figcaption>\n<svg class=\"strip\" role=\"img\" viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\" aria-label=\"",
	    total, CHART_WIDTH, CHART_HEIGHT);
	markup_add(s->out, d->cause);
	buf_printf(s->out, ", %zu refused, by day\">", total);
	put_bars(s, d);
	buf_puts(s->out, "</svg>\n</figure>\n");
}

static void
put_causes(struct sheet *s)
{
	if (s->report->n_days == 0)
		return;
	buf_puts(s->out, "<section class=\"card\">\n<h2>Causes over time</h2>\n");
	for (size_t i = 0; i < s->report->n_days; i++)
		put_cause(s, &s->report->days[i]);
	buf_puts(s->out, "<p class=\"axis\">");
	put_text(s, "span", day_text(s, s->oldest));
	put_text(s, "span", day_text(s, 0));
	buf_puts(s->out, "</p>\n</section>\n");
}

/* ---- the table */

static void
put_table(struct sheet *s)
{
	buf_puts(s->out,
	    "<section class=\"card\">\n<h2>Kinds of refusals</h2>\n<table>\n<thead><tr>");
	for (size_t c = 0; c < explain_columns_n; c++)
		put_text(s, "th scope=\"col\"", explain_columns[c].head);
	buf_puts(s->out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->report->n; i++) {
		buf_puts(s->out, "<tr>");
		for (size_t c = 0; c < explain_columns_n; c++)
			put_text(s, "td", explain_columns[c].text(s->report->list[i], &s->arena));
		buf_puts(s->out, "</tr>\n");
	}
	buf_puts(s->out, "</tbody>\n</table>\n</section>\n");
}

void
explain_html(const struct explain_report *r, const struct render_options *o, struct buf *out)
{
	struct sheet s = { .report = r, .out = out };
	(void)o;
	arena_init(&s.arena);
	measure(&s);
	put_head(&s);
	put_causes(&s);
	put_table(&s);
	buf_puts(out, "</main>\n</body>\n</html>\n");
	arena_fini(&s.arena);
}
