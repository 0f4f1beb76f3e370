/* How servers were and are, from the history alone: nothing is looked up. */
#ifndef MAILREADY_WATCH_PAST_H
#define MAILREADY_WATCH_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "report/past.h"

struct report_options {
	const char *history;      /* the file */
	const char *const *names; /* addresses, labels or host names; none: all servers */
	size_t n_names;
	const char *since; /* see number_since() */
	int by_group;      /* servers group by group; 0: no */
	const struct past_format *format;
	struct render_options render;
	FILE *out;
};

/*
 * ERR_NOINPUT: no history, no run in it since then, or a name that is not a server of it.  Errors of the
 * history as history/store.h has them; ERR_USAGE: since, or a format that has no groups; ERR_IO: out cannot be written.
 */
enum err_code report_write(const struct report_options *o, struct err *err) MUST_CHECK;

#endif
