/* Blocks and ranges of addresses, from one word. */
#include "gather/block_priv.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "gather/targets.h"

static int
bits_of(const struct ip *ip)
{
	return ip->family == 4 ? 32 : 128;
}

static uint8_t
mask_byte(int prefix, int i)
{
	int bits = prefix - 8 * i;

	unsigned mask = bits <= 0 ? 0 : bits >= 8 ? 0xff : 0xff00U >> bits & 0xff;
	return (uint8_t)mask;
}

/* The text before the character at; false when it is too long for an address. */
static bool
split(const char *word, const char *at, char left[IP_TEXT_MAX])
{
	size_t n = (size_t)(at - word);

	if (n >= IP_TEXT_MAX)
		return false;
	memcpy(left, word, n);
	left[n] = '\0';
	return true;
}

/* Decimal without sign or leading zero, at most max; -1 when it is not. */
static int
prefix_length(const char *text, int max)
{
	int n = 0;

	if (*text == '\0' || (*text == '0' && text[1] != '\0'))
		return -1;
	for (; *text >= '0' && *text <= '9'; text++)
		if ((n = n * 10 + (*text - '0')) > max)
			return -1;
	return *text == '\0' ? n : -1;
}

static const char *
size_fault(const struct ip *ip, bool too_large, bool huge)
{
	if (!too_large || (ip->family == 4 && huge))
		return NULL;
	return ip->family == 4 ? "more than 16777216 addresses; use --huge to allow that" :
				 "more than 16777216 IPv6 addresses; the largest block is a /104";
}

static bool
is_too_large(const struct ip *ip, int prefix)
{
	return bits_of(ip) - prefix > TARGET_BLOCK_BITS;
}

/* "255.255.255.248" is /29; -1 when it is not the mask of a block. */
static int
mask_length(const char *text)
{
	struct ip mask;
	int prefix = 0;
	if (!ip_parse_family(text, 4, &mask))
		return -1;
	while (prefix < 32 && (mask.bytes[prefix / 8] & 0x80 >> prefix % 8) != 0)
		prefix++;
	for (int i = 0; i < 4; i++)
		if (mask.bytes[i] != mask_byte(prefix, i))
			return -1;
	return prefix;
}

static const char *
prefix_fault(const char *text, const struct ip *ip, struct arena *a)
{
	char shown[IP_TEXT_MAX];
	int mask = ip->family == 4 ? mask_length(text) : -1;
	const char *meant = mask < 0 ?
	    "" :
	    arena_printf(a, "; did you mean %s/%d?", ip_format(ip, shown), mask);
	return arena_printf(a, "not a block; expected a prefix length from /0 to /%d%s",
	    bits_of(ip), meant);
}

/* An address of a block with the block's prefix: as ip(8) shows it, and many write it. */
static const char *
host_bits_fault(const struct ip *ip, int prefix, bool huge, struct arena *a)
{
	char first[IP_TEXT_MAX], one[IP_TEXT_MAX];
	struct ip base = *ip;
	for (int i = 0; i < bits_of(ip) / 8; i++)
		base.bytes[i] &= mask_byte(prefix, i);
	const char
	    *expected = "not a block; expected its first address before the slash: did you mean";
	ip_format(ip, one);
	if (is_too_large(ip, prefix) && (ip->family == 6 || !huge))
		return arena_printf(a, "%s %s alone?", expected, one);
	return arena_printf(a, "%s %s/%d, or %s alone?", expected, ip_format(&base, first), prefix,
	    one);
}

static const char *
parse_block(const char *slash, bool huge, struct arena *a, struct ip *first, struct ip *last)
{
	int prefix = prefix_length(slash + 1, bits_of(first));
	bool host_bits = false;

	if (prefix < 0)
		return prefix_fault(slash + 1, first, a);
	*last = *first;
	for (int i = 0; i < bits_of(first) / 8; i++) {
		uint8_t mask = mask_byte(prefix, i);
		host_bits |= (first->bytes[i] & ~mask) != 0;
		last->bytes[i] |= (uint8_t)~mask;
	}
	if (host_bits)
		return host_bits_fault(first, prefix, huge, a);
	return size_fault(first, is_too_large(first, prefix), huge);
}

/* Are there more than 2^24 addresses from first to last?  first <= last. */
static bool
is_large(const struct ip *first, const struct ip *last)
{
	uint64_t distance = 0;

	for (int i = 0; i < bits_of(first) / 8; i++) {
		/* the difference only grows once it is beyond what the bytes to come can take back */
		distance = distance * 256 + last->bytes[i] - first->bytes[i];
		if (distance > 1U << (TARGET_BLOCK_BITS + 2))
			return true;
	}
	return distance >= 1U << TARGET_BLOCK_BITS;
}

/* "192.0.2.1-9": only the last number of the second address. */
static const char *
half_range_fault(const char *rest, const struct ip *first, struct arena *a)
{
	char from[IP_TEXT_MAX], to[IP_TEXT_MAX];
	struct ip last = *first;
	uint64_t n;
	const char *fault = "not a range; expected an address after the hyphen";
	if (first->family != 4 || !number_is(rest, first->bytes[3], 255, &n))
		return fault;
	last.bytes[3] = (uint8_t)n;
	return arena_printf(a, "%s: did you mean %s-%s?", fault, ip_format(first, from),
	    ip_format(&last, to));
}

static const char *
parse_range(const char *hyphen, bool huge, struct arena *a, const struct ip *first, struct ip *last)
{
	if (!ip_parse(hyphen + 1, last))
		return half_range_fault(hyphen + 1, first, a);
	if (first->family != last->family)
		return "not a range; expected two addresses of one family";
	if (ip_compare(first, last) > 0)
		return "not a range; expected the lower address first";
	return size_fault(first, is_large(first, last), huge);
}

const char *
block_parse(const char *word, bool huge, struct arena *a, struct ip *first, struct ip *last)
{
	char left[IP_TEXT_MAX];
	const char *slash = strchr(word, '/');
	const char *hyphen = strchr(word, '-');
	const char *at = slash != NULL ? slash : hyphen;

	*first = *last = (struct ip){ .family = 0 };
	/* a host name may hold hyphens: only an address before one makes a range */
	if (at == NULL || !split(word, at, left) || !ip_parse(left, first))
		return NULL;
	return slash != NULL ? parse_block(slash, huge, a, first, last) :
			       parse_range(hyphen, huge, a, first, last);
}
