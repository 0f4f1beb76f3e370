/*
 * Is a name one that somebody chose for a server, or one that was generated for an address?
 * Pure: a name, an address, the table of provider schemes and the user's own domains.
 */
#ifndef MAILREADY_CHECKS_GENERIC_PRIV_H
#define MAILREADY_CHECKS_GENERIC_PRIV_H

#include <stdbool.h>

#include "base/ip.h"
#include "checks/generic_table.h"
#include "views/views.h"

struct generic_name {
	enum generic_class class;
	const char *provider; /* "" unless GENERIC_PROVIDER */
	const char *note;     /* where that provider's customers change the PTR record; "" */
	const char *match;    /* the part of the name that decided; "" */
	const char *rule; /* what decided, as a phrase: "holds the address in hexadecimal"; "" */
};

/*
 * name: the internal form, and a good host name (NAME_GOOD).  own: is its registered domain one
 * of the user's own?  match lives in the arena, the other texts in the table or the program.
 */
void generic_name_judge(const struct generic_table *table, const struct ip *ip, const char *name,
    bool own, struct arena *a, struct generic_name *out);

/* The first part of host that shows the address, however written. */
struct generic_trace {
	const char *rule;  /* a phrase for people; NULL when there is none */
	bool strong;       /* false: two octets, which also meet by chance */
	size_t start, len; /* in host */
};

/* host: the labels of a name left of its registered domain. */
struct generic_trace generic_find_address(const struct ip *ip, const char *host, struct arena *a);

#endif
