/*
 * The fixpoint engine: calls the checks' wants, asks what is new, and calls them again when a
 * followed fact arrives, until nothing is pending or the time is up.  Knows a check only as the
 * struct it is given.
 */
#ifndef MAILREADY_GATHER_ENGINE_H
#define MAILREADY_GATHER_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "gather/check.h"

struct dns_stub;
struct loop;
struct gather;
struct pace;
struct shared;

/* Everything that gathering one target needs; borrowed until done is called. */
struct gather_job {
	const struct target *target;
	const struct check *const *checks;
	size_t n_checks;
	struct facts *facts;
	struct pace *pace; /* of lists (gather/pace.h); NULL */
	struct shared *
	    shared; /* answers of the run's other targets (gather/shared.h); NULL: all is asked anew */
	uint64_t deadline_us; /* on the loop's clock: what is pending then stays pending */
	/* Of an SMTP dialogue whose server is connected; what follows from it has as much time from
	 * its end on as all else had.  0: as deadline_us. */
	uint64_t talk_deadline_us;
	void (*done)(void *arg);
	void *arg;
};

/* Starts gathering; done is called once from the loop, never from within this call.  The result is
 * valid until then. */
struct gather *gather_start(struct loop *loop, struct dns_stub *stub, const struct gather_job *job);

/*
 * Ends it without calling done: SMTP dialogues are cut off, the facts keep what has arrived.  For a
 * run that ends early: the stub and what is shared still know its questions and would answer them, so
 * they have to be freed too before the loop runs again, and the pace must not be used any more.
 */
void gather_cancel(struct gather *g);

#endif
