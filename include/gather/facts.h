/*
 * The facts store: one observation a question, with provenance, or pending.
 *
 * Checks name what they need (want, follow) and read what is there; a fact that nobody wanted
 * yet reads as pending, so a reader never branches on absence.  Questions are deduplicated by
 * key.  Addresses are stable until facts_fini().
 */
#ifndef MAILREADY_GATHER_FACTS_H
#define MAILREADY_GATHER_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "dns/answer.h"
#include "net/endpoint.h"
#include "smtp/dialogue.h"

enum fact_kind { FACT_DNS, FACT_SMTP };

struct fact {
	enum fact_kind kind;
	const char *
	    key; /* unique: "dns PTR 1.2.0.192.in-addr.arpa", "dns A x @192.0.2.53#53", "smtp ..." */
	bool followed;       /* its arrival makes the checks say again what they want */
	bool found_followed; /* so it does, but only with records in it */
	bool final;          /* answered or given up */
	bool sparing;        /* its question is a burden on others: at most one retry */
	/* FACT_DNS */
	const char *name;
	uint16_t type;
	bool at_server;               /* ask endpoint without recursion, instead of the resolver */
	const struct dns_answer *dns; /* never NULL */
	/* FACT_DNS with at_server, FACT_SMTP */
	struct endpoint endpoint;
	const struct smtp_dialogue *smtp; /* never NULL */
	struct fact *same_name;           /* the next one in the index; NULL */
};

struct understanding;

struct facts {
	struct arena *arena; /* borrowed: facts, answers and findings of one target live in it */
	unsigned turn;       /* of the engine: during one, no value changes; 0 outside of it */
	struct understanding *so_far; /* in that turn (views/understanding.h); NULL */
	struct map index;             /* by name, once there are more than a few */
	struct fact **list;           /* in the order they were first wanted */
	size_t n, cap;
	size_t max; /* budget: what is wanted beyond it is final at once, DNS_NOT_ASKED */
};

enum { FACTS_MAX = 20000 };

void facts_init(struct facts *f, struct arena *a);
void facts_fini(struct facts *f);

/* "I need this": a leaf.  name is in the internal form and is copied.  What is known of the answer; never
 * NULL. */
const struct dns_answer *facts_want_dns(struct facts *f, const char *name, uint16_t type);

/* "I need this, and its answer leads on": wants is called again when it arrives.  The same. */
const struct dns_answer *facts_follow_dns(struct facts *f, const char *name, uint16_t type);

/* The same, asked of one server without recursion. */
void facts_follow_dns_at(struct facts *f, const struct endpoint *server, const char *name,
    uint16_t type);

/* What may follow an answer that is a burden on others. */
enum facts_lead {
	FACTS_LEAF,
	FACTS_LEAD_FOUND, /* to more when it holds records: most of these do not */
	FACTS_LEAD,       /* to more, whatever it says */
};

/* "I need this, and asking is a burden on others": the question is repeated once at most.  server
 * NULL: the resolver.  What is known of the answer; never NULL. */
const struct dns_answer *facts_spare_dns(struct facts *f, const struct endpoint *server,
    const char *name, uint16_t type, enum facts_lead lead);

/* The SMTP dialogue of a server; always followed. */
void facts_want_smtp(struct facts *f, const struct endpoint *server);

/* Never NULL: pending when unknown. */
const struct dns_answer *facts_dns(const struct facts *f, const char *name, uint16_t type);
const struct dns_answer *facts_dns_at(const struct facts *f, const struct endpoint *server,
    const char *name, uint16_t type);
const struct smtp_dialogue *facts_smtp(const struct facts *f, const struct endpoint *server);

/* The fact itself, for evidence; NULL when nobody wanted it. */
const struct fact *facts_find_dns(const struct facts *f, const char *name, uint16_t type);
const struct fact *facts_find_dns_at(const struct facts *f, const struct endpoint *server,
    const char *name, uint16_t type);
const struct fact *facts_find_smtp(const struct facts *f, const struct endpoint *server);

/* ---- for the engine, the loader of dumps, and tests ---- */

/* The fact itself, wanted if it was not; server NULL: the resolver. */
struct fact *facts_need_dns(struct facts *f, const struct endpoint *server, const char *name,
    uint16_t type);
struct fact *facts_need_smtp(struct facts *f, const struct endpoint *server);

/* Has the arrival of its value changed what is wanted? */
bool fact_leads_on(const struct fact *fact);

/* Gives a fact its value, copied into a, and makes it final. */
void facts_set_dns(struct fact *fact, struct arena *a, const struct dns_answer *answer);
void facts_set_smtp(struct fact *fact, struct arena *a, const struct smtp_dialogue *dialogue);

#endif
