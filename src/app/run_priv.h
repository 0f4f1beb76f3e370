/* What run_check() and run_judge() share: the data that judging needs, and reports as they come. */
#ifndef MAILREADY_APP_RUN_PRIV_H
#define MAILREADY_APP_RUN_PRIV_H

#include "app/run.h"
#include "base/arena.h"
#include "base/buf.h"
#include "lists/catalogue.h"

/* The resolvers that were named, else those of the system; out has room for DNS_UPSTREAMS_MAX. */
enum err_code run_resolvers(const struct run_options *o, struct endpoint *out,
    struct dns_stub_config *config, struct err *err) MUST_CHECK;

struct session {
	const struct run_options *options;
	struct run_result *result;
	struct err *err;
	struct policy policy;         /* complete */
	struct arena arena;           /* the catalogue's */
	struct catalogue catalogue;
	struct generic_table *generic;
	struct buf text;              /* of one report */
	size_t n_reports;
	bool broken;                  /* the output is gone, err says why: nothing more is written */
};

enum err_code session_open(struct session *s, const struct run_options *o,
    struct run_result *result, struct err *err) MUST_CHECK;

/* To be called whatever session_open() returned. */
void session_close(struct session *s);

void session_begin(struct session *s); /* what stands before the first report */
void session_end(struct session *s);   /* and after the last */

/* facts -> findings -> report, counted in the result. */
void session_report(struct session *s, const struct target *t, const struct facts *f,
    uint64_t time_us);

#endif
