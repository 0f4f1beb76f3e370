/* Running somebody's program, without a shell, for a bounded time. */
#ifndef MAILREADY_NET_PROGRAM_H
#define MAILREADY_NET_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf;

enum { PROGRAM_ARGS_MAX = 8 }; /* further arguments */

struct program {
	const char *path;        /* absolute; the first argument is this name */
	const char *const *args; /* the further ones, ended by NULL; NULL: none */
	const char *const *env;  /* its whole environment, "NAME=value", ended by NULL */
	const char *input;       /* its standard input */
	size_t input_len;
	struct buf *output; /* gets its standard output, up to its maximum; NULL: thrown away */
	uint64_t timeout_us;
	/* Its exit status is one of sysexits and gives the error its class: 65 is ERR_DATA, 69
	 * ERR_UNAVAILABLE, 77 ERR_NOPERM, 78 ERR_CONFIG; all else is ERR_TEMP, as without it. */
	bool sysexits;
};

/*
 * Runs it to its end in a process group and a session of its own, in the directory /, with nothing open but 0,
 * 1 and 2.  When the time is up its process group gets SIGTERM, and a second later SIGKILL; so it does when
 * SIGINT, SIGTERM or SIGHUP comes to us, which has its effect on us only after that, and, in half the time, when
 * we are killed.  ERR_NONE: it ended with status 0.  ERR_CONFIG: it cannot be started.  ERR_TEMP: it failed, or wrote more than output takes; the text says how, with the last
 * line of its standard error made safe.
 */
enum err_code program_run(const struct program *p, struct err *err) MUST_CHECK;

#endif
