/* What makes two runs the same, so that one may go on where the other ended. */
#ifndef MAILREADY_RUN_RESUME_ABOUT_PRIV_H
#define MAILREADY_RUN_RESUME_ABOUT_PRIV_H

#include "run/state_priv.h"

struct catalogue;

/*
 * Version, input and every option that changes what a report says.  Not among them: resolvers,
 * times and limits, which one may have to change to get on.  Values live in the arena.
 */
enum err_code resume_about(const struct run_options *o, const struct catalogue *lists,
    struct arena *a, struct state_about *out, size_t *n, struct err *err) MUST_CHECK;

#endif
