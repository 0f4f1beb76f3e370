/*
 * Resource records where they stand in a message (RFC 1035 4.1.3), and what they say.  Read by hand:
 * ldns takes some twenty allocations for an answer, which was a third of what a bulk run computed.
 */
#ifndef MAILREADY_DNS_RECORD_PRIV_H
#define MAILREADY_DNS_RECORD_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/name.h"
#include "dns/answer.h"

struct arena;

struct rr {
	const uint8_t *msg; /* borrowed */
	size_t owner, data; /* where they begin in it */
	size_t data_len;    /* the data ends within the message */
	uint32_t ttl_s;
	uint16_t type, class;
	size_t *steps_left; /* of the message's names; NULL: each has its own */
};

/* Big-endian, as on the wire. */
uint16_t wire_get16(const uint8_t *p);

/* The record at *at, which then points after it.  False when the message ends before the record
 * does; names are only skipped. */
bool rr_read(const uint8_t *msg, size_t len, size_t *at, struct rr *out);

/* The owner's name; false when it is not a name. */
bool rr_owner(const struct rr *rr, char out[NAME_TEXT_MAX]);

/* How long the zone lets its negative answers be kept (RFC 2308 5), of a SOA record that was read. */
uint32_t rr_negative_ttl_s(const struct rr *rr);

/* Everything but the owner, allocated in a.  False when the data is not what the type says. */
bool record_read(const struct rr *rr, struct arena *a, struct dns_record *out);

#endif
