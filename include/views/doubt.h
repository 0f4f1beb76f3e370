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

/*
 * Is there a sign that a plain answer, without AA, is the resolver's own all the same?  The SOA record of
 * the name, as far as it was asked for, says that the name does not exist or is in no zone (RFC 2308 3), or
 * a resolver of this network gives a TTL of such data.  A sign proves nothing: the zone's servers are
 * asked, and where they cannot be, the answer stands.
 */
bool is_suspected(const struct target *t, const struct facts *f, const char *name,
    const struct dns_answer *heard);

/*
 * Is the SOA record worth a question?  heard: the answer about the name, or pending.  Among many targets, only
 * where the TTL is a sign.
 */
bool doubt_takes_soa(const struct target *t, const struct dns_answer *heard);

#endif
