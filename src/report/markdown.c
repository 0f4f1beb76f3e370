/* Markdown (CommonMark with tables), for tickets.  Words from outside are escaped: they are text. */
#include <string.h>

#include "base/arena.h"
#include "base/command.h"
#include "base/link.h"
#include "report_priv.h"

/* Does the text begin with what GitHub makes a link of, wherever it stands?  How long that is. */
static size_t
link_len(const char *text)
{
	static const char *const begins[] = { "www.", "://" };

	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (strncasecmp(text, begins[i], strlen(begins[i])) == 0)
			return strlen(begins[i]);
	return 0;
}

/* What would be emphasis, code, a link, HTML, a reference or another cell. */
void
markdown_text(struct buf *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		size_t link = link_len(c);
		if (*c == '<' || *c == '>' || *c == '&') {
			buf_printf(out, "&#%d;", *c);
			continue;
		}
		if (link > 0) {
			buf_add(out, c, link - 1);
			c += link - 1;
		}
		if (link > 0 || strchr("\\`*_[]|#~$!@", *c) != NULL)
			buf_putc(out, '\\');
		buf_putc(out, *c);
	}
}

/* An autolink holds nothing that would end it (base/link.h). */
void
markdown_linked(struct buf *out, const char *text, struct arena *a)
{
	struct link_text part;

	while (link_next(&text, a, &part)) {
		markdown_text(out, part.words);
		if (part.url[0] != '\0')
			buf_printf(out, "<%s>", part.url);
	}
}

void
markdown_code(struct buf *out, const char *word)
{
	if (word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_.-")] == '\0')
		buf_printf(out, "`%s`", word);
	else
		markdown_text(out, word);
}

/* Indented, each line. */
void
markdown_block(struct buf *out, const char *lines)
{
	for (const char *line = lines; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		buf_puts(out, "    ");
		buf_add(out, line, len);
		buf_putc(out, '\n');
		line += len + (line[len] == '\n');
	}
}

static void
put_head(struct buf *out, const struct digest *d, struct arena *a)
{
	char time[TIME_TEXT_MAX];

	buf_puts(out, "## ");
	markdown_text(out, digest_name(d, a));
	buf_printf(out, ": %s\n\n", verdict_word(d->verdict));
	markdown_text(out, d->reason);
	buf_puts(out, "\n\n");
	if (d->label[0] != '\0') {
		buf_puts(out, "Address ");
		markdown_text(out, d->address);
		buf_puts(out, ". ");
	}
	if (d->ehlo_seen[0] != '\0') {
		buf_puts(out, "EHLO name ");
		markdown_text(out, d->ehlo_seen);
		buf_puts(out, ". ");
	}
	buf_printf(out, "Checked %s in %.0f ms by mailready " MAILREADY_VERSION ".\n",
	    time_text(d->time_s, time), as_ms(d->time_us));
}

static bool
is_row(const struct digest_finding *f, const struct render_options *o)
{
	return !(verdict_is_good(f->verdict) && o->quiet);
}

static void
put_findings(struct buf *out, const struct digest *d, const struct render_options *o)
{
	buf_puts(out, "\n| check | verdict | finding |\n|---|---|---|\n");
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		const char *word = verdict_word(f->verdict);
		if (!is_row(f, o))
			continue;
		buf_puts(out, "| ");
		markdown_code(out, f->rule);
		buf_printf(out, verdict_is_bad(f->verdict) ? " | **%s** | " : " | %s | ", word);
		markdown_text(out, f->text);
		buf_puts(out, " |\n");
	}
}

/* A command line is a block of its own, which most readers of tickets have a button to copy for. */
static void
put_remedy_text(struct buf *out, const char *remedy, struct arena *a)
{
	struct command_text part;
	for (bool first = true; command_next(&remedy, a, &part); first = false) {
		if (!first)
			buf_puts(out, "   ");
		markdown_linked(out, part.words, a);
		if (part.command[0] == '\0')
			buf_puts(out, "  \n");
		else
			buf_printf(out, "\n\n   ```\n   %s\n   ```\n\n", part.command);
	}
}

static void
put_remedies(struct buf *out, const struct digest *d, struct arena *a)
{
	const struct digest_finding **list;
	size_t n = digest_remedies(d, false, a, &list);

	if (n > 0)
		buf_puts(out, "\n### What to do\n\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%zu. ", i + 1);
		put_remedy_text(out, list[i]->remedy, a);
		buf_puts(out, "   Why: ");
		markdown_text(out, list[i]->why);
		buf_puts(out, " (");
		markdown_code(out, list[i]->rule);
		buf_printf(out, ", %s)\n", enumtab_name(&severity_names, (int)list[i]->severity));
	}
}

static void
put_list(struct buf *out, const struct digest_list *l)
{
	const char *const cells[] = { l->zone, l->subject,
		enumtab_name(&list_state_names, (int)l->state), digest_list_reason(l) };

	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
		buf_puts(out, "| ");
		markdown_text(out, cells[i]);
		buf_putc(out, ' ');
	}
	buf_puts(out, "|\n");
}

static void
put_lists(struct buf *out, const struct digest *d, const struct render_options *o, struct arena *a)
{
	const char *words = lists_text(d, a);
	size_t rows = 0;

	if (!digest_has_lists(d))
		return;
	buf_puts(out, "\n### DNS lists\n");
	if (words[0] != '\0') {
		buf_putc(out, '\n');
		markdown_text(out, sentence(words, a));
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		bool dull = l->state == LIST_CLEAN && o->verbose == 0;
		if (dull || l->state == LIST_NOT_APPLICABLE)
			continue;
		if (rows++ == 0)
			buf_puts(out,
			    "\n| list | about | state | code or reason |\n|---|---|---|---|\n");
		put_list(out, l);
	}
}

static void
put_evidence(struct buf *out, const struct digest *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		if (f->evidence == NULL)
			continue;
		if (n++ == 0)
			buf_puts(out, "\n### Evidence\n");
		buf_putc(out, '\n');
		markdown_code(out, f->rule);
		buf_putc(out, ' ');
		markdown_text(out, f->subject);
		buf_puts(out, "\n\n");
		markdown_block(out, f->evidence);
	}
}

static void
put_cells(struct buf *out, const char *const cells[RECEIVERS_COLUMNS])
{
	for (size_t i = 0; i < RECEIVERS_COLUMNS; i++) {
		buf_puts(out, i == 0 ? "| " : " | ");
		markdown_text(out, cells[i]);
	}
	buf_puts(out, " |\n");
}

static void
put_item(void *arg, const char *line)
{
	buf_puts(arg, "- ");
	markdown_text(arg, line);
	buf_putc(arg, '\n');
}

static void
put_receivers(struct buf *out, const struct receivers_view *v, const struct render_options *o,
    struct arena *a)
{
	const char *cells[RECEIVERS_COLUMNS], *legend;

	buf_puts(out, "\n### Receivers\n\n");
	receivers_cells(NULL, a, cells);
	cells[0] = "receiver";
	cells[1] = "verdict";
	put_cells(out, cells);
	for (size_t i = 0; i < RECEIVERS_COLUMNS; i++)
		buf_puts(out, "|---");
	buf_puts(out, "|\n");
	for (size_t i = 0; i < v->n; i++) {
		receivers_cells(&v->rows[i], a, cells);
		put_cells(out, cells);
	}
	for (size_t i = 0; (legend = receivers_legend(v, i)) != NULL; i++) {
		buf_puts(out, i == 0 ? "\n" : "");
		markdown_text(out, legend);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	receivers_each(v, o->verbose > 0, a, put_item, out);
}

void
markdown_digest(const struct digest *d, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	put_head(out, d, a);
	put_findings(out, d, o);
	put_remedies(out, d, a);
	put_lists(out, d, o, a);
	if (d->receivers != NULL)
		put_receivers(out, d->receivers, o, a);
	if (o->verbose > 0)
		put_evidence(out, d);
}

static void
markdown_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	struct digest d;

	if (o->quiet && r->verdict == VERDICT_PASS)
		return;
	digest_borrow(r, &d);
	if (o->verbose > 0)
		digest_evidence(r, &d);
	markdown_digest(&d, o, r->arena, out);
}

static void
markdown_between(const struct render_options *o, struct buf *out)
{
	if (!o->quiet)
		buf_putc(out, '\n');
}

const struct renderer render_markdown = {
	.name = "markdown",
	.help = "for tickets",
	.receivers = RECEIVERS_SHOWN,
	.report = markdown_report,
	.between = markdown_between,
};
