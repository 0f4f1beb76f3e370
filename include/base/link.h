/*
 * Web addresses in texts for people, which formats that can do so make links of.  Only http and https, and
 * only where the address stands by itself: behind "=" or within a word it stays text.
 */
#ifndef MAILREADY_BASE_LINK_H
#define MAILREADY_BASE_LINK_H

#include <stdbool.h>

struct arena;

struct link_text {
	const char *words; /* the text before it */
	const char *
	    url; /* of signs that RFC 3986 allows, without quotes; "" when the text ends without one */
};

/* The next words and the address after them: *rest begins as the text and ends as "".  False when nothing
 * is left.  text must live as long as out; what is cut out of it lives in the arena. */
bool link_next(const char **rest, struct arena *a, struct link_text *out);

#endif
