/* The text of a scheduled run: changed servers, unconfirmed findings, and the rest in a line. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/command.h"
#include "base/wrap.h"
#include "watch/watch_priv.h"

enum { WIDTH = 100, INDENT = 20 /* after kind and verdict */, REMEDY_MAX = 20000 };

static const char *
word(enum verdict v)
{
	return enumtab_name(&verdict_names, (int)v);
}

static bool
has_remedy(const struct change *c)
{
	return c->finding != NULL && c->kind != CHANGE_GONE && c->finding->remedy[0] != '\0';
}

/* Some findings have the same remedy: it is shown once. */
static bool
is_said(const struct changes *all, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (has_remedy(&all->list[i]) &&
		    strstr(all->list[i].finding->remedy, all->list[index].finding->remedy) != NULL)
			return true;
	return false;
}

static void
print_remedy(const struct watching *w, const char *remedy)
{
	struct command_text text;
	struct buf lines;

	command_split(remedy, w->arena, &text);
	buf_init(&lines, REMEDY_MAX);
	wrap_add(&lines, INDENT, INDENT, WIDTH, text.words);
	if (text.command[0] != '\0')
		buf_printf(&lines, "%*s%s\n", INDENT, "", text.command);
	fprintf(w->options->out, "%*s%s", INDENT, "", lines.failed ? remedy : lines.data);
	buf_fini(&lines);
}

static void
print_change(const struct watching *w, const struct changes *all, size_t index)
{
	const struct change *c = &all->list[index];
	const char *kind = enumtab_name(&change_kind_names, (int)c->kind);
	FILE *out = w->options->out;

	if (c->finding == NULL) {
		fprintf(out, "  %-7s %s\n", kind, c->text);
		return;
	}
	fprintf(out, "  %-7s %-9s %s: %s\n", kind, word(c->finding->verdict), c->finding->rule,
	    c->text);
	if (has_remedy(c) && !is_said(all, index))
		print_remedy(w, c->finding->remedy);
}

static void
print_changed(const struct watching *w, const struct seen *s)
{
	FILE *out = w->options->out;

	fprintf(out, "%s: %s", digest_name(&s->now, w->arena), word(s->changes.verdict));
	if (s->changes.first)
		fprintf(out, " (first run)");
	else if (s->changes.before != s->changes.verdict)
		fprintf(out, ", was %s", word(s->changes.before));
	fprintf(out, "\n");
	for (size_t i = 0; i < s->changes.n; i++)
		print_change(w, &s->changes, i);
}

/* Worth a line only when it is not what is known already. */
static void
print_passing(const struct watching *w, const struct seen *s)
{
	if (s->now.verdict != s->changes.verdict)
		fprintf(w->options->out, "%s: %s in this run, not confirmed yet: %s\n",
		    digest_name(&s->now, w->arena), word(s->now.verdict), s->now.reason);
}

static bool
has_changed(const struct seen *s)
{
	return s->compared && (s->changes.n > 0 || s->changes.first);
}

/* "3 pass, 1 fail" */
static const char *
tally(const struct watching *w, bool changed)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_PERMERROR, VERDICT_TEMPERROR,
		VERDICT_WARN, VERDICT_PASS };
	const char *text = "";

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		size_t n = 0;
		for (size_t k = 0; k < w->n; k++)
			n += has_changed(&w->seen[k]) == changed &&
			    w->seen[k].changes.verdict == order[i];
		if (n > 0)
			text = arena_printf(w->arena, "%s%s%zu %s", text,
			    text[0] != '\0' ? ", " : "", n, word(order[i]));
	}
	return text;
}

static void
print_rest(const struct watching *w, size_t n_changed)
{
	size_t n = w->n - n_changed;

	if (n > 0)
		fprintf(w->options->out, "%zu server%s without a change: %s\n", n,
		    n == 1 ? "" : "s", tally(w, false));
	if (w->n_sent > 0)
		fprintf(w->options->out, "%zu message%s sent\n", w->n_sent,
		    w->n_sent == 1 ? "" : "s");
	if (w->n_queued > 0)
		fprintf(w->options->out, "%zu message%s waiting\n", w->n_queued,
		    w->n_queued == 1 ? "" : "s");
}

/* There is nothing to compare with: what was seen is still said. */
static void
print_plain(const struct watching *w, const struct seen *s)
{
	fprintf(w->options->out, "%s: %s: %s\n", digest_name(&s->now, w->arena),
	    word(s->now.verdict), s->now.reason);
}

void
watch_print(const struct watching *w)
{
	size_t n_changed = 0, n_plain = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct seen *s = &w->seen[i];
		n_changed += has_changed(s);
		n_plain += !s->compared;
		if (has_changed(s))
			print_changed(w, s);
		else if (!s->compared)
			print_plain(w, s);
	}
	for (size_t i = 0; i < w->n && !w->options->quiet; i++)
		if (w->seen[i].compared)
			print_passing(w, &w->seen[i]);
	if (!w->options->quiet && n_plain == 0)
		print_rest(w, n_changed);
}
