/* Blocks in CIDR notation (RFC 4632, RFC 4291 2.3) and ranges "A-B" of addresses. */
#ifndef MAILREADY_GATHER_BLOCK_PRIV_H
#define MAILREADY_GATHER_BLOCK_PRIV_H

#include <stdbool.h>

#include "base/ip.h"

struct arena;

/*
 * NULL and both ends filled in; NULL and family 0 when the word is neither; else what is wrong
 * with it, and what was probably meant, as the end of a sentence: "a block of more than ...".
 */
const char *block_parse(const char *word, bool huge, struct arena *a, struct ip *first,
    struct ip *last);

#endif
