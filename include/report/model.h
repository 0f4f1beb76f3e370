/* One target's result, complete, for any renderer.  Borrowed parts live in the target's arena. */
#ifndef MAILREADY_REPORT_MODEL_H
#define MAILREADY_REPORT_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "checks/finding.h"
#include "gather/check.h"
#include "gather/facts.h"
#include "gather/target.h"
#include "views/understanding.h"

struct report {
	const struct target *target;
	const struct facts *facts;
	struct understanding *known;       /* of target and facts: what formats show of them */
	const struct check *const *checks; /* those that were run, in registry order */
	size_t n_checks;
	const struct findings *findings;
	enum verdict verdict;
	uint64_t time_us; /* from start to the last fact; shown, never judged */
	struct arena *arena;
};

/* The one reason for the verdict, short: the headline of the finding that decides.  Never empty. */
const char *report_reason(const struct report *r);

#endif
