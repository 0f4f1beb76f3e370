/*
 * What has changed between runs of one server.  Pure: a run says something new only when enough of
 * the last runs agree, so that one lost packet alarms nobody, and a run without an answer says
 * nothing either way.  Stateless: the same runs always give the same changes.
 */
#ifndef MAILREADY_HISTORY_CHANGE_H
#define MAILREADY_HISTORY_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "history/digest.h"

struct arena;

enum { CHANGE_RUNS_MAX = 32 };

struct change_policy {
	unsigned of; /* how many of the last runs are looked at, less than CHANGE_RUNS_MAX; 2 */
	unsigned confirm; /* in how many of them a finding must be before it counts; 2 */
	unsigned unknown; /* the same for "unknown", less than CHANGE_RUNS_MAX; 3 */
};
extern const struct change_policy change_policy_default;

enum change_kind {
	CHANGE_NEW,      /* a warning or worse that was not confirmed before */
	CHANGE_WORSE,    /* confirmed before, now with a worse verdict or a higher severity */
	CHANGE_BETTER,   /* the other way round */
	CHANGE_GONE,     /* confirmed before, no longer */
	CHANGE_PTR,      /* other PTR names; finding is NULL */
	CHANGE_REMINDER, /* confirmed before, and soon worse: a certificate near its end */
	CHANGE_ENDED,    /* it is no longer watched; finding is NULL */
};
extern const struct enumtab
    change_kind_names; /* "new" "worse" "better" "gone" "ptr" "remind" "ended" */

struct change {
	enum change_kind kind;
	const struct digest_finding *finding; /* as it is now; as it was, when it is gone */
	const struct digest_finding *before;  /* of WORSE and BETTER; else NULL */
	const char *text;                     /* one sentence, safe to print */
	int64_t
	    lasted_s; /* of what is gone: from its first run to the first without it; 0: unknown */
	int64_t since_s; /* when the finding was first seen, this time; 0: unknown */
};

struct changes {
	struct change *list; /* worst first */
	size_t n;
	enum verdict verdict, before; /* of the server, from what is confirmed */
	bool first;                   /* there was no run before: everything confirmed is new */
	/* bad findings of the newest run, of high severity or above, that too few runs have yet */
	const struct digest_finding **doubted;
	size_t n_doubted;
	const struct digest_finding **standing; /* all that is confirmed */
	size_t n_standing;
	/* confirmed before, and no longer, which is no news: alarms about it are over */
	const struct digest_finding **over;
	size_t n_over;
};

/*
 * runs: of one server, newest first, at least one; those beyond CHANGE_RUNS_MAX are ignored, and as
 * many should be given where there are: runs without an answer are ignored.  A finding that is sure
 * counts at once.  Two findings are
 * the same one when rule and subject are equal.  A finding that is confirmed stays so until as many
 * runs in a row are without it.  Until policy->confirm runs have an answer, fewer confirm;
 * but never what is unknown.  What a log says of refusals (rules refused.*) counts at once, and is
 * over at once where the address is known; only that it is better waits for policy->confirm runs.  PTR: one confirmed set of names after another.  What is returned
 * borrows from runs.
 */
void changes_of(const struct digest *runs, size_t n, const struct change_policy *policy,
    struct arena *a, struct changes *out);

/* What a second look, which may be one of some checks only, says of a finding. */
enum change_look { CHANGE_LOOK_NOTHING, CHANGE_LOOK_STANDS, CHANGE_LOOK_GONE };
enum change_look change_look(const struct digest_finding *f, const struct digest *look);

#endif
