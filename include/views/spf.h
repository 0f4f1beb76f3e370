/*
 * SPF (RFC 7208): check_host() over facts.  The evaluation goes through the terms one after the other, as
 * the RFC has it, and stops where an answer is not known yet; then it is done anew.  So that this does not
 * take a round trip a term, up to SPF_TERMS_MAX terms are asked about ahead of their turn.
 */
#ifndef MAILREADY_VIEWS_SPF_H
#define MAILREADY_VIEWS_SPF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/enumtab.h"
#include "gather/facts.h"
#include "gather/target.h"
#include "views/spf_record.h"
#include "views/views.h"

/* RFC 7208 4.6.4 */
enum {
	SPF_TERMS_MAX = 10, /* that ask the DNS */
	SPF_VOIDS_MAX = 2,  /* questions whose answer has no record */
	SPF_NAMES_MAX = 10, /* of one MX or PTR answer */
};

enum spf_result {
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR,
};
extern const struct enumtab spf_result_names; /* as in RFC 8601 2.7.2 */

/* Why an evaluation ended in an error. */
enum spf_problem {
	SPF_NO_PROBLEM,
	SPF_SYNTAX,         /* a record is not valid */
	SPF_SEVERAL,        /* a domain has several records */
	SPF_NO_RECORD,      /* include or redirect lead to a domain without a record */
	SPF_TOO_MANY_TERMS, /* more than SPF_TERMS_MAX */
	SPF_TOO_MANY_VOIDS,
	SPF_TOO_MANY_NAMES, /* MX names */
	SPF_UNKNOWN,        /* a question was not answered */
};

enum spf_outcome { SPF_MATCH, SPF_NO_MATCH, SPF_ENDS };

/* One thing that the evaluation did, for the story of it: a record was read, or a term looked at. */
struct spf_step {
	unsigned depth;              /* of includes and redirects */
	const char *domain;          /* whose record */
	const char *record;          /* what was read; NULL of a term */
	const struct spf_term *term; /* NULL of a record */
	unsigned lookup; /* the term's number among those that ask the DNS; 0: it does not */
	enum spf_outcome outcome; /* of a term; SPF_ENDS: it ended everything by an error */
	const char *note;         /* why, a phrase; "" */
};

/* The evaluation for one identity. */
struct spf_check {
	enum spf_result result;
	const char *sender; /* "user@example.com", for EHLO "postmaster@" and the name */
	const char
	    *domain; /* internal form; "" when there is none that could have a record: none */
	const char *record; /* the domain's own, as it was read; "" */
	unsigned lookups;   /* terms that asked the DNS */
	unsigned voids;
	enum spf_problem problem;
	const char
	    *problem_domain;      /* whose record is at fault, or the name that was not answered */
	const char *problem_text; /* a sentence without its end; "" */
	const struct dns_answer *unanswered; /* of SPF_UNKNOWN; NULL */
	const struct spf_term *decided;      /* the term that matched; NULL: none did */
	const char *decided_in;              /* the domain whose record has it */
	const char *explanation;             /* what exp= says to the sender; "" */
	struct spf_step *steps;
	size_t n_steps, cap_steps;
	bool steps_cut;            /* there were more */
	const struct fact **facts; /* the answers that it rests on, in their order */
	size_t n_facts, cap_facts;
};

struct spf_view {
	enum sender_source source; /* of the sender in MAIL FROM */
	const struct spf_check
	    *main; /* what counts: MAIL FROM, or EHLO where there is none; NULL */
	const struct spf_check *mail_from; /* NULL: there is no sender */
	const struct spf_check *helo;      /* NULL: the EHLO name is not known */
};

/* Is there a sender to judge, or was SPF asked for by name? */
bool spf_applies(const struct target *t);

/* Wants what the evaluations of both identities need next. */
void spf_want(const struct target *t, struct facts *f);

/*
 * The answer that is taken of what a sender's domain publishes: the world's; or the resolver's own where nobody
 * else could be asked, and where it is not of the kind that resolvers make themselves.
 */
const struct dns_answer *spf_answer(const struct target *t, const struct facts *f, const char *name,
    uint16_t type);

#endif
