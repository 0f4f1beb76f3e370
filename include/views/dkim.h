/* The DKIM keys and signatures of a server's mail (RFC 6376 6): which keys it takes, and what came of them. */
#ifndef MAILREADY_VIEWS_DKIM_H
#define MAILREADY_VIEWS_DKIM_H

#include <stdbool.h>

#include "base/enumtab.h"
#include "mail/dkim_key.h"
#include "mail/message.h"
#include "views/understanding.h"

/* The words of RFC 8601 2.7.1, as far as they can come out here. */
enum dkim_result { DKIM_TEMPERROR, DKIM_PASS, DKIM_FAIL, DKIM_NONE, DKIM_PERMERROR };
extern const struct enumtab dkim_result_names; /* "temperror" "pass" "fail" "none" "permerror" */

/* Where a row comes from. */
enum dkim_origin {
	DKIM_OF_MESSAGE, /* a signature of the message */
	DKIM_NAMED,      /* domain and selector were given */
	DKIM_ASSUMED,    /* a domain was given alone: its signatures are taken as good */
	DKIM_GUESSED,    /* a usual selector was tried, and there is a key */
};

/* What decided. */
enum dkim_reason {
	DKIM_GOOD,
	DKIM_NOT_JUDGED,   /* ASSUMED */
	DKIM_KEY_UNKNOWN,  /* its record could not be looked up */
	DKIM_KEY_MISSING,  /* there is no record */
	DKIM_KEY_SEVERAL,  /* there are several (RFC 6376 3.6.2.2) */
	DKIM_KEY_UNUSABLE, /* the record: see key->fault */
	DKIM_KEY_MISMATCH, /* k= is not of the kind that a= needs */
	DKIM_KEY_IDENTITY, /* t=s, and i= is of a subdomain */
	DKIM_SIGNATURE_FAULT,
	DKIM_EXPIRED,
	DKIM_HEADER_CHANGED, /* or signed with another key */
	DKIM_BODY_CHANGED,
	DKIM_BODY_SHORT,
	DKIM_BODY_UNKNOWN,
};

struct dkim_row {
	enum dkim_origin origin;
	enum dkim_result result;
	enum dkim_reason reason;
	const char *domain,
	    *selector; /* internal form; selector "" when ASSUMED, both in faulty signatures */
	const char *key_name;                      /* where the record stands; "" */
	const struct dkim_key *key;                /* of the one record; NULL */
	const struct dns_answer *answer;           /* NULL when nothing is asked */
	const struct message_signature *signature; /* OF_MESSAGE; else NULL */
};

/* In the order of the message, then as named, then as tried. */
struct dkim_view {
	struct dkim_row *rows;
	size_t n;
	const struct message *message; /* NULL */
	size_t n_guessed;              /* selectors tried, also those without a key */
	bool is_given; /* a message, or a key or domain: what is signed is not unknown altogether */
};

/* Wants the records of all keys. */
void dkim_want_keys(const struct target *t, struct facts *f);

const struct dkim_view *known_dkim(struct understanding *k);

/* May its domain be taken as one that signed? */
bool dkim_row_signs(const struct dkim_row *row);

#endif
