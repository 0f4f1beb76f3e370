/* Where a host name shows an address. */
#ifndef MAILREADY_VIEWS_GENERIC_PRIV_H
#define MAILREADY_VIEWS_GENERIC_PRIV_H

#include <stdbool.h>

#include "base/ip.h"

struct arena;

/* The first part of host that shows the address, however written. */
struct generic_trace {
	const char *rule;  /* a phrase for people; NULL when there is none */
	bool strong;       /* false: two octets, which also meet by chance */
	size_t start, len; /* in host */
};

/* host: the labels of a name left of its registered domain. */
struct generic_trace generic_find_address(const struct ip *ip, const char *host, struct arena *a);

#endif
