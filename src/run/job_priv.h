/*
 * One target on its way: the addresses that a name means are looked up, then facts are gathered for every
 * address.  Judging and rendering are the run's.
 */
#ifndef MAILREADY_RUN_JOB_PRIV_H
#define MAILREADY_RUN_JOB_PRIV_H

#include "gather/check.h"
#include "run/resolve_priv.h"
#include "run/run.h"
#include "run/source_priv.h"

struct dns_stub;
struct gather;
struct list_cache;
struct pace;
struct shared;
struct job;
struct loop;

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
	struct resolve *resolve; /* of a name; NULL: the target is an address */
	struct item *seen;       /* its names, checked for what the world sees; NULL */
	const char *wrong;       /* it is not a target: why; else NULL */
	bool resolving;
	uint64_t start_us;
	uint64_t begun_us; /* before its names were looked up */
	bool kept;         /* done, but perhaps to be asked again */
	unsigned rounds;   /* it was asked again */
};

/* done is never called from within this call. */
struct job *job_start(const struct job_context *context, const struct source_target *target);
/* As if it had not been asked before. */
void job_again(struct job *job);
bool job_is_done(const struct job *job);
/* One that is still on the way ends without a word; what gather_cancel() says applies. */
void job_free(struct job *job);

#endif
