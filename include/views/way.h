/* Where packets to an address that a stranger's record leads to would go. */
#ifndef MAILREADY_VIEWS_WAY_H
#define MAILREADY_VIEWS_WAY_H

#include "dns/nat64.h"
#include "gather/facts.h"
#include "gather/target.h"

/*
 * Only on NAT64_OPEN may anything be sent.  Where the policy allows special-use addresses every way is open.  Of
 * a public IPv6 address it is NAT64_UNKNOWN until the answer about this network's translators is known.
 */
enum nat64_way way_to(const struct target *t, const struct facts *f, const struct ip *ip);

/* Wants that answer, where the way to the address depends on it: one question a run. */
void way_want(const struct target *t, struct facts *f, const struct ip *ip);

/* Has that answer been asked for, and not come yet? */
bool way_is_awaited(const struct facts *f);

#endif
