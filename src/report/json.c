/* The JSON contract "mailready.report/1"; data/report.schema.json describes it. */

#include "report_priv.h"
#include "views/views.h"

static void
ptr_part(struct jsonw *w, const struct report *r)
{
	struct ptr_view v;
	v = *known_ptr(r->known);
	jsonw_object(w, "ptr");
	jsonw_word(w, "status", &ptr_status_names, (int)v.status);
	jsonw_string(w, "reverse_name", v.reverse_name);
	jsonw_texts(w, "names", v.names, v.n_names);
	jsonw_texts(w, "chain", v.chain, v.n_chain);
	jsonw_object_end(w);
}

static void
iprev_part(struct jsonw *w, const struct report *r)
{
	struct iprev_view v;
	v = *known_iprev(r->known);
	jsonw_object(w, "iprev");
	jsonw_word(w, "result", &iprev_result_names, (int)v.result);
	jsonw_texts(w, "confirmed", v.confirmed, v.n_confirmed);
	jsonw_texts(w, "unknown", v.unknown, v.n_unknown);
	jsonw_object_end(w);
}

/* Without a name to judge all members are null: it is neither generic nor not. */
static void
generic_part(struct jsonw *w, const struct report *r)
{
	struct generic_view v;
	v = *known_generic(r->known);
	jsonw_object(w, "generic");
	if (v.judged) {
		jsonw_bool(w, "is_generic", v.is_generic);
		jsonw_word(w, "class", &generic_class_names, (int)v.class);
	} else {
		jsonw_null(w, "is_generic");
		jsonw_null(w, "class");
	}
	jsonw_text(w, "name", v.name);
	jsonw_text(w, "provider", v.provider);
	jsonw_text(w, "match", v.match);
	jsonw_object_end(w);
}

static void
ehlo_verdict(struct jsonw *w, const struct ehlo_view *v)
{
	static const char *const matches[] = {
		[EHLO_PTR_UNKNOWN] = "unknown",
		[EHLO_PTR_SAME] = "same",
		[EHLO_PTR_ORG] = "organisation",
		[EHLO_PTR_OTHER] = "other",
	};
	jsonw_word(w, "result", &iprev_result_names, (int)v->result);
	jsonw_bool(w, "literal", v->literal);
	jsonw_bool(w, "resolves", v->resolves);
	jsonw_string(w, "ptr_match", matches[v->ptr_match]);
}

static void
ehlo_part(struct jsonw *w, const struct report *r)
{
	struct ehlo_view v;
	v = *known_ehlo(r->known);
	jsonw_object(w, "ehlo");
	jsonw_text(w, "name", v.name);
	jsonw_word(w, "source", &ehlo_source_names, (int)v.source);
	if (v.source == EHLO_NONE)
		jsonw_null(w, "result");
	else
		ehlo_verdict(w, &v);
	jsonw_object_end(w);
}

/* What else is known about a list that holds the target. */
static void
listing_json(struct jsonw *w, const struct list_view *v)
{
	jsonw_texts(w, "meanings", v->verdict.meanings, v->verdict.n_codes);
	jsonw_word(w, "impact", &list_impact_names, (int)v->verdict.impact);
	jsonw_text(w, "text", v->text);
	jsonw_int(w, "ttl_s", v->ttl_s);
	jsonw_text(w, "expires", v->list->expires);
	jsonw_text(w, "removal", v->removal);
	jsonw_text(w, "explained_by", v->explained_by);
}

static void
list_json(struct jsonw *w, const struct list_view *v)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "zone", v->list->zone);
	jsonw_text(w, "name", v->list->name);
	jsonw_word(w, "kind", &list_kind_names, (int)v->list->kind);
	jsonw_text(w, "subject", v->subject);
	jsonw_word(w, "state", &list_state_names, (int)v->verdict.state);
	jsonw_texts(w, "codes", v->verdict.codes, v->verdict.n_codes);
	if (v->verdict.state == LIST_UNKNOWN)
		jsonw_word(w, "reason", &list_reason_names, (int)v->verdict.reason);
	else
		jsonw_null(w, "reason");
	if (v->verdict.state == LIST_LISTED)
		listing_json(w, v);
	jsonw_object_end(w);
}

static void
lists_part(struct jsonw *w, const struct report *r)
{
	const struct list_view *views = known_lists(r->known)->rows;
	size_t n = known_lists(r->known)->n;
	jsonw_array(w, "lists");
	for (size_t i = 0; i < n; i++)
		list_json(w, &views[i]);
	jsonw_array_end(w);
}

static void
smtp_part(struct jsonw *w, const struct report *r)
{
	struct endpoint server = { r->target->ip, r->target->policy->smtp_port };
	const struct smtp_dialogue *d = facts_smtp(r->facts, &server);
	jsonw_object(w, "smtp");
	smtp_json(w, d, &d->server);
	jsonw_object_end(w);
}

static void
finding_json(struct jsonw *w, const struct finding *f)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "id", f->rule->id);
	jsonw_word(w, "verdict", &verdict_names, (int)f->verdict);
	jsonw_word(w, "severity", &severity_names, (int)f->severity);
	jsonw_string(w, "subject", f->subject);
	jsonw_string(w, "text", f->text);
	jsonw_string(w, "remedy", f->remedy);
	jsonw_string(w, "why", f->why);
	jsonw_string(w, "spec", f->rule->spec);
	jsonw_array(w, "evidence");
	for (size_t i = 0; i < f->n_evidence; i++)
		evidence_json(w, f->evidence[i]);
	jsonw_array_end(w);
	jsonw_object_end(w);
}

static void
target_json(struct jsonw *w, const struct target *t)
{
	jsonw_object(w, "target");
	jsonw_string(w, "address", t->address);
	jsonw_int(w, "family", t->ip.family);
	jsonw_text(w, "host", t->host);
	jsonw_text(w, "ehlo", t->ehlo);
	jsonw_text(w, "domain", t->domain);
	jsonw_object_end(w);
}

/* A check's own member; a check that was not run has none. */
static const struct part {
	const char *check;
	void (*put)(struct jsonw *w, const struct report *r);
} parts[] = {
	{ "ptr", ptr_part },
	{ "iprev", iprev_part },
	{ "generic_ptr", generic_part },
	{ "ehlo", ehlo_part },
	{ "dnsbl", lists_part },
	{ "smtp", smtp_part },
};

static void
report_json(struct jsonw *w, const struct report *r)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "schema", "mailready.report/1");
	jsonw_string(w, "version", MAILREADY_VERSION);
	time_json(w, "time", r->target->policy->now_s);
	jsonw_thousandths(w, "time_ms", r->time_us);
	target_json(w, r->target);
	jsonw_word(w, "verdict", &verdict_names, (int)r->verdict);
	jsonw_string(w, "summary", report_reason(r));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (report_ran(r, parts[i].check))
			parts[i].put(w, r);
	}
	jsonw_array(w, "findings");
	for (size_t i = 0; i < r->findings->n; i++)
		finding_json(w, r->findings->list[i]);
	jsonw_array_end(w);
	jsonw_object_end(w);
}

static void
json_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	struct jsonw w;
	(void)o;
	jsonw_init(&w, out, true);
	report_json(&w, r);
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
	struct jsonw w;
	(void)o;
	jsonw_init(&w, out, false);
	report_json(&w, r);
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
