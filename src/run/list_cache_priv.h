/*
 * What is kept between runs: which lists had right test entries lately, and how many questions
 * were asked today of lists with a budget.  The file is locked while it is read and replaced as a
 * whole; what cannot be read is said and forgotten, for nothing in it is worth failing for.
 */
#ifndef MAILREADY_RUN_LIST_CACHE_PRIV_H
#define MAILREADY_RUN_LIST_CACHE_PRIV_H

#include <jansson.h>
#include <sys/stat.h>

#include "dns/stub.h"
#include "run/run.h"
#include "views/views.h"

enum { LIST_CACHE_HOURS = 6, LIST_CACHE_CANARIES = 3 };

struct list_cache {
	const char *path; /* NULL: nothing is kept */
	bool named;       /* by the user, who wants to hear when it cannot be written */
	FILE *errors;
	struct arena *arena;
	int64_t now_s;
	const char *resolver; /* who was asked: what is true through one is not through another */
	struct catalogue *lists; /* of the run; exhausted is set in it */
	unsigned *left;          /* questions that are reserved and not used up, for each list */
	json_t *root;            /* the file as it was read or written last; NULL: not yet */
	struct stat stamp;       /* of that file: another one is there when somebody else wrote */
	unsigned more_domains;   /* the most that a target has beside its own */
	size_t n_taken;          /* targets so far */
	const char **good;       /* zones that this run found healthy */
	size_t n_good, cap_good;
};

void list_cache_open(struct list_cache *c, const struct run_options *o,
    const struct dns_stub_config *config, struct catalogue *lists, int64_t now_s, struct arena *a);

/*
 * The zones that need no test in this run, sorted.  Never those of high impact, nor the first
 * LIST_CACHE_CANARIES of the run: through them a resolver shows that it has begun to filter.
 */
const char *const *list_cache_tested(struct list_cache *c, size_t *n);

/* A target will be asked about: takes as many questions as that can need from the budgets, and
 * marks lists whose budget is used up.  What is reserved is written before it is used, so that a
 * run that is killed has not asked more than the file says. */
void list_cache_take(struct list_cache *c);

/* The target's facts are there: what it did not ask is to be had again. */
void list_cache_settle(struct list_cache *c, const struct facts *f);

/* Remembers the lists that showed themselves healthy: for the rest of the run, and for other runs
 * where anything is kept. */
void list_cache_note(struct list_cache *c, const struct list_view *views, size_t n);

/* These n zones and those that were noted so far: what needs no test in the rest of the run. */
const char *const *list_cache_known(const struct list_cache *c, const char *const *tested,
    size_t *n);

/* Writes what was noted, and gives back what was reserved and not used. */
void list_cache_close(struct list_cache *c);

/* ---- list_cache_file.c ---- */

/* -1 when it cannot be had; nothing is kept then. */
int list_cache_lock(struct list_cache *c);

/* Under the lock: what the file holds; read anew only when another run has written it in the
 * meantime.  Never NULL; c's own. */
json_t *list_cache_load(struct list_cache *c);

/* Writes what was loaded and changed. */
void list_cache_store(struct list_cache *c);

#endif
