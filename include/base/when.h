/* Times as text and back, always in UTC.  Times are seconds since 1970. */
#ifndef MAILREADY_BASE_WHEN_H
#define MAILREADY_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WHEN_TEXT_MAX = 32 };

/*
 * All of these write into out and return it.  The text is empty for a time outside of the years 0000
 * to 9999, which are those of RFC 3339.
 */
const char *when_iso(int64_t time_s, char out[WHEN_TEXT_MAX]);     /* 2026-09-01T12:00:00Z */
const char *when_compact(int64_t time_s, char out[WHEN_TEXT_MAX]); /* 20260901T120000Z */
const char *when_utc(int64_t time_s, char out[WHEN_TEXT_MAX]);     /* 2026-09-01 12:00:00 UTC */
const char *when_minute(int64_t time_s, char out[WHEN_TEXT_MAX]);  /* 2026-09-01 12:00 */
const char *when_day(int64_t time_s, char out[WHEN_TEXT_MAX]);     /* 2026-09-01 */

/* A length of time for people, in whole days, hours or minutes, rounded down: "3 days"; at least a minute. */
const char *when_length(int64_t seconds, char out[WHEN_TEXT_MAX]);

/* The first second of a day that is written as when_day() writes it; false for anything else. */
bool when_parse_day(const char *text, int64_t *time_s);

#endif
