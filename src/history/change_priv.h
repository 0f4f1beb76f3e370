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

#endif
