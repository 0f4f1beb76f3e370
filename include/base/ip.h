/*
 * IP addresses as values: parse, print, compare, the names that DNS uses for them, and the
 * special-use ranges.  Does no I/O.
 */
#ifndef MAILREADY_BASE_IP_H
#define MAILREADY_BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IP_TEXT_MAX = 46,    /* longest text with NUL (INET6_ADDRSTRLEN) */
	IP_REVERSE_MAX = 80, /* longest reverse name with NUL: 64 + "ip6.arpa" */
};

struct ip {
	uint8_t family;    /* 4 or 6; 0 = no address */
	uint8_t bytes[16]; /* network order; 4 or 16 of them are used, the rest is zero */
};

/*
 * Reads dotted-quad IPv4 (four decimal numbers, no leading zeroes) or IPv6 text (RFC 4291 2.2).
 * IPv4-mapped IPv6 (::ffff:a.b.c.d) is returned as the IPv4 address that it stands for, because
 * receivers see and list it as such.  Zone ids (%eth0), masks and blanks are refused.
 */
bool ip_parse(const char *text, struct ip *out);

/* The same for one family, 4 or 6, and as written: an IPv4-mapped address stays IPv6, as in AAAA. */
bool ip_parse_family(const char *text, uint8_t family, struct ip *out);

/* RFC 5952 text. Returns out. */
const char *ip_format(const struct ip *ip, char out[IP_TEXT_MAX]);

/* The IPv4 address that an IPv4-mapped one (::ffff:a.b.c.d) stands for, else the address itself. */
struct ip ip_unmapped(const struct ip *ip);

bool ip_equal(const struct ip *a, const struct ip *b);

/* Total order: IPv4 before IPv6, then numerically.  For sorting. */
int ip_compare(const struct ip *a, const struct ip *b);

/*
 * The reverse name without final dot: 25.113.0.203.in-addr.arpa (RFC 1035 3.5) or 32 nibbles
 * under ip6.arpa (RFC 3596 2.5).  Returns out.
 */
const char *ip_reverse_name(const struct ip *ip, char out[IP_REVERSE_MAX]);

/* The address whose reverse name it is, in internal form; false: of none, as the name of a zone or a host. */
bool ip_from_reverse_name(const char *name, struct ip *out);

/* The same labels without the arpa suffix: what precedes a DNSBL zone (RFC 5782 2.1, 2.4). */
const char *ip_reverse_labels(const struct ip *ip, char out[IP_REVERSE_MAX]);

/*
 * A row of the special-purpose registries (RFC 6890 and its updates).  The kinds are "private"
 * "loopback" "link-local" "cgnat" "documentation" "benchmark" "multicast" "broadcast" "reserved"
 * "unspecified" "protocol" "tunnel" (6to4, Teredo) "translated" "discard", and "global" for the globally
 * reachable exceptions, which ip_special() never returns.
 */
struct ip_range {
	const char *prefix; /* "100.64.0.0/10" */
	const char *name;   /* "Shared Address Space" */
	const char *kind;   /* "cgnat" */
	const char *source; /* "RFC 6598" */
};

/*
 * The narrowest special-use range that holds the address and is not globally reachable, or NULL
 * for an ordinary public address.  Multicast and reserved space count as special.
 */
const struct ip_range *ip_special(const struct ip *ip);

/*
 * An address that means something only inside a machine or a network: of private, shared, loopback,
 * link-local or unspecified space.
 */
bool ip_is_inside(const struct ip *ip);

/*
 * The IPv4 address inside an IPv6 one, when the first bits of it are a prefix of translation
 * (RFC 6052 2.2).  bits: 32, 40, 48, 56, 64 or 96; false for any other, and for IPv4.
 */
bool ip_embedded(const struct ip *ip, int bits, struct ip *out);

/* Of 64:ff9b::/96 or 64:ff9b:1::/48 (RFC 6052, RFC 8215): made from an IPv4 address, for one network. */
bool ip_is_translated(const struct ip *ip);

/* Has the address the well-known prefix 64:ff9b::/96 (RFC 6052 2.1)?  Then *out is the IPv4 address that
 * any translator makes of it. */
bool ip_translated_from(const struct ip *ip, struct ip *out);

/*
 * May a packet go there because a stranger's record says so?  Not to special-use space, and not through a
 * translator (RFC 6052) to it; an address that is translated to a public one may be the only way from here.
 */
bool ip_is_public(const struct ip *ip);

/* The table of ip_special(), for the test that every row is well-formed. */
const struct ip_range *ip_special_table(size_t *n);

#endif
