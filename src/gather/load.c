/* Facts as JSON: the reading half, of a file that anybody may have changed. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/name.h"
#include "gather/dump.h"
#include "lists/catalogue.h"
#include "mail/message_json.h"

enum { TESTED_MAX = 1000, SIGNERS_MAX = 1000 };

/* The years 0 to 9999, which is what certificates can say (RFC 5280 4.1.2.5). */
#define TIME_MIN_S INT64_C(-62167219200)
#define TIME_MAX_S INT64_C(253402300799)

struct loader {
	struct json_reader json;
	struct facts *facts;
	struct arena *arena;
};

static void
wrong(struct loader *l, const char *what, const char *value)
{
	if (!l->json.failed)
		(void)err_set(l->json.err, ERR_DATA, "facts: %s \"%.80s\" is not known", what,
		    value);
	l->json.failed = true;
}

static int
read_enum(struct loader *l, const json_t *object, const char *key, const struct enumtab *names)
{
	const char *text = json_need_string(&l->json, object, key);
	int code = 0;

	if (!l->json.failed && !enumtab_code(names, text, &code))
		wrong(l, key, text);
	return code;
}

static const char *
read_text(struct loader *l, const json_t *object, const char *key)
{
	return arena_strdup(l->arena, json_get_string(&l->json, object, key, ""));
}

static const char *
read_given(struct loader *l, const json_t *object, const char *key)
{
	return json_object_get(object, key) != NULL ? read_text(l, object, key) : NULL;
}

/* Names come back through the same border as any other: normalised, or refused. */
static const char *
read_name(struct loader *l, const char *text)
{
	char name[NAME_TEXT_MAX];

	if (l->json.failed || !name_from_text(text, name)) {
		wrong(l, "name", text);
		return "";
	}
	return arena_strdup(l->arena, name);
}

static struct endpoint
read_endpoint(struct loader *l, const json_t *object, const char *key)
{
	struct endpoint e = { .port = 0 };
	const char *text = json_get_string(&l->json, object, key, "");

	if (text[0] != '\0' && !endpoint_parse(text, 53, &e))
		wrong(l, key, text);
	return e;
}

static const char **
read_texts(struct loader *l, const json_t *object, const char *key, size_t max, size_t *n)
{
	const json_t *array = json_object_get(object, key);

	*n = 0;
	if (array == NULL)
		return NULL;
	size_t size = json_array_size(array);
	if (!json_is_array(array) || size > max) {
		wrong(l, key, "array");
		return NULL;
	}
	const char **texts = arena_array(l->arena, size, sizeof *texts);
	for (size_t i = 0; i < size; i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (text == NULL)
			wrong(l, key, "member");
		texts[i] = arena_strdup(l->arena, text != NULL ? text : "");
	}
	*n = size;
	return texts;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes of a TXT record; a NUL ends them. */
static const char *
read_bytes(struct loader *l, const char *hex)
{
	char *bytes = arena_alloc(l->arena, strlen(hex) / 2 + 1);

	for (size_t i = 0; hex[2 * i] != '\0'; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
		if (high < 0 || low < 0) {
			wrong(l, "bytes", hex);
			return "";
		}
		bytes[i] = (char)(high << 4 | low);
	}
	return bytes;
}

static void
read_record(struct loader *l, const json_t *object, uint16_t type, struct dns_record *out)
{
	out->type = type;
	out->ttl_s = (uint32_t)json_need_int(&l->json, object, "ttl", 0, UINT32_MAX);
	out->preference = (uint16_t)json_get_int(&l->json, object, "preference", 0, UINT16_MAX, 0);
	out->owner = read_name(l, json_need_string(&l->json, object, "owner"));
	const char *text = json_need_string(&l->json, object, "text");
	if (type == DNS_TXT && json_object_get(object, "bytes") != NULL) {
		out->text = read_bytes(l, json_get_string(&l->json, object, "bytes", ""));
	} else if (type == DNS_A || type == DNS_AAAA) {
		if (!l->json.failed && !ip_parse_family(text, type == DNS_A ? 4 : 6, &out->ip))
			wrong(l, "address", text);
		out->text = arena_strdup(l->arena, text);
	} else {
		out->text = type == DNS_TXT ? arena_strdup(l->arena, text) : read_name(l, text);
	}
}

static void
read_records(struct loader *l, const json_t *object, uint16_t type, struct dns_answer *out)
{
	const json_t *array = json_object_get(object, "records");
	size_t n = json_array_size(array);

	if (array != NULL && (!json_is_array(array) || n > DNS_RECORDS_MAX)) {
		wrong(l, "records", "array");
		return;
	}
	out->records = arena_array(l->arena, n, sizeof *out->records);
	for (; out->n_records < n && !l->json.failed; out->n_records++)
		read_record(l, json_array_get(array, out->n_records), type,
		    &out->records[out->n_records]);
	/* every reader of a found answer reads its first record */
	if (!l->json.failed && out->status == DNS_FOUND && out->n_records == 0) {
		(void)err_set(l->json.err, ERR_DATA,
		    "facts: an answer is found but has no records");
		l->json.failed = true;
	}
}

static void
read_answer(struct loader *l, const json_t *object, uint16_t type, struct dns_answer *out)
{
	*out = dns_answer_pending;
	out->status = (enum dns_status)read_enum(l, object, "status", &dns_status_names);
	out->rcode = (int)json_get_int(&l->json, object, "rcode", -1, 4095, -1);
	out->ede = (int)json_get_int(&l->json, object, "ede", -1, 65535, -1);
	out->ede_text = read_text(l, object, "ede_text");
	out->authoritative = json_get_bool(&l->json, object, "authoritative", false);
	out->tcp = json_get_bool(&l->json, object, "tcp", false);
	out->planned = json_get_bool(&l->json, object, "planned", false);
	out->server = read_endpoint(l, object, "server");
	out->time_us = (uint32_t)json_get_int(&l->json, object, "time_us", 0, UINT32_MAX, 0);
	out->attempts = (unsigned)json_get_int(&l->json, object, "attempts", 0, 1000, 0);
	out->chain = read_texts(l, object, "chain", DNS_CHAIN_MAX, &out->n_chain);
	for (size_t i = 0; i < out->n_chain; i++)
		out->chain[i] = read_name(l, out->chain[i]);
	read_records(l, object, type, out);
	out->soa_zone = read_name(l, json_get_string(&l->json, object, "soa_zone", ""));
	out->soa_mail = read_name(l, json_get_string(&l->json, object, "soa_mail", ""));
	out->soa_negative_ttl_s = (uint32_t)json_get_int(&l->json, object, "soa_negative_ttl", 0,
	    UINT32_MAX, 0);
	out->referral = read_name(l, json_get_string(&l->json, object, "referral", ""));
}

static void
load_dns(struct loader *l, const json_t *object)
{
	const char *name = read_name(l, json_need_string(&l->json, object, "name"));
	uint16_t type = (uint16_t)read_enum(l, object, "type", &dns_type_names);
	struct endpoint at = read_endpoint(l, object, "at");
	struct dns_answer answer, overruled;

	read_answer(l, object, type, &answer);
	if (!l->json.failed && json_object_get(object, "overruled") != NULL) {
		read_answer(l, json_need_object(&l->json, object, "overruled"), type, &overruled);
		answer.overruled = &overruled;
	}
	if (l->json.failed)
		return;
	const struct endpoint *server = at.ip.family != 0 ? &at : NULL;
	facts_set_dns(facts_need_dns(l->facts, server, name, type), l->arena, &answer);
}

static void
load_fault(struct loader *l, const json_t *cert, const char *key, struct smtp_chain_fault *out)
{
	*out = (struct smtp_chain_fault){ .subject = "", .detail = "" };
	if (json_object_get(cert, key) == NULL)
		return;
	const json_t *object = json_need_object(&l->json, cert, key);
	out->depth = (int)json_get_int(&l->json, object, "depth", 0, SMTP_DEPTH_MAX, 0);
	out->subject = read_text(l, object, "subject");
	out->detail = read_text(l, object, "detail");
}

static void
load_cert(struct loader *l, const json_t *object, struct smtp_cert *out)
{
	out->names = read_texts(l, object, "names", SMTP_CERT_NAMES_MAX, &out->n_names);
	out->not_before_s = json_get_int(&l->json, object, "not_before", TIME_MIN_S, TIME_MAX_S, 0);
	out->not_after_s = json_get_int(&l->json, object, "not_after", TIME_MIN_S, TIME_MAX_S, 0);
	out->issuer = read_text(l, object, "issuer");
	out->key = read_text(l, object, "key");
	out->signature = read_text(l, object, "signature");
	out->chain_good = json_get_bool(&l->json, object, "chain_good", false);
	out->chain_error = read_text(l, object, "chain_error");
	load_fault(l, object, "weak", &out->weak);
	load_fault(l, object, "expired", &out->expired);
	out->self_signed = json_get_bool(&l->json, object, "self_signed", false);
}

static void
load_smtp(struct loader *l, const json_t *object)
{
	struct smtp_dialogue d = smtp_dialogue_pending;
	struct endpoint at = read_endpoint(l, object, "at");

	d.status = (enum smtp_status)read_enum(l, object, "status", &smtp_status_names);
	d.server = at;
	d.time_us = (uint32_t)json_get_int(&l->json, object, "time_us", 0, UINT32_MAX, 0);
	d.error = read_text(l, object, "error");
	d.notes = (unsigned)json_get_int(&l->json, object, "notes", 0, UINT16_MAX, 0);
	d.our_name = read_text(l, object, "our_name");
	d.banner_code = (int)json_get_int(&l->json, object, "banner_code", 0, 999, 0);
	d.banner = read_text(l, object, "banner");
	d.banner_name = read_text(l, object, "banner_name");
	d.ehlo_code = (int)json_get_int(&l->json, object, "ehlo_code", 0, 999, 0);
	d.ehlo_name = read_text(l, object, "ehlo_name");
	d.capabilities = read_texts(l, object, "capabilities", SMTP_LINES_MAX, &d.n_capabilities);
	d.tls = (enum smtp_tls)read_enum(l, object, "tls", &smtp_tls_names);
	d.tls_name = read_text(l, object, "tls_name");
	d.tls_version = read_text(l, object, "tls_version");
	d.tls_cipher = read_text(l, object, "tls_cipher");
	d.tls_exchange = read_text(l, object, "tls_exchange");
	d.tls_weak = json_get_bool(&l->json, object, "tls_weak", false);
	d.tls_error = read_text(l, object, "tls_error");
	if (json_object_get(object, "cert") != NULL)
		load_cert(l, json_need_object(&l->json, object, "cert"), &d.cert);
	if (l->json.failed)
		return;
	facts_set_smtp(facts_need_smtp(l->facts, &at), l->arena, &d);
}

static void
load_fact(struct loader *l, const json_t *object)
{
	const char *kind = json_need_string(&l->json, object, "kind");

	if (l->json.failed)
		return;
	if (strcmp(kind, "dns") == 0)
		load_dns(l, object);
	else if (strcmp(kind, "smtp") == 0)
		load_smtp(l, object);
	else
		wrong(l, "kind", kind);
}

static void
load_policy(struct loader *l, const json_t *run, struct policy *p)
{
	const json_t *object = json_need_object(&l->json, run, "policy");

	p->smtp = json_get_bool(&l->json, object, "smtp", true);
	p->smtp_port = (uint16_t)json_get_int(&l->json, object, "smtp_port", 1, 65535, 25);
	p->allow_special = json_get_bool(&l->json, object, "allow_special", false);
	p->authority = (enum authority_mode)read_enum(l, object, "authority",
	    &authority_mode_names);
	p->authority_port = (uint16_t)json_get_int(&l->json, object, "authority_port", 1, 65535,
	    53);
	p->offline = json_get_bool(&l->json, object, "offline", false);
	p->lists_direct = json_get_bool(&l->json, object, "lists_direct", false);
	p->named = json_get_bool(&l->json, object, "named", false);
	p->explain = json_get_bool(&l->json, object, "explain", false);
	p->probe = read_name(l, json_get_string(&l->json, object, "probe", ""));
	p->tested = read_texts(l, object, "tested", TESTED_MAX, &p->n_tested);
	p->now_s = json_need_int(&l->json, run, "time", 0, TIME_MAX_S);
}

static void
load_signers(struct loader *l, const json_t *object, struct target_names *names)
{
	const char **keys = read_texts(l, object, "dkim", SIGNERS_MAX, &names->n_dkim);
	struct dkim_identity *dkim = arena_array(l->arena, names->n_dkim, sizeof *dkim);
	for (size_t i = 0; i < names->n_dkim; i++)
		if (dkim_identity_read(l->arena, keys[i], &dkim[i]) != NULL) {
			wrong(l, "dkim", keys[i]);
			names->n_dkim = i;
		}
	names->dkim = dkim;
	names->guess_selectors = json_get_bool(&l->json, object, "guess_selectors", false);
	const json_t *message = json_object_get(object, "message");
	if (message != NULL)
		names->message = message_load(&l->json, message, l->arena);
}

static void
load_target(struct loader *l, const json_t *run, struct target *t)
{
	const json_t *object = json_need_object(&l->json, run, "target");
	const char *address = json_need_string(&l->json, object, "address");

	if (!l->json.failed && !ip_parse(address, &t->ip))
		wrong(l, "address", address);
	ip_format(&t->ip, t->address);
	t->names.host = read_text(l, object, "host");
	t->names.mx_of = read_given(l, object, "mx_of");
	t->names.ehlo = read_text(l, object, "ehlo");
	t->names.domain = read_text(l, object, "domain");
	t->names.mail_from = read_given(l, object, "mail_from");
	t->names.from = read_given(l, object, "from");
	load_signers(l, object, &t->names);
}

enum err_code
dump_load(const json_t *run, struct policy *policy, struct target *t, struct facts *f,
    struct err *err)
{
	struct loader l = { .json = { .err = err }, .facts = f, .arena = f->arena };
	const char *schema = json_need_string(&l.json, run, "schema");

	if (!l.json.failed && strcmp(schema, DUMP_SCHEMA) != 0)
		wrong(&l, "schema", schema);
	*t = (struct target){ .policy = policy, .names = { .host = "", .ehlo = "", .domain = "" } };
	load_policy(&l, run, policy);
	load_target(&l, run, t);
	const json_t *facts = json_need_array(&l.json, run, "facts");
	if (!l.json.failed && json_array_size(facts) > FACTS_MAX)
		wrong(&l, "facts", "too many");
	for (size_t i = 0; i < json_array_size(facts) && !l.json.failed; i++)
		load_fact(&l, json_array_get(facts, i));
	return l.json.failed ? err->code : ERR_NONE;
}

bool
dump_has_check(const json_t *run, const char *id)
{
	const json_t *checks = json_object_get(run, "checks");

	if (!json_is_array(checks))
		return true;
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const char *name = json_string_value(json_array_get(checks, i));
		if (name != NULL && strcmp(name, id) == 0)
			return true;
	}
	return false;
}

const char *
dump_zones(const json_t *run, struct arena *a)
{
	const json_t *lists = json_object_get(run, "lists");
	struct buf text;

	if (!json_is_array(lists))
		return NULL;
	buf_init(&text, CATALOGUE_FILE_MAX);
	for (size_t i = 0; i < json_array_size(lists); i++) {
		const char *zone = json_string_value(json_array_get(lists, i));
		/* a line break inside would be two zones */
		if (zone != NULL && strpbrk(zone, "\r\n#") == NULL)
			buf_printf(&text, "%s\n", zone);
	}
	const char *zones = arena_strndup(a, text.data, text.len);
	buf_fini(&text);
	return zones;
}
