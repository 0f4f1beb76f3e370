/* What a scheduled run found, for the terminal: what has changed, and the rest in a line. */
#ifndef MAILREADY_REPORT_WATCH_H
#define MAILREADY_REPORT_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "history/change.h"
#include "history/store.h"

/* One server of the run. */
struct watched_server {
	const struct digest *now;
	const struct changes *changes; /* NULL: it could not be compared with the runs before */
};

struct watch_report {
	const struct watched_server *servers;
	size_t n;
	bool quiet;                           /* say nothing of servers that have not changed */
	unsigned columns;                     /* of the terminal; 0: none */
	const struct history_outage *outages; /* that last, or ended with this run */
	size_t n_outages;
	size_t n_sent, n_queued; /* messages: sent, and to be sent later */
};

void watch_text(const struct watch_report *r, struct buf *out);

#endif
