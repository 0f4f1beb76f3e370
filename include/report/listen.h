/* What a server said when it delivered mail to this program, and the checks with these names. */
#ifndef MAILREADY_REPORT_LISTEN_H
#define MAILREADY_REPORT_LISTEN_H

#include "report/model.h"
#include "report/render.h"
#include "smtp/sink.h"

#define LISTEN_SCHEMA "mailready.listen/1"

struct listen_report {
	size_t number; /* from 1 */
	const struct sink_delivery *delivery;
	struct ip judged;            /* the address of the checks; family 0: there were none */
	const char *saved;           /* the file of the message; NULL */
	const struct report *checks; /* NULL: the address is not one that the world sees */
};

/* For people: what was said, and the report of the checks. */
void listen_text(const struct listen_report *r, const struct render_options *o, struct buf *out);

/* The contract LISTEN_SCHEMA (data/listen.schema.json): an object a line. */
void listen_json(const struct listen_report *r, const struct render_options *o, struct buf *out);

#endif
