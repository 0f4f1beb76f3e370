/* IP addresses: text, reverse names, and the ranges with a special use. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL_KIND "global"
#define TRANSLATED_KIND "translated"

enum { REVERSE6_LEN = 72 }; /* 32 nibbles, each with its dot, and "ip6.arpa" */

/*
 * The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190) with multicast
 * and what IPv6 has not opened.  Rows of kind "global" are the globally reachable exceptions.
 */
static const struct ip_range ranges[] = {
	{ "0.0.0.0/8", "This network", "unspecified", "RFC 791" },
	{ "0.0.0.0/32", "This host on this network", "unspecified", "RFC 1122" },
	{ "10.0.0.0/8", "Private-Use", "private", "RFC 1918" },
	{ "100.64.0.0/10", "Shared Address Space", "cgnat", "RFC 6598" },
	{ "127.0.0.0/8", "Loopback", "loopback", "RFC 1122" },
	{ "169.254.0.0/16", "Link-Local", "link-local", "RFC 3927" },
	{ "172.16.0.0/12", "Private-Use", "private", "RFC 1918" },
	{ "192.0.0.0/24", "IETF Protocol Assignments", "protocol", "RFC 6890" },
	{ "192.0.0.0/29", "IPv4 Service Continuity Prefix", "protocol", "RFC 7335" },
	{ "192.0.0.8/32", "IPv4 Dummy Address", "protocol", "RFC 7600" },
	{ "192.0.0.9/32", "Port Control Protocol Anycast", GLOBAL_KIND, "RFC 7723" },
	{ "192.0.0.10/32", "TURN Anycast", GLOBAL_KIND, "RFC 8155" },
	{ "192.0.0.170/31", "NAT64/DNS64 Discovery", "protocol", "RFC 7050" },
	{ "192.0.2.0/24", "Documentation (TEST-NET-1)", "documentation", "RFC 5737" },
	{ "192.31.196.0/24", "AS112-v4", GLOBAL_KIND, "RFC 7535" },
	{ "192.52.193.0/24", "AMT", GLOBAL_KIND, "RFC 7450" },
	{ "192.88.99.0/24", "Deprecated 6to4 Relay Anycast", "tunnel", "RFC 7526" },
	{ "192.88.99.2/32", "6a44 Relay Anycast", "tunnel", "RFC 6751" },
	{ "192.168.0.0/16", "Private-Use", "private", "RFC 1918" },
	{ "192.175.48.0/24", "Direct Delegation AS112 Service", GLOBAL_KIND, "RFC 7534" },
	{ "198.18.0.0/15", "Benchmarking", "benchmark", "RFC 2544" },
	{ "198.51.100.0/24", "Documentation (TEST-NET-2)", "documentation", "RFC 5737" },
	{ "203.0.113.0/24", "Documentation (TEST-NET-3)", "documentation", "RFC 5737" },
	{ "224.0.0.0/4", "Multicast", "multicast", "RFC 5771" },
	{ "233.252.0.0/24", "Documentation (MCAST-TEST-NET)", "documentation", "RFC 6676" },
	{ "240.0.0.0/4", "Reserved for future use", "reserved", "RFC 1112" },
	{ "255.255.255.255/32", "Limited Broadcast", "broadcast", "RFC 919" },

	{ "::/0", "Outside the global unicast space", "reserved", "RFC 4291" },
	{ "2000::/3", "Global Unicast", GLOBAL_KIND, "RFC 4291" },
	{ "::/128", "Unspecified Address", "unspecified", "RFC 4291" },
	{ "::1/128", "Loopback Address", "loopback", "RFC 4291" },
	{ "::ffff:0:0/96", "IPv4-mapped Address", "reserved", "RFC 4291" },
	{ "64:ff9b::/96", "IPv4-IPv6 Translation", TRANSLATED_KIND, "RFC 6052" },
	{ "64:ff9b:1::/48", "Local-Use IPv4-IPv6 Translation", TRANSLATED_KIND, "RFC 8215" },
	{ "100::/64", "Discard-Only Address Block", "discard", "RFC 6666" },
	{ "100:0:0:1::/64", "Dummy IPv6 Prefix", "discard", "RFC 9780" },
	{ "2001::/23", "IETF Protocol Assignments", "protocol", "RFC 2928" },
	{ "2001::/32", "Teredo", "tunnel", "RFC 4380" },
	{ "2001:1::1/128", "Port Control Protocol Anycast", GLOBAL_KIND, "RFC 7723" },
	{ "2001:1::2/128", "TURN Anycast", GLOBAL_KIND, "RFC 8155" },
	{ "2001:1::3/128", "DNS-SD SRP Anycast", GLOBAL_KIND, "RFC 9665" },
	{ "2001:2::/48", "Benchmarking", "benchmark", "RFC 5180" },
	{ "2001:3::/32", "AMT", GLOBAL_KIND, "RFC 7450" },
	{ "2001:4:112::/48", "AS112-v6", GLOBAL_KIND, "RFC 7535" },
	{ "2001:10::/28", "Deprecated ORCHID", "protocol", "RFC 4843" },
	{ "2001:20::/28", "ORCHIDv2", GLOBAL_KIND, "RFC 7343" },
	{ "2001:30::/28", "Drone Remote ID", GLOBAL_KIND, "RFC 9374" },
	{ "2001:db8::/32", "Documentation", "documentation", "RFC 3849" },
	{ "2002::/16", "6to4", "tunnel", "RFC 3056" },
	{ "2620:4f:8000::/48", "Direct Delegation AS112 Service", GLOBAL_KIND, "RFC 7534" },
	{ "3fff::/20", "Documentation", "documentation", "RFC 9637" },
	{ "5f00::/16", "Segment Routing (SRv6) SIDs", "protocol", "RFC 9602" },
	{ "fc00::/7", "Unique-Local", "private", "RFC 4193" },
	{ "fe80::/10", "Link-Local Unicast", "link-local", "RFC 4291" },
	{ "fec0::/10", "Deprecated Site-Local", "private", "RFC 3879" },
	{ "ff00::/8", "Multicast", "multicast", "RFC 4291" },
};
enum { RANGES = sizeof ranges / sizeof ranges[0] };

/* Bytes in use. */
static size_t
ip_len(const struct ip *ip)
{
	return ip->family == 6 ? 16 : 4;
}

/* As written: IPv4-mapped IPv6 stays IPv6. */
static bool
parse_as_is(const char *text, struct ip *out)
{
	*out = (struct ip){ 0 };
	if (inet_pton(AF_INET, text, out->bytes) == 1)
		out->family = 4;
	else if (inet_pton(AF_INET6, text, out->bytes) == 1)
		out->family = 6;
	else
		*out = (struct ip){ 0 };
	return out->family != 0;
}

struct ip
ip_unmapped(const struct ip *ip)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct ip v4 = { .family = 4 };

	if (ip->family != 6 || memcmp(ip->bytes, mapped, sizeof mapped) != 0)
		return *ip;
	memcpy(v4.bytes, ip->bytes + sizeof mapped, 4);
	return v4;
}

bool
ip_parse(const char *text, struct ip *out)
{
	if (!parse_as_is(text, out))
		return false;
	*out = ip_unmapped(out);
	return true;
}

bool
ip_parse_family(const char *text, uint8_t family, struct ip *out)
{
	return parse_as_is(text, out) && out->family == family;
}

bool
ip_equal(const struct ip *a, const struct ip *b)
{
	return ip_compare(a, b) == 0;
}

int
ip_compare(const struct ip *a, const struct ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static char *
add_decimal(char *p, unsigned v)
{
	if (v >= 100)
		*p++ = (char)('0' + v / 100);
	if (v >= 10)
		*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

static char *
add_nibbles(char *p, unsigned v)
{
	static const char hex[] = "0123456789abcdef";

	*p++ = hex[v & 0xf];
	*p++ = '.';
	*p++ = hex[v >> 4];
	return p;
}

/* IPv4 by hand: inet_ntop() prints it as printf would, and bulk runs write millions. */
const char *
ip_format(const struct ip *ip, char out[IP_TEXT_MAX])
{
	char *p = out;
	for (size_t i = 0; ip->family == 4 && i < 4; i++) {
		if (i > 0)
			*p++ = '.';
		p = add_decimal(p, ip->bytes[i]);
	}
	*p = '\0';
	if (ip->family == 6 && inet_ntop(AF_INET6, ip->bytes, out, IP_TEXT_MAX) == NULL)
		out[0] = '\0';
	return out;
}

/* By hand, because every fact about an address is found by a name that begins like this. */
const char *
ip_reverse_labels(const struct ip *ip, char out[IP_REVERSE_MAX])
{
	char *p = out;
	for (size_t i = ip->family == 0 ? 0 : ip_len(ip); i-- > 0;) {
		p = ip->family == 4 ? add_decimal(p, ip->bytes[i]) : add_nibbles(p, ip->bytes[i]);
		if (i > 0)
			*p++ = '.';
	}
	*p = '\0';
	return out;
}

const char *
ip_reverse_name(const struct ip *ip, char out[IP_REVERSE_MAX])
{
	static const char arpa4[] = ".in-addr.arpa", arpa6[] = ".ip6.arpa";

	ip_reverse_labels(ip, out);
	if (ip->family == 0)
		return out;
	memcpy(out + strlen(out), ip->family == 4 ? arpa4 : arpa6,
	    ip->family == 4 ? sizeof arpa4 : sizeof arpa6);
	return out;
}

static uint8_t
nibble(char c)
{
	return (uint8_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

/* What the name would mean if it were one; it is one when that is written like it. */
bool
ip_from_reverse_name(const char *name, struct ip *out)
{
	char back[IP_REVERSE_MAX];
	*out = (struct ip){ .family = strlen(name) == REVERSE6_LEN ? 6 : 4 };
	uint8_t *b = out->bytes;
	if (out->family == 4 &&
	    sscanf(name, "%3hhu.%3hhu.%3hhu.%3hhu", &b[3], &b[2], &b[1], &b[0]) != 4)
		return false;
	for (size_t i = 0; out->family == 6 && i < sizeof out->bytes; i++)
		b[15 - i] = (uint8_t)(nibble(name[4 * i]) | nibble(name[4 * i + 2]) << 4);
	return strcmp(ip_reverse_name(out, back), name) == 0;
}

struct prefix {
	struct ip base;
	int bits;
};

static struct prefix
read_prefix(const char *text)
{
	char base[IP_TEXT_MAX];
	struct prefix p = { .bits = 0 };
	size_t len = strcspn(text, "/");
	memcpy(base, text, len);
	base[len] = '\0';
	if (parse_as_is(base, &p.base))
		p.bits = (int)strtol(text + len + 1, NULL, 10);
	return p;
}

/* Those of the table, row by row: read once, because every address is looked up here. */
static const struct prefix *
table_prefixes(void)
{
	static struct prefix read[RANGES];
	for (size_t i = 0; i < RANGES && read[i].base.family == 0; i++)
		read[i] = read_prefix(ranges[i].prefix);
	return read;
}

static bool
prefix_holds(const struct prefix *p, const struct ip *ip)
{
	/* each answer is looked at: most ranges begin otherwise */
	if (p->base.family != ip->family || (p->bits >= 8 && p->base.bytes[0] != ip->bytes[0]))
		return false;
	size_t whole = (size_t)p->bits / 8;
	if (memcmp(p->base.bytes, ip->bytes, whole) != 0)
		return false;
	if (whole == ip_len(ip)) /* no byte is left for the remaining bits */
		return true;
	int differ = p->base.bytes[whole] ^ ip->bytes[whole];
	return differ >> (8 - p->bits % 8) == 0;
}

const struct ip_range *
ip_special(const struct ip *ip)
{
	/* the longest prefix wins, so that the order of the rows does not matter */
	const struct ip_range *narrowest = NULL;
	const struct prefix *prefixes = table_prefixes();
	int most = -1;
	for (size_t i = 0; i < RANGES; i++) {
		if (prefixes[i].bits > most && prefix_holds(&prefixes[i], ip)) {
			most = prefixes[i].bits;
			narrowest = &ranges[i];
		}
	}
	if (narrowest == NULL || strcmp(narrowest->kind, GLOBAL_KIND) == 0)
		return NULL;
	return narrowest;
}

static bool
is_of_kind(const struct ip *ip, const char *const *kinds, size_t n)
{
	const struct ip_range *range = ip_special(ip);
	for (size_t i = 0; range != NULL && i < n; i++)
		if (strcmp(range->kind, kinds[i]) == 0)
			return true;
	return false;
}

bool
ip_is_inside(const struct ip *ip)
{
	static const char *const kinds[] = { "private", "cgnat", "loopback", "link-local",
		"unspecified" };
	/* how such addresses begin: each answer is looked at, and most are none of them */
	static const uint8_t first4[] = { 0, 10, 100, 127, 169, 172, 192 },
			     first6[] = { 0, 0xfc, 0xfd, 0xfe };
	const uint8_t *first = ip->family == 4 ? first4 : first6;
	if (memchr(first, ip->bytes[0], ip->family == 4 ? sizeof first4 : sizeof first6) == NULL)
		return false;
	return is_of_kind(ip, kinds, sizeof kinds / sizeof kinds[0]);
}

bool
ip_is_translated(const struct ip *ip)
{
	static const char *const kind = TRANSLATED_KIND;
	static const uint8_t first[] = { 0x00, 0x64, 0xff,
		0x9b }; /* of both: most begin otherwise */
	return ip->family == 6 && memcmp(ip->bytes, first, sizeof first) == 0 &&
	    is_of_kind(ip, &kind, 1);
}

bool
ip_translated_from(const struct ip *ip, struct ip *out)
{
	enum { WELL_KNOWN_BITS = 96 };
	static const struct ip well_known = { 6, { 0x00, 0x64, 0xff, 0x9b } };
	return ip->family == 6 && memcmp(ip->bytes, well_known.bytes, WELL_KNOWN_BITS / 8) == 0 &&
	    ip_embedded(ip, WELL_KNOWN_BITS, out);
}

bool
ip_embedded(const struct ip *ip, int bits, struct ip *out)
{
	/* the ninth byte is left out: it is zero in every such address */
	enum { LEFT_OUT = 8, PREFIX_MAX = 96 };
	if (ip->family != 6 || bits < 32 || (bits > 64 && bits != PREFIX_MAX) || bits % 8 != 0)
		return false;
	*out = (struct ip){ .family = 4 };
	size_t at = (size_t)bits / 8;
	for (size_t i = 0; i < 4; i++, at++) {
		at += at == LEFT_OUT;
		out->bytes[i] = ip->bytes[at];
	}
	return true;
}

bool
ip_is_public(const struct ip *ip)
{
	struct ip inner;
	return ip_special(ip) == NULL ||
	    (ip_translated_from(ip, &inner) && ip_special(&inner) == NULL);
}

const struct ip_range *
ip_special_table(size_t *n)
{
	*n = RANGES;
	return ranges;
}
