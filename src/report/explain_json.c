/* The JSON contract "mailready.explain/1", an object a line; data/explain.schema.json describes it. */
#include "report/explain.h"
#include "report_priv.h"

static void
finding_json_short(struct jsonw *w, const struct explain_finding *f)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "id", f->id);
	jsonw_word(w, "verdict", &verdict_names, (int)f->verdict);
	jsonw_word(w, "severity", &severity_names, (int)f->severity);
	jsonw_string(w, "subject", f->subject);
	jsonw_string(w, "text", f->text);
	jsonw_string(w, "remedy", f->remedy);
	jsonw_string(w, "why", f->why);
	jsonw_string(w, "spec", f->spec);
	jsonw_object_end(w);
}

static void
address_json(struct jsonw *w, const char *key, const struct ip *ip)
{
	char text[IP_TEXT_MAX] = "";
	jsonw_text(w, key, ip->family != 0 ? ip_format(ip, text) : "");
}

static void
number_json(struct jsonw *w, const char *key, int64_t n)
{
	if (n != 0)
		jsonw_int(w, key, n);
	else
		jsonw_null(w, key);
}

static void
reply_json(struct jsonw *w, const struct explanation *e)
{
	jsonw_text(w, "provider", e->provider);
	jsonw_word(w, "provider_by", &explain_by_names, (int)e->by);
	number_json(w, "code", e->code);
	jsonw_text(w, "status", e->status);
	jsonw_text(w, "stage", e->stage);
	jsonw_string(w, "text", e->text);
	jsonw_text(w, "host", e->host);
	address_json(w, "address", &e->address);
	jsonw_bool(w, "address_given", e->address_given);
	address_json(w, "address_expected", &e->expected);
	jsonw_text(w, "ehlo", e->ehlo);
	jsonw_text(w, "sender_domain", e->sender);
	jsonw_text(w, "recipient_domain", e->recipient);
	time_json(w, "time", e->time_s);
	jsonw_bool(w, "refused", e->refused);
	jsonw_bool(w, "by_us", e->by_us);
}

static void
meaning_json(struct jsonw *w, const struct explanation *e)
{
	jsonw_text(w, "rule", e->rule);
	jsonw_string(w, "cause", e->cause);
	jsonw_text(w, "or_cause", e->or_cause);
	jsonw_text(w, "means", e->means);
	jsonw_word(w, "who", &explain_who_names, (int)e->who);
	jsonw_text(w, "list", e->list);
	jsonw_word(w, "sure", &explain_sure_names, (int)e->sure);
	jsonw_text(w, "source", e->source);
	jsonw_text(w, "source_date", e->date);
	jsonw_array(w, "others");
	for (size_t i = 0; i < e->n_others; i++) {
		jsonw_object(w, NULL);
		jsonw_string(w, "provider", e->others[i].provider);
		jsonw_string(w, "rule", e->others[i].rule);
		jsonw_string(w, "cause", e->others[i].cause);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
now_json(struct jsonw *w, const struct explanation *e)
{
	jsonw_word(w, "now", &explain_now_names, (int)e->now);
	jsonw_string(w, "now_why", e->now_why);
	time_json(w, "retry_at", e->retry_at_s);
	jsonw_string(w, "remedy", e->remedy);
	jsonw_array(w, "findings");
	for (size_t i = 0; i < e->n_findings; i++)
		finding_json_short(w, &e->findings[i]);
	jsonw_array_end(w);
	jsonw_int(w, "count", (int64_t)e->count);
	jsonw_text(w, "where", e->where);
}

void
explain_json(const struct explain_report *r, const struct render_options *o, struct buf *out)
{
	struct jsonw w;
	(void)o;
	for (size_t i = 0; i < r->n; i++) {
		jsonw_init(&w, out, false);
		jsonw_object(&w, NULL);
		jsonw_string(&w, "schema", EXPLAIN_SCHEMA);
		jsonw_string(&w, "version", MAILREADY_VERSION);
		reply_json(&w, r->list[i]);
		meaning_json(&w, r->list[i]);
		now_json(&w, r->list[i]);
		jsonw_object_end(&w);
		buf_putc(out, '\n');
	}
}
