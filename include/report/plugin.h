/*
 * The state of a monitoring plug-in (Monitoring Plugins Development Guidelines): what the verdicts
 * make of it, and what thresholds of the caller's own add.
 */
#ifndef MAILREADY_REPORT_PLUGIN_H
#define MAILREADY_REPORT_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/verdict.h"
#include "history/digest.h"

/* "Plugin Return Codes" */
enum plugin_state { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

/*
 * The state of a run with n[v] reports of verdict v, for the line and for the exit code.  lost: not
 * all that was given came to a report; unknown: unknown findings matter, and there are some of
 * it; strict_warn: a warning is bad.
 */
enum plugin_state plugin_state(const size_t n[VERDICT_FAIL + 1], bool lost, bool unknown,
    bool strict_warn);

/* The more alarming of both: critical, unknown, warning, good. */
enum plugin_state plugin_worse(enum plugin_state a, enum plugin_state b);

/* What thresholds are about: days until the first certificate expires, block lists that hold a target,
 * seconds that the slowest target took. */
enum plugin_metric { PLUGIN_CERTIFICATE, PLUGIN_LISTS, PLUGIN_TIME, PLUGIN_METRICS };
extern const struct enumtab plugin_metric_names; /* "certificate" "lists" "time" */

/* "Threshold and Ranges": alarms when a value is outside low to high, or inside it. */
struct plugin_range {
	bool given, inside;
	double low, high; /* may be infinite */
};

struct plugin_limits {
	struct plugin_range warning[PLUGIN_METRICS], critical[PLUGIN_METRICS];
};

/*
 * "certificate=14:,lists=0": ranges of some of the metrics, into those of limits that are meant.
 * ERR_USAGE: what is wrong, and what was expected.
 */
enum err_code plugin_ranges_read(const char *text, struct plugin_range ranges[PLUGIN_METRICS],
    struct err *err) MUST_CHECK;

/* Adds it as the guidelines write it, low and high times factor; nothing when none is given. */
void plugin_range_add(struct buf *out, const struct plugin_range *r, double factor);

/* Of a run; what no target showed is not known. */
struct plugin_values {
	bool known[PLUGIN_METRICS];
	double value[PLUGIN_METRICS];
};
void plugin_values_add(struct plugin_values *v, const struct digest *d);

/* Of one metric.  A value that a threshold is given for, and that is not known, is PLUGIN_UNKNOWN. */
enum plugin_state plugin_metric_state(const struct plugin_limits *l, const struct plugin_values *v,
    enum plugin_metric m);

/* The worst of all metrics. */
enum plugin_state plugin_limits_state(const struct plugin_limits *l, const struct plugin_values *v);

#endif
