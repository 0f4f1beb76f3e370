/* What the check of SPF can find, and the words that it is said in. */
#ifndef MAILREADY_CHECKS_SPF_PRIV_H
#define MAILREADY_CHECKS_SPF_PRIV_H

#include "checks/finding.h"
#include "views/spf.h"
#include "views/understanding.h"

enum spf_rule {
	SPF_RULE_ALL_PASS,
	SPF_RULE_BY_NAME,
	SPF_RULE_FAIL,
	SPF_RULE_GOOD,
	SPF_RULE_HELO,
	SPF_RULE_HELO_NONE,
	SPF_RULE_HELO_UNDECIDED,
	SPF_RULE_HUGE,
	SPF_RULE_INVALID,
	SPF_RULE_LONG,
	SPF_RULE_LOOKUPS,
	SPF_RULE_MISSING,
	SPF_RULE_NEUTRAL,
	SPF_RULE_NO_SENDER,
	SPF_RULE_PTR,
	SPF_RULE_SOFTFAIL,
	SPF_RULE_UNDECIDED,
	SPF_RULE_VOIDS,
	SPF_RULES
};
extern const struct rule spf_rules[SPF_RULES];

/* The evaluation as lines: each record that was read, and each of its terms with what came of it. */
const char *spf_story(const struct spf_check *c, struct arena *a);

/* What to do so that the target's address passes. */
const char *spf_remedy(const struct target *t, const struct spf_check *c, struct arena *a);

/* What is to be said of the records themselves, whatever the result is. */
void spf_remark(const struct target *t, const struct spf_check *c, const struct facts *f,
    struct findings *out);

#endif
