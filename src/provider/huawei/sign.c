/* The signature of a request: canonical form, text to sign, HMAC. */
#include <assert.h>
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/percent.h"
#include "provider/huawei/sign_priv.h"
#include "provider/provider_priv.h"

enum { HEX_MAX = 2 * SHA256_DIGEST_LENGTH + 1, CANONICAL_MAX = 1 << 20 };

static const char algorithm[] = "SDK-HMAC-SHA256";

/* A query parameter or a header. */
struct pair {
	const char *name;
	const char *value;
};

struct pairs {
	struct pair *list;
	size_t n, cap;
};

static int
hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

static const char *
decode(struct arena *a, const char *text, size_t len)
{
	char *out = arena_alloc(a, len + 1);
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		bool escape = text[i] == '%' && i + 2 < len &&
		    isxdigit((unsigned char)text[i + 1]) && isxdigit((unsigned char)text[i + 2]);
		int c = escape ? hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]) : text[i];
		out[n++] = (char)c;
		i += escape ? 2 : 0;
	}
	return out;
}

static void
add_pair(struct pairs *p, struct arena *a, const char *name, const char *value)
{
	p->list = arena_grow(a, p->list, p->n, &p->cap, sizeof *p->list);
	p->list[p->n++] = (struct pair){ name, value };
}

/* By name alone, then by value: "a" comes before "a-b", which sorting the joined text would not give. */
static int
compare(const void *left, const void *right)
{
	const struct pair *l = left, *r = right;
	int order = strcmp(l->name, r->name);
	return order != 0 ? order : strcmp(l->value, r->value);
}

static void
sort(struct pairs *p)
{
	if (p->n > 1)
		qsort(p->list, p->n, sizeof *p->list, compare);
}

static void
add_query(struct buf *out, const char *query, struct arena *a)
{
	struct pairs p = { 0 };
	while (*query != '\0') {
		size_t len = strcspn(query, "&"), name_len = strcspn(query, "=&");
		size_t value_at = name_len < len ? name_len + 1 : len;
		if (len > 0)
			add_pair(&p, a, decode(a, query, name_len),
			    decode(a, query + value_at, len - value_at));
		query += len + (query[len] == '&');
	}
	sort(&p);
	for (size_t i = 0; i < p.n; i++) {
		buf_puts(out, i > 0 ? "&" : "");
		percent_add(out, p.list[i].name, strlen(p.list[i].name), "");
		buf_putc(out, '=');
		percent_add(out, p.list[i].value, strlen(p.list[i].value), "");
	}
}

static const char *
lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);
	for (char *p = copy; *p != '\0'; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	return copy;
}

/* A value that needs no trimming is not copied: it may be a security token. */
static const char *
trimmed(struct arena *a, const char *value)
{
	value += strspn(value, " \t");
	size_t len = strlen(value), full = len;
	while (len > 0 && strchr(" \t", value[len - 1]) != NULL)
		len--;
	return len < full ? arena_strndup(a, value, len) : value;
}

/* The Host header as libcurl sends it: without the port that the scheme implies. */
static const char *
host_of(struct arena *a, const char *authority, size_t len, bool tls)
{
	const char *implied = tls ? ":443" : ":80";
	size_t n = strlen(implied);
	if (len > n && memcmp(authority + len - n, implied, n) == 0)
		len -= n;
	return arena_strndup(a, authority, len);
}

static const char *
value_of(const struct pairs *headers, const char *name)
{
	for (size_t i = 0; i < headers->n; i++)
		if (strcmp(headers->list[i].name, name) == 0)
			return headers->list[i].value;
	return NULL;
}

static void
hex_of(const unsigned char digest[SHA256_DIGEST_LENGTH], char out[HEX_MAX])
{
	for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void
hash(const char *data, size_t len, char out[HEX_MAX])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	if (SHA256((const unsigned char *)data, len, digest) == NULL)
		mem_ran_out();
	hex_of(digest, out);
}

static void
add_headers(struct buf *out, const struct pairs *headers, struct buf *names)
{
	for (size_t i = 0; i < headers->n; i++) {
		buf_printf(out, "%s:%s\n", headers->list[i].name, headers->list[i].value);
		buf_printf(names, "%s%s", i > 0 ? ";" : "", headers->list[i].name);
	}
}

/* METHOD, URI, QUERY, HEADERS, SIGNEDHEADERS and the body's hash, a line each. */
static void
canonical(const struct http_request *r, struct arena *a, struct pairs *headers, struct buf *out,
    struct buf *names)
{
	bool tls = strncasecmp(r->url, "https", 5) == 0;
	const char *authority = strstr(r->url, "://");
	assert(authority != NULL);
	authority += 3;
	size_t authority_len = strcspn(authority, "/?");
	const char *path = authority + authority_len;
	size_t path_len = strcspn(path, "?");
	const char *query = path[path_len] == '?' ? path + path_len + 1 : "";
	add_pair(headers, a, "host", host_of(a, authority, authority_len, tls));
	sort(headers);

	buf_printf(out, "%s\n", r->method);
	percent_add(out, path, path_len, "/");
	/* the signed path ends with a slash, whatever was sent */
	buf_puts(out, path_len > 0 && path[path_len - 1] == '/' ? "\n" : "/\n");
	add_query(out, query, a);
	buf_putc(out, '\n');
	add_headers(out, headers, names);
	char body_hash[HEX_MAX];
	hash(r->body != NULL ? r->body : "", r->body != NULL ? r->body_len : 0, body_hash);
	const char *given = value_of(headers, "x-sdk-content-sha256");
	buf_printf(out, "\n%s\n%s", names->data, given != NULL ? given : body_hash);
}

static const char *
authorization(struct arena *a, const char *access_key, const char *secret_key, const char *names,
    const char *to_sign)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	char signature[HEX_MAX];
	if (HMAC(EVP_sha256(), secret_key, (int)strlen(secret_key), (const unsigned char *)to_sign,
		strlen(to_sign), mac, &len) == NULL)
		mem_ran_out();
	hex_of(mac, signature);
	return arena_printf(a, "%s Access=%s, SignedHeaders=%s, Signature=%s", algorithm,
	    access_key, names, signature);
}

struct huawei_signature
huawei_sign(const struct http_request *r, const char *access_key, const char *secret_key,
    struct arena *a)
{
	struct pairs headers = { 0 };
	for (size_t i = 0; i < r->n_headers; i++)
		add_pair(&headers, a, lower(a, r->headers[i].name),
		    trimmed(a, r->headers[i].value));
	const char *date = value_of(&headers, "x-sdk-date");
	assert(date != NULL);

	struct huawei_signature s;
	struct buf text, names;
	char digest[HEX_MAX];
	buf_init(&text, CANONICAL_MAX);
	buf_init(&names, CANONICAL_MAX);
	canonical(r, a, &headers, &text, &names);
	hash(text.data, text.len, digest);
	s.canonical = arena_strdup(a, text.data);
	s.to_sign = arena_printf(a, "%s\n%s\n%s", algorithm, date, digest);
	s.authorization = authorization(a, access_key, secret_key, names.data, s.to_sign);
	buf_fini(&names);
	explicit_bzero(text.data, text.len); /* a security token is among the signed headers */
	buf_fini(&text);
	return s;
}
