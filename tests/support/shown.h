/* What a test compares of a reply that was read from a log. */
#ifndef MAILREADY_TESTS_SHOWN_H
#define MAILREADY_TESTS_SHOWN_H

#include "base/arena.h"
#include "explain/reply.h"

/* "CODE STATUS|HOST|ADDRESS|STAGE|EHLO|SENDER|RECIPIENT|TIME|TEXT", in the arena; the time by RFC 3339. */
const char *reply_shown(const struct reply *r, struct arena *a);

#endif
