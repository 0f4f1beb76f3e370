/*
 * A message as its receiver judged it: the hop that counts, and what the receiver found then beside what is found
 * now.
 */
#ifndef MAILREADY_REPORT_RECEIVED_H
#define MAILREADY_REPORT_RECEIVED_H

#include "base/buf.h"
#include "mail/hop.h"
#include "report/model.h"
#include "report/render.h"

#define RECEIVED_SCHEMA "mailready.received/1"

struct received_report {
	const struct hop *hop; /* FOUND */
	const char
	    *sender; /* domain of MAIL FROM; "" for the empty one; NULL: nobody wrote it down */
	const char *from;            /* domain of the From header; NULL: there is not exactly one */
	const struct report *checks; /* of the hop's address with these names */
};

/* For people: the hop, then and now, and the report of the checks. */
void received_text(const struct received_report *r, const struct render_options *o,
    struct buf *out);

/* The contract RECEIVED_SCHEMA (data/received.schema.json): one object with the report in it. */
void received_json(const struct received_report *r, const struct render_options *o,
    struct buf *out);

#endif
