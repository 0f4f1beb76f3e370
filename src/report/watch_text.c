/* The text of a scheduled run: changed servers, findings not confirmed yet, and the rest in a line. */
#include <string.h>

#include "base/arena.h"
#include "base/command.h"
#include "base/wrap.h"
#include "report/note_priv.h"
#include "report/outage.h"
#include "report/watch.h"

enum { WIDTH = 100, INDENT = 20 /* after kind and verdict */ };

static void
put_remedy(const struct watch_report *r, const char *remedy, struct arena *a, struct buf *out)
{
	struct command_text part;
	size_t width = r->columns != 0 && r->columns < WIDTH ? r->columns : WIDTH;

	while (command_next(&remedy, a, &part)) {
		if (part.words[0] != '\0') {
			buf_printf(out, "%*s", INDENT, "");
			wrap_add(out, INDENT, INDENT, width, part.words);
		}
		if (part.command[0] != '\0')
			buf_printf(out, "%*s%s\n", INDENT, "", part.command);
	}
}

static void
put_change(const struct watch_report *r, const struct change *const *changes, size_t index,
    struct arena *a, struct buf *out)
{
	const struct change *c = changes[index];
	const char *kind = enumtab_name(&change_kind_names, (int)c->kind);
	if (c->finding == NULL) {
		buf_printf(out, "  %-7s %s\n", kind, c->text);
		return;
	}
	buf_printf(out, "  %-7s %-9s %s: %s\n", kind, verdict_word(c->finding->verdict),
	    c->finding->rule, c->text);
	if (change_remedy(changes, index)[0] != '\0')
		put_remedy(r, c->finding->remedy, a, out);
}

static void
put_changed(const struct watch_report *r, const struct watched_server *s, struct arena *a,
    struct buf *out)
{
	bool ended = s->changes->n > 0 && s->changes->list[0].kind == CHANGE_ENDED;
	buf_printf(out, "%s: %s", digest_name(s->now, a),
	    ended ? "no longer watched" : verdict_word(s->changes->verdict));
	if (s->changes->first)
		buf_printf(out, " (first run)");
	else if (s->changes->before != s->changes->verdict)
		buf_printf(out, ", was %s", verdict_word(s->changes->before));
	buf_printf(out, "\n");
	const struct change **changes = arena_array(a, s->changes->n, sizeof *changes);
	for (size_t i = 0; i < s->changes->n; i++) {
		changes[i] = &s->changes->list[i];
		put_change(r, changes, i, a, out);
	}
}

/* Worth a line only when it is not what is known already. */
static void
put_passing(const struct watched_server *s, struct arena *a, struct buf *out)
{
	bool ended = s->changes->n > 0 && s->changes->list[0].kind == CHANGE_ENDED;
	if (!ended && s->now->verdict != s->changes->verdict && !s->now->stale)
		buf_printf(out, "%s: %s in this run, not confirmed yet: %s\n",
		    digest_name(s->now, a), verdict_word(s->now->verdict), s->now->reason);
}

static bool
has_changed(const struct watched_server *s)
{
	return s->changes != NULL && (s->changes->n > 0 || s->changes->first);
}

/* "3 pass, 1 fail" */
static const char *
tally(const struct watch_report *r, struct arena *a)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_PERMERROR, VERDICT_TEMPERROR,
		VERDICT_WARN, VERDICT_PASS };
	const char *text = "";

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		size_t n = 0;
		for (size_t k = 0; k < r->n; k++)
			n += !has_changed(&r->servers[k]) &&
			    r->servers[k].changes->verdict == order[i];
		if (n > 0)
			text = arena_printf(a, "%s%s%zu %s", text, text[0] != '\0' ? ", " : "", n,
			    verdict_word(order[i]));
	}
	return text;
}

/* What was not looked at has not changed, as far as anybody knows. */
static const char *
rest_words(const struct watch_report *r, struct arena *a)
{
	size_t stale = 0;

	for (size_t i = 0; i < r->n; i++)
		stale += r->servers[i].now->stale;
	if (stale == 0)
		return "without a change";
	return arena_printf(a, "without a change, %zu of them as last known", stale);
}

static void
put_rest(const struct watch_report *r, size_t n_changed, struct arena *a, struct buf *out)
{
	size_t n = r->n - n_changed;

	if (n > 0)
		buf_printf(out, "%zu server%s %s: %s\n", n, n == 1 ? "" : "s", rest_words(r, a),
		    tally(r, a));
	if (r->n_sent > 0)
		buf_printf(out, "%zu message%s sent\n", r->n_sent, r->n_sent == 1 ? "" : "s");
	if (r->n_queued > 0)
		buf_printf(out, "%zu message%s waiting\n", r->n_queued,
		    r->n_queued == 1 ? "" : "s");
}

/* There is nothing to compare with: what was seen is still said. */
static void
put_plain(const struct watched_server *s, struct arena *a, struct buf *out)
{
	buf_printf(out, "%s: %s: %s\n", digest_name(s->now, a), verdict_word(s->now->verdict),
	    s->now->reason);
}

static void
put_outage(const struct history_outage *o, struct arena *a, struct buf *out)
{
	buf_printf(out, "%s\n", outage_text(o, a));
	if (o->end_s == 0 && o->remedy[0] != '\0')
		buf_printf(out, "  %s\n", o->remedy);
}

void
watch_text(const struct watch_report *r, struct buf *out)
{
	struct arena a;
	size_t n_changed = 0, n_plain = 0;

	arena_init(&a);
	for (size_t i = 0; i < r->n_outages; i++)
		put_outage(&r->outages[i], &a, out);
	for (size_t i = 0; i < r->n; i++) {
		const struct watched_server *s = &r->servers[i];
		n_changed += has_changed(s);
		n_plain += s->changes == NULL;
		if (has_changed(s))
			put_changed(r, s, &a, out);
		else if (s->changes == NULL)
			put_plain(s, &a, out);
	}
	for (size_t i = 0; i < r->n && !r->quiet; i++)
		if (r->servers[i].changes != NULL)
			put_passing(&r->servers[i], &a, out);
	if (!r->quiet && n_plain == 0)
		put_rest(r, n_changed, &a, out);
	arena_fini(&a);
}
