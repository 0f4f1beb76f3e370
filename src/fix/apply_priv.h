/* One call that may be made again. */
#ifndef MAILREADY_FIX_APPLY_PRIV_H
#define MAILREADY_FIX_APPLY_PRIV_H

#include "fix/apply.h"

struct attempt {
	int n;              /* that failed */
	uint64_t pace_us;   /* 0: none has */
	uint64_t unseen_us; /* since when the API does not see the forward record; 0 */
};

/* Forgets what the session has learned from an earlier call. */
void attempt_begin(const struct apply *ap);

/* After a failure: waits and says true when it is worth another try and there is time for it. */
bool attempt_again(const struct apply *ap, struct attempt *t, enum err_code code);

#endif
