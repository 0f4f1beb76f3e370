/* What big receivers demand of a server, in its section of the page. */
#include "html_priv.h"
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
