/* A note as plain text, for the first part of a mail. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/command.h"
#include "base/enumtab.h"
#include "base/when.h"
#include "base/wrap.h"
#include "report/note_priv.h"
#include "report/outage.h"

enum { WIDTH = 76, INDENT = 19 /* after kind and verdict */ };

/* Adds text that starts at column indent, broken at blanks; later lines start at indent too. */
static void
put_wrapped(struct buf *out, size_t indent, const char *text)
{
	wrap_add(out, indent, indent, WIDTH, text);
}

static void
put_line(struct buf *out, struct arena *a, const char *before, const char *text)
{
	if (text[0] == '\0')
		return;
	buf_printf(out, "%*s", INDENT, "");
	put_wrapped(out, INDENT, arena_printf(a, "%s%s", before, text));
}

static void
put_remedy(struct buf *out, struct arena *a, const char *remedy)
{
	struct command_text part;
	for (const char *label = "What to do: "; command_next(&remedy, a, &part); label = "") {
		put_line(out, a, label, part.words);
		if (part.command[0] != '\0')
			buf_printf(out, "%*s%s\n", INDENT, "", part.command);
	}
}

static void
put_change(const struct note_server *s, size_t index, struct arena *a, struct buf *out)
{
	const struct change *c = s->changes[index];
	const struct digest_finding *f = c->finding;
	bool has = note_has_verdict(c);
	const char *verdict = has ? verdict_word(f->verdict) : "";
	buf_printf(out, "  %-6s %-9s ", enumtab_name(&change_kind_names, (int)c->kind), verdict);
	put_wrapped(out, INDENT, c->text);
	put_line(out, a, "", note_detail(c));
	put_line(out, a, "", note_about(c, s->now->time_s, a));
	if (!has)
		return;
	put_remedy(out, a, change_remedy(s->changes, index));
	put_line(out, a, "Why: ", f->why);
}

/* What has ended has no verdict any more. */
static const char *
note_state(const struct note_server *s, char out[VERDICT_TEXT_MAX])
{
	bool ended = s->n_changes > 0 && s->changes[0]->kind == CHANGE_ENDED;

	return ended ? "no longer watched" : verdict_capitals(s->verdict, out);
}

static void
put_server(const struct note_server *s, struct arena *a, struct buf *out)
{
	char now[16], before[16];
	buf_printf(out, "%s: %s", s->name, note_state(s, now));
	if (s->first)
		buf_puts(out, " (first run)");
	else if (s->before != s->verdict)
		buf_printf(out, " (was %s)", verdict_capitals(s->before, before));
	buf_printf(out, "\n  ");
	put_wrapped(out, 2, s->now->reason);
	buf_putc(out, '\n');
	size_t left_out = note_put_changes(s, put_change, a, out);
	if (left_out > 0)
		buf_printf(out, "  %s\n", note_left_out_text(s, left_out, a));
	buf_printf(out, "\n  Unchanged: %s.\n\n", note_rest_text(&s->rest, a));
}

static void
put_others(const struct note *note, struct arena *a, struct buf *out)
{
	char verdict[16];
	struct buf text;
	size_t n;
	const struct note_server **others = note_others(note, a, &n);
	const char *good = note_good_text(note, a);
	if (good[0] != '\0')
		buf_printf(out, "%s\n\n", good);
	if (n == 0)
		return;
	buf_init(&text, out->max);
	buf_printf(&text, "%s ", note_others_title(note));
	for (size_t i = 0; i < n && i < NOTE_OTHERS_MAX; i++)
		buf_printf(&text, "%s%s %s%s", i > 0 ? ", " : "", others[i]->name,
		    verdict_capitals(others[i]->verdict, verdict),
		    others[i]->n_changes > 0 ? " (changed)" : "");
	if (n > NOTE_OTHERS_MAX)
		buf_printf(&text, " and %zu more", n - NOTE_OTHERS_MAX);
	buf_putc(&text, '.');
	put_wrapped(out, 0, text.data);
	buf_putc(out, '\n');
	buf_fini(&text);
}

static void
put_state(const struct note *note, struct buf *out)
{
	char verdict[16];
	buf_printf(out, "%s\n\n", note_others_title(note));
	for (size_t i = 0; i < note->n && i < NOTE_OTHERS_MAX; i++) {
		const struct note_server *s = &note->servers[i];
		buf_printf(out, "  %-9s %s\n", verdict_capitals(s->verdict, verdict), s->name);
		buf_printf(out, "%*s", 12, "");
		put_wrapped(out, 12, s->now->reason);
	}
	if (note->n > NOTE_OTHERS_MAX)
		buf_printf(out, "and %zu more\n", note->n - NOTE_OTHERS_MAX);
	buf_putc(out, '\n');
}

static void
put_outage(const struct history_outage *o, struct arena *a, struct buf *out)
{
	put_wrapped(out, 0, outage_text(o, a));
	if (o->end_s == 0 && o->remedy[0] != '\0')
		put_wrapped(out, 0, arena_printf(a, "What to do: %s", o->remedy));
	buf_putc(out, '\n');
}

static void
put_body(const struct note *note, struct arena *a, struct buf *out)
{
	if (note->kind == NOTE_TEST) {
		put_wrapped(out, 0,
		    "This is a test: mailready can reach you here. It will write again when "
		    "something changes.");
		buf_putc(out, '\n');
		return;
	}
	if (note->kind == NOTE_HEARTBEAT) {
		put_state(note, out);
		return;
	}
	for (size_t i = 0; i < note->n_outages; i++)
		put_outage(&note->outages[i], a, out);
	for (size_t i = 0; i < note->n; i++)
		if (note->servers[i].shown)
			put_server(&note->servers[i], a, out);
	put_others(note, a, out);
}

void
note_text(const struct note *note, struct arena *a, struct buf *out)
{
	char when[WHEN_TEXT_MAX];
	put_body(note, a, out);
	buf_printf(out, "-- \nmailready %s, %s\n", MAILREADY_VERSION, when_utc(note->time_s, when));
}
