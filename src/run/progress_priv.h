/* How far a run is, as one line now and then: over itself on a terminal, line by line elsewhere. */
#ifndef MAILREADY_RUN_PROGRESS_PRIV_H
#define MAILREADY_RUN_PROGRESS_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *out;
	bool terminal;
	bool shown; /* the terminal's line holds something of ours */
	uint64_t every_us;
	uint64_t start_us;
	uint64_t first_done; /* before this run, by the run that it continues */
	double first_share;
	uint64_t last_us, last_questions;
};

/* What there is to say. */
struct progress_now {
	uint64_t done;
	double share; /* of the input, 0 to 1; negative: not known */
	uint64_t undecided;
	uint64_t questions;
	unsigned window;
};

void progress_init(struct progress *p, FILE *out, const struct progress_now *now);
void progress_show(struct progress *p, const struct progress_now *now);

/* Leaves the terminal's line empty. */
void progress_clear(struct progress *p);

#endif
