/* For people on a terminal: each server as it is, and what stood when. */
#include <string.h>

#include "base/wrap.h"
#include "past_priv.h"

static void
put_evidence(struct buf *out, const char *when, const char *lines)
{
	if (lines[0] != '\0')
		buf_printf(out, "%13s%s seen:\n", "", when);
	for (const char *line = lines; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		buf_printf(out, "%15s%.*s\n", "", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void
put_proof(struct buf *out, const struct history_span *s)
{
	const char *first = past_evidence(s->first_evidence),
		   *last = past_evidence(s->last_evidence);

	put_evidence(out, "first", first);
	if (strcmp(first, last) != 0)
		put_evidence(out, "last", last);
}

static void
put_span(struct buf *out, const struct history_span *s, const struct render_options *o,
    struct arena *a)
{
	buf_printf(out, "  %-9s  %-24s  %s (%s)\n", verdict_word(s->verdict),
	    span_text(s->first_s, s->last_s, s->standing, a), s->text, s->rule);
	if (o->verbose > 0)
		put_proof(out, s);
}

/* Who would refuse now. */
static void
put_demands(struct buf *out, const struct past_server *s, struct arena *a)
{
	if (past_no_demand(s) != NULL)
		buf_printf(out, "  %s\n", past_no_demand(s));
	if (s->n_demands > 0)
		buf_puts(out, "  Demands of receivers\n");
	for (size_t i = 0; i < s->n_demands; i++) {
		const struct digest_demand *d = &s->demands[i].demand;
		if (past_is_refused(d))
			buf_printf(out, "    %-18s  %-8s  %s, since %s; %s%s\n", d->name,
			    receivers_heads[d->demand], past_demand_state(d),
			    day_text(s->demands[i].since_s, a), d->code[0] != '\0' ? "expect " : "",
			    past_demand_code(d));
	}
	if (past_unknown_demands(s, a) != NULL)
		buf_printf(out, "    %s\n", past_unknown_demands(s, a));
}

/* Of the last run, as check says it. */
static void
put_remedies(struct buf *out, const struct digest *d, const struct render_options *o,
    struct arena *a)
{
	const struct digest_finding **list;
	size_t n = digest_remedies(d, false, a, &list);

	if (n > 0)
		buf_puts(out, "  What to do\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%6zu. ", i + 1);
		put_remedy(out, o, 8, list[i]->remedy, a);
	}
}

static void
put_server(struct buf *out, const struct past_server *s, const struct render_options *o,
    struct arena *a)
{
	const struct digest *d = s->last;

	buf_puts(out, d->label);
	buf_printf(out, d->label[0] != '\0' ? " (%s)  " : "%s  ",
	    d->label[0] != '\0' ? d->address : digest_name(d, a));
	put_colored(out, o, d->verdict, verdict_word(d->verdict));
	buf_printf(out, "  %s\n  %s, the last %s%s\n", d->reason, past_runs(s, a),
	    day_text(d->time_s, a),
	    d->stale ? "; as last known: nothing can be looked up now" : "");
	for (size_t i = 0; i < s->n_spans; i++)
		if (s->spans[i].standing)
			put_span(out, &s->spans[i], o, a);
	for (size_t i = 0; i < s->n_spans; i++)
		if (!s->spans[i].standing)
			put_span(out, &s->spans[i], o, a);
	put_demands(out, s, a);
	put_remedies(out, d, o, a);
}

static void
put_incidents(const struct past *p, struct buf *out, struct arena *a)
{
	size_t n;
	const struct past_incident *list = past_incidents(p, a, &n);

	buf_printf(out, "%zu incident%s, %s to %s\n", n, n == 1 ? "" : "s", day_text(p->since_s, a),
	    day_text(p->until_s, a));
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "  %-36s  %-10s  %s: %s\n", past_incident_when(&list[i], a),
		    past_incident_length(p, &list[i], a), list[i].server, list[i].text);
	buf_putc(out, '\n');
}

static void
put_group(const struct past_group *g, const struct render_options *o, struct buf *out,
    struct arena *a)
{
	if (g->title != NULL)
		buf_printf(out, "%s\n", g->title);
	for (size_t i = 0; i < g->n; i++) {
		if (o->quiet && g->servers[i].last->verdict == VERDICT_PASS)
			continue;
		/* after the headline, or another server */
		if (out->data[out->len - 2] != '\n')
			buf_putc(out, '\n');
		put_server(out, &g->servers[i], o, a);
	}
}

static void
put_servers(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct arena a;
	size_t n;

	arena_init(&a);
	put_incidents(p, out, &a);
	const struct past_group *groups = past_groups(p, &a, &n);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(out, '\n');
		put_group(&groups[i], o, out, &a);
	}
	arena_fini(&a);
}

void
past_text(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct buf lines;

	buf_init(&lines, out->max);
	put_servers(p, o, &lines);
	wrap_lines(out, o->columns, lines.data);
	out->failed |= lines.failed;
	buf_fini(&lines);
}
