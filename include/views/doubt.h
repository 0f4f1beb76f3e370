/* Which answers of a resolver are not taken for what receivers get (dns/answer.h, dns_doubt()). */
#ifndef MAILREADY_VIEWS_DOUBT_H
#define MAILREADY_VIEWS_DOUBT_H

#include <stdbool.h>

#include "gather/facts.h"
#include "gather/target.h"

/*
 * Is the target judged by what the world sees?  An address of a private network is not: what its own
 * resolver says of it is all there is.
 */
bool target_faces_world(const struct target *t);

/* Is it the resolver's own answer, perhaps, about a target that the world sees?  That localhost is this
 * machine is true everywhere (RFC 6761 6.3). */
bool is_doubted(const struct target *t, const char *name, const struct dns_answer *answer);

#endif
