/*
 * What targets of a run have in common is asked once: test entries of lists, servers of zones, names
 * that many addresses share.  Answers are kept as long as they may be (RFC 1035 3.2.1, RFC 2308 5),
 * at most some minutes; a second asker waits for the answer that is on its way, unless it has less
 * time: then it asks, and those after it wait with it.  Failures and silence are handed to those who
 * wait, and never kept.  Memory is bounded: what was not wanted for long is forgotten.
 */
#ifndef MAILREADY_GATHER_SHARED_H
#define MAILREADY_GATHER_SHARED_H

#include <stddef.h>
#include <stdint.h>

#include "dns/stub.h"
#include "gather/facts.h"

struct shared;

enum { SHARED_ENTRIES = 2048, SHARED_BYTES = 1 << 20 }; /* of each of two generations */

struct shared *shared_new(struct dns_stub *stub);

/* Those who wait are not called.  What is on the way would come back to it: before the loop runs
 * again, the stub has to be freed as well. */
void shared_free(struct shared *s); /* NULL is accepted */

/* The answer to the fact's question, valid until the next call, its TTLs those of now; or NULL. */
const struct dns_answer *shared_get(struct shared *s, const struct fact *fact, uint64_t now_us);

/* Like dns_stub_ask(); the fact must live until done is called. */
void shared_ask(struct shared *s, const struct fact *fact, uint64_t deadline_us, dns_done_fn *done,
    void *arg);

#endif
