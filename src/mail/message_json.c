/* A message in a dump of facts: what a judge needs, never its text. */
#include "mail/message_json.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "mail/tags.h"

/* What JSON holds as a number. */
static const int64_t most = INT64_C(1) << 53;

static void
put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static void
put_number(json_t *object, const char *key, uint64_t n)
{
	put(object, key, json_integer(n < (uint64_t)most ? (json_int_t)n : most));
}

static void
put_bytes(json_t *object, const char *key, const uint8_t *bytes, size_t len)
{
	struct arena a;
	arena_init(&a);
	unsigned char *text = arena_alloc(&a, len / 3 * 4 + 5);
	EVP_EncodeBlock(text, bytes, (int)len);
	put(object, key, json_string((const char *)text));
	arena_fini(&a);
}

static json_t *
domains_json(const struct address_domains *d)
{
	json_t *object = json_object();
	json_put_texts(object, "domains", d->list, d->n);
	put_number(object, "addresses", d->n_addresses);
	put(object, "broken", json_boolean(d->broken));
	return object;
}

static json_t *
signature_json(const struct message_signature *s)
{
	const struct dkim_signature *d = &s->dkim;
	json_t *object = json_object();
	json_put_text(object, "fault", d->fault);
	json_put_text(object, "domain", d->domain);
	json_put_text(object, "selector", d->selector);
	put(object, "below", json_boolean(d->below));
	json_put_word(object, "algorithm", &dkim_algorithm_names, (int)d->algorithm);
	put(object, "relaxed_header", json_boolean(d->relaxed_header));
	put(object, "relaxed_body", json_boolean(d->relaxed_body));
	put(object, "time", json_integer(d->time_s < most ? d->time_s : most));
	put(object, "expires", json_integer(d->expires_s < most ? d->expires_s : most));
	if (d->has_length)
		put_number(object, "length", d->length);
	json_put_word(object, "body", &message_body_names, (int)s->body);
	put_number(object, "body_length", s->body_length);
	put(object, "from_sealed", json_boolean(s->from_sealed));
	put_bytes(object, "digest", s->digest, sizeof s->digest);
	put_bytes(object, "signature", d->signature, d->signature_len);
	return object;
}

json_t *
message_json(const struct message *m)
{
	json_t *object = json_object(), *signatures = json_array();
	put_number(object, "fields", m->n_fields);
	put_number(object, "from_fields", m->n_from);
	put(object, "from", domains_json(&m->from));
	if (m->has_return_path)
		put(object, "return_path", domains_json(&m->return_path));
	for (size_t i = 0; i < m->n_signatures; i++)
		json_array_append_new(signatures, signature_json(&m->signatures[i]));
	put(object, "signatures", signatures);
	put_number(object, "more_signatures", m->n_more);
	put_number(object, "size", m->size);
	put_number(object, "crlf", m->n_crlf);
	put_number(object, "lf", m->n_lf);
	put_number(object, "cr", m->n_cr);
	put_number(object, "bad_line", m->bad_line);
	return object;
}

/* ---- and back */

static size_t
get_number(struct json_reader *r, const json_t *object, const char *key)
{
	return (size_t)json_get_int(r, object, key, 0, most, 0);
}

static void
wrong(struct json_reader *r, const char *key)
{
	if (!r->failed)
		(void)err_set(r->err, ERR_DATA, "message: %s is not valid", key);
	r->failed = true;
}

static const char *
get_name(struct json_reader *r, const json_t *object, const char *key, struct arena *a)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_text(json_get_string(r, object, key, ""), name))
		wrong(r, key);
	return r->failed ? "" : arena_strdup(a, name);
}

static int
get_word(struct json_reader *r, const json_t *object, const char *key, const struct enumtab *words)
{
	int code = 0;
	if (!enumtab_code(words, json_need_string(r, object, key), &code))
		wrong(r, key);
	return code;
}

static void
load_domains(struct json_reader *r, const json_t *object, struct arena *a,
    struct address_domains *out)
{
	const json_t *list = json_need_array(r, object, "domains");
	for (size_t i = 0; i < json_array_size(list) && i < ADDRESS_DOMAINS_MAX; i++) {
		char name[NAME_TEXT_MAX];
		const char *text = json_string_value(json_array_get(list, i));
		if (text == NULL || !name_from_text(text, name) || name[0] == '\0')
			wrong(r, "domains");
		else
			out->list[out->n++] = arena_strdup(a, name);
	}
	out->n_addresses = get_number(r, object, "addresses");
	out->broken = json_get_bool(r, object, "broken", false);
}

static const uint8_t *
get_bytes(struct json_reader *r, const json_t *object, const char *key, struct arena *a,
    size_t *len)
{
	const char *text = json_need_string(r, object, key);
	*len = 0;
	if (text[0] == '\0')
		return NULL;
	const uint8_t *bytes = tags_base64(a, text, len);
	if (bytes == NULL)
		wrong(r, key);
	return bytes;
}

static void
load_signature(struct json_reader *r, const json_t *object, struct arena *a,
    struct message_signature *out)
{
	struct dkim_signature *d = &out->dkim;
	size_t len;
	d->fault = arena_strdup(a, json_get_string(r, object, "fault", ""));
	d->domain = get_name(r, object, "domain", a);
	d->selector = get_name(r, object, "selector", a);
	d->below = json_get_bool(r, object, "below", false);
	d->algorithm = (enum dkim_algorithm)get_word(r, object, "algorithm", &dkim_algorithm_names);
	d->relaxed_header = json_get_bool(r, object, "relaxed_header", false);
	d->relaxed_body = json_get_bool(r, object, "relaxed_body", false);
	d->time_s = json_get_int(r, object, "time", -1, most, -1);
	d->expires_s = json_get_int(r, object, "expires", -1, most, -1);
	d->has_length = json_object_get(object, "length") != NULL;
	d->length = get_number(r, object, "length");
	out->body = (enum message_body)get_word(r, object, "body", &message_body_names);
	out->body_length = get_number(r, object, "body_length");
	out->from_sealed = json_get_bool(r, object, "from_sealed", false);
	const uint8_t *digest = get_bytes(r, object, "digest", a, &len);
	if (digest != NULL && len == sizeof out->digest)
		memcpy(out->digest, digest, len);
	else
		wrong(r, "digest");
	d->signature = get_bytes(r, object, "signature", a, &d->signature_len);
	/* what has no fault can be verified: it has all that it takes */
	if (d->fault[0] == '\0' &&
	    (d->signature == NULL || d->domain[0] == '\0' || d->selector[0] == '\0' ||
		dkim_key_name(a, d->selector, d->domain) == NULL))
		wrong(r, "signature");
}

const struct message *
message_load(struct json_reader *r, const json_t *object, struct arena *a)
{
	struct message *m = arena_alloc(a, sizeof *m);
	const json_t *signatures = json_need_array(r, object, "signatures");
	const json_t *path = json_object_get(object, "return_path");
	m->n_fields = get_number(r, object, "fields");
	m->n_from = get_number(r, object, "from_fields");
	load_domains(r, json_need_object(r, object, "from"), a, &m->from);
	m->has_return_path = path != NULL;
	if (path != NULL)
		load_domains(r, path, a, &m->return_path);
	m->signatures = arena_array(a, MESSAGE_SIGNATURES_MAX, sizeof *m->signatures);
	for (size_t i = 0; i < json_array_size(signatures) && i < MESSAGE_SIGNATURES_MAX; i++)
		load_signature(r, json_array_get(signatures, i), a,
		    &m->signatures[m->n_signatures++]);
	m->n_more = get_number(r, object, "more_signatures");
	m->size = get_number(r, object, "size");
	m->n_crlf = get_number(r, object, "crlf");
	m->n_lf = get_number(r, object, "lf");
	m->n_cr = get_number(r, object, "cr");
	m->bad_line = get_number(r, object, "bad_line");
	return m;
}
