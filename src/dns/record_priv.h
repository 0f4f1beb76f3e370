/* One resource record from ldns's form to ours; shared by messages and zone files. */
#ifndef MAILREADY_DNS_RECORD_PRIV_H
#define MAILREADY_DNS_RECORD_PRIV_H

#include <ldns/ldns.h>
#include <stdbool.h>

#include "base/name.h"
#include "dns/answer.h"

struct arena;

/* A domain name in rdata or of an owner; false when it is none. */
bool record_name(const ldns_rdf *rdf, char out[NAME_TEXT_MAX]);

/* Everything but the owner, allocated in a.  False when the rdata is not what the type says. */
bool record_read(const ldns_rr *rr, struct arena *a, struct dns_record *out);

#endif
