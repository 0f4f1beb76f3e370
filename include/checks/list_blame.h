/* What lists have in common when the resolver, not each of them, is at fault. */
#ifndef MAILREADY_CHECKS_LIST_BLAME_H
#define MAILREADY_CHECKS_LIST_BLAME_H

#include "views/views.h"

/* A sentence about it, and what to do; false when the resolver is not at fault.  They live in a. */
bool list_blame(const struct target *t, const struct list_view *views, size_t n, struct arena *a,
    const char **what, const char **remedy);

#endif
