/* Text for people, broken at blanks. */
#ifndef MAILREADY_BASE_WRAP_H
#define MAILREADY_BASE_WRAP_H

#include <stddef.h>

struct buf;

/*
 * Adds text that starts at column start of the line under way, and a newline.  Lines end before
 * column width where there is a blank to break at; those that follow begin with indent blanks.
 * Several blanks count as one; columns are characters of UTF-8.
 */
void wrap_add(struct buf *out, size_t start, size_t indent, size_t width, const char *text);

/*
 * Adds a whole text.  Lines that are wider than width are broken at blanks, and what follows begins
 * below their text: after their indentation, their number ("12. ") and their labels, which two
 * blanks follow.  Lines with a command or with a record of a zone file stay whole, because they are
 * to be copied.  width 0: as it is.  Escape sequences of colours take no columns.
 */
void wrap_lines(struct buf *out, size_t width, const char *text);

#endif
