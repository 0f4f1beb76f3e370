/*
 * A resolver that goes away in the middle of a run is waited for.  Jobs that could not ask it meanwhile are
 * kept, and asked again when it is back.
 *
 * It is gone when the network refuses it, or when it has been silent for a while and then does not answer
 * for the root either: dead zones alone, which any resolver is silent about, are no reason to wait.
 */
#ifndef MAILREADY_RUN_WAIT_PRIV_H
#define MAILREADY_RUN_WAIT_PRIV_H

#include "run/job_priv.h"

struct wait {
	const struct job_context *context;
	void (*changed)(void *arg); /* jobs may start again, or are to be asked again */
	void (*finish)(void *arg, struct job *job);
	void *arg;
	struct loop_timer *timer; /* NULL: no resolver is waited for */
	enum { WAIT_THERE, WAIT_GONE, WAIT_GIVEN_UP } state;
	bool asking;
	uint64_t asked_us;         /* since when */
	uint64_t gone_us, back_us; /* when it was first missed, and when it was back, last */
	struct job *kept;          /* until it is known whether it is gone, or while it is */
	struct job *again;         /* to be asked again now */
	size_t n_again;            /* of this outage */
};

/*
 * changed: jobs may start again, or are to be asked again.  finish: a job that was kept is done as it is.
 * Nothing is done where the options leave no time to wait.
 */
void wait_begin(struct wait *w, const struct job_context *context, void (*changed)(void *arg),
    void (*finish)(void *arg, struct job *job), void *arg);
void wait_end(struct wait *w);

/* The job is done.  True: it is kept, for it may be the resolver's fault that it knows nothing. */
bool wait_keeps(struct wait *w, struct job *job);

/* No job is to start now. */
bool wait_holds(const struct wait *w);

/* The next job that is to be asked again; NULL. */
struct job *wait_next(struct wait *w);

#endif
