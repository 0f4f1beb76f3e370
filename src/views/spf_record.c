/* An SPF record as its terms. */
#include "views/spf_record.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "views/spf_macro.h"

enum { SHOWN_MAX = 40 }; /* bytes of a term in a sentence about it */

static const char version[] = "v=spf1";

/* What a term may have after its name. */
enum argument { NOTHING, DOMAIN_NEEDED, DOMAIN_OPTIONAL, DOMAIN_AND_LENGTH, NETWORK4, NETWORK6 };

static const struct kind_row {
	const char *name;
	enum argument argument;
	bool asks;
} kinds[] = {
	[SPF_ALL] = { "all", NOTHING, false },
	[SPF_INCLUDE] = { "include", DOMAIN_NEEDED, true },
	[SPF_A] = { "a", DOMAIN_AND_LENGTH, true },
	[SPF_MX] = { "mx", DOMAIN_AND_LENGTH, true },
	[SPF_PTR] = { "ptr", DOMAIN_OPTIONAL, true },
	[SPF_IP4] = { "ip4", NETWORK4, false },
	[SPF_IP6] = { "ip6", NETWORK6, false },
	[SPF_EXISTS] = { "exists", DOMAIN_NEEDED, true },
	[SPF_REDIRECT] = { "redirect", DOMAIN_NEEDED, true },
	[SPF_EXP] = { "exp", DOMAIN_NEEDED, false },
	[SPF_OTHER] = { "", NOTHING, false },
};

/* A term while it is read. */
struct reading {
	const char *text;
	size_t len, name_len; /* without the qualifier in both */
	struct spf_term *term;
	struct arena *a;
};

bool
spf_is_record(const char *text)
{
	size_t len = sizeof version - 1;
	return strncasecmp(text, version, len) == 0 && (text[len] == '\0' || text[len] == ' ');
}

bool
spf_asks(const struct spf_term *term)
{
	return kinds[term->kind].asks;
}

const char *
spf_kind_name(enum spf_kind kind)
{
	return kinds[kind].name;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A number of 1 to 3 digits without a leading zero, up to max; -1. */
static int
read_length(const char *text, size_t len, int max)
{
	int n = 0;
	if (len == 0 || len > 3 || (text[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(text[i]))
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n <= max ? n : -1;
}

/* Where a length at the end of the text begins: that of its slashes; len without one. */
static size_t
find_length(const char *text, size_t len, size_t slashes)
{
	size_t at = len;
	while (at > 0 && is_digit(text[at - 1]))
		at--;
	if (at == len || at < slashes || text[at - 1] != '/' ||
	    (slashes == 2 && text[at - 2] != '/'))
		return len;
	return at - slashes;
}

/* dual-cidr-length at the end of the text; *len becomes that of what is before it. */
static const char *
take_lengths(struct reading *r, const char *text, size_t *len)
{
	size_t at = find_length(text, *len, 2);
	if (at < *len) {
		r->term->bits6 = read_length(text + at + 2, *len - at - 2, 128);
		*len = at;
	}
	at = find_length(text, *len, 1);
	if (at < *len && !(at > 0 && text[at - 1] == '/')) {
		r->term->bits4 = read_length(text + at + 1, *len - at - 1, 32);
		*len = at;
	}
	if (r->term->bits4 < 0)
		return "the prefix length of IPv4 must be from 0 to 32, without a leading zero";
	if (r->term->bits6 < 0)
		return "the prefix length of IPv6 must be from 0 to 128, without a leading zero";
	return NULL;
}

/* "a:192.0.2.1" is meant as ip4 (a usual mistake). */
static const char *
address_fault(const struct reading *r, const char *domain)
{
	struct ip ip;
	if (!ip_parse(domain, &ip))
		return NULL;
	return arena_printf(r->a, "%s is an address, not a name: it is written ip%d:%s", domain,
	    ip.family == 6 ? 6 : 4, domain);
}

static const char *
take_domain(struct reading *r, const char *text, size_t len)
{
	const char *domain = arena_strndup(r->a, text, len);
	const char *fault = address_fault(r, domain);
	if (fault == NULL)
		fault = spf_string_fault(text, len, SPF_DOMAIN_SPEC, r->a);
	r->term->domain = domain;
	return fault;
}

static const char *
take_network(struct reading *r, const char *text, size_t len, int family)
{
	int max = family == 4 ? 32 : 128;
	int *bits = family == 4 ? &r->term->bits4 : &r->term->bits6;
	const char *slash = memchr(text, '/', len);
	size_t n = slash != NULL ? (size_t)(slash - text) : len;
	const char *address = arena_strndup(r->a, text, n);
	if (!ip_parse_family(address, family == 4 ? 4 : 6, &r->term->ip))
		return arena_printf(r->a, "\"%.*s\" is not a valid IPv%d address",
		    n < SHOWN_MAX ? (int)n : SHOWN_MAX, address, family);
	if (slash != NULL)
		*bits = read_length(slash + 1, len - n - 1, max);
	if (*bits < 0)
		return arena_printf(r->a,
		    "the prefix length must be from 0 to %d, without a leading zero", max);
	return NULL;
}

/* What follows the name of a mechanism: nothing, ":..." or "/...". */
static const char *
take_argument(struct reading *r)
{
	const char *rest = r->text + r->name_len;
	size_t len = r->len - r->name_len;
	enum argument argument = kinds[r->term->kind].argument;
	const char *name = kinds[r->term->kind].name;
	if (argument == NOTHING)
		return len == 0 ? NULL : arena_printf(r->a, "nothing may follow \"%s\"", name);
	if (argument == DOMAIN_AND_LENGTH) {
		const char *fault = take_lengths(r, rest, &len);
		if (fault != NULL)
			return fault;
	}
	if (len == 0 && (argument == DOMAIN_OPTIONAL || argument == DOMAIN_AND_LENGTH))
		return NULL;
	if (len == 0 || rest[0] != ':')
		return arena_printf(r->a, "a colon and a value must follow \"%s\"", name);
	if (argument == NETWORK4 || argument == NETWORK6)
		return take_network(r, rest + 1, len - 1, argument == NETWORK4 ? 4 : 6);
	return take_domain(r, rest + 1, len - 1);
}

/* What people write instead of a mechanism. */
static const char *
mechanism_fault(const struct reading *r)
{
	static const struct {
		const char *written, *meant;
	} usual[] = {
		{ "ipv4", "ip4:" },
		{ "ipv6", "ip6:" },
		{ "ip", "ip4: or ip6:" },
		{ "redirect", "redirect=" },
		{ "exp", "exp=" },
		{ "includes", "include:" },
		{ "host", "a:" },
		{ "v", "only once, at the beginning: v=spf1" },
	};
	int shown = r->name_len < SHOWN_MAX ? (int)r->name_len : SHOWN_MAX;
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		if (strlen(usual[i].written) == r->name_len &&
		    strncasecmp(r->text, usual[i].written, r->name_len) == 0)
			return arena_printf(r->a, "\"%.*s\" is not a mechanism: it is written %s",
			    shown, r->text, usual[i].meant);
	struct ip ip;
	size_t n = strcspn(r->text, " /");
	if (n <= r->len && ip_parse(arena_strndup(r->a, r->text, n), &ip))
		return arena_printf(r->a, "an address is written ip%d:%.*s", ip.family,
		    r->len < SHOWN_MAX ? (int)r->len : SHOWN_MAX, r->text);
	return arena_printf(r->a, "\"%.*s\" is not a mechanism", shown, r->text);
}

static const char *
read_mechanism(struct reading *r)
{
	r->name_len = strcspn(r->text, ":/ ");
	if (r->name_len > r->len)
		r->name_len = r->len;
	for (enum spf_kind kind = SPF_ALL; kind < SPF_REDIRECT; kind++) {
		const char *name = kinds[kind].name;
		if (strlen(name) != r->name_len || strncasecmp(r->text, name, r->name_len) != 0)
			continue;
		r->term->kind = kind;
		return take_argument(r);
	}
	return mechanism_fault(r);
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) */
static bool
is_modifier_name(const char *name, size_t len)
{
	if (len == 0 || !is_alpha(name[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_alpha(name[i]) && !is_digit(name[i]) && strchr("-_.", name[i]) == NULL)
			return false;
	return true;
}

static const char *
read_modifier(struct reading *r)
{
	const char *value = r->text + r->name_len + 1;
	size_t len = r->len - r->name_len - 1;
	if (!is_modifier_name(r->text, r->name_len))
		return arena_printf(r->a, "\"%.*s\" is not a valid name of a modifier",
		    r->name_len < SHOWN_MAX ? (int)r->name_len : SHOWN_MAX, r->text);
	for (enum spf_kind kind = SPF_REDIRECT; kind < SPF_OTHER; kind++)
		if (strlen(kinds[kind].name) == r->name_len &&
		    strncasecmp(r->text, kinds[kind].name, r->name_len) == 0)
			r->term->kind = kind;
	if (r->term->kind != SPF_OTHER)
		return take_domain(r, value, len);
	return spf_string_fault(value, len, SPF_MODIFIER, r->a);
}

static const char *
bytes_fault(const char *text, size_t len, struct arena *a)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x80)
			return "it contains a byte that is not ASCII";
		if (c < ' ' || c == 0x7f)
			return arena_printf(a,
			    "it contains the control byte 0x%02x; terms are separated by blanks "
			    "alone",
			    c);
	}
	return NULL;
}

/* NULL, or what is wrong with the term. */
static const char *
read_term(const char *text, size_t len, struct spf_term *term, struct arena *a)
{
	struct reading r = { .text = text, .len = len, .term = term, .a = a };
	const char *fault = bytes_fault(text, len, a);
	if (fault != NULL)
		return fault;
	size_t mark = strcspn(text, ":/= ");
	if (mark < len && text[mark] == '=') {
		r.name_len = mark;
		term->kind = SPF_OTHER;
		return read_modifier(&r);
	}
	if (text[0] != '\0' && strchr("+-~?", text[0]) != NULL) {
		term->qualifier = text[0];
		r.text++;
		r.len--;
	}
	return read_mechanism(&r);
}

static const char *
note_modifier(const struct spf_term **place, const struct spf_term *term, struct arena *a)
{
	if (*place != NULL)
		return arena_printf(a, "there is more than one %s=", kinds[term->kind].name);
	*place = term;
	return NULL;
}

/* Terms are counted first: their addresses are kept. */
static size_t
count_terms(const char *text)
{
	size_t n = 0;
	for (const char *p = text + strspn(text, " "); *p != '\0'; n++) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	return n;
}

void
spf_parse(const char *text, struct arena *a, struct spf_record *out)
{
	const char *p = text + sizeof version - 1;
	*out = (struct spf_record){ .n = 0 };
	out->terms = arena_array(a, count_terms(p) + 1, sizeof *out->terms);
	for (p += strspn(p, " "); *p != '\0'; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		struct spf_term *term = &out->terms[out->n++];
		*term = (struct spf_term){ .qualifier = '+',
			.text = arena_strndup(a, p, len),
			.at = (size_t)(p - text) + 1,
			.bits4 = 32,
			.bits6 = 128 };
		out->fault = read_term(term->text, len, term, a);
		if (out->fault == NULL && term->kind == SPF_REDIRECT)
			out->fault = note_modifier(&out->redirect, term, a);
		if (out->fault == NULL && term->kind == SPF_EXP)
			out->fault = note_modifier(&out->exp, term, a);
		out->fault_at = term->at;
		if (out->fault != NULL)
			return;
		p += len;
	}
}
