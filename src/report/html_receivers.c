/* What big receivers demand of a server, in its section of the page. */
#include "html_priv.h"
#include "html_strip_priv.h"
#include "past_priv.h"
#include "views/receivers.h"

static void
put_badges(struct page *p, const struct receiver_view *row)
{
	html_badge(p, row->verdict);
	if (row->bulk_verdict != row->verdict) {
		buf_puts(p->out, " / ");
		html_badge(p, row->bulk_verdict);
	}
}

static void
put_row(struct page *p, const struct receiver_view *row)
{
	buf_puts(p->out, "<tr>");
	html_element(p, "th scope=\"row\"", row->receiver->name);
	buf_puts(p->out, "<td>");
	put_badges(p, row);
	buf_puts(p->out, "</td>");
	for (size_t i = 0; i < RECEIVER_DEMANDS; i++)
		html_element(p, "td", receivers_cell(&row->demands[i], p->arena));
	buf_puts(p->out, "</tr>\n");
}

static void
put_demand(struct page *p, const struct history_demand *h)
{
	const struct digest_demand *d = &h->demand;

	buf_puts(p->out, "<tr>");
	html_element(p, "th scope=\"row\"", d->name);
	html_element(p, "td", receivers_heads[d->demand]);
	html_element(p, "td", past_demand_state(d));
	html_element(p, "td", past_demand_code(d));
	buf_puts(p->out, "<td>");
	html_day(p, h->since_s);
	buf_puts(p->out, "</td></tr>\n");
}

static void
put_refused(struct page *p, const struct past_server *s)
{
	buf_puts(p->out,
	    "<table>\n<caption>Demands that the last run did not see met</caption>\n"
	    "<thead><tr><th scope=\"col\">Receiver</th><th scope=\"col\">Demand</th>"
	    "<th scope=\"col\">State</th><th scope=\"col\">Expect</th>"
	    "<th scope=\"col\">Since</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < s->n_demands; i++)
		if (past_is_refused(&s->demands[i].demand))
			put_demand(p, &s->demands[i]);
	buf_puts(p->out, "</tbody>\n</table>\n");
}

/* Of a report over time, as the last run saw them. */
void
html_demands(struct page *p, const struct past_server *s)
{
	const char *said = s->n_demands > 0 ? past_unknown_demands(s, p->arena) : past_no_demand(s);

	if (!s->has_demands)
		return;
	buf_puts(p->out, "<h3>Receivers</h3>\n");
	if (past_n_refused(s) > 0)
		put_refused(p, s);
	if (said != NULL)
		html_element(p, "p", said);
}

struct item_list {
	struct page *page;
	size_t n;
};

static void
put_item(void *arg, const char *line)
{
	struct item_list *l = arg;
	if (l->n++ == 0)
		buf_puts(l->page->out, "<ul class=\"small\">\n");
	html_element(l->page, "li", line);
	buf_putc(l->page->out, '\n');
}

void
html_receivers(struct page *p, const struct receivers_view *v)
{
	struct item_list items = { p, 0 };
	const char *legend;

	buf_puts(p->out, "<h3>Receivers</h3>\n<table>\n");
	html_element(p, "caption", "Who demands what, and whether it is met");
	buf_puts(p->out,
	    "<thead><tr><th scope=\"col\">Receiver</th><th scope=\"col\">Verdict</th>");
	for (size_t i = 0; i < RECEIVER_DEMANDS; i++)
		html_element(p, "th scope=\"col\"", receivers_heads[i]);
	buf_puts(p->out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < v->n; i++)
		put_row(p, &v->rows[i]);
	buf_puts(p->out, "</tbody>\n</table>\n");
	for (size_t i = 0; (legend = receivers_legend(v, i)) != NULL; i++) {
		html_element(p, "p class=\"dim small\"", legend);
		buf_putc(p->out, '\n');
	}
	receivers_each(v, p->options->verbose > 0, p->arena, put_item, &items);
	if (items.n > 0)
		buf_puts(p->out, "</ul>\n");
}
