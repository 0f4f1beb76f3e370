/*
 * Telling somebody what has changed: by mail, by an HTTP POST, or through a program.  Every message is
 * queued in the history before its first try, sent once, and tried again later when that failed.
 */
#ifndef MAILREADY_NOTIFY_NOTIFY_H
#define MAILREADY_NOTIFY_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "history/store.h"
#include "report/watch.h"

enum notify_tls {
	NOTIFY_TLS_REQUIRED, /* STARTTLS, verified; for smtps:// from the beginning */
	NOTIFY_TLS_NEVER,    /* to this very machine only */
	NOTIFY_TLS_UNSET,    /* as [mail] has it */
};

enum { NOTIFY_RECIPIENTS_MAX = 20 };

/* Which of the news an outlet is for. */
struct notify_filter {
	const char *groups; /* of servers in any of them, as struct digest has them; "": of all */
	enum severity severity; /* at least */
};

/* [mail] or [mail NAME], which has what it does not set from [mail] */
struct notify_mail {
	const char *name; /* "" of [mail] */
	const char *to[NOTIFY_RECIPIENTS_MAX];
	size_t n_to;
	const char *from;          /* "" */
	const char *server;        /* "smtp://host:587", "smtps://host" */
	const char *user;          /* of AUTH; "": none */
	const char *password_file; /* its first line; "" */
	enum notify_tls tls;
	struct notify_filter filter;
	const char *file; /* of the configuration */
	int line;
};

/* [webhook] or [webhook NAME] */
struct notify_webhook {
	const char *name;        /* "" of [webhook] */
	const char *url;         /* "" */
	const char *url_file;    /* in its place: the first line of this file; "" */
	const char *secret_file; /* key of the HMAC; "" */
	const char *kind;        /* whose template it is; "json": none, but the signed JSON */
	const char *template;    /* a file, of the kind or of the user's own; "" */
	const char *key_file;    /* what the service knows us by, for the template; "" */
	const char *topic;       /* for the template; "" */
	bool per_event, repeat;  /* of the template */
	struct notify_filter filter;
	const char *file; /* of the configuration */
	int line;
};

/* From the configuration file; strings are its, none is NULL.  Nothing set: nobody is notified. */
struct notify_config {
	struct notify_mail *mails; /* with recipients */
	size_t n_mails, cap_mails;
	struct notify_webhook *webhooks;
	size_t n_webhooks, cap_webhooks;
	/* [command] */
	const char *command; /* absolute path of a program without arguments; "" */
	/* [notify] */
	const char *ca_file; /* in the place of the system's, for mail and webhook; "" */
	int64_t heartbeat_s; /* send a report when nothing was sent for so long; 0: never; 7 days */
	bool unknown; /* also notify about unknown findings (after their own threshold); true */
	uint64_t timeout_us; /* of one try, in mail up to the final dot; 30 s */
};

struct notify_run {
	struct history *history;
	const struct notify_config *config;
	int64_t now_s;                        /* at the call: leases and signatures count from it */
	const struct history_outage *outages; /* that began to count, or are over: to be told */
	size_t n_outages;
	FILE *errors; /* what could not be sent, a line each; not in it: secrets */
};

struct notify_result {
	size_t sent, queued; /* messages sent now, and those left in the queue */
	size_t given_up;     /* messages that nobody will get: 7 days of tries were in vain */
};

/*
 * Queues a message on every configured channel when anything has changed, or the heartbeat is due.
 * Quick: it may be part of the transaction that stores the run.  An error is the history's.
 */
enum err_code notify_queue(const struct notify_run *run, const struct watched_server *servers,
    size_t n, struct err *err) MUST_CHECK;

/*
 * Sends the messages that are due.  A failure to send is not an error: it is said on errors and stays
 * queued.  An error is the history's.
 */
enum err_code notify_send(const struct notify_run *run, struct notify_result *result,
    struct err *err) MUST_CHECK;

/* The same until nothing is queued any more, or so many seconds are over. */
enum err_code notify_wait(const struct notify_run *run, int64_t wait_s,
    struct notify_result *result, struct err *err) MUST_CHECK;

/*
 * One test message on every channel, now and without the queue; a line on out for each that was
 * accepted.  Errors name the channel; the second and later ones go to run->errors.  No history is
 * needed.  ERR_CONFIG when there is no channel.
 */
enum err_code notify_test(const struct notify_run *run, FILE *out, struct err *err) MUST_CHECK;

/* Prints the queue on out. */
enum err_code notify_pending(const struct notify_run *run, FILE *out, struct err *err) MUST_CHECK;

#endif
