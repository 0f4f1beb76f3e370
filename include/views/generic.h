/*
 * Is a name one that somebody chose for a server, or one that was generated for an address?
 * Pure: a name, an address, the table of provider schemes and the user's own domains.
 */
#ifndef MAILREADY_VIEWS_GENERIC_H
#define MAILREADY_VIEWS_GENERIC_H

#include <stdbool.h>

#include "base/ip.h"
#include "views/generic_table.h"
#include "views/views.h"

struct generic_name {
	enum generic_class class;
	const char *provider; /* "" unless GENERIC_PROVIDER */
	const char *note;     /* where that provider's customers change the PTR record; "" */
	const char *match;    /* the part of the name that decided; "" */
	const char *rule; /* what decided, as a phrase: "contains the address in hexadecimal"; "" */
};

/*
 * name: the internal form, and a good host name (NAME_GOOD).  own: is its registered domain one
 * of the user's own?  match lives in the arena, the other texts in the table or the program.
 */
void generic_name_judge(const struct generic_table *table, const struct ip *ip, const char *name,
    bool own, struct arena *a, struct generic_name *out);

/* Did somebody give the target this name on purpose?  It is a host name, and not a provider's default. */
bool generic_is_chosen(const struct target *t, const char *name, struct arena *a);

#endif
