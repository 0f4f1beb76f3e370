/* Facts as JSON: the writing half. */
#include "gather/dump.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "lists/catalogue.h"
#include "mail/message_json.h"

static const struct enumtab_row authority_rows[] = {
	{ "auto", AUTHORITY_AUTO },
	{ "always", AUTHORITY_ALWAYS },
	{ "never", AUTHORITY_NEVER },
};
const struct enumtab authority_mode_names = ENUMTAB(authority_rows);

static void
put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/* Empty values are left out: a dump has one fact per question, and there are many. */
static void
put_text(json_t *object, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_put_text(object, key, text);
}

/* One that may be empty, and then says something, too. */
static void
put_given(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		put(object, key, json_safe_string(text));
}

static void
put_int(json_t *object, const char *key, int64_t value)
{
	put(object, key, json_integer(value));
}

static void
put_flag(json_t *object, const char *key, bool value)
{
	if (value)
		put(object, key, json_true());
}

static void
put_texts(json_t *object, const char *key, const char *const *texts, size_t n)
{
	if (n > 0)
		json_put_texts(object, key, texts, n);
}

static void
put_endpoint(json_t *object, const char *key, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];

	if (e->ip.family != 0)
		put(object, key, json_string(endpoint_format(e, text)));
}

/* The text of a TXT record is made of any bytes: where they are not safe to print, their hexadecimal form. */
static void
put_bytes(json_t *record, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = strlen(text);
	const char *shown = json_string_value(json_object_get(record, "text"));

	if (shown != NULL && strcmp(shown, text) == 0)
		return;
	char *hex = mem_alloc(2 * len + 1);
	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[(unsigned char)text[i] >> 4];
		hex[2 * i + 1] = digits[(unsigned char)text[i] & 15];
	}
	hex[2 * len] = '\0';
	put(record, "bytes", json_string(hex));
	free(hex);
}

static void
put_records(json_t *object, const struct dns_answer *answer)
{
	json_t *array = json_array();

	for (size_t i = 0; i < answer->n_records; i++) {
		json_t *record = json_object();
		put_int(record, "ttl", answer->records[i].ttl_s);
		if (answer->records[i].preference != 0)
			put_int(record, "preference", answer->records[i].preference);
		put(record, "owner", json_safe_string(answer->records[i].owner));
		put(record, "text", json_safe_string(answer->records[i].text));
		if (answer->records[i].type == DNS_TXT)
			put_bytes(record, answer->records[i].text);
		json_array_append_new(array, record);
	}
	put(object, "records", array);
}

static void
put_answer(json_t *object, const struct dns_answer *answer)
{
	json_put_word(object, "status", &dns_status_names, (int)answer->status);
	put_int(object, "rcode", answer->rcode);
	put_int(object, "ede", answer->ede);
	put_text(object, "ede_text", answer->ede_text);
	put_flag(object, "authoritative", answer->authoritative);
	put_flag(object, "tcp", answer->tcp);
	put_flag(object, "planned", answer->planned);
	put_endpoint(object, "server", &answer->server);
	put_int(object, "time_us", answer->time_us);
	put_int(object, "attempts", answer->attempts);
	put_texts(object, "chain", answer->chain, answer->n_chain);
	if (answer->n_records > 0)
		put_records(object, answer);
	put_text(object, "soa_zone", answer->soa_zone);
	put_text(object, "soa_mail", answer->soa_mail);
	put_int(object, "soa_negative_ttl", answer->soa_negative_ttl_s);
	put_text(object, "referral", answer->referral);
}

static void
put_dns(json_t *object, const struct fact *fact)
{
	put(object, "name", json_safe_string(fact->name));
	json_put_word(object, "type", &dns_type_names, fact->type);
	if (fact->at_server)
		put_endpoint(object, "at", &fact->endpoint);
	put_answer(object, fact->dns);
	if (fact->dns->overruled == NULL)
		return;
	json_t *overruled = json_object();
	put_answer(overruled, fact->dns->overruled);
	put(object, "overruled", overruled);
}

static void
put_fault(json_t *object, const char *key, const struct smtp_chain_fault *fault)
{
	if (fault->detail[0] == '\0')
		return;
	json_t *member = json_object();
	put_int(member, "depth", fault->depth);
	put_text(member, "subject", fault->subject);
	put_text(member, "detail", fault->detail);
	put(object, key, member);
}

static json_t *
cert_object(const struct smtp_cert *cert)
{
	json_t *object = json_object();

	put_texts(object, "names", cert->names, cert->n_names);
	put_int(object, "not_before", cert->not_before_s);
	put_int(object, "not_after", cert->not_after_s);
	put_text(object, "issuer", cert->issuer);
	put_text(object, "key", cert->key);
	put_text(object, "signature", cert->signature);
	put_flag(object, "chain_good", cert->chain_good);
	put_text(object, "chain_error", cert->chain_error);
	put_fault(object, "weak", &cert->weak);
	put_fault(object, "expired", &cert->expired);
	put_flag(object, "self_signed", cert->self_signed);
	return object;
}

static void
put_smtp(json_t *object, const struct fact *fact)
{
	const struct smtp_dialogue *d = fact->smtp;

	put_endpoint(object, "at", &fact->endpoint);
	json_put_word(object, "status", &smtp_status_names, (int)d->status);
	put_int(object, "time_us", d->time_us);
	put_text(object, "error", d->error);
	put_int(object, "notes", d->notes);
	put_text(object, "our_name", d->our_name);
	put_int(object, "banner_code", d->banner_code);
	put_text(object, "banner", d->banner);
	put_text(object, "banner_name", d->banner_name);
	put_int(object, "ehlo_code", d->ehlo_code);
	put_text(object, "ehlo_name", d->ehlo_name);
	put_texts(object, "capabilities", d->capabilities, d->n_capabilities);
	json_put_word(object, "tls", &smtp_tls_names, (int)d->tls);
	put_text(object, "tls_name", d->tls_name);
	put_text(object, "tls_version", d->tls_version);
	put_text(object, "tls_cipher", d->tls_cipher);
	put_text(object, "tls_exchange", d->tls_exchange);
	put_flag(object, "tls_weak", d->tls_weak);
	put_text(object, "tls_error", d->tls_error);
	if (d->tls == SMTP_TLS_DONE)
		put(object, "cert", cert_object(&d->cert));
}

static json_t *
fact_object(const struct fact *fact)
{
	json_t *object = json_object();

	if (fact->kind == FACT_DNS) {
		put(object, "kind", json_string("dns"));
		put_dns(object, fact);
	} else {
		put(object, "kind", json_string("smtp"));
		put_smtp(object, fact);
	}
	return object;
}

static int
by_key(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

static json_t *
facts_array(const struct facts *f)
{
	json_t *array = json_array();
	const struct fact **sorted = arena_array(f->arena, f->n, sizeof *sorted);

	for (size_t i = 0; i < f->n; i++)
		sorted[i] = f->list[i];
	qsort(sorted, f->n, sizeof *sorted, by_key);
	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(array, fact_object(sorted[i]));
	return array;
}

static json_t *
policy_object(const struct policy *p)
{
	json_t *object = json_object();

	put(object, "smtp", json_boolean(p->smtp));
	put_int(object, "smtp_port", p->smtp_port);
	put(object, "allow_special", json_boolean(p->allow_special));
	json_put_word(object, "authority", &authority_mode_names, (int)p->authority);
	put_int(object, "authority_port", p->authority_port);
	put(object, "offline", json_boolean(p->offline));
	put_flag(object, "lists_direct", p->lists_direct);
	put_flag(object, "named", p->named);
	put_flag(object, "explain", p->explain);
	put_text(object, "probe", p->probe != NULL ? p->probe : "");
	put_texts(object, "tested", p->tested, p->n_tested);
	return object;
}

static json_t *
check_ids(const struct check *const *checks, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(checks[i]->id));
	return array;
}

static json_t *
list_zones(const struct catalogue *c)
{
	json_t *array = json_array();

	for (size_t i = 0; c != NULL && i < c->n; i++)
		json_array_append_new(array, json_safe_string(c->lists[i].zone));
	return array;
}

/* Whose signatures there are: as named, as tried, and as a message has them. */
static void
put_signers(json_t *target, const struct target_names *names)
{
	struct arena a;
	arena_init(&a);
	const char **keys = arena_array(&a, names->n_dkim + 1, sizeof *keys);
	for (size_t i = 0; i < names->n_dkim; i++)
		keys[i] = dkim_identity_text(&a, &names->dkim[i]);
	put_texts(target, "dkim", keys, names->n_dkim);
	put_flag(target, "guess_selectors", names->guess_selectors);
	if (names->message != NULL)
		put(target, "message", message_json(names->message));
	arena_fini(&a);
}

json_t *
dump_run(const struct target *t, const struct check *const *checks, size_t n_checks,
    const struct facts *f)
{
	json_t *run = json_object(), *target = json_object();

	put(target, "address", json_string(t->address));
	put_text(target, "host", t->names.host);
	put_text(target, "mx_of", t->names.mx_of != NULL ? t->names.mx_of : "");
	put_text(target, "ehlo", t->names.ehlo);
	put_text(target, "domain", t->names.domain);
	put_given(target, "mail_from", t->names.mail_from);
	put_given(target, "from", t->names.from);
	put_signers(target, &t->names);
	put(run, "schema", json_string(DUMP_SCHEMA));
	put_int(run, "time", t->policy->now_s);
	put(run, "checks", check_ids(checks, n_checks));
	put(run, "lists", list_zones(t->policy->lists));
	put(run, "policy", policy_object(t->policy));
	put(run, "target", target);
	put(run, "facts", facts_array(f));
	return run;
}
