/* Text written into URLs (RFC 3986 2.1). */
#ifndef MAILREADY_BASE_PERCENT_H
#define MAILREADY_BASE_PERCENT_H

#include <stddef.h>

struct buf;

/*
 * Appends the text with every byte as %XX but those of kept and the unreserved ones, which mean
 * themselves everywhere in a URL: A-Z a-z 0-9 - . _ ~ (RFC 3986 2.3).
 */
void percent_add(struct buf *out, const char *text, size_t len, const char *kept);

#endif
