/*
 * A note as HTML, for the second part of a mail.  Mail programs know little CSS: styles stand in
 * the elements, nothing is loaded from anywhere, and the text is in the order of reading.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/command.h"
#include "base/enumtab.h"
#include "base/markup.h"
#include "base/when.h"
#include "report/note_priv.h"
#include "report/outage.h"

static const char *
color_of(enum verdict v)
{
	if (verdict_is_bad(v))
		return "#b42318";
	if (v == VERDICT_WARN)
		return "#8a5a00";
	return v == VERDICT_TEMPERROR ? "#475467" : "#05603a";
}

static void
put_verdict(struct buf *out, enum verdict v)
{
	char text[16];
	buf_printf(out, "<strong style=\"color:%s\">%s</strong>", color_of(v),
	    verdict_capitals(v, text));
}

/* before is our own, and may hold markup */
static void
put_line(struct buf *out, const char *before, const char *text)
{
	if (text[0] == '\0')
		return;
	buf_printf(out, "<br>%s", before);
	markup_add(out, text);
	buf_putc(out, '\n');
}

/* Words of ours: a page that they name can be gone to. */
static void
put_linked(struct buf *out, const char *before, const char *text, struct arena *a)
{
	if (text[0] == '\0')
		return;
	buf_printf(out, "<br>%s", before);
	markup_linked(out, text, a);
	buf_putc(out, '\n');
}

static void
put_remedy(struct buf *out, const char *remedy, struct arena *a)
{
	struct command_text part;
	const char *label = "<strong>What to do:</strong> ";
	for (; command_next(&remedy, a, &part); label = "") {
		put_linked(out, label, part.words, a);
		if (part.command[0] == '\0')
			continue;
		buf_puts(out, "<br><code>");
		markup_add(out, part.command);
		buf_puts(out, "</code>\n");
	}
}

static void
put_change(const struct note_server *s, size_t index, struct arena *a, struct buf *out)
{
	const struct change *c = s->changes[index];
	const struct digest_finding *f = c->finding;
	buf_printf(out, "<li style=\"margin:0 0 12px\"><strong>%s</strong> ",
	    enumtab_name(&change_kind_names, (int)c->kind));
	if (note_has_verdict(c))
		put_verdict(out, f->verdict);
	buf_puts(out, " ");
	markup_add(out, c->text);
	buf_putc(out, '\n');
	put_line(out, "", note_detail(c));
	put_line(out, "<span style=\"color:#475467\">", note_about(c, s->now->time_s, a));
	buf_puts(out, f != NULL ? "</span>" : "");
	if (f != NULL && note_has_verdict(c)) {
		put_remedy(out, change_remedy(s->changes, index), a);
		put_line(out, "Why: ", f->why);
	}
	buf_puts(out, "</li>\n");
}

static void
put_server(const struct note_server *s, struct arena *a, struct buf *out)
{
	buf_puts(out, "<h2 style=\"font-size:18px;margin:24px 0 4px\">");
	markup_add(out, s->name);
	buf_puts(out, ": ");
	put_verdict(out, s->verdict);
	if (s->first) {
		buf_puts(out, " (first run)");
	} else if (s->before != s->verdict) {
		buf_puts(out, " (was ");
		put_verdict(out, s->before);
		buf_puts(out, ")");
	}
	buf_puts(out, "</h2>\n<p style=\"margin:0 0 8px\">");
	markup_add(out, s->now->reason);
	buf_puts(out, "</p>\n<ul style=\"padding-left:20px\">\n");
	size_t left_out = note_put_changes(s, put_change, a, out);
	if (left_out > 0) {
		buf_puts(out, "<li>");
		markup_add(out, note_left_out_text(s, left_out, a));
		buf_puts(out, "</li>\n");
	}
	buf_printf(out, "</ul>\n<p>Unchanged: %s.</p>\n", note_rest_text(&s->rest, a));
}

static void
put_other(const struct note *note, const struct note_server *s, struct buf *out)
{
	buf_puts(out, "<li>");
	markup_add(out, s->name);
	buf_putc(out, ' ');
	put_verdict(out, s->verdict);
	buf_puts(out, s->n_changes > 0 ? " (changed)" : "");
	if (note->kind == NOTE_HEARTBEAT)
		put_line(out, "", s->now->reason);
	buf_puts(out, "</li>\n");
}

static void
put_others(const struct note *note, struct arena *a, struct buf *out)
{
	size_t n;
	const struct note_server **others = note_others(note, a, &n);
	const char *good = note_good_text(note, a);
	if (good[0] != '\0')
		buf_printf(out, "<p>%s</p>\n", good);
	if (n == 0)
		return;
	buf_printf(out, "<p>%s</p>\n<ul>\n", note_others_title(note));
	for (size_t i = 0; i < n && i < NOTE_OTHERS_MAX; i++)
		put_other(note, others[i], out);
	if (n > NOTE_OTHERS_MAX)
		buf_printf(out, "<li>and %zu more</li>\n", n - NOTE_OTHERS_MAX);
	buf_puts(out, "</ul>\n");
}

static void
put_outage(const struct history_outage *o, struct arena *a, struct buf *out)
{
	buf_puts(out, "<p><strong>");
	markup_add(out, outage_text(o, a));
	buf_puts(out, "</strong>");
	if (o->end_s == 0)
		put_line(out, "<strong>What to do:</strong> ", o->remedy);
	buf_puts(out, "</p>\n");
}

void
note_html(const struct note *note, struct arena *a, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	buf_puts(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n<title>");
	markup_add(out, note->subject);
	buf_puts(out,
	    "</title></head>\n<body style=\"font-family:sans-serif;font-size:15px;"
	    "line-height:1.45;color:#101828;background:#ffffff;max-width:720px\">\n");
	if (note->kind == NOTE_TEST)
		buf_puts(out,
		    "<p>This is a test: mailready can reach you here. It will write again when "
		    "something changes.</p>\n");
	for (size_t i = 0; i < note->n_outages; i++)
		put_outage(&note->outages[i], a, out);
	for (size_t i = 0; i < note->n; i++)
		if (note->servers[i].shown)
			put_server(&note->servers[i], a, out);
	put_others(note, a, out);
	buf_printf(out, "<p style=\"color:#475467\">mailready %s, %s</p>\n</body>\n</html>\n",
	    MAILREADY_VERSION, when_utc(note->time_s, when));
}
