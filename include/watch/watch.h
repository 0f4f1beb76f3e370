/*
 * Scheduled runs: everything that is watched is checked once through the normal flow, stored, compared
 * with the runs before, and its subscribers are notified.
 */
#ifndef MAILREADY_WATCH_WATCH_H
#define MAILREADY_WATCH_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "config/config.h"
#include "history/mail_log.h"
#include "run/run.h"

/* What the mail log says; who reads it is the caller's affair. */
struct watch_log {
	struct history_log before, now; /* see history_log_put() */
	const char *trouble;            /* why it could not be read; NULL */
	size_t refused, others;         /* new replies; such as tell nothing of a server */
	size_t left_out;                /* refusals that stand, and are not in now */
	bool unexplained;               /* nobody knows what stands: it is as it was */
};

struct watch_options {
	const struct config *config;
	const char *history;         /* the file */
	int64_t wait_s;              /* stay so long for messages that cannot be sent yet */
	bool dry_run;                /* compare, but store nothing and notify nobody */
	bool quiet;                  /* say nothing of servers that have not changed */
	FILE *out;                   /* what has changed, as text */
	const struct watch_log *log; /* NULL: none is read */
};

/*
 * Checks the configuration's servers by o, whose specs, renderer and sink are its own affair.  What is
 * wrong with the history or a message does not keep the check from being reported: it is in trouble,
 * whose code is ERR_NONE otherwise.  A message that is given up is ERR_UNAVAILABLE there.  An error means that there was no check; but ERR_UNAVAILABLE, that no
 * resolver answered, is stored and reported like what was seen.  ERR_NOINPUT: nothing is watched.
 * What an interrupted run has seen is shown, but not stored.
 */
enum err_code run_watched(const struct run_options *o, const struct watch_options *options,
    struct run_result *result, struct err *trouble, struct err *err) MUST_CHECK;

enum past_view { PAST_TEXT, PAST_JSON, PAST_EXPORT };

struct past_options {
	const char *history;
	const char *server; /* address, host name or label; NULL: all */
	int64_t since_s;    /* 0: from the beginning */
	enum past_view view;
	FILE *out;
};

/*
 * When each finding came and went, or, to export, one line of JSON a stored run.  ERR_NOINPUT: there is
 * no history, or no such server in it.
 */
enum err_code history_show(const struct past_options *o, struct err *err) MUST_CHECK;

#endif
