/*
 * What the user names on the command line or in a list: "TARGET [EHLO-NAME [DOMAIN]]".  A target
 * is an address, a host name, a block in CIDR notation or a range A-B of addresses.
 */
#ifndef MAILREADY_GATHER_TARGETS_H
#define MAILREADY_GATHER_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/name.h"
#include "gather/target.h"

enum {
	TARGET_LINE_MAX = 4096,
	TARGET_BLOCK_BITS = 24, /* blocks and ranges hold at most 2^24 addresses */
};

struct target_spec {
	struct ip first, last; /* equal for one address; family 0: a host name, to be resolved */
	struct target_names names; /* host: internal form, "" for addresses */
	int line;                  /* in the input file; 0 for the command line */
};

enum target_line { TARGET_LINE_BLANK, TARGET_LINE_GOOD, TARGET_LINE_BAD };

/*
 * One word.  huge: IPv4 blocks and ranges of any size; IPv6 ones never exceed 2^24 addresses (a
 * /104), because what could be looked up in a life is less than any of them.  Strings that are
 * not "" live in the arena.  ERR_DATA names the word and what was expected.
 */
enum err_code target_parse_word(const char *word, bool huge, struct arena *a,
    struct target_spec *out, struct err *err) MUST_CHECK;

/* One line's text without its comment ("#") in out; BAD, when it is too long or no text, fills err. */
enum target_line target_line_text(const char *line, size_t len, char out[TARGET_LINE_MAX],
    struct err *err);

/* One line of a list, as TARGET [EHLO-NAME [DOMAIN]].  BAD fills err. */
enum target_line target_parse_line(const char *line, size_t len, bool huge, struct arena *a,
    struct target_spec *out, struct err *err);

/* Can it lead to more than one report? */
bool target_is_many(const struct target_spec *spec);

/* The address after ip; the last of its family is followed by the first. */
void target_ip_next(struct ip *ip);

/*
 * Which of n shards takes a target, from 0: chosen by the address alone, or by the host name when
 * the address has family 0; the same on every machine and for every order of the input.
 */
unsigned target_shard(const struct ip *ip, const char *host, unsigned n);

#endif
