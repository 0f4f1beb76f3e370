/*
 * What the servers of a zone say themselves, whatever caches say: built from plain facts.  The
 * zone that holds a name is found by its SOA, asked through the resolver; then its NS names, their
 * addresses, and the question put to each server without recursion.
 *
 * Where the policy asks the authority always, every address is asked: receivers may see any of them; and
 * so are servers that only the zone above names (views/delegation.h): receivers begin with these.
 * Else one answer a server is enough: its lowest IPv4 address is asked, and the lowest IPv6 one when
 * there is no other, or nothing gets there from here.
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
#include "views/delegation.h"

enum {
	AUTHORITY_NAMES_FEW =
	    8, /* servers that are looked up where one answer a server is enough */
	AUTHORITY_NAMES_MAX = 32,     /* and where all of them are asked */
	AUTHORITY_ASKED_MAX = 32,     /* addresses that are asked then */
	AUTHORITY_LEFT_OUT_SHOWN = 5, /* of the rest, so many are named */
};

enum authority_state {
	AUTHORITY_SILENT,  /* no answer, or its addresses could not be looked up */
	AUTHORITY_LAME,    /* answers, but not as an authority for the zone */
	AUTHORITY_GONE,    /* its name does not exist, or has no address: certain */
	AUTHORITY_AWAY,    /* this machine cannot get there: the address family is at fault */
	AUTHORITY_PRIVATE, /* not asked on purpose: it leads into special-use space, or may do so */
	AUTHORITY_ANSWERED,
	AUTHORITY_STATES
};

/* One server at one address. */
struct authority_server {
	const char *name;
	bool
	    elsewhere; /* silent here, while it answers at another address, and others in this family */
	const char *shown; /* with its address, where the server has others: "ns1.example (::1)" */
	struct ip ip;      /* family 0: none is known */
	enum authority_state state;
	const struct dns_answer *answer; /* never NULL */
	const struct fact *fact; /* the answer's, or that of the address it was not found by */
};

enum authority_word {
	AUTHORITY_UNKNOWN, /* no server answered */
	AUTHORITY_ONE,     /* all that answered say the same */
	AUTHORITY_SPLIT,   /* they contradict each other */
};

struct authority_view {
	const char *name;             /* what the servers were asked: the end of the CNAME chain */
	const char *zone;             /* "" while unknown */
	const char *mailbox;          /* of its SOA, as user@domain; "" */
	const struct fact *zone_fact; /* where the zone was learned, or could not be */
	const struct fact *ns_fact;
	bool own_data; /* the resolver has data of its own for the name: it led to no zone */
	struct delegation above; /* where all are asked: which servers the zone above names */
	/* Of its servers, and of those that only the zone above names; sorted, at most
	 * AUTHORITY_NAMES_MAX. */
	const char **names;
	size_t n_names;
	struct authority_server *servers; /* by name, then by address */
	size_t n_servers;
	size_t n_in_state[AUTHORITY_STATES];
	/* More than are asked: names of servers, or of their addresses; the first of them are here. */
	const char *left_out[AUTHORITY_LEFT_OUT_SHOWN];
	size_t n_left_out;
	bool ipv6_alone; /* no server that may serve the zone has an IPv4 address: certain */
	enum authority_word word;
	const struct dns_answer *answer; /* of the first server that answered; pending when none */
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
 * The lowest address of that family (4 or 6) to ask a server of this name at, when its A or AAAA fact
 * tells it; false while it does not, and for addresses that a stranger's zone must not make us send
 * to.
 */
bool authority_endpoint(const struct target *t, const struct facts *f, const char *server,
    uint8_t family, struct endpoint *out);

/* One of the server's addresses that lead into special-use space; NULL when none is known. */
const struct ip *authority_private(const struct target *t, const struct facts *f,
    const char *server);

/* Wants what decides whether the server's IPv6 addresses lead there (views/way.h), once they are known. */
void authority_want_way(const struct target *t, struct facts *f, const char *server);

/* Is that on its way? */
bool authority_awaits_way(const struct target *t, const struct facts *f, const char *server);

/* Why a server did not answer: "REFUSED from 192.0.2.1", "the name does not exist". */
const char *authority_reason(const struct authority_server *server, struct arena *a);

/* "ns9.example, ns10.example and 3 more": what was left out; "" for nothing. */
const char *authority_left_out(const struct authority_view *v, struct arena *a);

/* How long caches may still give an answer once its zone has another: TTL, or negative TTL
 * (RFC 2308 5). */
uint32_t cached_for_s(const struct dns_answer *answer);

/* Do two answers say the same: the same set of records, or both that there is none? */
bool authority_same_answer(const struct dns_answer *x, const struct dns_answer *y, struct arena *a);

#endif
