/*
 * What the world gets for an answer, where the resolver may have an answer of its own: a hosts file, an inside
 * view, a block list, DNS64.  A plain answer is taken as it is.  One that is doubted
 * (views/doubt.h) decides nothing: the servers of the name's zone are asked, and what they say with
 * one voice counts.  When they cannot be asked, the answer is DNS_DOUBTFUL: unknown.
 */
#ifndef MAILREADY_VIEWS_WORLD_H
#define MAILREADY_VIEWS_WORLD_H

#include "gather/facts.h"
#include "gather/target.h"

/* Like facts_want_dns() and facts_follow_dns(), with what it takes to check a doubted answer. */
void world_want(const struct target *t, struct facts *f, const char *name, uint16_t type);
void world_follow(const struct target *t, struct facts *f, const char *name, uint16_t type);

/*
 * Like world_follow(), for an answer that a verdict rests on: the name's SOA record is asked for in the same
 * round trip, which shows data of the resolver's own that look like any other answer
 * (views/doubt.h, is_suspected()).
 */
void world_follow_closely(const struct target *t, struct facts *f, const char *name, uint16_t type);

/*
 * The answer that counts; never NULL, pending while it is not known.  What the zone's servers said is
 * marked as checked; overruled is what the resolver said instead.
 */
const struct dns_answer *world_dns(const struct target *t, const struct facts *f, const char *name,
    uint16_t type);

/* The fact that the answer that counts comes from, for evidence; NULL when nobody wanted it. */
const struct fact *world_fact(const struct target *t, const struct facts *f, const char *name,
    uint16_t type);

/* Both; *from is the fact. */
const struct dns_answer *world_look(const struct target *t, const struct facts *f, const char *name,
    uint16_t type, const struct fact **from);

/* The name to ask the authority about (views/authority.h): a checked answer's chain is known. */
const char *world_owner(const struct target *t, const struct facts *f, const char *name,
    uint16_t type);

/*
 * Is the address one that DNS64 made from an A record of the name (RFC 6147)?  By its prefix, the
 * well-known one or that of ipv4only.arpa (RFC 7050), as far as it was asked for.
 */
bool world_is_translated(const struct facts *f, const char *name, const struct ip *ip);

/*
 * Is the address one that DNS64 would make from an IPv4 address, by the well-known prefix or a learned
 * one?  Then *from is that address.
 */
bool world_translated_from(const struct facts *f, const struct ip *ip, struct ip *from);

/* Wants the prefix that this network's DNS64 has (RFC 7050). */
void world_want_prefix(struct facts *f);

#endif
