/*
 * Dynamic update messages (RFC 2136): one record set replaced by another, if it still is what it
 * was.  Pure; who sends them and whether they had an effect is the caller's business.
 */
#ifndef MAILREADY_DNS_UPDATE_H
#define MAILREADY_DNS_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct buf;

/* Records of one owner and type: PTR with names, or A and AAAA with ips. */
struct dns_rrset {
	uint32_t ttl_s;
	const char *const *names; /* internal form */
	const struct ip *ips;
	size_t n; /* 0: there is no such set */
};

struct dns_update {
	const char *zone;
	const char *owner; /* at or below the zone */
	uint16_t type;
	struct dns_rrset
	    old; /* what must be there still (RFC 2136 2.4.2, 2.4.3); TTL is not compared */
	struct dns_rrset new; /* what shall be there */
	uint16_t id;
};

/* Appends the message without signature; false when a name does not fit RFC 1035. */
bool dns_update_build(const struct dns_update *u, struct buf *out);

/*
 * A question in the shape of an update: does the zone hold records of that owner and type itself?  The
 * prerequisite is that it does (RFC 2136 2.4.1), and nothing is changed: NOERROR is yes, NXRRSET no.
 * The only question that a wildcard (RFC 4592) or a server that makes answers up does not answer.
 * old and new of the update mean nothing.  False as above.
 */
bool dns_update_build_question(const struct dns_update *u, struct buf *out);

/* The rcode of a reply to the update with that id; -1 when the bytes are no reply to it. */
int dns_update_rcode(const uint8_t *message, size_t len, uint16_t id);

#endif
