/* The words of every judgement: how it came out, and how much it matters. */
#ifndef MAILREADY_BASE_VERDICT_H
#define MAILREADY_BASE_VERDICT_H

#include <stdbool.h>

#include "base/enumtab.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_INFO,      /* worth knowing, neither good nor bad */
	VERDICT_SKIP,      /* not judged, on purpose */
	VERDICT_WARN,      /* works, but some receivers mind */
	VERDICT_TEMPERROR, /* unknown now */
	VERDICT_PERMERROR, /* bad: the thing to be judged does not exist or is unusable */
	VERDICT_FAIL,      /* bad */
};
extern const struct enumtab verdict_names;

enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
extern const struct enumtab severity_names;

/* FAIL and PERMERROR. */
bool verdict_is_bad(enum verdict v);

/*
 * For sorting, worst highest: bad, then unknown, warn, good, remarks.
 * FAIL and PERMERROR rank alike.
 */
int verdict_rank(enum verdict v);

/* "FAIL", for people.  Returns out. */
const char *verdict_capitals(enum verdict v, char out[16]);

#endif
