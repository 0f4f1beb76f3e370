/* The test of a cause: what it takes, what came of it. */
#ifndef MAILREADY_EXPLAIN_RETEST_PRIV_H
#define MAILREADY_EXPLAIN_RETEST_PRIV_H

#include "explain/explain_priv.h"
#include "gather/check.h"
#include "report/model.h"

/* One cause at one address, however many replies say it. */
struct retest {
	const struct explanation
	    *of; /* the first of them; all have the same checks, list and address */
	enum explain_now now;
	const char *why;
	int64_t
	    cached_s; /* how long caches may hold the old answer, when it is repaired; -1: not known */
	const struct explain_finding *findings;
	size_t n_findings;
	const char *remedy; /* "": that of the row */
	/* of a list: the catalogue's */
	bool list_known, list_dead;
};

/* Is the id among the words of a row? */
bool retest_names(const char *words, const char *id);

/* The same of a check; "authority" is what check ptr asks, too. */
bool retest_needs(const char *words, const struct check *c);

/* Is there something to look at, and an address to look at it for? */
bool retest_can(const struct explain_options *o, const struct explanation *e);

/* So long after the refusal, or as the provider wants it; never in the past. */
int64_t retest_retry_after(const struct explanation *e, int64_t seconds, int64_t now_s);

/* Fills what the report of its address says of it; strings live in a. */
void retest_judge(struct retest *t, const struct report *rep, struct arena *a);

#endif
