/*
 * What was found in earlier runs, in one SQLite file: runs, findings with the time they came and
 * went, PTR names, listings, and messages that are still to be sent.  Safe against a kill and a power
 * cut at any moment (WAL, synchronous full), and against two runs at once (a run waits for the other's
 * short transaction).  The only module that knows SQL.  Texts come out safe to print and times within
 * the calendar, whoever wrote the file; messages come out as they were put.
 *
 * Errors: ERR_NOINPUT (no such file, when it is only read), ERR_DATA (damaged, or no history, or of a
 * newer version: says which), ERR_NOPERM, ERR_CANTCREAT, ERR_IO (disk full, read-only), ERR_TEMP (another run
 * holds it for longer than some seconds).  None of them touches what is stored.
 */
#ifndef MAILREADY_HISTORY_STORE_H
#define MAILREADY_HISTORY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "history/digest.h"

struct arena;
struct history;

enum history_mode { HISTORY_READ, HISTORY_WRITE };

/* HISTORY_WRITE makes the file (0600) and its directory (0700), and brings an older schema up to date. */
enum err_code history_open(const char *path, enum history_mode mode, struct history **out,
    struct err *err) MUST_CHECK;
void history_close(struct history *h); /* NULL is accepted */

/*
 * What is written between these two is stored completely, or, with a code other than ERR_NONE,
 * not at all; other runs wait for it, so nothing slow belongs there.  end is due whenever begin
 * was ERR_NONE, and returns the code, or what kept it from being stored.
 */
enum err_code history_begin(struct history *h, struct err *err) MUST_CHECK;
enum err_code history_end(struct history *h, enum err_code code, struct err *err) MUST_CHECK;

/* One run's reports, in one transaction: all of them are stored, or none. */
enum err_code history_add(struct history *h, const struct digest *all, size_t n,
    struct err *err) MUST_CHECK;

/*
 * Deletes runs that are older than that; findings that are still there keep their first time.  Of a
 * time without any run, a month counts at most (a quarter of the retention, if that is less, but a day):
 * a clock that was wrong for some runs does not erase what was there before.
 */
enum err_code history_forget(struct history *h, int64_t now_s, int64_t retention_s,
    struct err *err) MUST_CHECK;

/* A server is an address with the EHLO name and the domain that its owner gave. */
struct history_server {
	int64_t id;
	const char *label, *address, *host, *ehlo, *domain;
	int64_t first_s, last_s; /* of its runs */
	size_t n_runs;
	int64_t ended_s; /* it is no longer watched since then; 0: it is */
};
/* All servers, by label and address; or those of one address, label or host name; NULL: all. */
enum err_code history_servers(struct history *h, const char *address_or_label, struct arena *a,
    struct history_server **out, size_t *n, struct err *err) MUST_CHECK;

/* The server that a report is of; *known false: no run of it is stored. */
enum err_code history_find(struct history *h, const struct digest *d, int64_t *server, bool *known,
    struct err *err) MUST_CHECK;

/* It is no longer watched; a later run of it takes that back. */
enum err_code history_end_server(struct history *h, int64_t server, int64_t now_s,
    struct err *err) MUST_CHECK;

/*
 * What kept a run from seeing, one cause whatever the number of servers: it is no finding of theirs, and
 * nothing of it is in their runs.
 */
enum outage_kind {
	OUTAGE_RESOLVER, /* no look-up has an answer: the resolver is silent, or answers SERVFAIL alone */
	OUTAGE_NETWORK, /* nor is there a way to it */
	OUTAGE_LIST,    /* a list answers for no server */
	OUTAGE_LOG,     /* the mail log cannot be read */
	/* and what is nobody's finding, either: mail of a server that is not watched is refused */
	OUTAGE_REFUSAL,
};
extern const struct enumtab outage_kind_names; /* "resolver" "network" "list" "log" "refusal" */

struct history_outage {
	int64_t id;
	enum outage_kind kind;
	const char *subject; /* the resolver's address, the list's zone, the log's file */
	const char *text;    /* "nothing can be looked up: 127.0.0.53 does not answer" */
	const char *remedy;
	size_t n_servers;        /* that were not looked at because of it; the most of a run */
	int64_t first_s, last_s; /* the first and the last run that met it */
	size_t n_runs;
	int64_t end_s; /* the first run after it; 0: it lasts */
};

/* The run met it: a new outage, or one more run of the one that lasts.  id, times and runs are not read. */
enum err_code history_outage_seen(struct history *h, const struct history_outage *o, int64_t now_s,
    struct err *err) MUST_CHECK;
enum err_code history_outage_end(struct history *h, int64_t id, int64_t now_s,
    struct err *err) MUST_CHECK;
/* Those that last, or ended since then; oldest first. */
enum err_code history_outages(struct history *h, int64_t since_s, struct arena *a,
    struct history_outage **out, size_t *n, struct err *err) MUST_CHECK;

/* A server's last runs since then, at most max; the one that was stored last comes first. */
enum err_code history_runs(struct history *h, int64_t server, int64_t since_s, size_t max,
    struct arena *a, struct digest **out, size_t *n, struct err *err) MUST_CHECK;

/* The last runs, at most max, of the server that a report is of, as history_runs(); *n 0: none is stored. */
enum err_code history_runs_of(struct history *h, const struct digest *d, size_t max,
    struct arena *a, struct digest **out, size_t *n, struct err *err) MUST_CHECK;

/* When a finding stood: from first to last; standing: in the last run still. */
struct history_span {
	const char *rule, *subject, *text;
	enum verdict verdict; /* the worst while it stood */
	enum severity severity;
	int64_t first_s, last_s;
	size_t n_runs;
	bool standing;
	/* what it rested on then: at most some 2 KiB, in lines; "" or NULL where nothing is kept */
	const char *first_evidence, *last_evidence;
};
/* Warnings and worse, and unknown findings; by first time, then rule. */
enum err_code history_spans(struct history *h, int64_t server, int64_t since_s, struct arena *a,
    struct history_span **out, size_t *n, struct err *err) MUST_CHECK;

/*
 * A server's verdict at each run since then, oldest first, without the rest: a year of them is
 * cheap, for timelines.
 */
struct history_point {
	int64_t time_s;
	enum verdict verdict;
	struct list_counts lists;
};
enum err_code history_points(struct history *h, int64_t server, int64_t since_s, struct arena *a,
    struct history_point **out, size_t *n, struct err *err) MUST_CHECK;

/* Presence on one block list. */
struct history_listing {
	const char *zone, *subject;
	int64_t first_s, last_s;
	bool standing;
};
enum err_code history_listings(struct history *h, int64_t server, int64_t since_s, struct arena *a,
    struct history_listing **out, size_t *n, struct err *err) MUST_CHECK;

/* A demand of a receiver that the last run did not see met; since_s: nor has any since that time. */
struct history_demand {
	struct digest_demand demand;
	int64_t since_s;
};
/* looked: it did look, so that what is not here is met, or not demanded. */
enum err_code history_demands(struct history *h, int64_t server, struct arena *a,
    struct history_demand **out, size_t *n, bool *looked, struct err *err) MUST_CHECK;

/*
 * The queue of messages: what could not be sent stays, and is sent later, once.  Body and channel are
 * the caller's affair.  A message is put before its first try.
 */
struct history_message {
	int64_t id;
	const char *channel; /* "mail" "webhook" "command" */
	const char *subject, *body;
	int64_t made_s, next_s; /* when it was put; not to be tried before */
	unsigned tries;         /* times it was taken before */
	const char *error;      /* of the last try; "" */
};
enum err_code history_queue_put(struct history *h, const struct history_message *m, int64_t *id,
    struct err *err) MUST_CHECK;
/* No message is put off for longer than a day. */
enum { HISTORY_PAUSE_MAX_S = 86400 };
/* Is it time to try it?  One that is due later than that was put off while the clock was ahead. */
bool history_message_is_due(const struct history_message *m, int64_t now_s);
/*
 * Takes the next message that is due for this process: nobody else gets it until lease_s from now, so
 * that two runs never send it twice.  *found false: none is due.
 */
enum err_code history_queue_take(struct history *h, int64_t now_s, int64_t lease_s, struct arena *a,
    struct history_message *out, bool *found, struct err *err) MUST_CHECK;
enum err_code history_queue_done(struct history *h, int64_t id, struct err *err) MUST_CHECK;
/* m: what was taken; its made_s may have been corrected, and is kept. */
enum err_code history_queue_failed(struct history *h, const struct history_message *m,
    int64_t next_s, const char *error, struct err *err) MUST_CHECK;
/* It was sent in part: body, for those who are left, takes its place, whole or not at all. */
enum err_code history_queue_rest(struct history *h, const struct history_message *m,
    const char *body, int64_t next_s, const char *error, struct err *err) MUST_CHECK;
/* All that waits, by the time of its next try; for people. */
enum err_code history_queue_list(struct history *h, struct arena *a, struct history_message **out,
    size_t *n, struct err *err) MUST_CHECK;
enum err_code history_queue_count(struct history *h, size_t *n, struct err *err) MUST_CHECK;

/* When something was last sent on a channel, for the heartbeat; 0: never. */
enum err_code history_sent_get(struct history *h, const char *channel, int64_t *sent_s,
    struct err *err) MUST_CHECK;
enum err_code history_sent_put(struct history *h, const char *channel, int64_t sent_s,
    struct err *err) MUST_CHECK;

#endif
