/* The note of a run: which changes count, how servers are called, and the subject. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/enumtab.h"
#include "base/when.h"
#include "report/note_priv.h"
#include "report/outage.h"

enum { SUBJECT_MAX = 70, CHANGES_ROOM = 512 << 10 /* of all servers, in one part */ };

static const struct enumtab_row kind_rows[] = {
	{ "change", NOTE_CHANGE },
	{ "heartbeat", NOTE_HEARTBEAT },
	{ "test", NOTE_TEST },
};
const struct enumtab note_kind_names = ENUMTAB(kind_rows);

const char *
change_remedy(const struct change *const *changes, size_t index)
{
	const struct change *c = changes[index];

	if (!note_has_verdict(c))
		return "";
	for (size_t i = 0; i < index; i++)
		if (note_has_verdict(changes[i]) &&
		    strstr(changes[i]->finding->remedy, c->finding->remedy) != NULL)
			return "";
	return c->finding->remedy;
}

const char *
note_rest_text(const struct note_rest *rest, struct arena *a)
{
	const struct {
		size_t n;
		const char *one, *many;
	} rows[] = {
		{ rest->bad, "bad", "bad" },
		{ rest->unknown, "unknown", "unknown" },
		{ rest->warn, "warning", "warnings" },
		{ rest->good, "good", "good" },
	};
	const char *text = "";
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].n > 0)
			text = arena_printf(a, "%s%s%zu %s", text, text[0] != '\0' ? ", " : "",
			    rows[i].n, rows[i].n == 1 ? rows[i].one : rows[i].many);
	return text[0] != '\0' ? text : "nothing";
}

const char *
note_detail(const struct change *c)
{
	if (c->finding == NULL || strstr(c->text, c->finding->text) != NULL)
		return "";
	return c->finding->text;
}

/* Of what is there still, and was before. */
static const char *
length_text(const struct change *c, int64_t now_s, struct arena *a)
{
	char length[WHEN_TEXT_MAX];
	bool old = c->kind == CHANGE_WORSE || c->kind == CHANGE_BETTER ||
	    c->kind == CHANGE_REMINDER;
	if (!old || c->since_s == 0 || c->since_s >= now_s)
		return "";
	return arena_printf(a, ", for %s now", when_length(now_s - c->since_s, length));
}

const char *
note_about(const struct change *c, int64_t now_s, struct arena *a)
{
	const struct digest_finding *f = c->finding;
	if (f == NULL)
		return "";
	return arena_printf(a, "%s%s%s, %s%s%s%s", f->rule, f->subject[0] != '\0' ? ", " : "",
	    f->subject, enumtab_name(&severity_names, (int)f->severity),
	    c->before != NULL ? ", was " : "",
	    c->before != NULL ? verdict_word(c->before->verdict) : "", length_text(c, now_s, a));
}

bool
note_has_verdict(const struct change *c)
{
	return c->finding != NULL && c->kind != CHANGE_GONE;
}

const char *
note_others_title(const struct note *note)
{
	if (note->kind == NOTE_HEARTBEAT)
		return "Nothing has changed. The state of the servers:";
	return note->n_changed > NOTE_SHOWN_MAX ? "Other servers:" : "Not good, and unchanged:";
}

/* Those that are good are a number: nobody reads 29 names. */
static bool
is_named(const struct note *note, const struct note_server *s)
{
	return !s->shown &&
	    (note->kind == NOTE_HEARTBEAT || s->n_changes > 0 || s->verdict != VERDICT_PASS);
}

const char *
note_good_text(const struct note *note, struct arena *a)
{
	size_t n = 0, others = 0;
	for (size_t i = 0; i < note->n; i++) {
		others += !note->servers[i].shown;
		n += !note->servers[i].shown && !is_named(note, &note->servers[i]);
	}
	if (n == 0)
		return "";
	return arena_printf(a, "%zu %s server%s unchanged, %sgood.", n,
	    note->n_changed > 0 ? "other" : "watched", n == 1 ? "" : "s",
	    n == others && n > 1 ? "all " : "");
}

size_t
note_put_changes(const struct note_server *s, note_put_change *put, struct arena *a,
    struct buf *out)
{
	size_t left = s->room, i = 0;
	bool fits = true;
	for (; fits && i < s->n_changes; i += fits) {
		struct buf one;
		buf_init(&one, left);
		put(s, i, a, &one);
		fits = !one.failed;
		if (fits)
			buf_add(out, one.data, one.len);
		left -= fits ? one.len : 0;
		buf_fini(&one);
	}
	return s->n_changes - i;
}

const char *
note_left_out_text(const struct note_server *s, size_t n, struct arena *a)
{
	return arena_printf(a, "and %zu more change%s: see mailready history %s", n,
	    n == 1 ? "" : "s", s->now->address);
}

const struct note_server **
note_others(const struct note *note, struct arena *a, size_t *n)
{
	const struct note_server **list = arena_array(a, NOTE_OTHERS_MAX, sizeof *list);
	*n = 0;
	for (int changed = 1; changed >= 0; changed--) {
		for (size_t i = 0; i < note->n; i++) {
			const struct note_server *s = &note->servers[i];
			if (!is_named(note, s) || (s->n_changes > 0) != changed)
				continue;
			if (*n < NOTE_OTHERS_MAX)
				list[*n] = s;
			(*n)++;
		}
	}
	return list;
}

/*
 * Without `unknown`, an unknown finding is not news, but its successor is: a finding that had
 * become unknown was never reported as better.
 */
static bool
is_told(const struct digest_finding *f, bool unknown)
{
	return unknown || f == NULL || f->verdict != VERDICT_TEMPERROR;
}

static bool
is_changed(const struct note_server *s, const struct digest_finding *f)
{
	for (size_t i = 0; i < s->n_changes; i++) {
		const struct change *c = s->changes[i];
		if (c->kind != CHANGE_GONE && c->finding != NULL &&
		    strcmp(c->finding->rule, f->rule) == 0 &&
		    strcmp(c->finding->subject, f->subject) == 0)
			return true;
	}
	return false;
}

static void
count_rest(struct note_server *s)
{
	for (size_t i = 0; i < s->now->n_findings; i++) {
		const struct digest_finding *f = &s->now->findings[i];
		if (is_changed(s, f))
			continue;
		if (verdict_is_bad(f->verdict))
			s->rest.bad++;
		else if (f->verdict == VERDICT_TEMPERROR)
			s->rest.unknown++;
		else if (f->verdict == VERDICT_WARN)
			s->rest.warn++;
		else
			s->rest.good++;
	}
}

static const struct digest_finding **
select_told(const struct digest_finding *const *from, size_t n, bool unknown, struct arena *a,
    size_t *n_told)
{
	const struct digest_finding **told = arena_array(a, n,
	    sizeof(const struct digest_finding *));
	*n_told = 0;
	for (size_t i = 0; i < n; i++)
		if (is_told(from[i], unknown))
			told[(*n_told)++] = from[i];
	return told;
}

static void
make_server(const struct watched_server *from, bool unknown, struct arena *a, struct note_server *s)
{
	const struct changes *c = from->changes;
	const struct digest *now = from->now;
	*s = (struct note_server){ .now = now,
		.verdict = c != NULL ? c->verdict : now->verdict,
		.before = c != NULL ? c->before : now->verdict,
		.first = c != NULL && c->first };
	bool named = now->label[0] != '\0' && strcmp(now->label, now->address) != 0;
	s->name = named ? arena_printf(a, "%s (%s)", now->label, now->address) :
			  digest_name(now, a);
	size_t n = c != NULL ? c->n : 0;
	s->changes = arena_array(a, n, sizeof *s->changes);
	for (size_t i = 0; i < n; i++)
		if (is_told(c->list[i].finding, unknown))
			s->changes[s->n_changes++] = &c->list[i];
	if (c != NULL) {
		s->standing = select_told(c->standing, c->n_standing, unknown, a, &s->n_standing);
		s->over = select_told(c->over, c->n_over, unknown, a, &s->n_over);
	}
	count_rest(s);
}

/* At most SUBJECT_MAX bytes, cut between characters. */
static const char *
shortened(struct arena *a, const char *text)
{
	size_t len = strlen(text);
	if (len <= SUBJECT_MAX)
		return text;
	len = SUBJECT_MAX - 3;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return arena_printf(a, "%.*s...", (int)len, text);
}

/* The server that has changed and is worst off; NULL when none has changed. */
static const struct note_server *
worst_changed(const struct note *note)
{
	const struct note_server *worst = NULL;
	for (size_t i = 0; i < note->n; i++) {
		const struct note_server *s = &note->servers[i];
		if (s->n_changes > 0 &&
		    (worst == NULL || verdict_rank(s->verdict) > verdict_rank(worst->verdict)))
			worst = s;
	}
	return worst;
}

/* What people call it: without the address, which the message has. */
static const char *
short_name(const struct note_server *s, struct arena *a)
{
	return s->now->label[0] != '\0' ? s->now->label : digest_name(s->now, a);
}

/* What a subject says of a long sentence: the part before its details. */
static const char *
first_part(const char *text, struct arena *a)
{
	const char *brackets = strstr(text, " ("), *rest = strstr(text, "; ");
	const char *end = brackets == NULL || (rest != NULL && rest < brackets) ? rest : brackets;

	return end != NULL ? arena_strndup(a, text, (size_t)(end - text)) : text;
}

/* The worst; but other PTR names say more than the warnings that follow from them. */
static const struct change *
leading_change(const struct note_server *s)
{
	const struct change *first = s->changes[0];

	for (size_t i = 1; i < s->n_changes; i++)
		if (s->changes[i]->kind == CHANGE_PTR && first->finding != NULL &&
		    !verdict_is_bad(first->finding->verdict))
			return s->changes[i];
	return first;
}

/*
 * Short: the headline of the verdict, where the worst change is what the verdict rests on.  What has gone,
 * and other PTR names, are said as the change says it.
 */
static const char *
change_words(const struct note_server *s, struct arena *a)
{
	char verdict[VERDICT_TEXT_MAX], length[WHEN_TEXT_MAX];
	const struct change *c = leading_change(s);
	const char *name = short_name(s, a);

	if (c->kind == CHANGE_ENDED)
		return arena_printf(a, "%s: %s", name, c->text);
	if (c->kind == CHANGE_GONE && verdict_is_good(s->verdict) && c->finding != NULL)
		return arena_printf(a, "%s good again%s%s: %s", name,
		    c->lasted_s > 0 ? ", after " : "",
		    c->lasted_s > 0 ? when_length(c->lasted_s, length) : "",
		    first_part(c->finding->text, a));
	bool decides = c->finding != NULL && c->kind != CHANGE_GONE &&
	    s->verdict == s->now->verdict && c->finding->verdict == s->verdict;
	return arena_printf(a, "%s %s: %s", name,
	    c->kind == CHANGE_REMINDER ? "reminder" : verdict_capitals(s->verdict, verdict),
	    decides                   ? s->now->reason :
		c->kind == CHANGE_PTR ? first_part(c->text, a) :
					c->text);
}

static const char *
change_subject(const struct note *note, struct arena *a)
{
	const struct note_server *s = worst_changed(note);

	if (note->n_outages > 0)
		return arena_printf(a, "[mailready] %s", outage_headline(&note->outages[0], a));
	if (s == NULL)
		return "[mailready] nothing has changed";
	if (note->n_changed == 1)
		return arena_printf(a, "[mailready] %s", change_words(s, a));
	return arena_printf(a, "[mailready] %zu servers: %s", note->n_changed, change_words(s, a));
}

static const char *
heartbeat_subject(const struct note *note, struct arena *a)
{
	size_t bad = 0, unknown = 0;
	for (size_t i = 0; i < note->n; i++) {
		bad += verdict_is_bad(note->servers[i].verdict);
		unknown += note->servers[i].verdict == VERDICT_TEMPERROR;
	}
	const char *servers = arena_printf(a, "%zu server%s", note->n, note->n == 1 ? "" : "s");
	if (bad + unknown == 0)
		return arena_printf(a, "[mailready] no change, %s, none bad", servers);
	return arena_printf(a, "[mailready] no change, %s, %zu bad, %zu unknown", servers, bad,
	    unknown);
}

void
note_become(struct note *note, enum note_kind kind, struct arena *a)
{
	note->kind = kind;
	const char *subject = kind == NOTE_TEST ? "[mailready] test message" :
	    kind == NOTE_HEARTBEAT              ? heartbeat_subject(note, a) :
						  change_subject(note, a);
	note->subject = shortened(a, subject);
}

void
note_add_outages(struct note *note, const struct history_outage *outages, size_t n, struct arena *a)
{
	note->outages = outages;
	note->n_outages = n;
	note->n_changes += n;
	note_become(note, NOTE_CHANGE, a);
}

void
note_make(const struct watched_server *servers, size_t n, bool unknown, int64_t now_s,
    struct arena *a, struct note *out)
{
	*out = (struct note){ .time_s = now_s, .n = n };
	out->servers = arena_array(a, n, sizeof *out->servers);
	for (size_t i = 0; i < n; i++) {
		make_server(&servers[i], unknown, a, &out->servers[i]);
		out->n_changed += out->servers[i].n_changes > 0;
		out->servers[i].shown = out->servers[i].n_changes > 0 &&
		    out->n_changed <= NOTE_SHOWN_MAX;
		out->n_changes += out->servers[i].n_changes;
	}
	size_t n_shown = out->n_changed < NOTE_SHOWN_MAX ? out->n_changed : NOTE_SHOWN_MAX;
	for (size_t i = 0; i < n; i++)
		out->servers[i].room = n_shown > 0 ? CHANGES_ROOM / n_shown : 0;
	note_become(out, NOTE_CHANGE, a);
}
