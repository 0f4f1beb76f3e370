/* What other checks ask of the PTR record beside its view. */
#ifndef MAILREADY_CHECKS_PTR_PRIV_H
#define MAILREADY_CHECKS_PTR_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "views/views.h"

/*
 * A name that ends in the zone of the record itself was written without its final dot
 * (RFC 1035 5.1).  The name that was meant, or NULL.
 */
const char *ptr_name_meant(const struct ptr_view *view, const char *name, struct arena *a);

/* What will hold when caches have let go of the resolver's answer. */
struct ptr_next {
	bool differs;             /* the authority speaks with one voice, and says something else */
	const char *const *names; /* its PTR names */
	size_t n_names;
	struct iprev_view iprev; /* of these names */
	const char *wait;        /* for how long the resolver's answer may be cached */
};
void ptr_next(const struct target *t, const struct facts *f, struct arena *a, struct ptr_next *out);

/* What to do about the PTR record when the authority's state alone decides it; "" otherwise. */
const char *ptr_authority_remedy(const struct target *t, const struct facts *f, struct arena *a);

#endif
