/*
 * What came of a run, in little: counts by verdict, counts by finding, and the worst addresses.
 * Bounded, however many targets; the same for every order of theirs.
 */
#ifndef MAILREADY_RUN_SUMMARY_PRIV_H
#define MAILREADY_RUN_SUMMARY_PRIV_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/map.h"
#include "checks/finding.h"

enum {
	SUMMARY_WORST = 10,
	SUMMARY_RULES_MAX = 1000,
	SUMMARY_REASON_MAX = 160,
	SUMMARY_NAME_MAX = 64
};

struct summary_rule {
	const char *id;
	size_t n[VERDICT_FAIL + 1];
};

/* One target's report, as far as a summary needs it. */
struct summary_target {
	struct ip ip;
	char name[SUMMARY_NAME_MAX]; /* the address; what has none, as it was given, cut */
	enum verdict verdict;
	unsigned weight; /* of what is bad: higher is worse */
	char reason[SUMMARY_REASON_MAX];
};

struct summary {
	size_t n[VERDICT_FAIL + 1];
	struct map index;
	struct summary_rule **rules;
	size_t n_rules, cap_rules;
	struct summary_target worst[SUMMARY_WORST]; /* worst first */
	size_t n_worst;
	struct arena arena;
};

void summary_init(struct summary *s);
void summary_fini(struct summary *s);

/* One finding of the target; adds to its weight. */
void summary_finding(struct summary *s, struct summary_target *t, const char *rule,
    enum verdict verdict, enum severity severity);

/* The target's verdict, after its findings. */
void summary_target(struct summary *s, struct summary_target *t, const struct ip *ip,
    const char *name, enum verdict verdict, const char *reason);

/* For people, on several lines. */
void summary_print(const struct summary *s, FILE *out);

#endif
