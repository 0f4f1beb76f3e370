/*
 * The jobs of a run: how many are on the way at a time, and what becomes of them when they are
 * done.  Reports leave in the order of the input or in that of completion.
 */
#ifndef MAILREADY_RUN_FLOW_PRIV_H
#define MAILREADY_RUN_FLOW_PRIV_H

#include "run/job_priv.h"
#include "run/resume_priv.h"
#include "run/run_priv.h"
#include "run/wait_priv.h"

struct flow {
	struct session *session;
	struct source source;
	struct resume *resume; /* NULL: the run cannot be resumed */
	struct job_context context;
	struct job_pool pool;
	struct loop_defer *defer; /* report what is done, start what is next */
	struct wait wait;
	struct loop_watch *input; /* of a source that has to be waited for; NULL */
	bool input_waits;
	struct job *head, *tail; /* on the way or not reported yet, in the order of the input */
	struct job *done_head, **done_tail; /* done, not reported yet */
	size_t n_jobs;
	size_t n_waiting, bytes_waiting; /* of these, done and waiting for their turn */
	size_t bytes_each;               /* of a job's facts, from those that are done */
	size_t questions_each;
	FILE *dump;      /* facts; NULL */
	uint64_t n_done; /* targets, with those of the runs before */
	bool stopped;    /* no new jobs */
	bool ended;      /* nor any left in the input */
};

/* Makes itself ready to be run by the loop; the members above defer are the caller's. */
void flow_begin(struct flow *f);

/* Jobs that are still on the way end without a word. */
void flow_end(struct flow *f);

/* Reports what is done, whatever its turn, and writes it. */
void flow_finish(struct flow *f);

#endif
