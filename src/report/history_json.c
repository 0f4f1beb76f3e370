/* JSON contracts "mailready.history/1", a server with its spans, and "mailready.run/1", a stored run. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "report/past.h"

static const char *
when(int64_t time_s, struct arena *a)
{
	return when_iso(time_s, arena_alloc(a, WHEN_TEXT_MAX));
}

static void
put(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

/* An unknown value is null, as in every format. */
static void
put_known(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, value[0] != '\0' ? json_string(value) : json_null());
}

static json_t *
target_json(const char *label, const char *address, const char *host, const char *ehlo,
    const char *domain)
{
	json_t *j = json_object();

	put_known(j, "label", label);
	put(j, "address", address);
	put_known(j, "host", host);
	put_known(j, "ehlo", ehlo);
	put_known(j, "domain", domain);
	return j;
}

static json_t *
server_json(const struct history_server *s, struct arena *a)
{
	json_t *j = json_object();

	json_object_set_new(j, "target",
	    target_json(s->label, s->address, s->host, s->ehlo, s->domain));
	put(j, "first_seen", when(s->first_s, a));
	put(j, "last_seen", when(s->last_s, a));
	json_object_set_new(j, "runs", json_integer((json_int_t)s->n_runs));
	return j;
}

static json_t *
lines_json(const char *lines, struct arena *a)
{
	json_t *all = json_array();

	for (const char *line = lines != NULL ? lines : ""; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		json_array_append_new(all, json_string(arena_strndup(a, line, len)));
		line += len + (line[len] == '\n');
	}
	return all;
}

static json_t *
span_json(const struct history_span *x, struct arena *a)
{
	json_t *j = json_object();

	put(j, "id", x->rule);
	put(j, "subject", x->subject);
	put(j, "verdict", enumtab_name(&verdict_names, (int)x->verdict));
	put(j, "severity", enumtab_name(&severity_names, (int)x->severity));
	put(j, "text", x->text);
	put(j, "first_seen", when(x->first_s, a));
	put(j, "last_seen", when(x->last_s, a));
	json_object_set_new(j, "runs", json_integer((json_int_t)x->n_runs));
	json_object_set_new(j, "standing", json_boolean(x->standing));
	json_object_set_new(j, "first_evidence", lines_json(x->first_evidence, a));
	json_object_set_new(j, "last_evidence", lines_json(x->last_evidence, a));
	return j;
}

static json_t *
listing_json(const struct history_listing *l, struct arena *a)
{
	json_t *j = json_object();

	put(j, "zone", l->zone);
	put(j, "subject", l->subject);
	put(j, "first_seen", when(l->first_s, a));
	put(j, "last_seen", when(l->last_s, a));
	json_object_set_new(j, "standing", json_boolean(l->standing));
	return j;
}

json_t *
history_json(const struct past_server *s)
{
	struct arena a;
	json_t *findings = json_array(), *lists = json_array();

	arena_init(&a);
	json_t *j = server_json(s->server, &a);
	for (size_t i = 0; i < s->n_spans; i++)
		json_array_append_new(findings, span_json(&s->spans[i], &a));
	for (size_t i = 0; i < s->n_listings; i++)
		json_array_append_new(lists, listing_json(&s->listings[i], &a));
	json_object_set_new(j, "findings_over_time", findings);
	json_object_set_new(j, "listings_over_time", lists);
	arena_fini(&a);
	return j;
}

/* --- a run: everything that is stored of it */

static json_t *
names_json(const struct digest *d)
{
	json_t *names = json_array();

	for (size_t i = 0; i < d->n_ptr_names; i++)
		json_array_append_new(names, json_string(d->ptr_names[i]));
	return names;
}

static json_t *
lists_json(const struct digest *d)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		json_t *j = json_object();
		put(j, "zone", l->zone);
		put_known(j, "subject", l->subject);
		put(j, "state", enumtab_name(&list_state_names, (int)l->state));
		put(j, "kind", enumtab_name(&list_kind_names, (int)l->kind));
		put(j, "impact", enumtab_name(&list_impact_names, (int)l->impact));
		put_known(j, "reason", digest_list_reason(l));
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *
counts_json(const struct list_counts *c)
{
	json_t *j = json_object();

	json_object_set_new(j, "asked", json_integer((json_int_t)c->asked));
	json_object_set_new(j, "listed", json_integer((json_int_t)c->listed));
	json_object_set_new(j, "clean", json_integer((json_int_t)c->clean));
	json_object_set_new(j, "unknown", json_integer((json_int_t)c->unknown));
	json_object_set_new(j, "not_applicable", json_integer((json_int_t)c->not_applicable));
	return j;
}

static json_t *
findings_json(const struct digest *d)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		json_t *j = json_object();
		put(j, "id", f->rule);
		put(j, "verdict", enumtab_name(&verdict_names, (int)f->verdict));
		put(j, "severity", enumtab_name(&severity_names, (int)f->severity));
		json_object_set_new(j, "required", json_boolean(f->required));
		put(j, "subject", f->subject);
		put(j, "text", f->text);
		put(j, "remedy", f->remedy);
		json_array_append_new(all, j);
	}
	return all;
}

json_t *
history_run_json(const struct digest *d)
{
	json_t *j = json_object();
	char time[WHEN_TEXT_MAX];

	put(j, "schema", "mailready.run/1");
	put(j, "time", when_iso(d->time_s, time));
	json_object_set_new(j, "time_us", json_integer((json_int_t)d->time_us));
	json_object_set_new(j, "target",
	    target_json(d->label, d->address, d->host, d->ehlo, d->domain));
	put(j, "verdict", enumtab_name(&verdict_names, (int)d->verdict));
	put(j, "summary", d->reason);
	put_known(j, "ptr_status", digest_ptr_word(d));
	json_object_set_new(j, "ptr_names", names_json(d));
	json_object_set_new(j, "ptr_names_count",
	    json_integer((json_int_t)d->n_ptr_names + (json_int_t)d->n_more_ptr_names));
	put_known(j, "iprev", digest_iprev_word(d));
	put_known(j, "ehlo_seen", d->ehlo_seen);
	put_known(j, "ehlo_result", digest_ehlo_word(d));
	put_known(j, "certificate_expires",
	    d->cert_expires_s != 0 ? when_iso(d->cert_expires_s, time) : "");
	json_object_set_new(j, "lists", lists_json(d));
	json_object_set_new(j, "list_counts",
	    digest_has_lists(d) ? counts_json(&d->counts) : json_null());
	json_object_set_new(j, "findings", findings_json(d));
	return j;
}
