/*
 * Numbers and spans of time that a user writes, on a command line or in a file.  What is not exactly
 * one is refused, with the same words everywhere: code is the caller's, because the same mistake is
 * ERR_USAGE on a command line and ERR_CONFIG in a file.
 */
#ifndef MAILREADY_BASE_NUMBER_H
#define MAILREADY_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { NUMBER_DIGITS_MAX = 20 };

/* Writes n in decimal so that it ends before end, where there is place for NUMBER_DIGITS_MAX bytes; where
 * it begins. */
char *number_digits(uint64_t n, char *end);

/* Decimal digits at *text, which moves after them; false when there are none, or they exceed max. */
bool number_take(const char **text, uint64_t max, uint64_t *out);

/* The same of a whole text, from min to max, without words. */
bool number_is(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* "25" from min to max. */
enum err_code number_count(const char *text, uint64_t min, uint64_t max, uint64_t *out,
    enum err_code code, struct err *err) MUST_CHECK;

/* "2/3": from 1 to the second number, which is at most max. */
enum err_code number_share(const char *text, unsigned max, unsigned *part, unsigned *whole,
    enum err_code code, struct err *err) MUST_CHECK;

/* "2.5", "5s", "2m" or "1h", from 0.001 to max_s seconds, in microseconds.  No sign, no exponent. */
enum err_code number_seconds(const char *text, unsigned max_s, uint64_t *out_us, enum err_code code,
    struct err *err) MUST_CHECK;

#define NUMBER_SPAN_MAX_S (36600 * INT64_C(86400))

/*
 * "30s", "10m", "12h" or "30d" in seconds, from min_s to max_s, which is at most NUMBER_SPAN_MAX_S.
 * "never" is 0 where min_s is 0; a written 0 is never taken.
 */
enum err_code number_span(const char *text, int64_t min_s, int64_t max_s, int64_t *out_s,
    enum err_code code, struct err *err) MUST_CHECK;

/* A day ("2026-09-01"), or what is "12h", "30d", "4w" or "1y" (365 days) before now_s; from 1970 on. */
enum err_code number_since(const char *text, int64_t now_s, int64_t *out_s, enum err_code code,
    struct err *err) MUST_CHECK;

#endif
