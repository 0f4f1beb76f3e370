/*
 * Servers over time, for the formats of the command report: what history/store.h keeps of each,
 * collected.  A new format is one row in the table.
 */
#ifndef MAILREADY_REPORT_PAST_H
#define MAILREADY_REPORT_PAST_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "history/store.h"
#include "report/render.h"

/* One server; all but last may be empty. */
struct past_server {
	const struct digest *last;           /* of its last run */
	const struct history_server *server; /* NULL: this run alone is known */
	const struct history_point *points;  /* oldest first */
	const struct history_span *spans;    /* of findings */
	const struct history_listing *listings;
	size_t n_points, n_spans, n_listings;
	const struct history_demand *demands; /* of receivers, that the last run did not see met */
	size_t n_demands;
	bool has_demands;          /* it looked */
	size_t n_blind;            /* runs that could not look anything up: they have no point */
	const struct digest *runs; /* all of them, newest first: for the command history */
	size_t n_runs;
};

struct past {
	int64_t since_s, until_s; /* since 0: no history, only what was found now */
	const struct past_server *servers;
	size_t n;
	const struct history_outage *outages; /* oldest first */
	size_t n_outages;
	bool by_group; /* servers are shown group by group */
};

/* A finding of one server that an incident is made of. */
struct past_sighting {
	const struct past_server *server;
	const struct history_span *span;
};

/*
 * What happened, once, however many servers and findings it touched: outages, findings that were bad, and warnings of some weight.
 * Worst first of those that last, then what is over, the latest first.
 */
struct past_incident {
	const struct history_outage *outage; /* or NULL */
	const char *rule;                    /* "outage.resolver" of an outage */
	const char *text;
	const char *server;              /* "mx05 (203.0.113.5)", or several with commas; "all" */
	struct past_sighting *sightings; /* one a server; none of an outage */
	size_t n_sightings, sightings_cap;
	size_t n_servers;
	enum severity severity;
	int64_t first_s, last_s;
	bool standing;
};
struct past_incident *past_incidents(const struct past *p, struct arena *a, size_t *n);

/* How long, for people: "3 days"; what lasts is counted up to the end of the report. */
const char *past_incident_length(const struct past *p, const struct past_incident *i,
    struct arena *a);

struct past_format {
	const char *name; /* "html" */
	bool groups;      /* can it show servers by group? */
	void (*write)(const struct past *p, const struct render_options *o, struct buf *out);
};
extern const struct past_format past_formats[];
extern const size_t past_formats_n;

/* For the command history, a server at a time: its spans, and where its PTR names changed. */
void history_text(const struct past_server *s, struct buf *out);

/* A member of "servers" of mailready.history/1, and a run as mailready.run/1: new references. */
json_t *history_json(const struct past_server *s);
json_t *history_run_json(const struct digest *d);

#endif
