/*
 * A ceiling on questions a second, retransmissions included: they leave evenly, and what could not
 * leave in time is made up for only a little.  Pure: the caller says what time it is.
 */
#ifndef MAILREADY_DNS_RATE_PRIV_H
#define MAILREADY_DNS_RATE_PRIV_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
	uint64_t interval_ns; /* 0: no ceiling */
	uint64_t next_ns;     /* when the next question has its turn */
};

/* At most qps questions in any second; 0: no ceiling. */
void rate_init(struct rate *r, unsigned qps);

/* Is there a ceiling? */
bool rate_limits(const struct rate *r);

bool rate_allows(const struct rate *r, uint64_t now_us);

/* A question leaves, allowed or not: one that is not takes the turn of a later one. */
void rate_spend(struct rate *r, uint64_t now_us);

/* When the next one is allowed. */
uint64_t rate_due_us(const struct rate *r);

#endif
