/* The JSON contract "mailready.listen/1", an object a line; data/listen.schema.json describes it. */
#include <string.h>

#include "report/listen.h"
#include "report_priv.h"

static void
address_json(struct jsonw *w, const char *key, const struct ip *ip)
{
	char text[IP_TEXT_MAX] = "";
	jsonw_text(w, key, ip->family != 0 ? ip_format(ip, text) : "");
}

/* Domains alone: local parts are not shown. */
static void
sender_json(struct jsonw *w, const struct sink_delivery *d)
{
	const char *at = d->sender != NULL ? strrchr(d->sender, '@') : NULL;
	jsonw_bool(w, "sender_known", d->sender != NULL);
	jsonw_text(w, "sender_domain", at != NULL ? at + 1 : "");
}

static void
signatures_json(struct jsonw *w, const struct message *m)
{
	jsonw_array(w, "signatures");
	for (size_t i = 0; m != NULL && i < m->n_signatures; i++) {
		jsonw_object(w, NULL);
		jsonw_text(w, "domain", m->signatures[i].dkim.domain);
		jsonw_text(w, "selector", m->signatures[i].dkim.selector);
		jsonw_text(w, "fault", m->signatures[i].dkim.fault);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

void
listen_json(const struct listen_report *r, const struct render_options *o, struct buf *out)
{
	const struct sink_delivery *d = r->delivery;
	const struct message *m = d->message;
	struct jsonw w;
	(void)o;
	jsonw_init(&w, out, false);
	jsonw_object(&w, NULL);
	jsonw_string(&w, "schema", LISTEN_SCHEMA);
	jsonw_string(&w, "version", MAILREADY_VERSION);
	jsonw_int(&w, "number", (int64_t)r->number);
	address_json(&w, "address", &d->address);
	address_json(&w, "address_judged", &r->judged);
	jsonw_text(&w, "ehlo", d->ehlo);
	jsonw_text(&w, "tls_version", d->tls_version);
	jsonw_text(&w, "tls_cipher", d->tls_cipher);
	sender_json(&w, d);
	jsonw_int(&w, "recipients", (int64_t)d->n_recipients);
	jsonw_word(&w, "refused", &sink_stage_names, (int)d->refused);
	jsonw_text(&w, "from_domain", m != NULL && m->from.n == 1 ? m->from.list[0] : "");
	jsonw_int(&w, "size", m != NULL ? (int64_t)m->size : 0);
	signatures_json(&w, m);
	jsonw_text(&w, "fault", d->fault);
	jsonw_text(&w, "saved", r->saved != NULL ? r->saved : "");
	if (r->checks != NULL)
		report_json(&w, "report", r->checks);
	else
		jsonw_null(&w, "report");
	jsonw_object_end(&w);
	buf_putc(out, '\n');
}
