/* Each server as Markdown, with what stood when below it. */
#include <string.h>

#include "base/when.h"
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

/* Indented, each line: nothing in it is markup. */
static void
put_evidence(struct buf *out, const char *when, int64_t time_s, const char *lines)
{
	char minute[WHEN_TEXT_MAX];

	if (lines[0] == '\0')
		return;
	buf_printf(out, "\nSeen %s, %s:\n\n", when, when_minute(time_s, minute));
	markdown_block(out, lines);
}

/* What each finding rested on. */
static void
put_proofs(struct buf *out, const struct past_server *s)
{
	for (size_t i = 0; i < s->n_spans; i++) {
		const struct history_span *f = &s->spans[i];
		const char *first = past_evidence(f->first_evidence),
			   *last = past_evidence(f->last_evidence);
		if (first[0] == '\0' && last[0] == '\0')
			continue;
		buf_putc(out, '\n');
		markdown_code(out, f->rule);
		buf_putc(out, ' ');
		markdown_text(out, f->subject);
		buf_putc(out, '\n');
		put_evidence(out, "first", f->first_s, first);
		if (strcmp(first, last) != 0)
			put_evidence(out, "last", f->last_s, last);
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

/* Who would refuse now. */
static void
put_demands(struct buf *out, const struct past_server *s, struct arena *a)
{
	if (past_no_demand(s) != NULL)
		buf_printf(out, "\n%s\n", past_no_demand(s));
	if (past_n_refused(s) > 0)
		buf_puts(out,
		    "\n| receiver | demand | state | expect | since |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < s->n_demands; i++) {
		const struct digest_demand *d = &s->demands[i].demand;
		if (!past_is_refused(d))
			continue;
		buf_puts(out, "| ");
		markdown_text(out, d->name);
		buf_printf(out, " | %s | %s | ", receivers_heads[d->demand], past_demand_state(d));
		markdown_text(out, past_demand_code(d));
		buf_printf(out, " | %s |\n", day_text(s->demands[i].since_s, a));
	}
	if (past_unknown_demands(s, a) == NULL)
		return;
	buf_puts(out, "\nDemands of receivers. ");
	markdown_text(out, past_unknown_demands(s, a));
	buf_putc(out, '\n');
}

static void
put_incidents(struct buf *out, const struct past *p, struct arena *a)
{
	size_t n;
	const struct past_incident *list = past_incidents(p, a, &n);

	buf_puts(out,
	    n > 0 ? "\n## Incidents\n\n| when | how long | server | what |\n|---|---|---|---|\n" :
		    "\nNo incident.\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "| %s | %s | ", past_incident_when(&list[i], a),
		    past_incident_length(p, &list[i], a));
		markdown_text(out, list[i].server);
		buf_puts(out, " | ");
		markdown_text(out, list[i].text);
		buf_puts(out, " |\n");
	}
}

static void
put_group(struct buf *out, const struct past_group *g, const struct render_options *o,
    struct arena *a)
{
	if (g->title != NULL) {
		buf_puts(out, "\n# ");
		markdown_text(out, g->title);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < g->n; i++) {
		buf_putc(out, '\n');
		markdown_digest(g->servers[i].last, o, a, out);
		put_spans(out, &g->servers[i], a);
		put_listings(out, &g->servers[i], a);
		put_demands(out, &g->servers[i], a);
		if (o->verbose > 0)
			put_proofs(out, &g->servers[i]);
	}
}

void
past_markdown(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct arena a;
	size_t n;

	arena_init(&a);
	buf_printf(out, "# Mail deliverability, %s to %s\n", day_text(p->since_s, &a),
	    day_text(p->until_s, &a));
	put_incidents(out, p, &a);
	const struct past_group *groups = past_groups(p, &a, &n);
	for (size_t i = 0; i < n; i++)
		put_group(out, &groups[i], o, &a);
	arena_fini(&a);
}
