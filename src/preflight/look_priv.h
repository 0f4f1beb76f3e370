/* One address before its server goes live, in two files: records, and what the checks find. */
#ifndef MAILREADY_PREFLIGHT_LOOK_PRIV_H
#define MAILREADY_PREFLIGHT_LOOK_PRIV_H

#include "report/preflight.h"

/* A look at one address. */
struct look {
	const struct preflight_input *in;
	struct arena *a;
	struct preflight_address *out;
	bool any_forward_missing; /* of a PTR name */
};

/* An item with the texts "", required and critical; what is made safe. */
struct preflight_item *look_add(struct look *l, enum stage stage, enum preflight_state state,
    const char *what);

/* The findings that do not depend on the records. */
void look_now(struct look *l);

/* The findings about the names once all records are as wanted. */
void look_then(struct look *l);

/* Does the server show the name that is wanted? */
void look_at_greeting(struct look *l);

#endif
