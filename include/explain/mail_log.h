/*
 * The mail log of this machine, for scheduled runs: what is new in it, explained and looked at, together with
 * the refusals that stand.
 */
#ifndef MAILREADY_EXPLAIN_MAIL_LOG_H
#define MAILREADY_EXPLAIN_MAIL_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "history/mail_log.h"
#include "run/run.h"

struct arena;

struct mail_log_news {
	size_t refused, others; /* new replies; of these, such as tell nothing of a server */
	size_t left_out;        /* refusals that stand, beyond HISTORY_REFUSALS_MAX */
	bool unexplained;       /* now has nothing, and nobody knows what of before still stands */
	const char *remark;     /* what of the log is missing; NULL */
	int interrupted;        /* by this signal; 0 */
};

/*
 * before: as history_log_get() has it; now: what is to be put in its place, in a.  Only refusals of mail that
 * this machine sent count, and only such as a postmaster can do something about: no unknown recipient, no
 * greylisting, nothing that the code book does not know.  One is over when the log has had none of its kind for a day
 * and the checks see it repaired, or for a week when nobody outside can see it; not while what was still there
 * cannot be looked up.  An error of the log itself is in err,
 * and now has what stood before, looked at again; any other error leaves it unexplained.
 */
enum err_code mail_log_read(const struct run_options *run, const struct history_log *before,
    struct arena *a, struct history_log *now, struct mail_log_news *news,
    struct err *err) MUST_CHECK;

#endif
