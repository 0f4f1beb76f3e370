/* The name that a server should have, and the request that gets it: what remedies are made of. */
#ifndef MAILREADY_CHECKS_REMEDY_PRIV_H
#define MAILREADY_CHECKS_REMEDY_PRIV_H

#include <stdbool.h>

#include "gather/facts.h"
#include "gather/target.h"

struct proposal {
	const char *name; /* internal form; "" when nothing is known that could be proposed */
	const char *from; /* "the EHLO name", for sentences; "" */
	bool resolves;    /* its A or AAAA is known to hold the address */
};

/*
 * The EHLO name (given, or seen), else the host name that the user checks, else a forward-confirmed
 * PTR name, else mail.DOMAIN; never a name that is generic itself.
 */
void proposal_make(const struct target *t, const struct facts *f, struct arena *a,
    struct proposal *out);

/* Sentences: who is to set the PTR record to which name, in which zone, and what must be first. */
const char *remedy_set_ptr(const struct target *t, const struct facts *f, struct arena *a);

/* What to do about an answer that told nothing; otherwise is what must be done when it stays so. */
const char *remedy_untold(const struct dns_answer *answer, const char *otherwise, struct arena *a);

/* "Publish mail.example A 192.0.2.1." as a sentence. */
const char *remedy_publish(const struct target *t, const char *name, struct arena *a);

#endif
