/* Special-use addresses (RFC 6890) that the policy does not allow: what is said of them counts
 * less, because no receiver on the internet ever sees them. */
#ifndef MAILREADY_CHECKS_SPECIAL_PRIV_H
#define MAILREADY_CHECKS_SPECIAL_PRIV_H

#include <stdbool.h>

#include "checks/finding.h"
#include "views/understanding.h"

/* Is the target hidden from the internet, and not allowed all the same?  One that a translator made is
 * never allowed: no server has it. */
bool special_is_hidden(const struct target *t);

/* Is it of a range whose reverse zones a private network may keep for itself? */
bool special_has_own_zone(const struct target *t);

/* Findings from the index first on: for a hidden target no worse than a warning of low severity,
 * and without the receivers that would have minded. */
void special_soften(const struct understanding *k, struct findings *out, size_t first);

#endif
