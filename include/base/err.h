/*
 * The second of three channels (style: programmer error -> assert; operation failed -> this;
 * the world is wrong -> a finding).  An operation that can fail returns enum err_code and fills
 * a struct err with a sentence for the user that names what is wrong and what was expected.
 * The codes are the classes of the exit status (sysexits), so that only cli/exit maps them.
 */
#ifndef MAILREADY_BASE_ERR_H
#define MAILREADY_BASE_ERR_H

#include <stddef.h>

enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,       /* 64: the command line is wrong */
	ERR_DATA,        /* 65: an input's content is wrong */
	ERR_NOINPUT,     /* 66: an input cannot be opened or is empty */
	ERR_UNAVAILABLE, /* 69: a service that is needed does not answer at all */
	ERR_INTERNAL,    /* 70: our own fault */
	ERR_CANTCREAT,   /* 73: an output file cannot be made */
	ERR_IO,          /* 74: writing or reading failed midway */
	ERR_TEMP,        /* 75: may work when tried again */
	ERR_NOPERM,      /* 77: refused */
	ERR_CONFIG,      /* 78: a configuration or data file is wrong */
};

enum { ERR_TEXT_MAX = 1024 };

struct err {
	enum err_code code;
	char text[ERR_TEXT_MAX]; /* one sentence, no newline, no "mailready:" prefix */
	size_t line_len;         /* of the text before its advice (err_advise()); 0: it has none */
};

/*
 * Sets code and text and returns code, so that callers write: return err_set(err, ...).  The
 * text goes through base/hide and base/safe, so that words from outside can be quoted as they are.
 */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the text that is there, for context added on the way up. */
enum err_code err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds "; advice", where who shows many errors in a line each leaves it out: line_len says where it begins. */
enum err_code err_advise(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
