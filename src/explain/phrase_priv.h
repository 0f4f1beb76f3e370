/*
 * Phrases of the code book, read once, and texts that are searched for hundreds of them: which pairs of
 * letters a text has tells of most phrases that they are not in it.
 */
#ifndef MAILREADY_EXPLAIN_PHRASE_PRIV_H
#define MAILREADY_EXPLAIN_PHRASE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct phrases;

enum { PHRASE_PAIRS = 4096 };

struct phrase_text {
	const char *text;
	uint64_t pairs[PHRASE_PAIRS / 64]; /* without case; a bit may stand for several pairs */
};

/* The text is borrowed. */
void phrase_text_init(struct phrase_text *t, const char *text);

/*
 * Alternatives, separated by " | ".  joined: of an alternative all parts that " + " separates must be there.
 * Never NULL; the list is borrowed.
 */
const struct phrases *phrases_read(struct arena *a, const char *list, bool joined);

/* The most letters of any alternative that is in the text; 0: none is.  fold: without case. */
size_t phrases_in(const struct phrases *p, const struct phrase_text *t, bool fold);

#endif
