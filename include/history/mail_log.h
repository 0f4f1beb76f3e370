/*
 * What the mail log of this machine has said: how far it was read, and the refusals that stand.  Texts are
 * as the other server sent them but for local parts of addresses, which are never stored.  Errors as in
 * history/store.h.
 */
#ifndef MAILREADY_HISTORY_MAIL_LOG_H
#define MAILREADY_HISTORY_MAIL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"
#include "history/store.h"

enum { HISTORY_REFUSALS_MAX = 200 };

/* Replies of one provider, cause and address. */
struct history_refusal {
	/* the first reply, to be explained again at each run */
	int code;
	const char *status, *text, *host, *ehlo, *sender; /* sender: a domain */
	const char *address;                              /* that was refused; "" */
	int64_t first_s, last_s;                          /* of the replies */
	size_t count;
	enum verdict
	    verdict; /* FAIL: the cause is still there, or was when it was last seen; else WARN */
	/* what it is found to be in this run; not kept, and safe to print */
	const char *provider, *cause, *said, *why, *remedy;
	bool over;
};

struct history_log {
	const char *path;
	bool read; /* before; the rest is not set otherwise */
	int64_t inode, offset;
	int64_t head_len, head_hash; /* of its first bytes: an inode may be given out again */
	struct history_refusal *refusals;
	size_t n;
};

/* The state of the log at path; refusals are those of all logs. */
enum err_code history_log_get(struct history *h, const char *path, struct arena *a,
    struct history_log *out, struct err *err) MUST_CHECK;

/*
 * now in the place of before; its refusals that are over are left out.  When another run has read the log
 * since, that one's stays.
 */
enum err_code history_log_put(struct history *h, const struct history_log *before,
    const struct history_log *now, struct err *err) MUST_CHECK;

#endif
