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

void ptr_next(const struct target *t, const struct facts *f, struct arena *a, struct ptr_next *out);

/* What to do about the PTR record when the authority's state alone decides it; "" otherwise. */
const char *ptr_authority_remedy(const struct target *t, const struct facts *f, struct arena *a);

#endif
