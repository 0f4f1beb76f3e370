/* The words of a structured header field (RFC 5322 3.2): what Received and Authentication-Results share. */
#ifndef MAILREADY_MAIL_WORDS_PRIV_H
#define MAILREADY_MAIL_WORDS_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { WORDS_MAX = 512 };

enum word_kind {
	WORD_TEXT, /* an atom, an address, an address literal, or a quoted string without its quotes */
	WORD_COMMENT, /* without its outer brackets */
	WORD_STOP,    /* a semicolon */
};

struct word {
	enum word_kind kind;
	const char *text; /* in the arena, ends in a NUL byte; blanks in it are single blanks */
	size_t at;        /* where it begins in the field */
};

/*
 * Reads len bytes of a field's value; equals: the sign = is a word of its own.  Returns the words and their
 * number; those beyond WORDS_MAX are left out.  A comment or quoted string that does not end ends with the field.
 */
struct word *words_read(struct arena *a, const char *text, size_t len, bool equals, size_t *n);

#endif
