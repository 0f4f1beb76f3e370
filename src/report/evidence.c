/* One fact, for people and for programs: the question, what came of it, and who said so. */
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/safe.h"
#include "report_priv.h"

enum {
	RECORDS_SHOWN = 8, /* in text; JSON has all */
	RECORD_TEXT_MAX = 200,
};

static void
put_safe(struct buf *out, const char *text)
{
	safe_add(out, text, strlen(text), RECORD_TEXT_MAX);
}

static void
put_provenance(const struct dns_answer *d, struct buf *out)
{
	char server[ENDPOINT_TEXT_MAX];
	if (d->planned) {
		buf_puts(out, "; planned");
		return;
	}
	if (d->attempts == 0)
		return;
	buf_printf(out, "; %s%s, %.1f ms, %u attempt%s%s",
	    d->server.ip.family ? endpoint_format(&d->server, server) : "no server",
	    d->authoritative ? " (authoritative)" : "", as_ms(d->time_us), d->attempts,
	    d->attempts == 1 ? "" : "s", d->tcp ? ", TCP" : "");
}

/* The rcode as it stands in the standards; the status beside it where it says something else. */
static void
put_status(const struct dns_answer *d, struct buf *out)
{
	const char *status = enumtab_name(&dns_status_names, (int)d->status);
	int code;
	if (d->rcode < 0)
		buf_puts(out, status);
	else if (enumtab_code(&dns_rcode_names, enumtab_name(&dns_rcode_names, d->rcode), &code))
		buf_puts(out, enumtab_name(&dns_rcode_names, d->rcode));
	else
		buf_printf(out, "rcode %d", d->rcode);
	if (d->rcode == 0 && d->status != DNS_FOUND)
		buf_printf(out, ", %s", status);
	if (d->ede < 0)
		return;
	buf_printf(out, ", extended error %d (%s)", d->ede, enumtab_name(&dns_ede_names, d->ede));
	if (d->ede_text[0] != '\0') {
		buf_puts(out, " \"");
		put_safe(out, d->ede_text);
		buf_putc(out, '"');
	}
}

static void
put_records(const struct dns_answer *d, int indent, struct buf *out)
{
	for (size_t i = 0; i < d->n_chain; i++) {
		buf_printf(out, "%*sCNAME ", indent, "");
		put_safe(out, d->chain[i]);
		buf_putc(out, '\n');
	}
	size_t n = d->n_records < RECORDS_SHOWN ? d->n_records : RECORDS_SHOWN;
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%*s", indent, "");
		put_safe(out, d->records[i].text[0] != '\0' ? d->records[i].text : ".");
		buf_printf(out, "  (TTL %u s)\n", (unsigned)d->records[i].ttl_s);
	}
	if (n < d->n_records)
		buf_printf(out, "%*sand %zu more\n", indent, "", d->n_records - n);
	if (d->n_records == 0 && d->soa_zone[0] != '\0') {
		buf_printf(out, "%*szone ", indent, "");
		put_safe(out, d->soa_zone);
		buf_printf(out, " says so (for %u s)\n", (unsigned)d->soa_negative_ttl_s);
	}
}

static void
dns_text(const struct fact *fact, int indent, struct buf *out)
{
	buf_printf(out, "%*s%s ", indent, "", enumtab_name(&dns_type_names, fact->type));
	put_safe(out, fact->name[0] != '\0' ? fact->name : ".");
	buf_puts(out, " -> ");
	put_status(fact->dns, out);
	put_provenance(fact->dns, out);
	buf_putc(out, '\n');
	put_records(fact->dns, indent + 2, out);
}

static void
put_reply(const char *what, int code, const char *text, int indent, struct buf *out)
{
	if (code == 0)
		return;
	buf_printf(out, "%*s%s %d ", indent, "", what, code);
	put_safe(out, text);
	buf_putc(out, '\n');
}

static void
smtp_text(const struct fact *fact, int indent, struct buf *out)
{
	const struct smtp_dialogue *d = fact->smtp;
	char server[ENDPOINT_TEXT_MAX];
	buf_printf(out, "%*sSMTP %s -> %s", indent, "", endpoint_format(&fact->endpoint, server),
	    enumtab_name(&smtp_status_names, (int)d->status));
	if (d->error[0] != '\0') {
		buf_puts(out, ", ");
		put_safe(out, d->error);
	}
	buf_printf(out, "; %.1f ms\n", as_ms(d->time_us));
	put_reply("greeting", d->banner_code, d->banner, indent + 2, out);
	put_reply("EHLO", d->ehlo_code, d->ehlo_name, indent + 2, out);
	if (d->tls == SMTP_TLS_UNKNOWN)
		return;
	buf_printf(out, "%*sTLS %s", indent + 2, "", enumtab_name(&smtp_tls_names, (int)d->tls));
	const char *detail = d->tls == SMTP_TLS_DONE ? d->tls_version : d->tls_error;
	buf_puts(out, detail[0] != '\0' ? ", " : "");
	put_safe(out, detail);
	buf_putc(out, '\n');
}

void
evidence_text(const struct fact *fact, int indent, struct buf *out)
{
	if (fact->kind == FACT_SMTP)
		smtp_text(fact, indent, out);
	else
		dns_text(fact, indent, out);
}

const char *
time_text(int64_t time_s, char out[TIME_TEXT_MAX])
{
	time_t t = (time_t)time_s;
	struct tm tm;
	if (time_s == 0 || gmtime_r(&t, &tm) == NULL ||
	    strftime(out, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
	return out;
}

json_t *
time_json(int64_t time_s)
{
	char text[TIME_TEXT_MAX];
	return time_text(time_s, text)[0] != '\0' ? json_string(text) : json_null();
}

static json_t *
server_json(const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	return e->ip.family ? json_string(endpoint_format(e, text)) : json_null();
}

static json_t *
records_json(const struct dns_answer *d)
{
	json_t *array = json_array();
	for (size_t i = 0; i < d->n_records; i++) {
		const struct dns_record *r = &d->records[i];
		json_t *o = json_object();
		json_object_set_new(o, "owner", json_safe_string(r->owner));
		json_object_set_new(o, "ttl_s", json_integer(r->ttl_s));
		json_object_set_new(o, "data", json_safe_string(r->text));
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *
dns_json(const struct fact *fact)
{
	const struct dns_answer *d = fact->dns;
	json_t *o = json_object();
	json_object_set_new(o, "kind", json_string("dns"));
	json_object_set_new(o, "question", json_safe_string(fact->name));
	json_object_set_new(o, "type", json_string(enumtab_name(&dns_type_names, fact->type)));
	json_put_word(o, "status", &dns_status_names, (int)d->status);
	json_object_set_new(o, "rcode", d->rcode >= 0 ? json_integer(d->rcode) : json_null());
	if (d->ede >= 0) {
		json_object_set_new(o, "extended_error", json_integer(d->ede));
		json_put_text(o, "extended_error_text", d->ede_text);
	}
	json_object_set_new(o, "server", server_json(&d->server));
	json_object_set_new(o, "authoritative", json_boolean(d->authoritative));
	json_object_set_new(o, "transport", json_string(d->tcp ? "tcp" : "udp"));
	json_object_set_new(o, "planned", json_boolean(d->planned));
	json_object_set_new(o, "time_ms", json_real(as_ms(d->time_us)));
	json_object_set_new(o, "attempts", json_integer(d->attempts));
	json_put_texts(o, "chain", d->chain, d->n_chain);
	json_object_set_new(o, "records", records_json(d));
	json_put_text(o, "soa_zone", d->soa_zone);
	return o;
}

static json_t *
cert_json(const struct smtp_cert *c)
{
	json_t *o = json_object();
	json_put_texts(o, "names", c->names, c->n_names);
	json_object_set_new(o, "not_before", time_json(c->not_before_s));
	json_object_set_new(o, "not_after", time_json(c->not_after_s));
	json_put_text(o, "issuer", c->issuer);
	json_object_set_new(o, "chain_good", json_boolean(c->chain_good));
	json_put_text(o, "chain_error", c->chain_error);
	json_object_set_new(o, "self_signed", json_boolean(c->self_signed));
	return o;
}

static json_t *
code_json(int code)
{
	return code != 0 ? json_integer(code) : json_null();
}

json_t *
smtp_json(const struct smtp_dialogue *d)
{
	json_t *o = json_object();
	json_put_word(o, "status", &smtp_status_names, (int)d->status);
	json_object_set_new(o, "server", server_json(&d->server));
	json_object_set_new(o, "time_ms", json_real(as_ms(d->time_us)));
	json_put_text(o, "error", d->error);
	json_object_set_new(o, "banner_code", code_json(d->banner_code));
	json_put_text(o, "banner", d->banner);
	json_put_text(o, "banner_name", d->banner_name);
	json_object_set_new(o, "ehlo_code", code_json(d->ehlo_code));
	json_put_text(o, "ehlo_name", d->ehlo_name);
	json_put_texts(o, "capabilities", d->capabilities, d->n_capabilities);
	json_put_word(o, "tls", &smtp_tls_names, (int)d->tls);
	json_put_text(o, "tls_version", d->tls_version);
	json_put_text(o, "tls_cipher", d->tls_cipher);
	json_put_text(o, "tls_error", d->tls_error);
	if (d->tls == SMTP_TLS_DONE)
		json_object_set_new(o, "cert", cert_json(&d->cert));
	return o;
}

json_t *
evidence_json(const struct fact *fact)
{
	if (fact->kind == FACT_DNS)
		return dns_json(fact);
	json_t *o = json_pack("{s:s}", "kind", "smtp");
	json_t *dialogue = smtp_json(fact->smtp);
	json_object_update(o, dialogue);
	json_decref(dialogue);
	json_object_set_new(o, "server", server_json(&fact->endpoint));
	return o;
}
