/*
 * The words of a zone file (RFC 1035 5.1): comments, quotes, escapes, and parentheses that join lines.
 * Pure; fuzzed through dns/planned.h.
 */
#ifndef MAILREADY_DNS_ZONE_LEX_PRIV_H
#define MAILREADY_DNS_ZONE_LEX_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { ZONE_WORDS_MAX = 512 };

struct zone_word {
	const char *text; /* borrowed, escapes as they stand, without the quotes */
	size_t len;
	bool quoted;
};

/* An entry: one line, or several that parentheses join. */
struct zone_entry {
	unsigned line; /* its first */
	bool indented; /* begins with a blank: the owner is the one before */
	size_t n;
	struct zone_word words[ZONE_WORDS_MAX];
};

struct zone_text {
	const char *path; /* for messages */
	const char *at, *end;
	unsigned line; /* of at */
};

/*
 * A text to read from: a byte order mark is skipped, UTF-16 and NUL bytes are refused (ERR_DATA).
 * text is borrowed.
 */
enum err_code zone_text_init(struct zone_text *t, const char *path, const char *text, size_t len,
    struct err *err) MUST_CHECK;

/* The next entry that has words; with none when the text has ended. */
enum err_code zone_next(struct zone_text *t, struct zone_entry *out, struct err *err) MUST_CHECK;

/* Is the word this one, in any case? */
bool zone_word_is(const struct zone_word *w, const char *text);

/* FILE:LINE: "the first words": what is wrong.  Returns ERR_DATA. */
enum err_code zone_error(struct err *err, const char *path, const struct zone_entry *e,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
