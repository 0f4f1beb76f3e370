/* The DKIM-Signature header field. */
#include "mail/dkim_signature.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/number.h"
#include "mail/tags.h"

static const struct enumtab_row algorithm_rows[] = {
	{ "rsa-sha256", DKIM_RSA_SHA256 },
	{ "ed25519-sha256", DKIM_ED25519_SHA256 },
};
const struct enumtab dkim_algorithm_names = ENUMTAB(algorithm_rows);

enum { TIME_MAX_DIGITS = 12, LENGTH_MAX_DIGITS = 76 /* RFC 6376 3.5 */ };

/* A host's labels: letters, digits, hyphens inside; underscores are seen, too. */
static bool
is_labels(const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		bool edge = c == name || c[-1] == '.' || c[1] == '.' || c[1] == '\0';
		bool letter = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
		if (!letter && *c != '.' && (*c != '-' || edge))
			return false;
	}
	return name[0] != '\0';
}

static const char *
labels_of(struct arena *a, const char *text)
{
	char name[NAME_TEXT_MAX];
	if (text == NULL || !name_from_text(text, name) || !is_labels(name))
		return NULL;
	return arena_strdup(a, name);
}

const char *
dkim_selector(struct arena *a, const char *text)
{
	size_t len = strlen(text);
	return len > 0 && text[len - 1] != '.' ? labels_of(a, text) : NULL;
}

const char *
dkim_key_name(struct arena *a, const char *selector, const char *domain)
{
	char name[NAME_TEXT_MAX];
	const char *text = arena_printf(a, "%s._domainkey.%s", selector, domain);
	return name_from_text(text, name) ? arena_strdup(a, name) : NULL;
}

const char *
dkim_identity_read(struct arena *a, const char *text, struct dkim_identity *out)
{
	char domain[NAME_TEXT_MAX];
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	if (!name_from_user(arena_strndup(a, text, len), domain) || !is_labels(domain) ||
	    name_labels(domain) < 2)
		return "its domain is not a valid domain name";
	out->domain = arena_strdup(a, domain);
	out->selector = slash != NULL ? dkim_selector(a, slash + 1) : "";
	if (out->selector == NULL)
		return "its selector is not a valid one: labels of letters, digits and hyphens";
	if (slash != NULL && dkim_key_name(a, out->selector, domain) == NULL)
		return "selector and domain together are too long for a name";
	return NULL;
}

const char *
dkim_identity_text(struct arena *a, const struct dkim_identity *identity)
{
	return identity->selector[0] == '\0' ?
	    identity->domain :
	    arena_printf(a, "%s/%s", identity->domain, identity->selector);
}

/* v=, and that all tags are there that must be; NULL when they are. */
static const char *
fault_of_tags(struct arena *a, const struct tag_list *l)
{
	static const char *const demanded[] = { "v", "a", "b", "bh", "d", "h", "s" };
	if (l->n_faults > 0)
		return arena_printf(a, "its tags are not valid: %s%s%s", l->faults[0].name,
		    l->faults[0].name[0] != '\0' ? " " : "", l->faults[0].text);
	for (size_t i = 0; i < sizeof demanded / sizeof demanded[0]; i++) {
		const char *value = tags_value(l, demanded[i]);
		if (value == NULL || value[0] == '\0')
			return arena_printf(a, "it has no %s=", demanded[i]);
	}
	if (strcmp(tags_value(l, "v"), "1") != 0)
		return "v= is not 1";
	return NULL;
}

static const char *
read_who(struct arena *a, const struct tag_list *l, struct dkim_signature *s)
{
	const char *domain = labels_of(a, tags_value(l, "d"));
	const char *written = tags_value(l, "s");
	const char *selector = written != NULL ? dkim_selector(a, written) : NULL;
	const char *identity = tags_value(l, "i");
	const char *at = identity != NULL ? strrchr(identity, '@') : NULL;
	s->domain = domain != NULL ? domain : "";
	s->selector = selector != NULL ? selector : "";
	if (domain == NULL || name_labels(domain) < 2)
		return "d= is not a valid domain name";
	if (selector == NULL)
		return "s= is not a valid selector";
	if (dkim_key_name(a, selector, domain) == NULL)
		return "s= and d= together are too long for a name";
	if (identity == NULL)
		return NULL;
	const char *of = at != NULL ? labels_of(a, at + 1) : NULL;
	if (of == NULL || !name_is_under(of, domain))
		return "i= is not of the domain in d=";
	s->below = !name_equal(of, domain);
	return NULL;
}

static const char *
read_how(struct arena *a, const struct tag_list *l, struct dkim_signature *s)
{
	const char *algorithm = tags_value(l, "a"), *c = tags_value(l, "c");
	const char *query = tags_value(l, "q");
	int code = 0;
	size_t n, n_ways;
	if (strcasecmp(algorithm, "rsa-sha1") == 0)
		return "a= is rsa-sha1, which counts for nothing (RFC 8301 3.1)";
	if (!enumtab_code(&dkim_algorithm_names, algorithm, &code))
		return "a= is neither rsa-sha256 nor ed25519-sha256";
	s->algorithm = (enum dkim_algorithm)code;
	const char **ways = tags_words(a, c != NULL ? c : "simple/simple", '/', 3, &n_ways);
	for (size_t i = 0; i < n_ways; i++)
		if (i > 1 ||
		    (strcasecmp(ways[i], "simple") != 0 && strcasecmp(ways[i], "relaxed") != 0))
			return "c= must be simple or relaxed";
	s->relaxed_header = n_ways > 0 && strcasecmp(ways[0], "relaxed") == 0;
	s->relaxed_body = n_ways > 1 && strcasecmp(ways[1], "relaxed") == 0;
	const char **methods = tags_words(a, query != NULL ? query : "dns/txt", ':', 8, &n);
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(methods[i], "dns/txt") == 0 || strcasecmp(methods[i], "dns") == 0)
			return NULL;
	return "q= does not allow dns/txt";
}

static const char *
read_names(struct arena *a, const struct tag_list *l, struct dkim_signature *s)
{
	s->names = tags_words(a, tags_value(l, "h"), ':', DKIM_NAMES_MAX, &s->n_names);
	for (size_t i = 0; i < s->n_names; i++)
		if (strcasecmp(s->names[i], "from") == 0)
			return NULL;
	return "h= does not hold From (RFC 6376 5.4)";
}

static const char *
read_bytes(struct arena *a, const struct tag_list *l, struct dkim_signature *s)
{
	size_t len = 0;
	const uint8_t *hash = tags_base64(a, tags_value(l, "bh"), &len);
	if (hash == NULL || len != DKIM_HASH_BYTES)
		return "bh= is not a SHA-256 hash in base64";
	memcpy(s->body_hash, hash, DKIM_HASH_BYTES);
	s->signature = tags_base64(a, tags_value(l, "b"), &s->signature_len);
	return s->signature == NULL ? "b= is not valid base64" : NULL;
}

/* Digits as the RFC allows them; more than a number holds is as good as its largest. */
static bool
read_digits(const char *text, size_t max_digits, uint64_t max, uint64_t *out)
{
	size_t n = strspn(text, "0123456789"), zeros = strspn(text, "0");
	if (n == 0 || n > max_digits || text[n] != '\0')
		return false;
	*out = 0;
	if (zeros < n && !number_is(text + zeros, 0, max, out))
		*out = max;
	return true;
}

static const char *
read_limits(const struct tag_list *l, struct dkim_signature *s)
{
	const char *t = tags_value(l, "t"), *x = tags_value(l, "x"), *length = tags_value(l, "l");
	uint64_t number = 0;
	if (t != NULL && !read_digits(t, TIME_MAX_DIGITS, INT64_MAX, &number))
		return "t= is not a valid time";
	s->time_s = t != NULL ? (int64_t)number : -1;
	if (x != NULL && !read_digits(x, TIME_MAX_DIGITS, INT64_MAX, &number))
		return "x= is not a valid time";
	s->expires_s = x != NULL ? (int64_t)number : -1;
	if (t != NULL && x != NULL && s->expires_s <= s->time_s)
		return "x= is not after t=";
	s->has_length = length != NULL;
	if (length != NULL && !read_digits(length, LENGTH_MAX_DIGITS, UINT64_MAX - 1, &s->length))
		return "l= is not a valid number";
	return NULL;
}

/* The first fault in an order in which as much as possible is known of a signature that has one. */
static const char *
fault_of(struct arena *a, const struct tag_list *l, struct dkim_signature *s)
{
	const char *fault = fault_of_tags(a, l), *who = read_who(a, l, s);
	if (fault == NULL)
		fault = who;
	if (fault == NULL)
		fault = read_how(a, l, s);
	if (fault == NULL)
		fault = read_names(a, l, s);
	if (fault == NULL)
		fault = read_limits(l, s);
	return fault != NULL ? fault : read_bytes(a, l, s);
}

void
dkim_signature_read(struct arena *a, const char *value, size_t len, struct dkim_signature *out)
{
	struct tag_list *l = arena_alloc(a, sizeof *l);
	*out = (struct dkim_signature){ .domain = "",
		.selector = "",
		.time_s = -1,
		.expires_s = -1 };
	tags_read(a, value, len, l);
	const char *fault = fault_of(a, l, out);
	out->fault = fault != NULL ? fault : "";
}
