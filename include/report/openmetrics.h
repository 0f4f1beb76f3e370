/* The metrics that the format openmetrics writes, for the manual page and its test. */
#ifndef MAILREADY_REPORT_OPENMETRICS_H
#define MAILREADY_REPORT_OPENMETRICS_H

#include <stddef.h>

struct metric {
	const char *name;   /* ends in its unit, where it has one */
	const char *unit;   /* "seconds"; NULL */
	const char *labels; /* those beside the target's; "" */
	const char *help;
};

/* In the order that they are written in; NULL after the last. */
const struct metric *openmetrics_metric(size_t i);

#endif
