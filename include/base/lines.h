/* Lines of a file and the words in them, bounded whatever the file holds. */
#ifndef MAILREADY_BASE_LINES_H
#define MAILREADY_BASE_LINES_H

#include <stdint.h>
#include <stdio.h>

struct buf;

enum lines_status {
	LINES_END, /* nothing more, or reading failed: ask ferror() */
	LINES_READ,
	LINES_LONG, /* over the buffer's maximum; it was read to its end, the buffer is empty */
};

/*
 * The next line, without its "\n", in out, whose maximum is the limit.  The last one needs no "\n".
 * taken: how many bytes of the file it was, "\n" included; NULL when nobody wants to know.
 */
enum lines_status lines_next(FILE *f, struct buf *out, uint64_t *taken);

/*
 * Cuts the next word out of a line and moves the line past it; NULL at its end.  Words are
 * separated by blanks, tabs and carriage returns.  The line is written to.
 */
char *lines_word(char **line);

#endif
