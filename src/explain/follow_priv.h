/* A log that grows, and is rotated: what is new in it since it was last read. */
#ifndef MAILREADY_EXPLAIN_FOLLOW_PRIV_H
#define MAILREADY_EXPLAIN_FOLLOW_PRIV_H

#include "base/arena.h"
#include "explain/input.h"
#include "history/mail_log.h"

/* Of a log that was never read: so much of its end. */
enum { FOLLOW_FIRST_BYTES = 1 << 20 };

/*
 * Gives o->found what before has not seen, the rest of the file that was rotated away first, and fills the
 * position in now.  A file is known again by its first bytes: FILE.1, FILE-20261130 and their like, compressed by
 * gzip or not.  *remark: what was not found, in a; NULL.  ERR_NOINPUT and ERR_NOPERM: the log cannot be opened.
 */
enum err_code follow_read(const struct history_log *before, const struct input_options *o,
    struct arena *a, struct history_log *now, const char **remark, struct err *err) MUST_CHECK;

#endif
