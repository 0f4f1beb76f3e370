/* PTR names, and facts about one. */
#ifndef MAILREADY_VIEWS_PTR_H
#define MAILREADY_VIEWS_PTR_H

#include "views/understanding.h"

/*
 * A name that ends in the zone of the record itself was written without its final dot
 * (RFC 1035 5.1), and so was one of a planned record that has its domain twice.  The name that was
 * meant, or NULL.
 */
const char *ptr_name_meant(const struct ptr_view *view, const char *name, struct arena *a);

/* "plan.zone:3" for a planned record of this name; else "". */
const char *ptr_place(const struct ptr_view *view, const char *name);

#endif
