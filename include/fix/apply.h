/*
 * Applies a plan, or takes it back, step by step: looks whether the precondition still holds, writes
 * the journal, calls, waits for the API, reads back.  A call whose end is not known is read back
 * before it is repeated; a refused login is never tried again, because keys get locked.
 */
#ifndef MAILREADY_FIX_APPLY_H
#define MAILREADY_FIX_APPLY_H

#include "fix/journal.h"
#include "fix/verify.h"

enum { APPLY_TRIES_MAX = 6 }; /* of one call that fails for now */

struct apply {
	struct provider_session *session;
	struct journal *journal;   /* created or reopened; holds the plan */
	const struct world *world; /* fix/verify.h */
	const struct target *target;
	uint64_t deadline_us; /* on world->now_us */
};

/*
 * A login or a read that fails for now is tried again, after the time that the server asked for.
 * The session of apply_open() is made up but for what open() makes; it needs no journal.
 */
enum err_code apply_open(const struct apply *ap, struct err *err) MUST_CHECK;
enum err_code apply_list(const struct apply *ap, struct arena *a, struct provider_record **out,
    size_t *n, struct err *err) MUST_CHECK;
enum err_code apply_find(const struct apply *ap, const struct ip *ip, struct provider_place *out,
    struct err *err) MUST_CHECK;
enum err_code apply_get(const struct apply *ap, const struct provider_place *place,
    const struct ip *ip, struct arena *a, struct provider_record *out, enum provider_state *state,
    struct err *err) MUST_CHECK;
enum err_code apply_forward_get(const struct apply *ap, const char *name, const struct ip *ip,
    struct arena *a, struct plan_forward *out, struct err *err) MUST_CHECK;

/*
 * All steps that are not done yet, in order.  ERR_NOPERM: the precondition no longer holds.
 * ERR_TEMP: unknown, or the API did not finish in time.  What was done before an error
 * is in the journal.
 */
enum err_code apply_plan(const struct apply *ap, struct err *err) MUST_CHECK;

/* All steps that were begun, backwards, by their inverses. */
enum err_code apply_undo(const struct apply *ap, struct err *err) MUST_CHECK;

#endif
