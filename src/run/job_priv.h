/*
 * One target on its way: a host name's addresses are looked up, then facts are gathered for every
 * address.  Judging and rendering are the run's.
 */
#ifndef MAILREADY_RUN_JOB_PRIV_H
#define MAILREADY_RUN_JOB_PRIV_H

#include "gather/check.h"
#include "run/run.h"
#include "run/source_priv.h"

struct dns_stub;
struct gather;
struct list_cache;
struct pace;
struct shared;
struct job;
struct loop;

/* The most addresses of one host name that are looked at. */
enum { JOB_ITEMS_MAX = 32 };

/* One address of the job, with all that belongs to it. */
struct item {
	struct job *job;
	struct gather *gather; /* NULL: not begun, or done */
	struct facts facts;
	struct target target;
	uint64_t time_us; /* from the start of gathering to its last fact */
};

/* Jobs that are done with, whose memory the next ones take. */
struct job_pool {
	struct job *idle;
};

void job_pool_free(struct job_pool *pool);

/* What the jobs of a run share. */
struct job_context {
	const struct run_options *options;
	struct loop *loop;
	struct dns_stub *stub;
	const struct policy *policy; /* complete */
	uint64_t turn_us;  /* what a target's questions may wait for their turn, besides its time */
	struct pace *pace; /* of lists with a rate; NULL */
	struct shared *shared;    /* what the targets have in common */
	struct list_cache *cache; /* budgets of lists are taken from it; NULL */
	struct job_pool *pool;
	void (*done)(void *arg, struct job *job); /* called from the loop, once for each job */
	void *arg;
};

struct job {
	struct job *prev, *next; /* the run's: on the way, in the order of the input */
	struct job *next_done;   /* the run's: done, in the order of completion */
	uint64_t number;         /* of the target in this run's input */
	const struct job_context *context;
	struct arena arena;        /* all of its items', too */
	struct target_names names; /* lists of them are borrowed */
	int line;
	struct item *items;
	size_t n_items, n_done;
	struct dns_answer *a,
	    *aaaa;          /* of the host name; NULL until they are here or when not asked */
	unsigned resolving; /* answers still to come */
	uint64_t start_us;
};

/* done is never called from within this call. */
struct job *job_start(const struct job_context *context, const struct source_target *target);
bool job_is_done(const struct job *job);
/* One that is still on the way ends without a word; what gather_cancel() says applies. */
void job_free(struct job *job);

/*
 * Which addresses of a host name the job has no items for, as a sentence for the user; NULL when
 * none is missing.  *told: the input is wrong (no such name, no address of a family that is looked
 * at); false: it could not be found out, or there were too many.
 */
const char *job_failure(struct job *job, bool *told);

#endif
