/* The results of one scheduled run. */
#ifndef MAILREADY_WATCH_WATCH_PRIV_H
#define MAILREADY_WATCH_WATCH_PRIV_H

#include "watch/watch.h"

struct seen {
	struct digest now;
	struct changes changes;
	bool compared; /* changes are there */
};

struct watching {
	const struct watch_options *options;
	struct arena *arena;
	FILE *errors;
	struct target_spec *specs; /* of the configuration's servers, in their order */
	struct seen *seen;
	size_t n, cap;
	bool stored;
	size_t n_sent, n_queued; /* messages */
};

/* The changes, for people. */
void watch_print(const struct watching *w);

#endif
