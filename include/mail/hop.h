/*
 * The hop that a receiver judged: the Received field that its border server wrote of the client outside.
 * From the top of a message each field is by a server of the receiver as long as the one above it came from
 * inside; whoever stands outside may have written all that follows.  Pure.
 */
#ifndef MAILREADY_MAIL_HOP_H
#define MAILREADY_MAIL_HOP_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/auth_results.h"
#include "mail/message.h"
#include "mail/received.h"

enum { HOP_RESULTS_MAX = 8 };

/* Addresses of servers that are the receiver's own. */
struct hop_range {
	struct ip first, last;
};

enum hop_status {
	HOP_FOUND,
	HOP_NO_FIELD,   /* the message has no Received field */
	HOP_INSIDE,     /* all of its fields are of hops inside the receiver */
	HOP_NO_ADDRESS, /* the field of the border does not say the client's address */
};

struct hop_results {
	struct auth_results results;
	bool
	    certain; /* it stands above the hop; else below, where the sender could have written it */
};

struct hop {
	enum hop_status status;
	struct received received;  /* of the hop; of NO_ADDRESS, too */
	size_t number, n_received; /* its number from the top, 1 to n_received; 0 */
	size_t n_below;            /* fields below it, which anybody may have written */
	/* of the receiver: above the hop, or right below it by the server that wrote it */
	struct hop_results results[HOP_RESULTS_MAX];
	size_t n_results;
};

/*
 * Inside are: what was handed over on a machine; addresses that mean something only inside a network
 * (ip_is_inside()); the ranges; and, where n is 0, addresses by which large receivers hand mail to themselves.
 */
void hop_find(struct arena *a, const struct message *m, const struct hop_range *own, size_t n,
    struct hop *out);

#endif
