/*
 * What is known of one target, as typed values.  Each is computed from the facts when it is first
 * asked for, once: checks judge it and formats show it, and nobody computes it again.
 *
 * An understanding is about facts that do not change any more.  `wants` of a check, which is called
 * while they still arrive, takes the one of its turn.
 */
#ifndef MAILREADY_VIEWS_UNDERSTANDING_H
#define MAILREADY_VIEWS_UNDERSTANDING_H

#include "views/views.h"

struct domain_view;
struct spf_view;

struct understanding {
	const struct target *target; /* borrowed, as are facts and arena */
	const struct facts *facts;
	struct arena *arena; /* everything that is computed lives in it */
	/* what has been asked for; for the functions below alone */
	const struct ptr_view *ptr;
	const struct authority_view *authority;
	const struct ptr_next *next;
	const struct iprev_view *iprev;
	const struct generic_view *generic;
	const struct hoster_view *hoster;
	const struct ehlo_view *ehlo;
	const struct sender_view *sender;
	const struct spf_view *spf;
	const struct domain_view *domains;
	size_t n_domains;
	const struct dkim_view *dkim;           /* views/dkim.h */
	const struct dmarc_view *dmarc;         /* views/dmarc.h */
	const struct receivers_view *receivers; /* views/receivers.h */
	const struct lists_view *lists;
	const struct smtp_view *smtp;
};

void understanding_init(struct understanding *k, const struct target *t, const struct facts *f,
    struct arena *a);

/*
 * For `wants`: what is understood so far.  One for all checks of a turn of the engine, in which no
 * fact gets a value; a new one at each call outside of it.
 */
struct understanding *understanding_so_far(const struct target *t, struct facts *f);

/* The PTR record as the resolver gives it. */
const struct ptr_view *known_ptr(struct understanding *k);

/* What the servers of the reverse zone say of it themselves (views/authority.h). */
const struct authority_view *known_authority(struct understanding *k);

/* The state after the resolver's answer has left the caches. */
const struct ptr_next *known_next(struct understanding *k);

/* Forward confirmation of the PTR names (RFC 8601 section 3). */
const struct iprev_view *known_iprev(struct understanding *k);

/* Are the PTR names generic ones? */
const struct generic_view *known_generic(struct understanding *k);

/* The hoster that the address is from (views/hoster.h). */
const struct hoster_view *known_hoster(struct understanding *k);

/* The name that the server says in EHLO. */
const struct ehlo_view *known_ehlo(struct understanding *k);

/* The sender in MAIL FROM and the domain of the From header, as far as they were given. */
const struct sender_view *known_sender(struct understanding *k);

/* SPF for the sender and for the EHLO name (views/spf.h). */
const struct spf_view *known_spf(struct understanding *k);

/* What the lists of the policy's catalogue say. */
const struct lists_view *known_lists(struct understanding *k);

/* The SMTP port: whether it is talked to, and what it said. */
const struct smtp_view *known_smtp(struct understanding *k);

#endif
