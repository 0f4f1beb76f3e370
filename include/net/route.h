/* Which of its addresses this machine uses towards the Internet. */
#ifndef MAILREADY_NET_ROUTE_H
#define MAILREADY_NET_ROUTE_H

#include <stdbool.h>

#include "base/ip.h"

/*
 * The source address that the kernel chooses for a server far away, of family 4 or 6 (RFC 6724 for
 * IPv6).  Sends nothing.  False when no route of this family leads there.
 */
bool route_source(int family, struct ip *out);

#endif
