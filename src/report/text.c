/* For people on a terminal: the verdict first, one line a check, the remedies last. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "checks/registry.h"
#include "report_priv.h"

enum {
	VERDICT_WIDTH = 7,   /* "unknown" */
	EVIDENCE_SHOWN = 12, /* facts a finding with -v; -vv shows all */
};

static int
id_width(const struct report *r)
{
	size_t width = 0;
	for (size_t i = 0; i < r->n_checks; i++) {
		size_t len = strlen(r->checks[i]->id);
		width = len > width ? len : width;
	}
	return (int)width;
}

/* Each line as it is: its own indentation says what belongs together. */
static void
put_story(const char *story, int indent, struct buf *out)
{
	for (const char *line = story; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		put_spaces(out, indent);
		buf_add(out, line, len);
		buf_putc(out, '\n');
		line += len + (line[len] != '\0');
	}
}

static void
put_evidence(const struct finding *f, const struct render_options *o, int indent, struct buf *out)
{
	if (o->verbose > 1) {
		put_spaces(out, indent);
		buf_printf(out, "%s, %s%s%s\n", f->rule->id,
		    enumtab_name(&severity_names, (int)f->severity), f->rule->spec[0] ? ", " : "",
		    f->rule->spec);
		put_spaces(out, indent);
		put_wrapped(out, o, indent, f->why);
	}
	if (f->story != NULL)
		put_story(f->story, indent, out);
	size_t n = f->n_evidence;
	if (o->verbose < 2 && n > EVIDENCE_SHOWN)
		n = EVIDENCE_SHOWN;
	for (size_t i = 0; i < n; i++)
		evidence_text(f->evidence[i], indent, out);
	if (n < f->n_evidence) {
		put_spaces(out, indent);
		buf_printf(out, "and %zu more (-vv shows them)\n", f->n_evidence - n);
	}
}

/* verdict: the finding's own, or that of the whole check on the check's own line */
static void
put_finding(const struct report *r, const struct finding *f, enum verdict verdict, const char *id,
    const struct render_options *o, struct buf *out)
{
	int width = id_width(r);
	buf_printf(out, "  %-*s  ", width, id);
	char word[VERDICT_WIDTH + 1];
	snprintf(word, sizeof word, "%-*s", VERDICT_WIDTH, verdict_word(verdict));
	put_colored(out, o, verdict, word);
	int indent = 2 + width + 2 + VERDICT_WIDTH + 2;
	buf_puts(out, "  ");
	put_line(out, o, indent, indent, f->text);
	if (o->verbose > 0)
		put_evidence(f, o, 2 + width + 2 + 2, out);
}

static const struct finding *
worst_of_check(const struct report *r, const struct check *c)
{
	const struct finding *worst = NULL;
	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		if (f->check == c && (worst == NULL || finding_is_worse(f, worst)))
			worst = f;
	}
	return worst;
}

/* The finding that stands for the whole check; NULL when none does. */
static const struct finding *
summary_of_check(const struct report *r, const struct check *c)
{
	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		if (f->check == c && f->sums_up)
			return f;
	}
	return NULL;
}

/* What a clean result rests on: the lists that know nothing of the server. */
static void
put_clean_lists(const struct report *r, const struct render_options *o, struct buf *out)
{
	const struct lists_view *v = known_lists(r->known);
	const char **zones = arena_array(r->arena, v->n, sizeof *zones);
	size_t n = 0;
	for (size_t i = 0; i < v->n; i++)
		if (list_view_leads(v->rows, i) && v->rows[i].list->kind == LIST_KIND_BLOCK &&
		    list_view_main(v->rows, v->n, i)->verdict.state == LIST_CLEAN)
			zones[n++] = v->rows[i].list->zone;
	if (n == 0)
		return;
	int indent = 2 + id_width(r) + 2 + 2;
	put_spaces(out, indent);
	put_wrapped(out, o, indent,
	    arena_printf(r->arena, "not listed on %s", safe_join(r->arena, zones, n, ", ")));
}

/*
 * On the check's own line its worst verdict, with the summary of the check or else the worst
 * finding; the others below, good ones only when asked for.
 */
static void
put_check(const struct report *r, const struct check *c, const struct render_options *o,
    struct buf *out)
{
	const struct finding *worst = worst_of_check(r, c);
	if (worst == NULL || (o->quiet && verdict_is_good(worst->verdict)))
		return;
	const struct finding *first = summary_of_check(r, c);
	if (first == NULL)
		first = worst;
	put_finding(r, first, worst->verdict, c->id, o, out);
	for (size_t i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->list[i];
		if (f == first || f->check != c)
			continue;
		bool dull = f->verdict == VERDICT_PASS && o->verbose == 0;
		if (!dull && !(o->quiet && verdict_is_good(f->verdict)))
			put_finding(r, f, f->verdict, "", o, out);
	}
	if (c == &check_dnsbl && o->verbose > 0)
		put_clean_lists(r, o, out);
}

/* What no check says: why nothing could be checked. */
static void
put_unchecked(const struct report *r, const struct render_options *o, struct buf *out)
{
	for (size_t i = 0; i < r->findings->n; i++)
		if (r->findings->list[i]->check == NULL)
			put_finding(r, r->findings->list[i], r->findings->list[i]->verdict, "", o,
			    out);
}

static void
put_remedies(const struct report *r, const struct render_options *o, struct buf *out)
{
	const struct digest_finding **list;
	struct digest d = { .n_findings = 0 };

	digest_findings(r, &d);
	size_t n = digest_remedies(&d, o->verbose > 0 && !o->quiet, r->arena, &list);
	if (n > 0)
		buf_puts(out, "\nWhat to do\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%4zu. ", i + 1);
		put_remedy(out, o, 6, list[i]->remedy, r->arena);
		const char *why = arena_printf(r->arena, "Why: %s (%s, %s)", list[i]->why,
		    list[i]->rule, enumtab_name(&severity_names, (int)list[i]->severity));
		put_spaces(out, 6);
		put_wrapped(out, o, 6, why);
	}
}

static void
text_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	if (o->quiet && r->verdict == VERDICT_PASS)
		return;
	report_headline(r, o, out);
	for (size_t i = 0; i < r->n_checks; i++)
		put_check(r, r->checks[i], o, out);
	put_unchecked(r, o, out);
	put_remedies(r, o, out);
	if (receivers_apply(r->known))
		receivers_text(known_receivers(r->known), o, r->arena, out);
	if (o->verbose > 0)
		buf_printf(out, "\n%zu question%s in %.1f ms\n", r->facts->n,
		    r->facts->n == 1 ? "" : "s", as_ms(r->time_us));
}

static void
text_between(const struct render_options *o, struct buf *out)
{
	if (!o->quiet)
		buf_putc(out, '\n');
}

const struct renderer render_text = {
	.name = "text",
	.help = "for people on a terminal",
	.receivers = RECEIVERS_ASKED,
	.report = text_report,
	.between = text_between,
};
