/* The identities of a server's mail: for those who want facts about them. */
#ifndef MAILREADY_VIEWS_SENDER_H
#define MAILREADY_VIEWS_SENDER_H

#include "gather/target.h"
#include "views/views.h"

struct arena;

/*
 * What the target's words say of the sender (known_sender() for a judge).  The From domain is --from,
 * else --domain.  MAIL FROM is --mail-from, else postmaster of the From domain: that is what a receiver
 * sees of a server that says one domain everywhere.  Strings live in a.
 */
void sender_read(const struct target *t, struct arena *a, struct sender_view *out);

#endif
