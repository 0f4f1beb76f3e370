/* One line of JSON that an earlier run wrote about one target, read back.  Untrusted input. */
#ifndef MAILREADY_RUN_LINE_PRIV_H
#define MAILREADY_RUN_LINE_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/summary_priv.h"

struct report_line {
	struct ip ip;                /* family 0: it had no address */
	char name[SUMMARY_NAME_MAX]; /* as the report calls it, cut */
	uint32_t who; /* of host, EHLO name and domain: tells targets of one address apart */
	int64_t time; /* YYYYMMDDhhmmss in UTC: grows with time; 0 = not known */
	enum verdict verdict;
	bool any_unknown; /* a finding is unknown */
};

/* The report is also counted in the summary, unless that is NULL.  ERR_DATA. */
enum err_code report_line_read(const char *text, size_t len, struct report_line *out,
    struct summary *summary, struct err *err) MUST_CHECK;

/* What a report says about which target it is of; "" where it says nothing. */
struct report_names {
	const char *address, *host, *mx_of, *ehlo, *domain, *from, *mail_from;
	const char *dkim; /* the keys that were given, with blanks between */
};

/* Of a line that report_line_read() took; in the arena. */
void report_line_names(const char *text, size_t len, struct arena *a, struct report_names *out);

/* Counts every report of a file, read from its beginning; the file's position moves. */
enum err_code report_lines_count(FILE *f, const char *path, struct summary *summary,
    struct err *err) MUST_CHECK;

#endif
