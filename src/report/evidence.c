/* One fact, for people and for programs: the question, what came of it, and who said so. */
#include <string.h>

#include "base/safe.h"
#include "base/when.h"
#include "report_priv.h"

enum {
	RECORDS_SHOWN = 8, /* in text, */
	RECORDS_IN_JSON = 16,
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

/* ", LABEL TEXT"; nothing without a text. */
static void
put_detail(const char *label, const char *text, struct buf *out)
{
	if (text[0] == '\0')
		return;
	buf_printf(out, ", %s", label);
	put_safe(out, text);
}

static void
tls_text(const struct smtp_dialogue *d, int indent, struct buf *out)
{
	buf_printf(out, "%*sTLS %s", indent, "", enumtab_name(&smtp_tls_names, (int)d->tls));
	put_detail("", d->tls == SMTP_TLS_DONE ? d->tls_version : d->tls_error, out);
	put_detail("key exchange with ", d->tls_exchange, out);
	put_detail("asked for ", d->tls_name, out);
	buf_putc(out, '\n');
	if (d->tls != SMTP_TLS_DONE)
		return;
	buf_printf(out, "%*scertificate", indent, "");
	put_detail("key ", d->cert.key, out);
	put_detail("signature ", d->cert.signature, out);
	put_detail("", d->cert.chain_good ? "chain verified" : d->cert.chain_error, out);
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
	if (d->banner_code == 0 && d->banner[0] != '\0') {
		buf_printf(out, "%*sgreeting begins: ", indent + 2, "");
		put_safe(out, d->banner);
		buf_putc(out, '\n');
	}
	put_reply("greeting", d->banner_code, d->banner, indent + 2, out);
	if (d->our_name[0] != '\0') {
		buf_printf(out, "%*sour EHLO ", indent + 2, "");
		put_safe(out, d->our_name);
		buf_putc(out, '\n');
	}
	put_reply("EHLO", d->ehlo_code, d->ehlo_name, indent + 2, out);
	if (d->tls != SMTP_TLS_UNKNOWN)
		tls_text(d, indent + 2, out);
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
	/* all rows of a run have one time */
	static char last[TIME_TEXT_MAX];
	static int64_t last_s;

	if (time_s != last_s)
		when_iso(time_s, last);
	last_s = time_s;
	memcpy(out, time_s == 0 ? "" : last, time_s == 0 ? 1 : sizeof last);
	return out;
}

void
time_json(struct jsonw *w, const char *key, int64_t time_s)
{
	char text[TIME_TEXT_MAX];
	jsonw_text(w, key, time_text(time_s, text));
}

static void
server_json(struct jsonw *w, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	jsonw_text(w, "server", e->ip.family ? endpoint_format(e, text) : "");
}

static void
records_json(struct jsonw *w, const struct dns_answer *d)
{
	jsonw_array(w, "records");
	for (size_t i = 0; i < d->n_records && i < RECORDS_IN_JSON; i++) {
		const struct dns_record *r = &d->records[i];
		jsonw_object(w, NULL);
		jsonw_string(w, "owner", r->owner);
		jsonw_int(w, "ttl_s", r->ttl_s);
		jsonw_string(w, "data", r->text);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	if (d->n_records > RECORDS_IN_JSON)
		jsonw_int(w, "records_count", (int64_t)d->n_records);
}

static void
dns_json(struct jsonw *w, const struct fact *fact)
{
	const struct dns_answer *d = fact->dns;
	jsonw_string(w, "question", fact->name);
	jsonw_word(w, "type", &dns_type_names, fact->type);
	jsonw_word(w, "status", &dns_status_names, (int)d->status);
	if (d->rcode >= 0)
		jsonw_int(w, "rcode", d->rcode);
	else
		jsonw_null(w, "rcode");
	if (d->ede >= 0) {
		jsonw_int(w, "extended_error", d->ede);
		jsonw_text(w, "extended_error_text", d->ede_text);
	}
	server_json(w, &d->server);
	jsonw_bool(w, "authoritative", d->authoritative);
	jsonw_string(w, "transport", d->tcp ? "tcp" : "udp");
	jsonw_bool(w, "planned", d->planned);
	jsonw_thousandths(w, "time_ms", d->time_us);
	jsonw_int(w, "attempts", d->attempts);
	jsonw_texts(w, "chain", d->chain, d->n_chain);
	records_json(w, d);
	jsonw_text(w, "soa_zone", d->soa_zone);
}

static void
fault_json(struct jsonw *w, const char *key, const struct smtp_chain_fault *fault)
{
	if (fault->detail[0] == '\0') {
		jsonw_null(w, key);
		return;
	}
	jsonw_object(w, key);
	jsonw_int(w, "depth", fault->depth);
	jsonw_text(w, "subject", fault->subject);
	jsonw_text(w, "detail", fault->detail);
	jsonw_object_end(w);
}

static void
cert_json(struct jsonw *w, const struct smtp_cert *c)
{
	jsonw_object(w, "cert");
	jsonw_texts(w, "names", c->names, c->n_names);
	time_json(w, "not_before", c->not_before_s);
	time_json(w, "not_after", c->not_after_s);
	jsonw_text(w, "issuer", c->issuer);
	jsonw_text(w, "key", c->key);
	jsonw_text(w, "signature", c->signature);
	jsonw_bool(w, "chain_good", c->chain_good);
	jsonw_text(w, "chain_error", c->chain_error);
	fault_json(w, "weak", &c->weak);
	fault_json(w, "expired", &c->expired);
	jsonw_bool(w, "self_signed", c->self_signed);
	jsonw_object_end(w);
}

static void
code_json(struct jsonw *w, const char *key, int code)
{
	if (code != 0)
		jsonw_int(w, key, code);
	else
		jsonw_null(w, key);
}

void
smtp_json(struct jsonw *w, const struct smtp_dialogue *d, const struct endpoint *server)
{
	jsonw_word(w, "status", &smtp_status_names, (int)d->status);
	server_json(w, server);
	jsonw_thousandths(w, "time_ms", d->time_us);
	jsonw_text(w, "error", d->error);
	jsonw_text(w, "our_name", d->our_name);
	code_json(w, "banner_code", d->banner_code);
	jsonw_text(w, "banner", d->banner);
	jsonw_text(w, "banner_name", d->banner_name);
	code_json(w, "ehlo_code", d->ehlo_code);
	jsonw_text(w, "ehlo_name", d->ehlo_name);
	jsonw_texts(w, "capabilities", d->capabilities, d->n_capabilities);
	jsonw_word(w, "tls", &smtp_tls_names, (int)d->tls);
	jsonw_text(w, "tls_name", d->tls_name);
	jsonw_text(w, "tls_version", d->tls_version);
	jsonw_text(w, "tls_cipher", d->tls_cipher);
	jsonw_text(w, "tls_exchange", d->tls_exchange);
	jsonw_bool(w, "tls_weak", d->tls_weak);
	jsonw_text(w, "tls_error", d->tls_error);
	if (d->tls == SMTP_TLS_DONE)
		cert_json(w, &d->cert);
}

void
evidence_json(struct jsonw *w, const struct fact *fact)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "kind", fact->kind == FACT_DNS ? "dns" : "smtp");
	if (fact->kind == FACT_DNS)
		dns_json(w, fact);
	else
		smtp_json(w, fact->smtp, &fact->endpoint);
	jsonw_object_end(w);
}
