/* The present DNS of an address and of its wanted names; the authority counts before caches. */
#ifndef MAILREADY_FIX_NOW_H
#define MAILREADY_FIX_NOW_H

#include "gather/check.h"
#include "provider/provider.h"
#include "views/authority.h"
#include "views/understanding.h"

/* Wants the PTR record and the addresses of every wanted name, from resolver and authority; judges
 * nothing. */
extern const struct check fix_wants;

struct ptr_now {
	bool known; /* false: neither the authority nor the resolver had an answer */
	bool split; /* the zone's servers contradict each other; names are the first one's */
	const char **names; /* sorted */
	size_t n_names;
	uint32_t cached_s; /* how long a cache may hold it: TTL, or negative TTL (RFC 2308 5) */
	const struct authority_view *zone;
};
void ptr_now(struct understanding *k, struct ptr_now *out);

enum forward_state {
	FORWARD_UNKNOWN,
	FORWARD_MISSING, /* answered, and the address is not there */
	FORWARD_LATE,    /* some of the zone's servers show the address */
	FORWARD_GOOD,    /* all servers that answered show it; or, none asked, the resolver */
};
struct forward_now {
	enum forward_state state;
	const struct dns_answer *answer; /* the resolver's, or the authority's when it answered */
	bool alias;                      /* the name leads elsewhere by CNAME */
	uint32_t cached_s;               /* as above */
	struct authority_view zone;
};
void forward_now(const struct target *t, const struct facts *f, const char *name, struct arena *a,
    struct forward_now *out);

/* "the servers of example.com say 192.0.2.9", "mail.example.com does not exist": why not good. */
const char *forward_reason(const struct target *t, const struct forward_now *now, const char *name,
    struct arena *a);

/*
 * What the name loses when it gets a record of its own: a sentence where the DNS knows the name and the account,
 * whose set is own, has nothing under it (RFC 4592 2.2.1); else NULL.
 */
const char *forward_wildcard_note(const struct forward_now *now, const struct provider_set *own,
    const char *name, struct arena *a);

/*
 * The facts as they are once caches have let go: the authority's answers in the place of the
 * resolver's, for the checks to judge.  out is an initialised store.
 */
void facts_from_authority(const struct target *t, const struct facts *f, struct facts *out);

#endif
