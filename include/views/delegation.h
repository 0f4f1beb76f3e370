/*
 * Which servers the zone above names for a zone.  Receivers' resolvers begin with these (RFC 1034 4.2.2); the
 * zone's own NS records come second, and may be others.
 */
#ifndef MAILREADY_VIEWS_DELEGATION_H
#define MAILREADY_VIEWS_DELEGATION_H

#include "gather/facts.h"
#include "gather/target.h"
#include "views/names.h"

struct delegation {
	const char *above; /* the zone above, by the SOA of the name above; "" while unknown */
	struct name_set
	    names; /* sorted; none while unknown, and where its servers hold both zones */
	const struct fact *fact; /* the referral; NULL */
};

/* Wants the next facts on the way to one server of the zone above, and its referral; all followed. */
void delegation_want(const struct target *t, struct facts *f, const char *zone);

/* What is known so far; texts live in a and in the facts. */
void delegation_view(const struct target *t, const struct facts *f, const char *zone,
    struct arena *a, struct delegation *out);

#endif
