/* Between the parts of mailready lists: what is shown (lists.c), and the test (lists_test.c). */
#ifndef MAILREADY_RUN_LISTS_PRIV_H
#define MAILREADY_RUN_LISTS_PRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "report/lists.h"
#include "run/run.h"

struct listing {
	const struct run_options *options;
	const struct lists_format *format;
	struct arena arena;
	struct lists_source source;
	struct buf text; /* what is to be written */
};

/* Asks every chosen list for its test entries, and writes what came of it. */
enum err_code lists_test(struct listing *l, size_t *unhealthy, struct err *err) MUST_CHECK;

#endif
