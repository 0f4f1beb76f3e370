/* Whether lists can be trusted at all: their test entries alone, about nobody's address. */
#ifndef MAILREADY_VIEWS_LIST_HEALTH_H
#define MAILREADY_VIEWS_LIST_HEALTH_H

#include "gather/check.h"
#include "views/views.h"

/* For the engine only: it wants the test entries of every list, and judges nothing. */
extern const struct check check_list_health;

/*
 * One row a list of the policy's catalogue, whatever the target.  The verdict's state is LIST_LISTED
 * (its reason LIST_OK) for a list that works, else LIST_UNKNOWN with the reason; LIST_UNTESTED for
 * one that has nothing to test.  Nothing is pending: what did not arrive has timed out.
 */
struct list_view *list_health_views(const struct target *t, const struct facts *f, struct arena *a,
    size_t *n);

/* "ok", or the word of the reason. */
const char *list_health_word(const struct list_view *v);

#endif
