/* What run_check() and run_judge() share: the data that judging needs, and reports as they come. */
#ifndef MAILREADY_RUN_RUN_PRIV_H
#define MAILREADY_RUN_RUN_PRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "run/run.h"
#include "run/summary_priv.h"

struct list_cache;

/* Reports are written when there are so many bytes of them, or nothing else is to do. */
enum { PIECE_BYTES = 64 << 10 };

struct session {
	const struct run_options *options;
	struct run_result *result;
	struct err *err;
	struct policy policy; /* complete */
	struct arena arena;   /* the catalogue's */
	struct lists_source lists;
	char probe[16];
	struct list_cache *cache; /* NULL: nothing is kept */
	struct generic_table *generic;
	struct hoster_table *hosters;
	struct receiver_table *receivers; /* NULL where the output does not show it */
	struct buf piece;                 /* of the output: reports that are not written yet */
	struct summary *summary;          /* NULL: none is wanted */
	struct digest *digests;           /* of a format that needs the whole run; in the arena */
	size_t n_digests, cap_digests;
	size_t n_reports;
	bool broken; /* the output is gone, err says why: nothing more is written */
};

/* whole: the lists that nobody asks by default are wanted, too */
enum err_code session_open(struct session *s, const struct run_options *o, bool whole,
    struct run_result *result, struct err *err) MUST_CHECK;

/* To be called whatever session_open() returned. */
void session_close(struct session *s);

void session_begin(struct session *s); /* what stands before the first report */
void session_end(struct session *s);   /* and after the last */

/* A label that nobody can know, so that a domain list that holds it holds everything. */
void run_probe(char out[16]);

/* facts -> findings -> report, counted in the result. */
void session_report(struct session *s, const struct target *t, const struct check *const *checks,
    size_t n_checks, const struct facts *f, uint64_t time_us);

/* What could not be checked. */
enum lost {
	LOST_ADDRESS, /* a name has none: the server fails */
	LOST_LOOKUP,  /* it could not be looked up: unknown */
	LOST_MAIL,    /* the domain says that there is no server: no fault */
	LOST_INPUT,   /* a line that is not a target: unknown */
};
void lost_add(struct findings *out, enum lost kind, const char *name, const char *text);

/*
 * A report of what was given and could not be checked, under the name in t's names.host, whose address
 * does not count; nothing is counted in the result: the caller has done that.
 */
void session_lost(struct session *s, const struct target *t, struct findings *findings,
    const struct facts *f);

/* Shows a report that was judged, and counts it in the summary. */
void session_show(struct session *s, struct report *r, struct findings *findings);

/* Writes the piece to the options' out. */
void session_flush(struct session *s);

#endif
