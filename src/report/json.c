/* The JSON contract "mailready.report/1"; data/report.schema.json describes it. */

#include "base/json.h"
#include "checks/views.h"
#include "report_priv.h"

/* 9 significant digits: microseconds of a run of hours, and the same bytes everywhere. */
enum { JSON_STYLE = JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9) };

static json_t *
ptr_part(const struct report *r)
{
	struct ptr_view v;
	ptr_view(r->target, r->facts, r->arena, &v);
	json_t *o = json_object();
	json_put_word(o, "status", &ptr_status_names, (int)v.status);
	json_object_set_new(o, "reverse_name", json_safe_string(v.reverse_name));
	json_put_texts(o, "names", v.names, v.n_names);
	json_put_texts(o, "chain", v.chain, v.n_chain);
	return o;
}

static json_t *
iprev_part(const struct report *r)
{
	struct iprev_view v;
	iprev_view(r->target, r->facts, r->arena, &v);
	json_t *o = json_object();
	json_put_word(o, "result", &iprev_result_names, (int)v.result);
	json_put_texts(o, "confirmed", v.confirmed, v.n_confirmed);
	json_put_texts(o, "untold", v.untold, v.n_untold);
	return o;
}

/* Without a name to judge all members are null: it is neither generic nor not. */
static json_t *
generic_part(const struct report *r)
{
	struct generic_view v;
	generic_view(r->target, r->facts, r->arena, &v);
	json_t *o = json_object();
	json_object_set_new(o, "is_generic", v.judged ? json_boolean(v.is_generic) : json_null());
	json_object_set_new(o, "class",
	    v.judged ? json_string(enumtab_name(&generic_class_names, (int)v.class)) : json_null());
	json_put_text(o, "name", v.name);
	json_put_text(o, "provider", v.provider);
	json_put_text(o, "match", v.match);
	return o;
}

static json_t *
ehlo_part(const struct report *r)
{
	static const char *const matches[] = {
		[EHLO_PTR_UNKNOWN] = "unknown",
		[EHLO_PTR_SAME] = "same",
		[EHLO_PTR_ORG] = "organisation",
		[EHLO_PTR_OTHER] = "other",
	};
	struct ehlo_view v;
	ehlo_view(r->target, r->facts, r->arena, &v);
	json_t *o = json_object();
	json_put_text(o, "name", v.name);
	json_put_word(o, "source", &ehlo_source_names, (int)v.source);
	if (v.source == EHLO_NONE) {
		json_object_set_new(o, "result", json_null());
		return o;
	}
	json_put_word(o, "result", &iprev_result_names, (int)v.result);
	json_object_set_new(o, "literal", json_boolean(v.literal));
	json_object_set_new(o, "resolves", json_boolean(v.resolves));
	json_object_set_new(o, "ptr_match", json_string(matches[v.ptr_match]));
	return o;
}

static json_t *
list_json(const struct list_view *v)
{
	json_t *o = json_object();
	json_object_set_new(o, "zone", json_safe_string(v->list->zone));
	json_put_text(o, "name", v->list->name);
	json_put_word(o, "kind", &list_kind_names, (int)v->list->kind);
	json_put_text(o, "subject", v->subject);
	json_put_word(o, "state", &list_state_names, (int)v->verdict.state);
	json_put_texts(o, "codes", v->verdict.codes, v->verdict.n_codes);
	if (v->verdict.state == LIST_UNKNOWN)
		json_put_word(o, "reason", &list_reason_names, (int)v->verdict.reason);
	else
		json_object_set_new(o, "reason", json_null());
	if (v->verdict.state == LIST_LISTED) {
		json_put_texts(o, "meanings", v->verdict.meanings, v->verdict.n_codes);
		json_put_word(o, "impact", &list_impact_names, (int)v->verdict.impact);
		json_put_text(o, "text", v->text);
		json_object_set_new(o, "ttl_s", json_integer(v->ttl_s));
		json_put_text(o, "expires", v->list->expires);
		json_put_text(o, "removal", v->removal);
		json_put_text(o, "explained_by", v->explained_by);
	}
	return o;
}

static json_t *
lists_part(const struct report *r)
{
	size_t n;
	const struct list_view *views = list_views(r->target, r->facts, r->arena, &n);
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, list_json(&views[i]));
	return array;
}

static json_t *
smtp_part(const struct report *r)
{
	struct endpoint server = { r->target->ip, r->target->policy->smtp_port };
	return smtp_json(facts_smtp(r->facts, &server));
}

static json_t *
finding_json(const struct finding *f)
{
	json_t *o = json_object();
	json_object_set_new(o, "id", json_string(f->rule->id));
	json_put_word(o, "verdict", &verdict_names, (int)f->verdict);
	json_put_word(o, "severity", &severity_names, (int)f->severity);
	json_object_set_new(o, "subject", json_safe_string(f->subject));
	json_object_set_new(o, "text", json_safe_string(f->text));
	json_object_set_new(o, "remedy", json_safe_string(f->remedy));
	json_object_set_new(o, "why", json_string(f->why));
	json_object_set_new(o, "spec", json_string(f->rule->spec));
	json_t *evidence = json_array();
	for (size_t i = 0; i < f->n_evidence; i++)
		json_array_append_new(evidence, evidence_json(f->evidence[i]));
	json_object_set_new(o, "evidence", evidence);
	return o;
}

static json_t *
target_json(const struct target *t)
{
	json_t *o = json_object();
	json_object_set_new(o, "address", json_string(t->address));
	json_object_set_new(o, "family", json_integer(t->ip.family));
	json_put_text(o, "host", t->host);
	json_put_text(o, "ehlo", t->ehlo);
	json_put_text(o, "domain", t->domain);
	return o;
}

/* A check's own member; a check that was not run has none. */
static const struct part {
	const char *check;
	const char *member;
	json_t *(*build)(const struct report *r);
} parts[] = {
	{ "ptr", "ptr", ptr_part },
	{ "iprev", "iprev", iprev_part },
	{ "generic_ptr", "generic", generic_part },
	{ "ehlo", "ehlo", ehlo_part },
	{ "dnsbl", "lists", lists_part },
	{ "smtp", "smtp", smtp_part },
};

static json_t *
report_json(const struct report *r)
{
	json_t *o = json_object();
	json_object_set_new(o, "schema", json_string("mailready.report/1"));
	json_object_set_new(o, "version", json_string(MAILREADY_VERSION));
	json_object_set_new(o, "time", time_json(r->target->policy->now_s));
	json_object_set_new(o, "time_ms", json_real(as_ms(r->time_us)));
	json_object_set_new(o, "target", target_json(r->target));
	json_put_word(o, "verdict", &verdict_names, (int)r->verdict);
	json_object_set_new(o, "summary", json_safe_string(report_reason(r)));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (report_ran(r, parts[i].check))
			json_object_set_new(o, parts[i].member, parts[i].build(r));
	}
	json_t *findings = json_array();
	for (size_t i = 0; i < r->findings->n; i++)
		json_array_append_new(findings, finding_json(r->findings->list[i]));
	json_object_set_new(o, "findings", findings);
	return o;
}

static int
add_to_buf(const char *data, size_t len, void *arg)
{
	struct buf *out = arg;
	buf_add(out, data, len);
	return out->failed ? -1 : 0;
}

static void
json_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	(void)o;
	json_t *document = report_json(r);
	json_dump_callback(document, add_to_buf, out, JSON_STYLE | JSON_INDENT(2));
	json_decref(document);
}

static void
json_begin(const struct render_options *o, struct buf *out)
{
	if (o->many)
		buf_puts(out, "[\n");
}

static void
json_between(const struct render_options *o, struct buf *out)
{
	(void)o;
	buf_puts(out, ",\n");
}

static void
json_end(const struct render_options *o, struct buf *out)
{
	buf_puts(out, o->many ? "\n]\n" : "\n");
}

static void
jsonl_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	(void)o;
	json_t *document = report_json(r);
	json_dump_callback(document, add_to_buf, out, JSON_STYLE | JSON_COMPACT);
	json_decref(document);
	buf_putc(out, '\n');
}

const struct renderer render_json = {
	.name = "json",
	.help = "an object for one address, else an array of them",
	.begin = json_begin,
	.report = json_report,
	.between = json_between,
	.end = json_end,
};

const struct renderer render_jsonl = {
	.name = "jsonl",
	.help = "one compact object a line",
	.alone = true,
	.report = jsonl_report,
};
