/* A note as JSON, for webhook and command: data/notify.schema.json describes it. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "report/note.h"

static void
put_time(json_t *object, const char *key, int64_t time_s)
{
	char when[WHEN_TEXT_MAX];
	json_object_set_new(object, key, json_string(when_iso(time_s, when)));
}

static json_t *
change_json(const struct change *c)
{
	const struct digest_finding *f = c->finding;
	json_t *object = json_object();
	json_put_word(object, "kind", &change_kind_names, (int)c->kind);
	json_put_text(object, "text", c->text);
	if (f == NULL)
		return object;
	json_put_text(object, "id", f->rule);
	json_put_word(object, "verdict", &verdict_names, (int)f->verdict);
	if (c->before != NULL)
		json_put_word(object, "before", &verdict_names, (int)c->before->verdict);
	json_put_word(object, "severity", &severity_names, (int)f->severity);
	json_put_text(object, "subject", f->subject);
	if (c->since_s != 0)
		put_time(object, "since", c->since_s);
	json_put_text(object, "finding", f->text);
	json_put_text(object, "remedy", f->remedy);
	json_put_text(object, "why", f->why);
	return object;
}

static json_t *
target_json(const struct digest *d)
{
	json_t *object = json_object();
	json_put_text(object, "label", d->label);
	json_put_text(object, "address", d->address);
	json_put_text(object, "host", d->host);
	json_put_text(object, "ehlo", d->ehlo);
	json_put_text(object, "domain", d->domain);
	return object;
}

static json_t *
server_json(const struct note_server *s)
{
	json_t *object = json_object(), *changes = json_array();
	json_object_set_new(object, "target", target_json(s->now));
	json_put_word(object, "verdict", &verdict_names, (int)s->verdict);
	if (s->first)
		json_object_set_new(object, "before", json_null());
	else
		json_put_word(object, "before", &verdict_names, (int)s->before);
	json_put_text(object, "summary", s->now->reason);
	put_time(object, "time", s->now->time_s);
	for (size_t i = 0; i < s->n_changes; i++)
		json_array_append_new(changes, change_json(s->changes[i]));
	json_object_set_new(object, "changes", changes);
	json_object_set_new(object, "unchanged",
	    json_pack("{sI sI sI sI}", "bad", (json_int_t)s->rest.bad, "unknown",
		(json_int_t)s->rest.unknown, "warn", (json_int_t)s->rest.warn, "good",
		(json_int_t)s->rest.good));
	return object;
}

static json_t *
outage_json(const struct history_outage *o)
{
	json_t *object = json_object();
	json_put_word(object, "kind", &outage_kind_names, (int)o->kind);
	json_put_text(object, "subject", o->subject);
	json_put_text(object, "text", o->text);
	json_put_text(object, "remedy", o->remedy);
	json_object_set_new(object, "servers", json_integer((json_int_t)o->n_servers));
	put_time(object, "since", o->first_s);
	if (o->end_s != 0)
		put_time(object, "until", o->end_s);
	else
		json_object_set_new(object, "until", json_null());
	return object;
}

const char *
note_json(const struct note *note, struct arena *a)
{
	json_t *object = json_object(), *servers = json_array();
	json_put_text(object, "schema", NOTIFY_SCHEMA);
	json_put_text(object, "id", note->id);
	json_put_word(object, "kind", &note_kind_names, (int)note->kind);
	put_time(object, "time", note->time_s);
	json_put_text(object, "subject", note->subject);
	for (size_t i = 0; i < note->n; i++)
		json_array_append_new(servers, server_json(&note->servers[i]));
	json_object_set_new(object, "servers", servers);
	json_t *outages = json_array();
	for (size_t i = 0; i < note->n_outages; i++)
		json_array_append_new(outages, outage_json(&note->outages[i]));
	json_object_set_new(object, "outages", outages);
	char *dump = json_dumps(object, JSON_COMPACT);
	const char *out = arena_strdup(a, dump != NULL ? dump : "{}");
	free(dump);
	json_decref(object);
	return out;
}
