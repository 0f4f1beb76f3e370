/* Blocks and ranges of addresses, from one word. */
#include "gather/block_priv.h"

#include <stdint.h>
#include <string.h>

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

static const char *
parse_block(const char *slash, bool huge, struct ip *first, struct ip *last)
{
	int prefix = prefix_length(slash + 1, bits_of(first));
	bool host_bits = false;

	if (prefix < 0)
		return first->family == 4 ? "not a block; expected a prefix length from /0 to /32" :
					    "not a block; expected a prefix length from /0 to /128";
	*last = *first;
	for (int i = 0; i < bits_of(first) / 8; i++) {
		uint8_t mask = mask_byte(prefix, i);
		host_bits |= (first->bytes[i] & ~mask) != 0;
		last->bytes[i] |= (uint8_t)~mask;
	}
	if (host_bits)
		return "not a block; expected its first address before the slash, with all bits "
		       "after the prefix zero";
	return size_fault(first, bits_of(first) - prefix > TARGET_BLOCK_BITS, huge);
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

static const char *
parse_range(const char *hyphen, bool huge, const struct ip *first, struct ip *last)
{
	if (!ip_parse(hyphen + 1, last))
		return "not a range; expected an address after the hyphen";
	if (first->family != last->family)
		return "not a range; expected two addresses of one family";
	if (ip_compare(first, last) > 0)
		return "not a range; expected the lower address first";
	return size_fault(first, is_large(first, last), huge);
}

const char *
block_parse(const char *word, bool huge, struct ip *first, struct ip *last)
{
	char left[IP_TEXT_MAX];
	const char *slash = strchr(word, '/');
	const char *hyphen = strchr(word, '-');
	const char *at = slash != NULL ? slash : hyphen;

	*first = *last = (struct ip){ .family = 0 };
	/* a host name may hold hyphens: only an address before one makes a range */
	if (at == NULL || !split(word, at, left) || !ip_parse(left, first))
		return NULL;
	return slash != NULL ? parse_block(slash, huge, first, last) :
			       parse_range(hyphen, huge, first, last);
}
