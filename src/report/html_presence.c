/* From when to when findings and listings stood: a row each, with a strip and the dates. */
#include <string.h>

#include "html_priv.h"
#include "html_strip_priv.h"
#include "past_priv.h"

/* When one finding or listing stood: each time from first to last. */
struct presence {
	const char *what;
	enum verdict verdict; /* the worst */
	int64_t first_s, last_s;
	size_t n; /* times */
	bool standing;
};

static void
add_time(struct presence *all, int64_t first_s, int64_t last_s, bool standing)
{
	if (all->n == 0 || first_s < all->first_s)
		all->first_s = first_s;
	if (last_s > all->last_s)
		all->last_s = last_s;
	all->standing |= standing;
	all->n++;
}

static void
put_time_rect(struct page *p, enum verdict v, int64_t first_s, int64_t last_s, bool standing)
{
	long from = strip_column(p, first_s);
	long to = strip_column(p, standing ? p->past->until_s : last_s);

	if (from == STRIP_WIDTH)
		from--;
	buf_printf(p->out, "<rect class=\"%s\" x=\"%ld\" y=\"0\" width=\"%ld\" height=\"%d\"/>",
	    enumtab_name(&verdict_names, (int)v), from, to > from ? to - from : 1, STRIP_HEIGHT);
}

static void
begin_presence(struct page *p, const char *id, const struct presence *all)
{
	strip_begin(p, id, true, "When it stood",
	    arena_printf(p->arena, "%s, %zu time%s from %s to %s", all->what, all->n,
		all->n == 1 ? "" : "s", html_day_text(p, all->first_s),
		html_day_text(p, all->last_s)));
}

static void
end_presence(struct page *p, const struct presence *all)
{
	buf_puts(p->out, "</svg><p class=\"small nums\">First seen ");
	html_day(p, all->first_s);
	buf_puts(p->out, ", last seen ");
	html_day(p, all->last_s);
	if (all->n > 1)
		buf_printf(p->out, ", %zu times", all->n);
	buf_puts(p->out, all->standing ? ", <strong>still there</strong></p>" : ", gone</p>");
}

static bool
same_listing(const struct history_listing *a, const struct history_listing *b)
{
	return strcmp(a->zone, b->zone) == 0 && strcmp(a->subject, b->subject) == 0;
}

static bool
same_finding(const struct history_span *a, const struct history_span *b)
{
	return strcmp(a->rule, b->rule) == 0 && strcmp(a->subject, b->subject) == 0;
}

/* As bad as the finding about it was in that time; one that was never bad has no span. */
static enum verdict
listing_verdict(const struct past_server *s, const struct history_listing *l)
{
	enum verdict worst = VERDICT_INFO;

	for (size_t i = 0; i < s->n_spans; i++) {
		const struct history_span *f = &s->spans[i];
		bool about = strcmp(f->subject, l->zone) == 0 && f->verdict != VERDICT_TEMPERROR;
		if (about && f->first_s <= l->last_s && f->last_s >= l->first_s &&
		    verdict_rank(f->verdict) > verdict_rank(worst))
			worst = f->verdict;
	}
	return worst;
}

/* The row of the listing at index, with all its later times. */
static void
put_listing(struct page *p, const struct past_server *s, size_t index, const char *id)
{
	const struct history_listing *l = &s->listings[index];
	struct presence all = { .what = l->zone };

	for (size_t i = index; i < s->n_listings; i++)
		if (same_listing(&s->listings[i], l))
			add_time(&all, s->listings[i].first_s, s->listings[i].last_s,
			    s->listings[i].standing);
	buf_puts(p->out, "<tr><th scope=\"row\">");
	markup_add(p->out, l->zone);
	buf_puts(p->out, "<br><span class=\"dim small\">");
	markup_add(p->out, l->subject);
	buf_puts(p->out, "</span></th><td class=\"half\">");
	begin_presence(p, id, &all);
	for (size_t i = index; i < s->n_listings; i++)
		if (same_listing(&s->listings[i], l))
			put_time_rect(p, listing_verdict(s, &s->listings[i]),
			    s->listings[i].first_s, s->listings[i].last_s, s->listings[i].standing);
	end_presence(p, &all);
	buf_puts(p->out, "</td></tr>\n");
}

void
html_listings(struct page *p, const struct past_server *s, size_t number)
{
	if (s->n_listings == 0)
		return;
	buf_puts(p->out,
	    "<h3>On lists, over time</h3>\n<table>\n<caption>List presence</caption>\n"
	    "<thead><tr><th scope=\"col\">List</th><th "
	    "scope=\"col\">When</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->n_listings; i++) {
		size_t first = 0;
		while (!same_listing(&s->listings[first], &s->listings[i]))
			first++;
		if (first == i)
			put_listing(p, s, i, arena_printf(p->arena, "list-%zu-%zu", number, i + 1));
	}
	buf_puts(p->out, "</tbody>\n</table>\n");
}

static void
put_evidence(struct page *p, const struct history_span *f)
{
	const struct {
		const char *when, *text;
		int64_t time_s;
	} rows[] = {
		{ "first", past_evidence(f->first_evidence), f->first_s },
		{ "last", past_evidence(f->last_evidence), f->last_s },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool again = i > 0 && strcmp(rows[i].text, rows[0].text) == 0;
		if (rows[i].text[0] == '\0' || again)
			continue;
		buf_printf(p->out, "<details class=\"small\"><summary>What was seen %s, ",
		    rows[i].when);
		html_minute(p, rows[i].time_s);
		buf_puts(p->out, "</summary>");
		html_element(p, "pre", rows[i].text);
		buf_puts(p->out, "</details>");
	}
}

/* The row of the finding at index, with all its later times; its words are the latest. */
static void
put_span(struct page *p, const struct past_server *s, size_t index, const char *id)
{
	const struct history_span *f = &s->spans[index];
	struct presence all = { .what = f->text, .verdict = f->verdict };

	for (size_t i = index; i < s->n_spans; i++) {
		const struct history_span *other = &s->spans[i];
		if (!same_finding(other, f))
			continue;
		add_time(&all, other->first_s, other->last_s, other->standing);
		all.what = other->text;
		if (verdict_rank(other->verdict) > verdict_rank(all.verdict))
			all.verdict = other->verdict;
	}
	buf_puts(p->out, "<tr><td>");
	html_badge(p, all.verdict);
	buf_puts(p->out, "<p>");
	markup_add(p->out, all.what);
	buf_puts(p->out, "</p>");
	html_element(p, "code class=\"dim\"", f->rule);
	for (size_t i = index; i < s->n_spans; i++)
		if (same_finding(&s->spans[i], f))
			put_evidence(p, &s->spans[i]);
	buf_puts(p->out, "</td><td class=\"half\">");
	begin_presence(p, id, &all);
	for (size_t i = index; i < s->n_spans; i++)
		if (same_finding(&s->spans[i], f))
			put_time_rect(p, s->spans[i].verdict, s->spans[i].first_s,
			    s->spans[i].last_s, s->spans[i].standing);
	end_presence(p, &all);
	buf_puts(p->out, "</td></tr>\n");
}

void
html_spans(struct page *p, const struct past_server *s, size_t number)
{
	if (s->n_spans == 0)
		return;
	buf_puts(p->out,
	    "<h3>Findings, over time</h3>\n<table>\n<caption>What was not good, and "
	    "when</caption>\n"
	    "<thead><tr><th scope=\"col\">Finding</th><th scope=\"col\">When</th></tr></thead>\n"
	    "<tbody>\n");
	for (size_t i = 0; i < s->n_spans; i++) {
		size_t first = 0;
		while (!same_finding(&s->spans[first], &s->spans[i]))
			first++;
		if (first == i)
			put_span(p, s, i, arena_printf(p->arena, "span-%zu-%zu", number, i + 1));
	}
	buf_puts(p->out, "</tbody>\n</table>\n");
}
