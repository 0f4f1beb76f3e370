/* The formats of servers over time. */
#ifndef MAILREADY_REPORT_PAST_PRIV_H
#define MAILREADY_REPORT_PAST_PRIV_H

#include "base/arena.h"
#include "report/past.h"
#include "report_priv.h"

void past_text(const struct past *p, const struct render_options *o, struct buf *out);
void past_json(const struct past *p, const struct render_options *o, struct buf *out);
void past_csv(const struct past *p, const struct render_options *o, struct buf *out);
void past_markdown(const struct past *p, const struct render_options *o, struct buf *out);
void html_past(const struct past *p, const struct render_options *o, struct buf *out);

/* "good in 300 of 365 runs, bad in 61, 4 without an answer" */
const char *past_runs(const struct past_server *s, struct arena *a);

/* "since 2026-09-21 06:00", "2026-09-01 06:00 to 2026-09-04 06:00" */
const char *past_incident_when(const struct past_incident *i, struct arena *a);

/* A finding that was bad, or a warning of some weight. */
bool past_is_incident(const struct history_span *span);

/* The servers by the worst of the period, what stands before what is over. */
const struct past_server *past_sorted(const struct past *p, struct arena *a);

/*
 * What a report shows one after the other, each sorted so: all servers, or with by_group each group by its
 * name, then those in none.  A server of several groups is in each.
 */
struct past_group {
	const char *title; /* "Group relays: 1 of 2 ready"; NULL: all servers */
	const struct past_server *servers;
	size_t n;
};
const struct past_group *past_groups(const struct past *p, struct arena *a, size_t *n);

/* What is kept of a finding's evidence; "" for nothing. */
const char *past_evidence(const char *kept);

/* Would mail be refused for it: any sender's, or a bulk sender's? */
bool past_is_refused(const struct digest_demand *d);

/* Of one that is: "not met", "not met by a bulk sender"; "550 5.7.26", "no code is documented". */
const char *past_demand_state(const struct digest_demand *d);
const char *past_demand_code(const struct digest_demand *d);

/* How many are; of the others, "Unknown: Gmail (PTR, DKIM), Orange (SPF).", NULL without one. */
size_t past_n_refused(const struct past_server *s);
const char *past_unknown_demands(const struct past_server *s, struct arena *a);

/* That the last run saw all of them met; NULL where it did not, or did not look. */
const char *past_no_demand(const struct past_server *s);

/* "2026-09-21", in a. */
const char *day_text(int64_t time_s, struct arena *a);

/* "since 2026-09-21", "2026-09-01 to 2026-09-21", "on 2026-09-21" */
const char *span_text(int64_t first_s, int64_t last_s, bool standing, struct arena *a);

#endif
