/* A PTR record that is repaired at its zone's servers, while caches still give the old answer. */
#ifndef MAILREADY_CHECKS_REPAIRED_PRIV_H
#define MAILREADY_CHECKS_REPAIRED_PRIV_H

#include "checks/finding.h"
#include "views/understanding.h"

/* Was something wrong that the zone's servers now have right: one name, confirmed and not generic? */
bool repaired_is(struct understanding *k);

/* When caches have expired: "14:20 UTC", with the day when that is another than today's. */
const char *repaired_when(struct understanding *k);

/*
 * Of a repaired record, findings from the index first on say that and until when caches keep the old
 * answer.  They stay as bad as they are for receivers now, but whatever else is bad leads.
 */
void repaired_mark(struct understanding *k, struct findings *out, size_t first);

#endif
