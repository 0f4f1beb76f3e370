/*
 * Who demands what of a server, and whether it is met: big receivers (views/receiver_table.h) and
 * what is known of one target.  Shown, not judged: the checks have said what is wrong.
 */
#ifndef MAILREADY_VIEWS_RECEIVERS_H
#define MAILREADY_VIEWS_RECEIVERS_H

#include "base/verdict.h"
#include "views/receiver_table.h"
#include "views/understanding.h"

/* From the best to the worst: of several rules about one thing the worst counts. */
enum demand_state { DEMAND_NOT_MADE, DEMAND_MET, DEMAND_UNKNOWN, DEMAND_NOT_MET };
extern const struct enumtab demand_state_names; /* "not-demanded" "met" "unknown" "not-met" */

struct demand_answer {
	enum demand_state state;
	const struct receiver_rule *rule; /* that decided; NULL: nothing is demanded */
	bool old; /* the rule was not compared with its source for more than a year */
};

/* Of any sender, and of one above the receiver's threshold. */
struct demand_view {
	struct demand_answer any, bulk;
};

/*
 * Verdicts: fail when a demand is not met, else temperror when one is unknown, else pass.  What
 * cannot be seen from outside (TEST_UNSEEN) does not count.
 */
struct receiver_view {
	const struct receiver *receiver;
	struct demand_view demands[RECEIVER_DEMANDS]; /* by enum receiver_demand */
	enum verdict verdict, bulk_verdict;
};

struct receivers_view {
	bool bulk; /* the sender is a bulk sender: then any is what bulk is */
	struct receiver_view *rows;
	size_t n;
};

/*
 * Is the table to be shown: was it asked for, or is the sender known?  False where the policy has no
 * table.
 */
bool receivers_apply(struct understanding *k);

const struct receivers_view *known_receivers(struct understanding *k);

/* Is a bulk sender answered otherwise than any sender? */
bool demand_differs(const struct demand_view *d);

/* A copy in a; receivers and their rules stay those of the table. */
const struct receivers_view *receivers_copy(const struct receivers_view *from, struct arena *a);

#endif
