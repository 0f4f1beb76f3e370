/*
 * Secrets that this program knows, taken out of texts.  Servers, gateways and libraries repeat in
 * their error messages what they were sent; base/err.h passes every text through here, so that none
 * of it is shown, whoever said it.
 */
#ifndef MAILREADY_BASE_HIDE_H
#define MAILREADY_BASE_HIDE_H

#include <stddef.h>

struct buf;

enum {
	HIDE_MIN = 4, /* a shorter secret would take texts apart, and hides nothing */
	HIDE_PART_MIN =
	    12 /* so much of the beginning of a longer one is hidden, too: texts are cut */
};

/*
 * To be called with each secret as soon as it is known: password, key, token.  A copy is kept until
 * the process ends.  NULL and what is shorter than HIDE_MIN bytes are ignored.
 */
void hide_learn(const char *secret);

/*
 * Appends the text, with "[secret]" where a secret was, in any of the forms in which it is sent or
 * repeated: as it is, in a URL (RFC 3986 2.1), in JSON (RFC 8259 7), in base64 at any place of a
 * longer value (RFC 4648 4).  Upper and lower case are the same.
 */
void hide_add(struct buf *out, const char *text, size_t len);

#endif
