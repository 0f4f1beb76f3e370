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
	const char *since; /* see report_since() */
	const struct past_format *format;
	struct render_options render;
	FILE *out;
};

/*
 * "30d", a number of h(ours), d(ays), w(eeks) or y(ears) before now, or a date, "2026-09-01" (UTC).
 * False when it is neither, or not before now.
 */
bool report_since(const char *text, int64_t now_s, int64_t *since_s);

/*
 * ERR_NOINPUT: no history, no run in it since then, or a name that is not a server of it.  Errors
 * of the history as history/store.h has them; ERR_USAGE: since; ERR_IO: out cannot be written.
 */
enum err_code report_write(const struct report_options *o, struct err *err) MUST_CHECK;

#endif
