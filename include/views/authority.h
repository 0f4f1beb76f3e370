/*
 * What the servers of a zone say themselves, whatever caches say: built from plain facts.  The
 * zone that holds a name is found by its SOA, asked through the resolver; then its NS names, one
 * address of each, and the question put to each server without recursion.
 *
 * After a CNAME chain (RFC 2317) the zone is that of the chain's end: it holds the records.
 */
#ifndef MAILREADY_VIEWS_AUTHORITY_H
#define MAILREADY_VIEWS_AUTHORITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gather/facts.h"
#include "gather/target.h"

enum { AUTHORITY_SERVERS_MAX = 8 };

enum authority_state {
	AUTHORITY_SERVER_SILENT, /* no answer, no address, or one that may not be asked */
	AUTHORITY_SERVER_LAME,   /* answers, but not as an authority for the zone */
	AUTHORITY_SERVER_TOLD,
};

struct authority_server {
	const char *name;
	enum authority_state state;
	const struct dns_answer *answer; /* never NULL */
	const struct fact *fact; /* the answer's, or that of the address it was not found by */
};

enum authority_word {
	AUTHORITY_UNKNOWN, /* no server told */
	AUTHORITY_ONE,     /* all that told say the same */
	AUTHORITY_SPLIT,   /* they contradict each other */
};

struct authority_view {
	const char *name;             /* what the servers were asked: the end of the CNAME chain */
	const char *zone;             /* "" while unknown */
	const char *mailbox;          /* of its SOA, as user@domain; "" */
	const struct fact *zone_fact; /* where the zone was learned, or could not be */
	const struct fact *ns_fact;
	struct authority_server servers[AUTHORITY_SERVERS_MAX]; /* sorted by name */
	size_t n_servers;
	size_t n_in_state[AUTHORITY_SERVER_TOLD + 1];
	enum authority_word word;
	const struct dns_answer *answer; /* of the first server that told; pending when none */
};

/*
 * May the authority be asked about the target at all?  Not offline, not when the policy says
 * never, and not for special-use space, whose reverse zones end at servers that know nothing of
 * it (AS112, RFC 7534), unless the policy allows it.
 */
bool authority_may_ask(const struct target *t);

/* Wants the next facts on the way, all of them followed; so is to be the resolver's answer for name
 * and type. */
void authority_wants(const struct target *t, struct facts *f, const char *name, uint16_t type);

/* What is known so far.  Zone and mailbox are known from a negative answer alone, too. */
void authority_view(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    struct arena *a, struct authority_view *out);

/*
 * The address to ask a server of this name at, when its A and AAAA facts tell it; false while they
 * do not, and for addresses that a stranger's zone must not make us send to.
 */
bool authority_endpoint(const struct target *t, const struct facts *f, const char *server,
    struct endpoint *out);

/* How long caches may still give an answer once its zone has another: TTL, or negative TTL
 * (RFC 2308 5). */
uint32_t cached_for_s(const struct dns_answer *answer);

/* Do two answers say the same: the same set of records, or both that there is none? */
bool authority_same_answer(const struct dns_answer *x, const struct dns_answer *y, struct arena *a);

#endif
