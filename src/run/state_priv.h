/*
 * The state file of a run that can be resumed, as text:
 *
 *	mailready.state/1
 *	about KEY VALUE                what the run is; KEYs are unique
 *	at OFFSET SUM COUNTS RANGES    OFFSET bytes of the output are safe, and the targets of RANGES
 *	                               are done besides those of the lines before
 *
 * It only grows, a line for every piece of output that was written before it.  SUM is over the
 * output between the line before and this one; in the first line, which stands for all that was
 * done before the file was written anew, it is "-".  COUNTS are numbers from the run's beginning.
 * Every line ends with a checksum of itself: a last line that was cut is as if it were not there.
 */
#ifndef MAILREADY_RUN_STATE_PRIV_H
#define MAILREADY_RUN_STATE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "run/run.h"

/* Verdicts, then unknown, then host names without address. */
enum { STATE_COUNTS = VERDICT_FAIL + 3, STATE_ABOUT_MAX = 32 };

struct state_about {
	const char *key, *value;
};

struct state_point {
	uint64_t offset;
	uint64_t sum;
	uint64_t counts[STATE_COUNTS];
	const char *ranges; /* "" for none */
};

struct state {
	struct state_about about[STATE_ABOUT_MAX];
	size_t n_about;
	struct state_point *points; /* at least one */
	size_t n_points, cap_points;
};

void state_put_begin(struct buf *out);
void state_put_about(struct buf *out, const char *key, const char *value);
/* is_first: the sum is not known. */
void state_put_point(struct buf *out, const struct state_point *p, bool is_first);

/* Strings live in the arena.  ERR_DATA names the line and what is wrong with it. */
enum err_code state_parse(const char *text, size_t len, struct arena *a, struct state *out,
    struct err *err) MUST_CHECK;

#endif
