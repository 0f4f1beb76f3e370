/* The formats.  A new format is one file and one row in the table. */
#ifndef MAILREADY_REPORT_RENDER_H
#define MAILREADY_REPORT_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "history/digest.h"
#include "report/model.h"
#include "report/plugin.h"

struct render_options {
	bool color; /* ANSI colour; text formats only */
	/* of the terminal: what is for people is broken to fit; 0: none, a finding is one line */
	unsigned columns;
	int verbose; /* 1: evidence, 2: all of it, and why each rule matters */
	bool quiet;  /* only what is not good; JSON formats are always complete */
	bool many;   /* more than one report may follow: the json format writes an array */
	/* of a plug-in's state: see report/plugin.h */
	bool strict_warn, strict_unknown;
	struct plugin_limits limits;
	/* of the runs, for metrics: were look-ups possible in the last one, and when were they last? */
	bool watched, resolver_up;
	int64_t last_success_s;
	const char *
	    file; /* of metrics that a collector reads: what their series are told apart by; NULL */
	size_t lost;        /* what was given and came to no report; known at the end */
	const char *outage; /* why nothing could be looked up; known at the end; NULL */
};

/* When a format shows what receivers demand: never, when it is asked for, or whenever a single server is checked. */
enum renderer_receivers { RECEIVERS_NEVER, RECEIVERS_ASKED, RECEIVERS_SHOWN };

struct renderer {
	const char *name; /* "text" */
	const char *help; /* for --help */
	bool
	    alone; /* a report is one line that needs no other: any order, and it can be continued */
	bool no_remedies; /* shows none */
	enum renderer_receivers receivers;
	/*
	 * Of a format for monitoring plug-ins, whose runs end with the codes of plugin_state(): adds
	 * what it shows for an error, where there is no report.  NULL: not for plug-ins.
	 */
	void (*trouble)(const char *text, struct buf *out);
	/* Around and between the reports of a run: NULL when the format has none. */
	void (*begin)(const struct render_options *o, struct buf *out);
	void (*report)(const struct report *r, const struct render_options *o, struct buf *out);
	void (*between)(const struct render_options *o, struct buf *out);
	void (*end)(const struct render_options *o, struct buf *out);
	/*
	 * In the place of all of these, of a format that needs the whole run at once: totals before
	 * details, or one line for all.  Memory grows with the number of targets then.
	 */
	void (*whole)(const struct digest *all, size_t n, const struct render_options *o,
	    struct buf *out);
};

extern const struct renderer *const renderers_all[];
extern const size_t renderers_n;

#endif
