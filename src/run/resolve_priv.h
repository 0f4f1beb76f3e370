/*
 * From a name to the addresses that are judged.  A domain is not a server: where it has an MX
 * record, the servers that the record names are meant.  The name's own addresses are meant where
 * it has none (RFC 5321 section 5.1), and are asked for in the same round trip.
 */
#ifndef MAILREADY_RUN_RESOLVE_PRIV_H
#define MAILREADY_RUN_RESOLVE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct arena;
struct dns_answer;
struct dns_stub;
struct resolve;

/* The most servers of a domain, and addresses of a name, that are looked at. */
enum { RESOLVE_SERVERS_MAX = 16, RESOLVE_ADDRESSES_MAX = 32 };

struct resolve_host {
	struct resolve *resolve;
	const char *name;
	bool is_server;              /* one that the MX record names */
	struct dns_answer *a, *aaaa; /* NULL: not here yet, or not asked */
};

struct resolve {
	/* the caller's */
	struct dns_stub *stub;
	struct arena *arena; /* of all answers and texts */
	int families;        /* FAMILY_4 | FAMILY_6 */
	uint64_t time_us;    /* of each round trip */
	void (*done)(void *arg);
	void *arg;
	/* what is known */
	struct resolve_host own; /* the name itself */
	struct dns_answer *mx;
	struct resolve_host *servers; /* by preference; none: see resolve_kind() */
	size_t n_servers, n_named;    /* n_named: with those that exceed the bound */
	unsigned waiting;             /* answers still to come */
};

/* Asks; done is called once, from the loop, never from within this call.  name: borrowed. */
void resolve_start(struct resolve *r, const char *name);

/* Reads the servers from the MX answer, without addresses; again when another answer counts. */
void resolve_take_servers(struct resolve *r);

enum resolve_kind {
	RESOLVE_OWN,     /* no MX record, or one that names itself alone: its own addresses */
	RESOLVE_SERVERS, /* those of the servers */
	RESOLVE_NO_MAIL, /* a null MX (RFC 7505): none */
	RESOLVE_UNKNOWN, /* the MX record could not be looked up: none can be judged */
};

enum resolve_kind resolve_kind(const struct resolve *r);

/* The name of a server is one; what reads as an address is not looked up. */
bool resolve_is_name(const struct resolve_host *host);

struct resolved {
	struct ip ip;
	const char *host;
};

/* Each address once, in an order that does not depend on rotating answers. */
size_t resolve_addresses(const struct resolve *r, struct resolved out[RESOLVE_ADDRESSES_MAX]);

enum resolve_remark {
	RESOLVE_NOTE,    /* how the name was understood */
	RESOLVE_NOTHING, /* there is nothing to check, which is not a fault */
	RESOLVE_WRONG, /* the input, or the domain: no such name, no address of a family looked at */
	RESOLVE_UNASKED, /* it could not be found out, or there were too many */
};

/* Sentences for the user, in the arena.  Without any, all addresses of the name are judged. */
void resolve_remarks(const struct resolve *r,
    void (*say)(void *arg, enum resolve_remark kind, const char *text), void *arg);

#endif
