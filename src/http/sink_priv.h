/* The reply: the headers that count, and the body.  Wiped after use. */
#ifndef MAILREADY_HTTP_SINK_PRIV_H
#define MAILREADY_HTTP_SINK_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "http/http.h"

enum sink_header {
	SINK_DATE,
	SINK_RETRY_AFTER,
	SINK_REQUEST_ID,
	SINK_SUBJECT_TOKEN,
	SINK_HEADERS,
};

struct sink {
	char *body;
	size_t len, cap;
	size_t max; /* bytes of the body */
	bool over;  /* more than that was sent */
	bool
	    head_ended; /* by its empty line; libcurl takes a head that was cut off for a whole one */
	char *headers[SINK_HEADERS]; /* NULL: did not come */
};

/* Nothing is left but max. */
void sink_fini(struct sink *s);

/* One header line, or a status line, which begins the reply anew (after a 100, RFC 9110 15.2). */
void sink_header(struct sink *s, const char *line, size_t len);

/* False when it is too much. */
bool sink_body(struct sink *s, const char *data, size_t len);

/* Copies all into the arena. */
void sink_to_reply(const struct sink *s, struct arena *a, struct http_reply *reply);

#endif
