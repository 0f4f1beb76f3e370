/* What the receiver found then, beside what is found now. */
#ifndef MAILREADY_REPORT_RECEIVED_PRIV_H
#define MAILREADY_REPORT_RECEIVED_PRIV_H

#include "base/enumtab.h"
#include "report/received.h"

enum received_agree {
	RECEIVED_NOT_JUDGED, /* no check that ran judges it, or not this domain */
	RECEIVED_UNKNOWN_NOW,
	RECEIVED_SAME,
	RECEIVED_DIFFERS,
};
extern const struct enumtab received_agree_names; /* "not-judged" "unknown" "same" "differs" */

struct received_row {
	const char *method;
	const char *subject; /* whose result it is, without a local part; "" */
	const char *then, *reason;
	const char *now; /* "" when it was not judged */
	enum received_agree agree;
	bool certain; /* see struct hop_results */
};

/* The rows of all results of the hop, in order; in the arena of the report. */
const struct received_row *received_rows(const struct received_report *r, size_t *n);

#endif
