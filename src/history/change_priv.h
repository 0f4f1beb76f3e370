/* What the files of changes share. */
#ifndef MAILREADY_HISTORY_CHANGE_PRIV_H
#define MAILREADY_HISTORY_CHANGE_PRIV_H

#include "history/change.h"

/*
 * Does the newest run remind of the finding, which was told before: has a certificate that is not renewed
 * come to one of the last days?  runs: newest first.
 */
bool change_reminds(const struct digest *runs, size_t n, const struct digest_finding *f);

/* Has the finding become another one, rather than gone: does the run say of a certificate that it has expired? */
bool change_goes_on(const struct digest *run, const struct digest_finding *before);

/*
 * How the PTR names have changed with the newest run, in one sentence, in a; NULL: they have not, or there
 * are none now or were none before.  runs: newest first, at most CHANGE_RUNS_MAX.
 */
const char *change_names(const struct digest *runs, size_t n_runs,
    const struct change_policy *policy, struct arena *a);

#endif
