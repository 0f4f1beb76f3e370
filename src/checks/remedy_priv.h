/*
 * The name that a server should have, and the request that gets it: what remedies are made of.
 * All findings about PTR records give the same remedy, so that no two of them contradict.
 */
#ifndef MAILREADY_CHECKS_REMEDY_PRIV_H
#define MAILREADY_CHECKS_REMEDY_PRIV_H

#include <stdbool.h>

#include "views/understanding.h"

struct proposal {
	const char *name; /* internal form; "" when nothing is known that could be proposed */
	const char *from; /* "the EHLO name", where a sentence has to say so; "" */
	bool resolves;    /* its A or AAAA is known to hold the address */
	bool confirmed;   /* it is a PTR name, too: nothing but this name is needed */
};

/*
 * The EHLO name where it leads to the address and the PTR names are of other domains: a hoster's.
 * Else a forward-confirmed PTR name, the EHLO name first when it is one of them; else the EHLO name
 * (given, or seen), else the host name that the user checks, else the only PTR name when nobody
 * knows whether it is confirmed, else mail.DOMAIN; never a name that is generic itself.
 */
void proposal_make(struct understanding *k, struct proposal *out);

/*
 * Sentences: what to do about the PTR records of the target, whatever is wrong with them, with the
 * command line that plans it (base/command).
 */
const char *remedy_ptr(struct understanding *k);

/*
 * "Publish the record mail.example A 192.0.2.1."; "Change the A record of mail.example from 192.0.2.9
 * to 192.0.2.1." where it has another; "" when the address is not for publishing.
 */
const char *remedy_publish(const struct understanding *k, const char *name);

#endif
