/* The JSON contract "mailready.report/1"; data/report.schema.json describes it. */
#include "report_priv.h"

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
	jsonw_string(w, "address", target_title(t));
	jsonw_int(w, "family", t->ip.family);
	jsonw_text(w, "host", t->names.host);
	if (t->names.mx_of != NULL)
		jsonw_text(w, "mx_of", t->names.mx_of);
	jsonw_text(w, "ehlo", t->names.ehlo);
	jsonw_text(w, "domain", t->names.domain);
	if (t->names.mail_from != NULL)
		jsonw_text(w, "mail_from", t->names.mail_from);
	if (t->names.from != NULL)
		jsonw_text(w, "from", t->names.from);
	jsonw_object_end(w);
}

void
report_json(struct jsonw *w, const char *key, const struct report *r)
{
	jsonw_object(w, key);
	jsonw_string(w, "schema", "mailready.report/1");
	jsonw_string(w, "version", MAILREADY_VERSION);
	time_json(w, "time", r->target->policy->now_s);
	jsonw_thousandths(w, "time_ms", r->time_us);
	target_json(w, r->target);
	jsonw_word(w, "verdict", &verdict_names, (int)r->verdict);
	jsonw_string(w, "summary", report_reason(r));
	parts_json(w, r);
	if (receivers_apply(r->known))
		receivers_json(w, known_receivers(r->known));
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
	report_json(&w, NULL, r);
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
	report_json(&w, NULL, r);
	buf_putc(out, '\n');
}

const struct renderer render_json = {
	.name = "json",
	.help = "an object for one address, else an array of them",
	.receivers = RECEIVERS_SHOWN,
	.begin = json_begin,
	.report = json_report,
	.between = json_between,
	.end = json_end,
};

const struct renderer render_jsonl = {
	.name = "jsonl",
	.help = "one compact object a line",
	.receivers = RECEIVERS_SHOWN,
	.alone = true,
	.report = jsonl_report,
};
