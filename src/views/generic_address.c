/* Finds an address in a host name, in the ways that providers write it there. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "views/generic_priv.h"

enum { OCTETS = 4, NIBBLES = 32, NIBBLE_RUN = 8, GROUPS = 8, GROUP_RUN = 4 };

/* A run of digits in the host part, read in one base. */
struct token {
	size_t start, len;
	unsigned value;
};

struct tokens {
	struct token *list;
	size_t n;
};

static const struct generic_trace no_trace = { .rule = NULL };

static bool
is_digit_in(char c, int base)
{
	return base == 16 ? isxdigit((unsigned char)c) != 0 : isdigit((unsigned char)c) != 0;
}

static struct tokens
tokenize(const char *host, int base, struct arena *a)
{
	struct tokens t = { .list = arena_array(a, strlen(host) / 2 + 1, sizeof(struct token)) };
	for (size_t i = 0; host[i] != '\0';) {
		size_t len = 0;
		while (is_digit_in(host[i + len], base))
			len++;
		/* longer ones are no group of an address, and would overflow */
		unsigned value = len > 0 && len <= 6 ? (unsigned)strtoul(host + i, NULL, base) :
						       65536;
		if (len > 0)
			t.list[t.n++] = (struct token){ .start = i, .len = len, .value = value };
		i += len > 0 ? len : 1;
	}
	return t;
}

/* Groups are written with exactly one other character between them: 1-2-3-4, 1.2.3.4, 1x2x3x4. */
static bool
stand_in_row(const struct token *t, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (t[i].start != t[i - 1].start + t[i - 1].len + 1)
			return false;
	return true;
}

static bool
values_are(const struct token *t, const unsigned *want, size_t n, bool reversed)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].value != want[reversed ? n - 1 - i : i])
			return false;
	return true;
}

/* n groups of the address from want, in a row, forward or reversed. */
static struct generic_trace
find_row(const struct tokens *t, const unsigned *want, size_t n, const char *rule)
{
	for (size_t i = 0; i + n <= t->n; i++) {
		const struct token *row = &t->list[i];
		if (!stand_in_row(row, n))
			continue;
		if (!values_are(row, want, n, false) && !values_are(row, want, n, true))
			continue;
		size_t end = row[n - 1].start + row[n - 1].len;
		return (struct generic_trace){ rule, true, row[0].start, end - row[0].start };
	}
	return no_trace;
}

static struct generic_trace
find_text(const char *host, const char *text, const char *rule)
{
	const char *at = strstr(host, text);
	if (at == NULL)
		return no_trace;
	return (struct generic_trace){ rule, true, (size_t)(at - host), strlen(text) };
}

/* The octets written without separators: 192000002001 or c0000201, forward and reversed. */
static struct generic_trace
find_packed(const uint8_t *o, const char *host, struct arena *a)
{
	const char *forms[] = {
		arena_printf(a, "%03u%03u%03u%03u", o[0], o[1], o[2], o[3]),
		arena_printf(a, "%03u%03u%03u%03u", o[3], o[2], o[1], o[0]),
		arena_printf(a, "%02x%02x%02x%02x", o[0], o[1], o[2], o[3]),
		arena_printf(a, "%02x%02x%02x%02x", o[3], o[2], o[1], o[0]),
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		const char *rule = i < 2 ? "contains the address as twelve digits" :
					   "contains the address in hexadecimal";
		struct generic_trace found = find_text(host, forms[i], rule);
		if (found.rule != NULL)
			return found;
	}
	return no_trace;
}

/* D.C.BA in hexadecimal without padding, as IBM's classic cloud writes it. */
static struct generic_trace
find_hex_pairs(const struct tokens *hex, const unsigned *o)
{
	unsigned padded[] = { o[3], o[2], o[1] << 8 | o[0] };
	unsigned unpadded[] = { o[3], o[2], o[1] << 4 | o[0] };
	const char *rule = "contains the address in hexadecimal";
	struct generic_trace found = find_row(hex, padded, 3, rule);
	if (found.rule == NULL && o[0] < 16)
		found = find_row(hex, unpadded, 3, rule);
	return found;
}

static struct generic_trace
find_v4(const struct ip *ip, const char *host, struct arena *a)
{
	unsigned o[OCTETS];
	for (size_t i = 0; i < OCTETS; i++)
		o[i] = ip->bytes[i];
	struct tokens decimal = tokenize(host, 10, a);
	struct tokens hex = tokenize(host, 16, a);

	const struct generic_trace found[] = {
		find_row(&decimal, o, 4, "contains the address"),
		find_packed(ip->bytes, host, a),
		find_row(&hex, o, 4, "contains the address in hexadecimal"),
		find_hex_pairs(&hex, o),
		find_row(&decimal, o, 3, "contains the first three numbers of the address"),
		find_row(&decimal, o + 1, 3, "contains the last three numbers of the address"),
	};
	for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
		if (found[i].rule != NULL)
			return found[i];

	struct generic_trace two = find_row(&decimal, o + 2, 2,
	    "contains the last two numbers of the address");
	two.strong = false;
	return two;
}

static bool
is_uniform(const char *text, size_t len)
{
	return strspn(text, (const char[]){ text[0], '\0' }) >= len;
}

/* Eight nibbles of the address in a row: one of them may be all it takes in 2001-db8-... names. */
static struct generic_trace
find_nibbles(const struct ip *ip, const char *host, struct arena *a)
{
	static const char digits[] = "0123456789abcdef";
	char forward[NIBBLES + 1] = "", backward[NIBBLES + 1] = "";
	for (size_t i = 0; i < NIBBLES; i++) {
		unsigned byte = ip->bytes[i / 2];
		forward[i] = digits[i % 2 == 0 ? byte >> 4 : byte & 15];
		backward[NIBBLES - 1 - i] = forward[i];
	}

	/* separators say nothing: 1.0.0.0.2.0..., 2001-0db8-0000 */
	char *packed = arena_alloc(a, strlen(host) + 1);
	size_t *from = arena_array(a, strlen(host) + 1, sizeof(*from));
	size_t len = 0;
	for (size_t i = 0; host[i] != '\0'; i++) {
		if (host[i] == '-' || host[i] == '.')
			continue;
		from[len] = i;
		packed[len++] = host[i];
	}

	for (size_t i = 0; i + NIBBLE_RUN <= len; i++) {
		const char *run = packed + i;
		if (is_uniform(run, NIBBLE_RUN))
			continue;
		if (memmem(forward, NIBBLES, run, NIBBLE_RUN) == NULL &&
		    memmem(backward, NIBBLES, run, NIBBLE_RUN) == NULL)
			continue;
		size_t end = from[i + NIBBLE_RUN - 1] + 1;
		return (struct generic_trace){ "contains digits of the IPv6 address", true, from[i],
			end - from[i] };
	}
	return no_trace;
}

/* Four 16-bit groups in a row without padding, or the short form: 2001-db8--25. */
static struct generic_trace
find_groups(const struct ip *ip, const char *host, struct arena *a)
{
	unsigned groups[GROUPS];
	for (size_t i = 0; i < GROUPS; i++)
		groups[i] = (unsigned)ip->bytes[2 * i] << 8 | ip->bytes[2 * i + 1];
	struct tokens hex = tokenize(host, 16, a);
	const char *rule = "contains groups of the IPv6 address";
	for (size_t i = 0; i + GROUP_RUN <= GROUPS; i++) {
		if ((groups[i] | groups[i + 1] | groups[i + 2] | groups[i + 3]) == 0)
			continue;
		struct generic_trace found = find_row(&hex, groups + i, GROUP_RUN, rule);
		if (found.rule != NULL)
			return found;
	}

	char text[IP_TEXT_MAX];
	ip_format(ip, text);
	for (char *c = text; *c != '\0'; c++)
		if (*c == ':')
			*c = '-';
	return find_text(host, text, "contains the IPv6 address");
}

struct generic_trace
generic_find_address(const struct ip *ip, const char *host, struct arena *a)
{
	if (ip->family == 4)
		return find_v4(ip, host, a);
	struct generic_trace found = find_groups(ip, host, a);
	return found.rule != NULL ? found : find_nibbles(ip, host, a);
}
