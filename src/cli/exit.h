/* The exit status: the only place that knows its numbers (design section 6, sysexits(3)). */
#ifndef MAILREADY_CLI_EXIT_H
#define MAILREADY_CLI_EXIT_H

#include "base/err.h"
#include "run/run.h"

/* Says "mailready: text" on standard error, made safe; a plug-in says it as its format does. */
void complain(const char *text);

/*
 * From now on the process ends as a monitoring plug-in: 0 good, 1 warnings, 2 bad, 3 everything else,
 * errors included, which are then said on standard output, by the format's trouble().
 */
void exit_as_plugin(const struct renderer *format);

/* The status of an error that was said already. */
int exit_of_code(enum err_code code);

/* Complains about the error and returns its status. */
int exit_of_error(const struct err *err);

/*
 * 1 any target bad (or, with FAIL_ON_WARN, any warning), else 2 anything required that is
 * unknown, nothing judged at all, or, with FAIL_ON_UNKNOWN, anything that is unknown; else 0.
 * Bad input lines make it 65 whatever the others gave.
 */
int exit_of_result(const struct run_result *result, unsigned fail_on);

/* Says how to continue after a signal; its status. */
int exit_of_signal(const struct run_options *o, const struct run_result *result);

#endif
