/*
 * Where refusals are read from: files and standard input, plain or compressed by gzip or zstd; logs, replies one a
 * line, and messages that hold a delivery status (RFC 3464).
 */
#ifndef MAILREADY_EXPLAIN_INPUT_H
#define MAILREADY_EXPLAIN_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "explain/reply.h"

enum {
	INPUT_LINE_MAX = 65536,       /* of a log; the longest replies are far below */
	INPUT_MESSAGE_MAX = 32 << 20, /* a bounce with its whole message */
};

/* Called for every refusal; r and its strings are valid during the call only.  False ends the reading. */
typedef bool input_fn(void *arg, const struct reply *r, const char *file, size_t line);

struct input_options {
	int64_t now_s; /* see log_read() */
	input_fn *found;
	void *arg;
	/* of a log that is followed */
	bool
	    log_only; /* whatever is no line of a log is passed over; ERR_DATA for an accounting file */
	bool grows;   /* a last line without its end is still being written: it is left */
	int64_t from; /* where to begin in what the file holds; within a line, with the next one */
};

struct input_count {
	size_t lines;
	size_t log_lines; /* those that are of a log that is known */
	size_t found;
	int64_t end; /* behind the last line that was read */
};

/*
 * Reads one file; "-" is standard input.  ERR_NOINPUT when it cannot be opened; ERR_DATA, with the place and
 * what to do, for binary data, a line over INPUT_LINE_MAX, a compressed file that is cut off, and a compression
 * that is not known; ERR_IO when reading fails.  A line that is of no log is a reply by itself, whatever
 * its words; blank lines count as nothing.
 */
enum err_code input_read(const char *path, const struct input_options *o, struct input_count *count,
    struct err *err) MUST_CHECK;

/* The same of a file that is open, and is closed; by gzip or plain; name is for people. */
enum err_code input_read_fd(int fd, const char *name, const struct input_options *o,
    struct input_count *count, struct err *err) MUST_CHECK;

/* The same of bytes in memory, not compressed. */
enum err_code input_read_text(const char *name, const char *text, size_t len,
    const struct input_options *o, struct input_count *count, struct err *err) MUST_CHECK;

#endif
