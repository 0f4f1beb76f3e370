/* One scheduled run, as the files of this room share it. */
#ifndef MAILREADY_WATCH_WATCH_PRIV_H
#define MAILREADY_WATCH_WATCH_PRIV_H

#include "base/arena.h"
#include "history/store.h"
#include "notify/notify.h"
#include "watch/watch.h"

struct seen {
	struct digest now;
	enum verdict looked; /* what this run has seen of it, without what a log says */
	size_t spec;         /* of the configuration's servers, the one that led to it */
	struct changes changes;
	bool compared; /* changes are there */
	bool lost;     /* of a name whose addresses are unknown, or are none */
	bool blind;    /* nothing of it could be looked up: now is its last run, or nothing */
	bool ended;    /* it is no longer watched: now is its last run */
	bool joined;   /* what is said of it is said of another server of its name */
};

struct watching {
	const struct watch_options *options;
	struct arena *arena;
	FILE *errors;
	struct target_spec *specs; /* of the configuration's servers, in their order */
	struct seen *seen;
	size_t n, cap;
	struct history_outage *outages; /* that last, or ended with this run */
	size_t n_outages, cap_outages;
	struct run_outage resolver; /* of this run */
	bool stood_in;              /* watch_stand_in() has been called */
	bool interrupted;           /* the run is to end soon */
	bool stored;
	struct notify_result messages;
};

/* Adds what this run saw of a server. */
struct seen *watch_add(struct watching *w, const struct digest *d);

/* Has the run seen this server, under this address and these names? */
bool watch_has_seen(const struct watching *w, const char *address, const char *ehlo,
    const char *domain);

/*
 * A name that has lost its addresses, or whose addresses could not be looked up, still stands for the
 * servers that it led to in the run before: what is wrong with it is wrong with each of them.
 */
enum err_code watch_stand_in(struct watching *w, struct history *h, struct err *err) MUST_CHECK;

/* The server of the configuration that the target is of; n_servers: none. */
size_t watch_spec_of(const struct watching *w, const struct target *t);

/*
 * What is bad, of high severity or above, and new, so that too few runs have it to be told, is looked at
 * again, as the configuration says: what is still there then is sure.  Lists are asked in the last look
 * alone.  The signal that ended this early, which leaves all as it was; 0.  To be called before the run is
 * compared.
 */
int watch_confirm(struct watching *w, const struct run_options *o);

/*
 * What the configuration named before and does not name any more: each such server has ended, which is
 * a change of this run, and the last of it.  write: it is stored.
 */
enum err_code watch_end_others(struct watching *w, struct history *h, int64_t now_s, bool write,
    struct err *err) MUST_CHECK;

/*
 * What kept this run from seeing is found above the servers: their findings about it go, and a server
 * of which nothing could be looked up is as it was in its last run.  To be called before the run is
 * stored.
 */
enum err_code watch_find_outages(struct watching *w, struct history *h, int64_t now_s, bool write,
    struct err *err) MUST_CHECK;

void watch_add_outage(struct watching *w, const struct history_outage *o);

/*
 * A refusal that stands is a finding of the server that it is of.  To be called before the run is compared
 * with others; counts in result.
 */
void watch_add_refusals(struct watching *w, struct run_result *result);

/* Could nobody say what the log's refusals mean?  Then what stood before stands. */
bool watch_log_is_unexplained(const struct watching *w);

/* Then each server has the refusals of its last run.  To be called before the run is stored. */
enum err_code watch_carry_refusals(struct watching *w, struct history *h,
    struct err *err) MUST_CHECK;

/* Without a log nobody knows whether refusals are over: their end is no news. */
void watch_end_refusals(const struct watching *w, struct changes *changes);

/* Refusals of servers that are not watched are outages of their own; so is a log that cannot be read, or
 * whose refusals are too many. */
void watch_find_refusals(struct watching *w);

/* Of the outages, those that are news: they count by now, or have counted and are over. */
struct history_outage *watch_outage_news(const struct watching *w, size_t *n);

#endif
