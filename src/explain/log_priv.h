/* A line of a mail log while it is read, and the readers of programs that have files of their own. */
#ifndef MAILREADY_EXPLAIN_LOG_PRIV_H
#define MAILREADY_EXPLAIN_LOG_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explain/log.h"

/* What one line is read from. */
struct log_text {
	const char *text;  /* after the time, the host and the program */
	const char *stamp; /* the time; NULL: it has none */
	int64_t now_s;
	struct log_memory *memory; /* NULL: each line is by itself */
	struct arena *arena;
	struct reply *out;
};

/* The value after a key, up to one of the ends, and its length; "" and 0 where the key is not. */
const char *log_value(const char *text, const char *key, const char *ends, size_t *len);

/* The domain of the mail address that is such a value; "". */
const char *log_domain(const struct log_text *l, const char *key, const char *ends);

/* A host name in lower case, as far as one is there; "none" is not one. */
const char *log_host_name(const char *text, size_t len, struct arena *a);

/* The first address in len bytes; family 0. */
struct ip log_address(const char *text, size_t len, struct arena *a);

/* Is this, after a bracket of the log, the machine itself or a socket of it: its filter, its mail boxes? */
bool log_is_own(const char *relay);

/* The same of what begins with "HOST[" or "HOST [". */
bool log_is_own_host(const char *host);

/* Reads the reply into out, with the time; host counts where the reply names none. */
void log_take(const struct log_text *l, const char *text, size_t len, const char *host);

/* The readers.  OTHER: not a line of that program. */
enum log_line log_exim_delivery(struct log_text *l);
enum log_line log_exim_reject(struct log_text *l);
enum log_line log_sendmail(struct log_text *l);
enum log_line log_opensmtpd(struct log_text *l);

#endif
