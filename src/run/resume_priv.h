/*
 * Going on where a run was ended, by whatever: the output only grows, and the state file says
 * after every piece of it which targets are in there.  A process that is killed leaves at most one
 * piece that the state does not know; it is cut off at the next start.  A machine that dies may
 * lose what was not yet on disk; the sums of the pieces show how far the output is whole.
 */
#ifndef MAILREADY_RUN_RESUME_PRIV_H
#define MAILREADY_RUN_RESUME_PRIV_H

#include "run/done_priv.h"
#include "run/state_priv.h"

struct resume {
	const struct run_options *options;
	struct err *err;
	int out_fd;
	int fd;           /* of the state file; -1: not open */
	size_t log_bytes; /* of the state file */
	uint64_t offset;  /* bytes of output that are safe */
	uint64_t n_safe;  /* targets in there */
	uint64_t synced_us;
	struct done done;
	uint64_t *batch; /* numbers of the targets of the piece that is not written yet */
	size_t n_batch, cap_batch;
	struct state_about about[STATE_ABOUT_MAX];
	size_t n_about;
	struct arena arena; /* of about */
};

/* The catalogue says what is asked. */
struct catalogue;

/*
 * Starts or goes on.  ERR_DATA: state or output are not those of this run, and why.  result gets
 * the counts so far.  To be closed whatever it returns.
 */
enum err_code resume_open(struct resume *r, const struct run_options *o,
    const struct catalogue *lists, struct run_result *result, struct err *err) MUST_CHECK;

/* The target's report is in the piece to come. */
void resume_add(struct resume *r, uint64_t number);

/* Writes the piece, then the state.  On failure the output ends as the state says. */
enum err_code resume_commit(struct resume *r, const struct buf *piece,
    const struct run_result *result) MUST_CHECK;

/* Also makes sure of what is on disk. */
enum err_code resume_close(struct resume *r, enum err_code code);

#endif
