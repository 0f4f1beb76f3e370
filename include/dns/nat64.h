/*
 * Translation of IPv4 addresses into IPv6 ones by this network (NAT64, RFC 6146), with a prefix of its own: the
 * network's resolver shows it in the AAAA records of a well-known name (RFC 7050).  Does no I/O.
 */
#ifndef MAILREADY_DNS_NAT64_H
#define MAILREADY_DNS_NAT64_H

#include <stdbool.h>

#include "base/ip.h"
#include "dns/answer.h"

/* The name whose AAAA records show the prefix; where nothing translates, it has A records alone. */
extern const char nat64_discovery[];

/* How many bits a prefix can have (RFC 6052 2.2). */
enum { NAT64_LENGTHS = 6 };
extern const int nat64_lengths[NAT64_LENGTHS];

/*
 * Are the first bits of the address a prefix of this network?  learned: the answer about nat64_discovery, or
 * what is known of it; what another resolver overruled in it is this network's word.
 */
bool nat64_is_prefix(const struct dns_answer *learned, const struct ip *ip, int bits);

/* Does this network make the address from an IPv4 one?  Then *from is that. */
bool nat64_translated_from(const struct dns_answer *learned, const struct ip *ip, struct ip *from);

/* Where packets to an address go. */
enum nat64_way {
	NAT64_OPEN,    /* to the internet */
	NAT64_INSIDE,  /* to special-use space (ip_is_public()), itself or through a translator */
	NAT64_UNKNOWN, /* the prefix must be known first, and is not */
};

/* learned: as above; only of an IPv6 address it matters. */
enum nat64_way nat64_way(const struct dns_answer *learned, const struct ip *ip);

#endif
