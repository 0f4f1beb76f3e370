/*
 * One SMTP reply, read byte by byte from untrusted input (RFC 5321 4.2): code and lines.  Pure: no
 * I/O, and memory is bounded by SMTP_LINES_MAX lines of SMTP_LINE_MAX bytes.
 */
#ifndef MAILREADY_SMTP_REPLY_H
#define MAILREADY_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "smtp/dialogue.h"

enum smtp_reply_state {
	REPLY_MORE, /* the reply is not complete yet */
	REPLY_DONE,
	REPLY_BAD, /* this is not SMTP, or beyond the limits; fault says why */
};

struct smtp_reply {
	enum smtp_reply_state state;
	int code;          /* of the last line, which is the one that counts; 0 before the first */
	unsigned notes;    /* SMTP_NOTE_BARE_LF, SMTP_NOTE_MIXED_CODES */
	const char *fault; /* static text; "" unless REPLY_BAD */
	size_t n_lines;
	size_t start[SMTP_LINES_MAX]; /* of each line's text in texts */
	struct buf texts;             /* the texts without codes, each with a NUL byte after it */
	char line[SMTP_LINE_MAX + 1]; /* the line that is being read or was found bad */
	size_t len;
};

void smtp_reply_init(struct smtp_reply *r);
void smtp_reply_fini(struct smtp_reply *r);

/* Forgets the reply, to read the next one. */
void smtp_reply_reset(struct smtp_reply *r);

/*
 * Takes bytes up to the end of the reply and returns how many it took: fewer than len only when
 * the state is no longer REPLY_MORE.  Takes nothing in the other states.
 */
size_t smtp_reply_feed(struct smtp_reply *r, const char *data, size_t len);

/* The text of a line, untrusted; "" beyond the last.  Valid until the next reset. */
const char *smtp_reply_line(const struct smtp_reply *r, size_t i);

#endif
