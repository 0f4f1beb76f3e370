/* What other checks ask of the forward confirmation beside its view. */
#ifndef MAILREADY_CHECKS_IPREV_PRIV_H
#define MAILREADY_CHECKS_IPREV_PRIV_H

#include <stdbool.h>

#include "gather/facts.h"
#include "gather/target.h"

/*
 * Up to this many PTR names both address families are looked up, and the answers are followed.
 * Beyond it, only the target's family is, as a leaf: a large RRset stays cheap.
 */
enum { IPREV_NAMES_FEW = 8 };

/*
 * Are there a few PTR names, all of them looked up, and none confirmed?  Only then does anybody
 * need to know what the authority says.
 */
bool iprev_is_settled_unconfirmed(const struct target *t, const struct facts *f, struct arena *a);

#endif
