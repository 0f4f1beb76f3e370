/*
 * Lines of mail logs: who was refused, by whom, with which reply.  One reader a program; a line may lack
 * its syslog prefix.  Pure but for the memory that the caller keeps.
 */
#ifndef MAILREADY_EXPLAIN_LOG_H
#define MAILREADY_EXPLAIN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explain/reply.h"

struct arena;

enum log_line {
	LOG_OTHER,   /* not a line of a log that is known */
	LOG_QUIET,   /* one that refuses nothing */
	LOG_REFUSED, /* out is filled */
};

/* Sessions of OpenSMTPD that are remembered, and the digits of a session's number. */
enum { LOG_SESSIONS_MAX = 256, LOG_SESSION_ID = 16, LOG_HOST_MAX = 256 };

/* Who is at the other end of a session: later lines have its number alone. */
struct log_session {
	char id[LOG_SESSION_ID];
	char host[LOG_HOST_MAX];
	struct ip address;
	bool answered; /* a refusal of it was read */
};

/* What earlier lines of one log said; all zero before the first line. */
struct log_memory {
	struct log_session sessions[LOG_SESSIONS_MAX]; /* a ring: the oldest one makes room */
	size_t next;
	bool is_header; /* Exim's reject log has the header of a message next, without a time */
};

/*
 * line ends in a NUL byte and has len bytes, none of them NUL.  now_s: the time to which a stamp without
 * a year is near; such a stamp is local time (RFC 3164 4.1.2).
 * memory is that of the log, or NULL for a line by itself: then what another line has is not known.
 */
enum log_line log_read(const char *line, size_t len, int64_t now_s, struct log_memory *memory,
    struct arena *a, struct reply *out);

/* "Postfix status=deferred or bounced, ...": what is looked for, for messages. */
extern const char log_looked_for[];

/* The time at the beginning of a line, as syslog, RFC 5424, Exim and Haraka write it; what follows it, or
 * NULL when there is none.  *time_s: seconds since 1970; NULL when nobody wants to know: local time takes a
 * look at the zone's file. */
const char *log_time(const char *line, int64_t now_s, int64_t *time_s);

#endif
