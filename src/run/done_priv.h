/*
 * Which targets of a run are done, by their numbers: all below base, and some of the DONE_WINDOW
 * that follow.  128 KiB, however long the run.
 */
#ifndef MAILREADY_RUN_DONE_PRIV_H
#define MAILREADY_RUN_DONE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DONE_WINDOW = 1 << 20 };

struct done {
	uint64_t base;
	uint64_t n_above;                    /* that many of them are set */
	unsigned char bits[DONE_WINDOW / 8]; /* of number n at n % DONE_WINDOW */
};

bool done_has(const struct done *d, uint64_t number);

/* Is there room to mark this number, once it is done? */
bool done_fits(const struct done *d, uint64_t number);

/* False, and nothing marked, when one of them is done already or does not fit. */
bool done_mark(struct done *d, uint64_t first, uint64_t last);

/* How many are done. */
uint64_t done_count(const struct done *d);

/* Reads "0-99,105,107-108" and marks it, all or up to what is wrong. */
bool done_read(struct done *d, const char *ranges);

/* The first range that holds *from or comes after it; false when there is none.  *from moves past it. */
bool done_range(const struct done *d, uint64_t *from, uint64_t *first, uint64_t *last);

#endif
