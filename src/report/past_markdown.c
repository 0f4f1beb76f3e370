/* Each server as Markdown, with what stood when below it. */
#include "past_priv.h"

static void
put_spans(struct buf *out, const struct past_server *s, struct arena *a)
{
	buf_puts(out, "\n### Over time\n\n");
	markdown_text(out, past_runs(s, a));
	buf_puts(out, ".\n");
	if (s->n_spans > 0)
		buf_puts(out, "\n| finding | verdict | when | runs |\n|---|---|---|---|\n");
	for (size_t i = 0; i < s->n_spans; i++) {
		const struct history_span *f = &s->spans[i];
		buf_puts(out, "| ");
		markdown_code(out, f->rule);
		buf_putc(out, ' ');
		markdown_text(out, f->text);
		buf_printf(out, " | %s | %s | %zu |\n", verdict_word(f->verdict),
		    span_text(f->first_s, f->last_s, f->standing, a), f->n_runs);
	}
}

static void
put_listings(struct buf *out, const struct past_server *s, struct arena *a)
{
	if (s->n_listings > 0)
		buf_puts(out, "\n| list | about | when |\n|---|---|---|\n");
	for (size_t i = 0; i < s->n_listings; i++) {
		const struct history_listing *l = &s->listings[i];
		buf_puts(out, "| ");
		markdown_text(out, l->zone);
		buf_puts(out, " | ");
		markdown_text(out, l->subject);
		buf_printf(out, " | %s |\n", span_text(l->first_s, l->last_s, l->standing, a));
	}
}

void
past_markdown(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct arena a;

	arena_init(&a);
	buf_printf(out, "# Mail deliverability, %s to %s\n", day_text(p->since_s, &a),
	    day_text(p->until_s, &a));
	for (size_t i = 0; i < p->n; i++) {
		buf_putc(out, '\n');
		markdown_digest(p->servers[i].last, o, &a, out);
		put_spans(out, &p->servers[i], &a);
		put_listings(out, &p->servers[i], &a);
	}
	arena_fini(&a);
}
