/*
 * Where nothing of ours can write the reverse zone: who can, and a request ready to send to them,
 * in plain English.  Pure text from what is known; sends nothing.
 */
#ifndef MAILREADY_FIX_REQUEST_H
#define MAILREADY_FIX_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct arena;
struct hoster_row;
struct plan;
struct understanding;

/* Strings are borrowed, may come from outside (they are made safe), and are "" when unknown. */
struct request_facts {
	struct ip ip;
	const char *const *names; /* wanted PTR names, internal form; none: the PTR is to go */
	size_t n_names;
	uint32_t ttl_s;             /* 0: theirs to choose */
	const char *owner;          /* the owner of the PTR record (end of an RFC 2317 chain); "" */
	const char *zone;           /* that holds the owner */
	const char *const *servers; /* the zone's name servers */
	size_t n_servers;
	const char *mailbox;        /* of the zone's SOA, user@domain */
	const char *const *current; /* PTR names now */
	size_t n_current;
	const char *const *resolving; /* those of names that lead to the address already */
	size_t n_resolving;
	const struct hoster_row *hoster; /* that the address is from; NULL: not recognised */
	const char *provider;            /* whose default name a current one is: "Hetzner" */
	const char *provider_note; /* where that provider's customers change the PTR: a sentence */
	const char *const *evidence; /* what was seen, a sentence each */
	size_t n_evidence;
};

struct request {
	/* What that hoster's customer does himself, or whom he asks there: lines, calls among them; "". */
	const char *own;
	bool by_customer;    /* own says how; the letter is for those who are not the customer */
	const char *who;     /* for the user: who can write the record and how to reach them */
	const char *to;      /* the mail box to write to; "" when none is known */
	const char *subject; /* one line */
	const char *body;    /* lines of at most about 72 columns, each ended by a newline */
};

/*
 * What is known of the target's PTR record, gathered with fix_wants (fix/now.h), and of who can write
 * it: everything but ttl_s and evidence.  The names are the target's wanted ones.
 */
void request_of_facts(struct understanding *k, struct request_facts *out);

/*
 * Is it the zone of a name that others must change: the PTR record is right already, or, with an
 * account for the address, can be set from here?
 */
bool request_is_forward(const struct plan *p, bool account);

/* The request to the holder of that zone, for the plan's needs; there is at least one. */
void request_write_forward(const struct plan *p, const char *const *evidence, size_t n_evidence,
    struct arena *a, struct request *out);

/* Everything is allocated in a. */
void request_write(const struct request_facts *facts, struct arena *a, struct request *out);

#endif
