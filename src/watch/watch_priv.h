/* One scheduled run, as the files of this room share it. */
#ifndef MAILREADY_WATCH_WATCH_PRIV_H
#define MAILREADY_WATCH_WATCH_PRIV_H

#include "base/arena.h"
#include "history/store.h"
#include "notify/notify.h"
#include "watch/watch.h"

struct seen {
	struct digest now;
	struct changes changes;
	bool compared; /* changes are there */
	bool lost;     /* of a name whose addresses are unknown, or are none */
	bool ended;    /* it is no longer watched: now is its last run */
};

struct watching {
	const struct watch_options *options;
	struct arena *arena;
	FILE *errors;
	struct target_spec *specs; /* of the configuration's servers, in their order */
	struct seen *seen;
	size_t n, cap;
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

/*
 * What the configuration named before and does not name any more: each such server has ended, which is
 * a change of this run, and the last of it.  write: it is stored.
 */
enum err_code watch_end_others(struct watching *w, struct history *h, int64_t now_s, bool write,
    struct err *err) MUST_CHECK;

#endif
