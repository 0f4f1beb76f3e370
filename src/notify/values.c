/* What a webhook's template is filled with: a note as events, each of which came, or went. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "notify/notify_priv.h"
#include "report/outage.h"

enum {
	MINUTE_S = 60,
	DAY_S = 24 * 60 * MINUTE_S,
	HASH_LEN = 32,
	DEDUP_LEN = 16,
	/* what is repeated by every run ends by itself when runs do; an outage is told once, and ends once */
	FINDING_LASTS_S = 3 * DAY_S,
	OUTAGE_LASTS_S = 400 * DAY_S,
	TEST_LASTS_S = 5 * MINUTE_S
};

enum event_state { EVENT_FIRING, EVENT_RESOLVED, EVENT_INFO, EVENT_TEST };

static const struct enumtab_row state_rows[] = {
	{ "firing", EVENT_FIRING },
	{ "resolved", EVENT_RESOLVED },
	{ "info", EVENT_INFO },
	{ "test", EVENT_TEST },
};
static const struct enumtab state_names = ENUMTAB(state_rows);

/* In the place of a kind of change. */
static const char standing_word[] = "standing";

struct event {
	enum event_state state;
	enum severity severity;
	const char *change; /* the kind of change; "standing", "outage" and "test" */
	const char *server, *label, *address, *groups; /* groups may be NULL */
	const char *rule, *about, *text, *verdict, *remedy, *why;
	const char *dedup; /* the same from when it comes until it has gone */
	int64_t ends_s;
};

/* Events of a note, as they are made. */
struct making {
	const struct note *note;
	struct arena *arena;
	struct event *list;
	size_t n, cap;
};

static void
add(struct making *m, const struct event *event)
{
	m->list = arena_grow(m->arena, m->list, m->n, &m->cap, sizeof *m->list);
	m->list[m->n++] = *event;
}

/* Names may be longer than a service takes, so what makes the event what it is is hashed. */
static const char *
dedup_of(const char *const *parts, size_t n, struct arena *a)
{
	unsigned char hash[HASH_LEN];
	char hex[2 * DEDUP_LEN + 1] = "";
	const char *all = "";
	for (size_t i = 0; i < n; i++)
		all = arena_printf(a, "%s%s\n", all, parts[i]);
	if (EVP_Digest(all, strlen(all), hash, NULL, EVP_sha256(), NULL) == 1)
		for (size_t i = 0; i < DEDUP_LEN; i++)
			snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return arena_printf(a, "mailready-%s", hex);
}

/* What is unknown comes and goes for itself, beside the same finding that is bad. */
static const char *
dedup_of_finding(const struct digest *d, const struct digest_finding *f, struct arena *a)
{
	const char *parts[] = { d->address, d->ehlo, d->domain, f->rule, f->subject,
		f->verdict == VERDICT_TEMPERROR ? "unknown" : "bad" };
	return dedup_of(parts, sizeof parts / sizeof parts[0], a);
}

static struct event
event_of_server(const struct making *m, const struct note_server *s, enum event_state state,
    const char *change)
{
	return (struct event){ .state = state,
		.change = change,
		.server = s->name,
		.label = s->now->label,
		.address = s->now->address,
		.groups = s->now->groups,
		.rule = "",
		.about = "",
		.text = "",
		.verdict = enumtab_name(&verdict_names, (int)s->verdict),
		.remedy = "",
		.why = "",
		.dedup = "",
		.ends_s = m->note->time_s + (state == EVENT_FIRING ? FINDING_LASTS_S : 0) };
}

static struct event
event_of_finding(const struct making *m, const struct note_server *s,
    const struct digest_finding *f, enum event_state state, const char *change)
{
	struct event e = event_of_server(m, s, state, change);
	e.severity = f->severity;
	e.rule = f->rule;
	e.about = f->subject;
	e.text = f->text;
	e.verdict = enumtab_name(&verdict_names, (int)f->verdict);
	e.remedy = state == EVENT_FIRING ? f->remedy : "";
	e.why = state == EVENT_FIRING ? f->why : "";
	e.dedup = dedup_of_finding(s->now, f, m->arena);
	return e;
}

/* What is over without being news: all of a server that is no longer watched. */
static void
add_over(struct making *m, const struct note_server *s)
{
	for (size_t i = 0; i < s->n_over; i++) {
		struct event e = event_of_finding(m, s, s->over[i], EVENT_RESOLVED,
		    enumtab_name(&change_kind_names, CHANGE_GONE));
		add(m, &e);
	}
}

/*
 * alarms: for a service that keeps alarms.  It takes the severity for a part of what an alarm is, so one of
 * another severity is another alarm, and the old one is over.
 */
static void
add_change(struct making *m, const struct note_server *s, const struct change *c, bool alarms)
{
	const char *kind = enumtab_name(&change_kind_names, (int)c->kind);
	if (c->finding == NULL) {
		struct event e = event_of_server(m, s, EVENT_INFO, kind);
		e.text = c->text;
		if (!alarms)
			add(m, &e);
		return;
	}
	if (alarms && c->before != NULL && c->before->severity != c->finding->severity) {
		struct event old = event_of_finding(m, s, c->before, EVENT_RESOLVED, kind);
		add(m, &old);
	}
	struct event e = event_of_finding(m, s, c->finding,
	    c->kind == CHANGE_GONE ? EVENT_RESOLVED : EVENT_FIRING, kind);
	e.text = c->text;
	add(m, &e);
}

static void
add_outage(struct making *m, const struct history_outage *o)
{
	const char *kind = enumtab_name(&outage_kind_names, (int)o->kind);
	const char *parts[] = { "outage", kind, o->subject };
	const struct event e = { .state = o->end_s != 0 ? EVENT_RESOLVED : EVENT_FIRING,
		.severity = outage_severity(o),
		.change = "outage",
		.server = outage_about(o),
		.label = "",
		.address = o->subject,
		.rule = arena_printf(m->arena, "outage.%s", kind),
		.about = o->subject,
		.text = outage_text(o, m->arena),
		.verdict = enumtab_name(&verdict_names, (int)outage_verdict(o)),
		.remedy = o->end_s != 0 ? "" : o->remedy,
		.why = "",
		.dedup = dedup_of(parts, sizeof parts / sizeof parts[0], m->arena),
		.ends_s = m->note->time_s + (o->end_s != 0 ? 0 : OUTAGE_LASTS_S) };
	add(m, &e);
}

static void
add_test(struct making *m)
{
	const char *const parts[] = { "test" };
	const struct event e = { .state = EVENT_TEST,
		.change = "test",
		.server = "mailready",
		.label = "",
		.address = "",
		.rule = "notify.test",
		.about = "",
		.text = "test message",
		.verdict = enumtab_name(&verdict_names, VERDICT_INFO),
		.remedy = "",
		.why = "",
		.dedup = dedup_of(parts, 1, m->arena),
		.ends_s = m->note->time_s + TEST_LASTS_S };
	add(m, &e);
}

/* Those that the note does not tell as a change. */
static void
add_standing(struct making *m, const struct note_server *s)
{
	for (size_t i = 0; i < s->n_standing; i++) {
		struct event e = event_of_finding(m, s, s->standing[i], EVENT_FIRING,
		    standing_word);
		bool told = false;
		for (size_t k = 0; k < m->n; k++)
			told |= m->list[k].state == EVENT_FIRING &&
			    strcmp(m->list[k].dedup, e.dedup) == 0;
		if (!told)
			add(m, &e);
	}
}

static void
make_events(struct making *m, bool alarms, bool repeat)
{
	const struct note *note = m->note;
	if (note->kind == NOTE_TEST && alarms)
		add_test(m);
	for (size_t i = 0; i < note->n_outages; i++)
		add_outage(m, &note->outages[i]);
	for (size_t i = 0; i < note->n; i++)
		for (size_t k = 0; k < note->servers[i].n_changes; k++)
			add_change(m, &note->servers[i], note->servers[i].changes[k], alarms);
	for (size_t i = 0; alarms && i < note->n; i++)
		add_over(m, &note->servers[i]);
	for (size_t i = 0; repeat && i < note->n; i++)
		add_standing(m, &note->servers[i]);
}

/* --- as JSON */

static void
put_time(json_t *object, const char *key, int64_t time_s)
{
	char when[WHEN_TEXT_MAX];
	json_object_set_new(object, key, json_string(when_iso(time_s, when)));
}

/* How bad it is now, in one word. */
static void
put_level(json_t *object, enum event_state state, enum severity severity)
{
	const char *word = state == EVENT_FIRING ? enumtab_name(&severity_names, (int)severity) :
						   enumtab_name(&state_names, (int)state);
	json_put_word(object, "state", &state_names, (int)state);
	json_put_word(object, "severity", &severity_names, (int)severity);
	json_put_text(object, "level", word);
}

static json_t *
event_json(const struct event *e)
{
	const struct {
		const char *key, *text;
	} texts[] = {
		{ "change", e->change },
		{ "server", e->server },
		{ "label", e->label },
		{ "address", e->address },
		{ "groups", e->groups != NULL ? e->groups : "" },
		{ "rule", e->rule },
		{ "about", e->about },
		{ "text", e->text },
		{ "verdict", e->verdict },
		{ "remedy", e->remedy },
		{ "why", e->why },
		{ "dedup", e->dedup },
	};
	json_t *object = json_object();
	put_level(object, e->state, e->severity);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		json_put_text(object, texts[i].key, texts[i].text);
	put_time(object, "ends", e->ends_s);
	return object;
}

/* The worst of those that stand; over when all of them are. */
static void
put_sum(json_t *object, const struct note *note, const struct event *events, size_t n)
{
	enum event_state state = note->kind == NOTE_TEST ? EVENT_TEST : EVENT_INFO;
	enum severity severity = SEVERITY_INFO;
	for (size_t i = 0; i < n; i++) {
		bool firing = events[i].state == EVENT_FIRING;
		if (firing && events[i].severity > severity)
			severity = events[i].severity;
		if (firing || (events[i].state == EVENT_RESOLVED && state == EVENT_INFO))
			state = events[i].state;
	}
	put_level(object, state, severity);
}

static const char *
values_json(const struct note *note, const struct event *events, size_t n, struct arena *a)
{
	static const char mark[] = "[mailready] ";
	bool marked = strncmp(note->subject, mark, strlen(mark)) == 0;
	json_t *object = json_object(), *list = json_array();
	json_put_text(object, "schema", WEBHOOK_VALUES);
	json_put_text(object, "id", note->id);
	json_put_word(object, "kind", &note_kind_names, (int)note->kind);
	put_time(object, "time", note->time_s);
	json_put_text(object, "subject", note->subject);
	json_put_text(object, "title", note->subject + (marked ? strlen(mark) : 0));
	json_put_text(object, "idle",
	    n > 0                       ? "" :
		note->kind == NOTE_TEST ? "This is a test." :
					  "Nothing has changed.");
	put_sum(object, note, events, n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, event_json(&events[i]));
	json_object_set_new(object, "events", list);
	char *dump = json_dumps(object, JSON_COMPACT);
	const char *out = arena_strdup(a, dump != NULL ? dump : "");
	free(dump);
	json_decref(object);
	return out;
}

const char *
note_values(const struct note *note, struct arena *a)
{
	struct making m = { .note = note, .arena = a };
	make_events(&m, false, false);
	return values_json(note, m.list, m.n, a);
}

struct letter *
note_alarms(const struct note *note, bool repeat, struct arena *a, size_t *n)
{
	struct making m = { .note = note, .arena = a };
	make_events(&m, true, repeat);
	struct letter *letters = arena_array(a, m.n, sizeof *letters);
	for (size_t i = 0; i < m.n; i++) {
		const struct event *e = &m.list[i];
		bool over = e->state == EVENT_RESOLVED;
		letters[i] = (struct letter){ .subject = arena_printf(a, "[mailready] %s: %s%s",
						  e->server, over ? "over: " : "", e->text),
			.body = values_json(note, e, 1, a),
			.event = arena_printf(a, "%s %s", e->dedup,
			    enumtab_name(&severity_names, (int)e->severity)),
			.is_news = strcmp(e->change, standing_word) != 0 };
	}
	*n = m.n;
	return letters;
}

const char *
alarm_event(const char *body, struct arena *a)
{
	struct err err;
	json_t *object = json_read(body, strlen(body), &err);
	const json_t *event = json_array_get(json_object_get(object, "events"), 0);
	const char *dedup = json_string_value(json_object_get(event, "dedup"));
	const char *severity = json_string_value(json_object_get(event, "severity"));
	const char *out = dedup != NULL && severity != NULL ?
	    arena_printf(a, "%s %s", dedup, severity) :
	    "";
	json_decref(object);
	return out;
}
