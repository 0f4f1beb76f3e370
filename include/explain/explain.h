/*
 * mailready explain: replies in; what they mean, whether the cause is still there, and the repair out.
 */
#ifndef MAILREADY_EXPLAIN_EXPLAIN_H
#define MAILREADY_EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "report/explain.h"
#include "run/run.h"

enum {
	EXPLAIN_LIST_MAX = 100000, /* refusals that are explained one by one */
	EXPLAIN_GROUPS_MAX = 20000,
};

struct explain_options {
	const struct run_options
	    *run;                 /* how the re-test looks things up; without targets and sink */
	const char *text;         /* one reply; NULL: files are read */
	const char *const *files; /* "-" is standard input */
	size_t n_files;
	/* for what the input does not say; family 0, "" */
	struct ip address;
	const char *ehlo, *domain, *mx;
	bool offline;    /* nothing is asked */
	bool recipients; /* local parts of mail addresses are kept */
	bool groups;     /* replies of one cause and address are one */
	bool by_cause;   /* whatever their codes and words */
	bool summary;    /* a line each */
	void (*render)(const struct explain_report *r, const struct render_options *o,
	    struct buf *out);
};

/* How many refusals came to what. */
struct explain_sum {
	size_t refused, still_broken, gone, other;
};

/*
 * Reads, explains, re-tests and writes to run->out.file.  Where an input holds no refusal, errors says what
 * was looked for.  ERR_DATA for an input that is of no form that is known.
 */
enum err_code run_explain(const struct explain_options *o, struct explain_sum *sum,
    struct err *err) MUST_CHECK;

#endif
