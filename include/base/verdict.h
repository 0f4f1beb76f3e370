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
extern const struct enumtab verdict_names; /* ids, of RFC 8601 2.7: "temperror" */

/* The same for people: "unknown", "skipped"; what cannot be judged because it is not there is a "fail". */
const char *verdict_word(enum verdict v);

enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
extern const struct enumtab severity_names;

/* FAIL and PERMERROR. */
bool verdict_is_bad(enum verdict v);

/* PASS, INFO and SKIP. */
bool verdict_is_good(enum verdict v);

/* Its word in capitals: "UNKNOWN".  Returns out. */
enum { VERDICT_TEXT_MAX = 16 };
const char *verdict_capitals(enum verdict v, char out[VERDICT_TEXT_MAX]);

/*
 * For sorting, worst highest: bad before unknown before warn before good before remarks.
 * FAIL and PERMERROR rank alike.
 */
int verdict_rank(enum verdict v);

#endif
