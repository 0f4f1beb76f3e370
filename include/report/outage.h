/* What kept runs from seeing, in words: one headline, whatever the number of servers. */
#ifndef MAILREADY_REPORT_OUTAGE_H
#define MAILREADY_REPORT_OUTAGE_H

#include "history/store.h"

struct arena;

/*
 * "since 2026-12-10 00:17 UTC nothing can be looked up: 127.0.0.53 does not answer; 30 servers are not
 * being watched", or when it is over "over after 6 hours: ...".  In a, safe to print.
 */
const char *outage_text(const struct history_outage *o, struct arena *a);

/* The same for a subject: "nothing can be looked up since 00:17: ..." */
const char *outage_headline(const struct history_outage *o, struct arena *a);

/* How long it has lasted, up to its last run or its end: "6 hours". */
const char *outage_length(const struct history_outage *o, struct arena *a);

/* Bad when mail is refused; else unknown. */
enum verdict outage_verdict(const struct history_outage *o);

/* What it is of, where a server would stand: "all servers", "the mail log". */
const char *outage_about(const struct history_outage *o);

/* Critical when nothing is watched because of it. */
enum severity outage_severity(const struct history_outage *o);

/* Of the resolver or the network: while it lasts, no server is looked at. */
bool outage_is_of_all(const struct history_outage *o);

/* The same, and it lasts: nothing is watched. */
bool outage_blinds(const struct history_outage *o);

#endif
