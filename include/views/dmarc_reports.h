/*
 * Where a DMARC record sends its reports, when that is outside of the domain: the other domain must say
 * that it takes them (RFC 9990 4), or receivers send none.
 */
#ifndef MAILREADY_VIEWS_DMARC_REPORTS_H
#define MAILREADY_VIEWS_DMARC_REPORTS_H

#include "views/dmarc.h"

enum { DMARC_DESTINATIONS_MAX = 8 };

enum dmarc_takes { DMARC_TAKES, DMARC_TAKES_NOT, DMARC_TAKES_UNKNOWN };

struct dmarc_destination {
	const char *domain; /* of the addresses in rua, internal form */
	const char *name;   /* where it must say so: "example.com._report._dmarc.reports.example" */
	const struct dns_answer *answer;
	enum dmarc_takes state;
};

/*
 * The domains outside of that of the record that counts, each once, in the record's order.  A domain below
 * the record's organisational domain is not outside.
 */
size_t dmarc_destinations(struct understanding *k,
    struct dmarc_destination out[DMARC_DESTINATIONS_MAX]);

/* Wants what they say. */
void dmarc_destinations_want(const struct target *t, struct facts *f);

#endif
