/* The JSON contract "mailready.past/1"; data/past.schema.json describes it. */
#include <string.h>

#include "past_priv.h"

static void
findings_json(struct jsonw *w, const struct digest *d)
{
	jsonw_array(w, "findings");
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		jsonw_object(w, NULL);
		jsonw_string(w, "id", f->rule);
		jsonw_word(w, "verdict", &verdict_names, (int)f->verdict);
		jsonw_word(w, "severity", &severity_names, (int)f->severity);
		jsonw_string(w, "subject", f->subject);
		jsonw_string(w, "text", f->text);
		jsonw_string(w, "remedy", f->remedy);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
lists_json(struct jsonw *w, const struct digest *d)
{
	jsonw_array(w, "lists");
	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		jsonw_object(w, NULL);
		jsonw_string(w, "zone", l->zone);
		jsonw_word(w, "kind", &list_kind_names, (int)l->kind);
		jsonw_text(w, "subject", l->subject);
		jsonw_word(w, "state", &list_state_names, (int)l->state);
		jsonw_text(w, "reason", digest_list_reason(l));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
list_counts_json(struct jsonw *w, const struct digest *d)
{
	if (!digest_has_lists(d)) {
		jsonw_null(w, "list_counts");
		return;
	}
	jsonw_object(w, "list_counts");
	counts_json(w, &d->counts);
	jsonw_object_end(w);
}

static void
runs_json(struct jsonw *w, const struct past_server *s)
{
	jsonw_array(w, "runs");
	for (size_t i = 0; i < s->n_points; i++) {
		const struct history_point *p = &s->points[i];
		jsonw_object(w, NULL);
		time_json(w, "time", p->time_s);
		jsonw_word(w, "verdict", &verdict_names, (int)p->verdict);
		counts_json(w, &p->lists);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_span(struct jsonw *w, int64_t first_s, int64_t last_s, bool standing)
{
	time_json(w, "first_seen", first_s);
	time_json(w, "last_seen", last_s);
	jsonw_bool(w, "standing", standing);
}

static void
lines_json(struct jsonw *w, const char *key, const char *lines)
{
	struct arena a;

	arena_init(&a);
	jsonw_array(w, key);
	for (const char *line = lines; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		jsonw_string(w, NULL, arena_strndup(&a, line, len));
		line += len + (line[len] == '\n');
	}
	jsonw_array_end(w);
	arena_fini(&a);
}

static void
spans_json(struct jsonw *w, const struct past_server *s)
{
	jsonw_array(w, "findings_over_time");
	for (size_t i = 0; i < s->n_spans; i++) {
		const struct history_span *span = &s->spans[i];
		jsonw_object(w, NULL);
		jsonw_string(w, "id", span->rule);
		jsonw_string(w, "subject", span->subject);
		jsonw_string(w, "text", span->text);
		jsonw_word(w, "verdict", &verdict_names, (int)span->verdict);
		jsonw_word(w, "severity", &severity_names, (int)span->severity);
		jsonw_int(w, "runs", (int64_t)span->n_runs);
		put_span(w, span->first_s, span->last_s, span->standing);
		lines_json(w, "first_evidence", past_evidence(span->first_evidence));
		lines_json(w, "last_evidence", past_evidence(span->last_evidence));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
listings_json(struct jsonw *w, const struct past_server *s)
{
	jsonw_array(w, "listings_over_time");
	for (size_t i = 0; i < s->n_listings; i++) {
		const struct history_listing *l = &s->listings[i];
		jsonw_object(w, NULL);
		jsonw_string(w, "zone", l->zone);
		jsonw_text(w, "subject", l->subject);
		put_span(w, l->first_s, l->last_s, l->standing);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

/* null where the last run did not look. */
static void
receivers_over_time_json(struct jsonw *w, const struct past_server *s)
{
	if (!s->has_demands) {
		jsonw_null(w, "receivers");
		return;
	}
	jsonw_array(w, "receivers");
	for (size_t i = 0; i < s->n_demands; i++) {
		const struct digest_demand *d = &s->demands[i].demand;
		jsonw_object(w, NULL);
		jsonw_string(w, "id", d->receiver);
		jsonw_string(w, "name", d->name);
		jsonw_word(w, "demand", &receiver_demand_names, (int)d->demand);
		jsonw_word(w, "state", &demand_state_names, (int)d->any);
		jsonw_word(w, "bulk_state", &demand_state_names, (int)d->bulk);
		jsonw_text(w, "code", d->code);
		time_json(w, "since", s->demands[i].since_s);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
groups_json(struct jsonw *w, const struct digest *d)
{
	struct arena a;
	const char *own = d->groups;

	arena_init(&a);
	jsonw_array(w, "groups");
	for (size_t len; own != NULL && (len = digest_next_group(&own)) > 0; own += len)
		jsonw_string(w, NULL, arena_strndup(&a, own, len));
	jsonw_array_end(w);
	arena_fini(&a);
}

static void
target_json(struct jsonw *w, const struct digest *d)
{
	jsonw_object(w, "target");
	jsonw_text(w, "label", d->label);
	jsonw_string(w, "address", d->address);
	jsonw_text(w, "host", d->host);
	jsonw_text(w, "ehlo", d->ehlo);
	jsonw_text(w, "domain", d->domain);
	groups_json(w, d);
	jsonw_object_end(w);
}

static void
server_json(struct jsonw *w, const struct past_server *s)
{
	const struct digest *d = s->last;

	jsonw_object(w, NULL);
	target_json(w, d);
	time_json(w, "time", d->time_s);
	jsonw_word(w, "verdict", &verdict_names, (int)d->verdict);
	jsonw_bool(w, "stale", d->stale);
	jsonw_string(w, "summary", d->reason);
	jsonw_text(w, "ptr_status", digest_ptr_word(d));
	jsonw_texts(w, "ptr_names", d->ptr_names, d->n_ptr_names);
	jsonw_int(w, "ptr_names_count", (int64_t)d->n_ptr_names + (int64_t)d->n_more_ptr_names);
	jsonw_text(w, "iprev", digest_iprev_word(d));
	jsonw_text(w, "ehlo_seen", d->ehlo_seen);
	jsonw_text(w, "ehlo_result", digest_ehlo_word(d));
	time_json(w, "certificate_expires", d->cert_expires_s);
	findings_json(w, d);
	lists_json(w, d);
	list_counts_json(w, d);
	runs_json(w, s);
	jsonw_int(w, "blind_runs", (int64_t)s->n_blind);
	spans_json(w, s);
	listings_json(w, s);
	receivers_over_time_json(w, s);
	jsonw_object_end(w);
}

static void
incidents_json(struct jsonw *w, const struct past *p)
{
	struct arena a;
	size_t n;

	arena_init(&a);
	const struct past_incident *list = past_incidents(p, &a, &n);
	jsonw_array(w, "incidents");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w, NULL);
		jsonw_string(w, "id", list[i].rule);
		jsonw_string(w, "text", list[i].text);
		jsonw_string(w, "servers", list[i].server);
		jsonw_int(w, "servers_count", (int64_t)list[i].n_servers);
		jsonw_word(w, "severity", &severity_names, (int)list[i].severity);
		put_span(w, list[i].first_s, list[i].last_s, list[i].standing);
		jsonw_int(w, "seconds",
		    (list[i].standing ? p->until_s : list[i].last_s) - list[i].first_s);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	arena_fini(&a);
}

void
past_json(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct jsonw w;
	struct arena a;

	(void)o;
	arena_init(&a);
	const struct past_server *servers = past_sorted(p, &a);
	jsonw_init(&w, out, true);
	jsonw_object(&w, NULL);
	jsonw_string(&w, "schema", "mailready.past/1");
	jsonw_string(&w, "version", MAILREADY_VERSION);
	time_json(&w, "since", p->since_s);
	time_json(&w, "until", p->until_s);
	incidents_json(&w, p);
	jsonw_array(&w, "servers");
	for (size_t i = 0; i < p->n; i++)
		server_json(&w, &servers[i]);
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	buf_putc(out, '\n');
	arena_fini(&a);
}
