/* The JSON contract "mailready.past/1"; data/past.schema.json describes it. */
#include "base/json.h"
#include "past_priv.h"

enum { JSON_STYLE = JSON_PRESERVE_ORDER | JSON_INDENT(2) };

static json_t *
finding_json(const struct digest_finding *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(f->rule));
	json_put_word(o, "verdict", &verdict_names, (int)f->verdict);
	json_put_word(o, "severity", &severity_names, (int)f->severity);
	json_object_set_new(o, "subject", json_safe_string(f->subject));
	json_object_set_new(o, "text", json_safe_string(f->text));
	json_object_set_new(o, "remedy", json_safe_string(f->remedy));
	return o;
}

static json_t *
list_json(const struct digest_list *l)
{
	json_t *o = json_object();

	json_object_set_new(o, "zone", json_safe_string(l->zone));
	json_object_set_new(o, "kind", json_string(l->kind));
	json_put_text(o, "subject", l->subject);
	json_object_set_new(o, "state", json_string(l->state));
	json_put_text(o, "reason", l->reason);
	return o;
}

static json_t *
point_json(const struct history_point *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "time", time_json(p->time_s));
	json_put_word(o, "verdict", &verdict_names, (int)p->verdict);
	json_object_set_new(o, "listed", json_integer(p->listed));
	json_object_set_new(o, "asked", json_integer(p->asked));
	json_object_set_new(o, "untold", json_integer(p->untold));
	return o;
}

static void
put_span(json_t *o, int64_t first_s, int64_t last_s, bool standing)
{
	json_object_set_new(o, "first_seen", time_json(first_s));
	json_object_set_new(o, "last_seen", time_json(last_s));
	json_object_set_new(o, "standing", json_boolean(standing));
}

static json_t *
span_json(const struct history_span *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(s->rule));
	json_object_set_new(o, "subject", json_safe_string(s->subject));
	json_object_set_new(o, "text", json_safe_string(s->text));
	json_put_word(o, "verdict", &verdict_names, (int)s->verdict);
	json_put_word(o, "severity", &severity_names, (int)s->severity);
	json_object_set_new(o, "runs", json_integer((json_int_t)s->n_runs));
	put_span(o, s->first_s, s->last_s, s->standing);
	return o;
}

static json_t *
listing_json(const struct history_listing *l)
{
	json_t *o = json_object();

	json_object_set_new(o, "zone", json_safe_string(l->zone));
	json_put_text(o, "subject", l->subject);
	put_span(o, l->first_s, l->last_s, l->standing);
	return o;
}

static void
put_last(json_t *o, const struct digest *d)
{
	json_t *findings = json_array(), *lists = json_array();

	for (size_t i = 0; i < d->n_findings; i++)
		json_array_append_new(findings, finding_json(&d->findings[i]));
	for (size_t i = 0; i < d->n_lists; i++)
		json_array_append_new(lists, list_json(&d->lists[i]));
	json_put_text(o, "ptr_status", d->ptr_status);
	json_put_texts(o, "ptr_names", d->ptr_names, d->n_ptr_names);
	json_put_text(o, "iprev", d->iprev);
	json_put_text(o, "ehlo_seen", d->ehlo_seen);
	json_put_text(o, "ehlo_result", d->ehlo_result);
	json_object_set_new(o, "certificate_expires", time_json(d->cert_expires_s));
	json_object_set_new(o, "findings", findings);
	json_object_set_new(o, "lists", lists);
}

static json_t *
server_json(const struct past_server *s)
{
	const struct digest *d = s->last;
	json_t *o = json_object(), *target = json_object();
	json_t *runs = json_array(), *spans = json_array(), *listings = json_array();

	json_put_text(target, "label", d->label);
	json_object_set_new(target, "address", json_string(d->address));
	json_put_text(target, "host", d->host);
	json_put_text(target, "ehlo", d->ehlo);
	json_put_text(target, "domain", d->domain);
	json_object_set_new(o, "target", target);
	json_object_set_new(o, "time", time_json(d->time_s));
	json_put_word(o, "verdict", &verdict_names, (int)d->verdict);
	json_object_set_new(o, "summary", json_safe_string(d->reason));
	put_last(o, d);
	for (size_t i = 0; i < s->n_points; i++)
		json_array_append_new(runs, point_json(&s->points[i]));
	for (size_t i = 0; i < s->n_spans; i++)
		json_array_append_new(spans, span_json(&s->spans[i]));
	for (size_t i = 0; i < s->n_listings; i++)
		json_array_append_new(listings, listing_json(&s->listings[i]));
	json_object_set_new(o, "runs", runs);
	json_object_set_new(o, "findings_over_time", spans);
	json_object_set_new(o, "listings_over_time", listings);
	return o;
}

static int
add_to_buf(const char *data, size_t len, void *arg)
{
	struct buf *out = arg;

	buf_add(out, data, len);
	return out->failed ? -1 : 0;
}

void
past_json(const struct past *p, const struct render_options *o, struct buf *out)
{
	json_t *document = json_object(), *servers = json_array();

	(void)o;
	json_object_set_new(document, "schema", json_string("mailready.past/1"));
	json_object_set_new(document, "version", json_string(MAILREADY_VERSION));
	json_object_set_new(document, "since", time_json(p->since_s));
	json_object_set_new(document, "until", time_json(p->until_s));
	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(servers, server_json(&p->servers[i]));
	json_object_set_new(document, "servers", servers);
	json_dump_callback(document, add_to_buf, out, JSON_STYLE);
	json_decref(document);
	buf_putc(out, '\n');
}
