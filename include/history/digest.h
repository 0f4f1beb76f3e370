/*
 * One target's report in little, as plain text values: what is kept between runs and compared, and
 * what formats are made of that need the whole run at once.  A value: whoever makes one says where
 * its strings live.  Every text is safe to print (base/safe), none but evidence is NULL.
 */
#ifndef MAILREADY_HISTORY_DIGEST_H
#define MAILREADY_HISTORY_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"

struct digest_finding {
	const char *rule; /* "ptr.missing"; what stands before the dot is the check */
	enum verdict verdict;
	enum severity severity;
	bool required; /* a temperror here leaves the whole report undecided */
	const char *subject, *text;
	const char *remedy, *why; /* "" */
	const char *evidence;     /* lines, for the formats of this very run; NULL: none was kept */
};

/* One list that was asked, about one subject. */
struct digest_list {
	const char *zone;
	const char *subject; /* the address, or a domain */
	const char *state;   /* "listed" "clean" "unknown" */
	const char *kind;    /* "block" "allow" "info" */
	const char *impact;  /* of a listing: "critical" ... "info" */
	const char *reason;  /* unknown: why; listed: the codes with blanks between; "" */
};

struct digest {
	int64_t time_s;    /* when the run began, seconds since the epoch */
	uint64_t time_us;  /* how long it took */
	const char *label; /* what its owner calls the server; "" */
	const char *address;
	const char *host;          /* the host name that stood for the address; "" */
	const char *ehlo, *domain; /* as the owner told; "" */
	enum verdict verdict;
	const char *reason;     /* for the verdict; never "" */
	const char *ptr_status; /* "found" "nxdomain" "nodata" "temperror"; "" when not looked at */
	const char **ptr_names; /* sorted */
	size_t n_ptr_names;
	const char *iprev;       /* "pass" "fail" "temperror" "permerror"; "" */
	const char *ehlo_seen;   /* the name that was judged; "" */
	const char *ehlo_result; /* as iprev */
	int64_t cert_expires_s;  /* 0: no certificate was seen */
	struct digest_list *lists;
	size_t n_lists;
	struct digest_finding *findings; /* in the report's order */
	size_t n_findings;
};

/*
 * What a server is called in a report: its label, with the address where a host name was given; else
 * address and host name, or the address alone.
 */
struct arena;
const char *digest_name(const struct digest *d, struct arena *a);

/* A copy with everything in a. */
void digest_copy(const struct digest *from, struct arena *a, struct digest *out);

#endif
