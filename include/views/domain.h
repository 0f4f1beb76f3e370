/*
 * The domains that the mail is from: do they exist, and do they take the replies and bounces to it?
 * RFC 5321 5.1 says where mail for a domain goes, RFC 7505 how one says that it takes none.
 */
#ifndef MAILREADY_VIEWS_DOMAIN_H
#define MAILREADY_VIEWS_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/enumtab.h"
#include "gather/facts.h"
#include "gather/target.h"
#include "views/understanding.h"

enum domain_result { DOMAIN_TEMPERROR, DOMAIN_PASS, DOMAIN_FAIL };
extern const struct enumtab domain_result_names; /* "temperror" "pass" "fail" */

enum domain_state {
	DOMAIN_UNKNOWN, /* a question that decides was not answered */
	DOMAIN_SERVED,  /* it has MX records */
	DOMAIN_ADDRESS, /* it has none, but an address, which mail goes to */
	DOMAIN_NO_NAME, /* it does not exist */
	DOMAIN_NO_MAIL, /* it exists, with neither */
	DOMAIN_NULL_MX, /* it says that it takes no mail */
};

/* What is wrong with a server that an MX record names. */
enum server_fault {
	SERVER_GOOD,
	SERVER_UNKNOWN, /* its addresses are not known */
	SERVER_LITERAL, /* its name is an address */
	SERVER_ALIAS,   /* its name is a CNAME (RFC 2181 10.3) */
	SERVER_NOWHERE, /* it has no address */
	SERVER_INSIDE,  /* only addresses that exist inside a network */
};

enum { DOMAIN_SERVERS_MAX = 10 };

struct domain_server {
	const char *name;
	enum server_fault fault;
};

struct domain_view {
	const char *name;  /* internal form */
	bool of_mail_from; /* what MAIL FROM says, and perhaps the From header, too */
	enum domain_state state;
	enum domain_result result;           /* pass: mail for it has somewhere to go */
	const struct dns_answer *unanswered; /* of DOMAIN_UNKNOWN; NULL */
	const char *unanswered_what;         /* "MX", "A" ... */
	struct domain_server servers[DOMAIN_SERVERS_MAX]; /* sorted by name */
	size_t n_servers;
	size_t n_more; /* that are not looked at */
};

/* Is there a domain that could be looked at, or was the check asked for by name? */
bool domain_applies(const struct target *t);

void domain_want(const struct target *t, struct facts *f);

/* The domain in MAIL FROM first, then that of the From header where it is another; *n: 0 to 2. */
const struct domain_view *known_domains(struct understanding *k, size_t *n);

#endif
