/* A note as JSON, for webhook and command: data/notify.schema.json describes it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/enumtab.h"
#include "base/json.h"
#include "note_priv.h"

static json_t *
text(const char *value)
{
	json_t *string = json_string(value);
	return string != NULL ? string : json_safe_string(value);
}

static void
put(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, value[0] != '\0' ? text(value) : json_null());
}

static void
put_verdict(json_t *object, const char *key, enum verdict v)
{
	json_object_set_new(object, key, json_string(enumtab_name(&verdict_names, (int)v)));
}

static void
put_time(json_t *object, const char *key, int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm = { .tm_mday = 1 };
	char when[40];
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	json_object_set_new(object, key, json_string(when));
}

static json_t *
change_json(const struct change *c)
{
	const struct digest_finding *f = c->finding;
	json_t *object = json_object();
	json_object_set_new(object, "kind",
	    json_string(enumtab_name(&change_kind_names, (int)c->kind)));
	put(object, "text", c->text);
	if (f == NULL)
		return object;
	put(object, "id", f->rule);
	put_verdict(object, "verdict", f->verdict);
	if (c->before != NULL)
		put_verdict(object, "before", c->before->verdict);
	json_object_set_new(object, "severity",
	    json_string(enumtab_name(&severity_names, (int)f->severity)));
	put(object, "subject", f->subject);
	put(object, "finding", f->text);
	put(object, "remedy", f->remedy);
	put(object, "why", f->why);
	return object;
}

static json_t *
target_json(const struct digest *d)
{
	json_t *object = json_object();
	put(object, "label", d->label);
	put(object, "address", d->address);
	put(object, "host", d->host);
	put(object, "ehlo", d->ehlo);
	put(object, "domain", d->domain);
	return object;
}

static json_t *
server_json(const struct note_server *s)
{
	json_t *object = json_object(), *changes = json_array();
	json_object_set_new(object, "target", target_json(s->now));
	put_verdict(object, "verdict", s->verdict);
	if (s->first)
		json_object_set_new(object, "before", json_null());
	else
		put_verdict(object, "before", s->before);
	put(object, "summary", s->now->reason);
	put_time(object, "time", s->now->time_s);
	for (size_t i = 0; i < s->n_changes; i++)
		json_array_append_new(changes, change_json(s->changes[i]));
	json_object_set_new(object, "changes", changes);
	json_object_set_new(object, "unchanged",
	    json_pack("{sI sI sI sI}", "bad", (json_int_t)s->rest.bad, "unknown",
		(json_int_t)s->rest.untold, "warn", (json_int_t)s->rest.warn, "good",
		(json_int_t)s->rest.good));
	return object;
}

const char *
note_json(const struct note *note, struct arena *a)
{
	json_t *object = json_object(), *servers = json_array();
	put(object, "schema", NOTIFY_SCHEMA);
	put(object, "id", note->id);
	json_object_set_new(object, "kind",
	    json_string(enumtab_name(&note_kind_names, (int)note->kind)));
	put_time(object, "time", note->time_s);
	put(object, "subject", note->subject);
	for (size_t i = 0; i < note->n; i++)
		json_array_append_new(servers, server_json(&note->servers[i]));
	json_object_set_new(object, "servers", servers);
	char *dump = json_dumps(object, JSON_COMPACT);
	const char *out = arena_strdup(a, dump != NULL ? dump : "{}");
	free(dump);
	json_decref(object);
	return out;
}
