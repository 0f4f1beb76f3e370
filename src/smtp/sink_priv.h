/* The text of a message as DATA sends it: stuffed dots are taken out (RFC 5321 4.5.2). */
#ifndef MAILREADY_SMTP_SINK_PRIV_H
#define MAILREADY_SMTP_SINK_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum sink_text_state {
	SINK_TEXT_START, /* at the beginning of a line, after CRLF alone */
	SINK_TEXT_DOT,
	SINK_TEXT_DOT_CR,
	SINK_TEXT_INSIDE,
	SINK_TEXT_CR,
};

/*
 * Adds the text to out as far as the end of the message, which only CRLF . CRLF is: a dot between lone LFs is
 * text.  Returns how many bytes were taken; *end: it was reached.  *state begins as START.
 */
size_t sink_text(enum sink_text_state *state, const char *data, size_t len, struct buf *out,
    bool *end);

#endif
