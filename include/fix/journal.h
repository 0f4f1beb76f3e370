/*
 * The journal of one plan: lines of JSON that are only ever added to, on disk before the first call
 * and after every change of state, so that a run that was killed can be picked up again, and undone.
 * The first line holds the plan and where the account is; each other line moves one step on.  No
 * line holds a secret.
 */
#ifndef MAILREADY_FIX_JOURNAL_H
#define MAILREADY_FIX_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fix/plan.h"

#define JOURNAL_SCHEMA "mailready.journal/1"

enum { JOURNAL_PATH_MAX = 4096, JOURNAL_SIZE_MAX = 4 << 20 };

/* The state of a step.  The order is the order of a step's life. */
enum step_state {
	STEP_PLANNED,    /* no call was made */
	STEP_BEGUN,      /* the call may have been made: read back before anything is repeated */
	STEP_SENT,       /* the API took it */
	STEP_DONE,       /* the API says that it is in force, and reads back */
	STEP_FAILED,     /* the API says that it failed; note says why */
	STEP_UNDO_BEGUN, /* the same for its inverse */
	STEP_UNDONE,
};
extern const struct enumtab step_state_names; /* "planned" "begun" "sent" "done" ... */

struct journal {
	char path[JOURNAL_PATH_MAX];
	int fd; /* -1: loaded for reading, or closed */
	struct plan plan;
	/* The options for opening the provider again. */
	const char *region, *project, *cloud;
	const char **endpoints;
	size_t n_endpoints;
	uint16_t authority_port;
	bool allow_special;
	enum step_state steps[PLAN_STEPS_MAX];
	int64_t written_s[PLAN_STEPS_MAX]; /* when a step was sent; 0 */
	int64_t last_s[PLAN_STEPS_MAX];    /* of its last line; 0 */
	bool undoing; /* the inverse of a step was begun, whatever came of it */
	bool proven;  /* DNS showed the result */
	bool undone;  /* all of it was taken back */
	size_t whole; /* bytes up to the end of the last whole line */
	bool torn;    /* something follows them: the run was killed in the middle of a line */
};

/*
 * Makes the file, which must not exist (O_EXCL, O_NOFOLLOW, mode 0600), writes the first line and
 * flushes file and directory.  j->plan and the members beside it are the caller's.  dir is made
 * (0700) when it is not there.  ERR_CANTCREAT, ERR_IO.
 */
enum err_code journal_create(struct journal *j, const char *dir, int64_t now_s,
    struct err *err) MUST_CHECK;

/* One line, on disk when it returns; the state in memory follows.  note may be "". */
enum err_code journal_step(struct journal *j, size_t step, enum step_state state, const char *note,
    int64_t now_s, struct err *err) MUST_CHECK;
enum err_code journal_proven(struct journal *j, int64_t now_s, struct err *err) MUST_CHECK;
enum err_code journal_undone(struct journal *j, int64_t now_s, struct err *err) MUST_CHECK;

/*
 * Loads a journal up to its last whole line: untrusted, strings in a.  ERR_NOINPUT, ERR_DATA (with
 * the line), ERR_NOPERM when it is not a regular file, is somebody else's, or others may write to it.
 */
enum err_code journal_load(const char *path, struct arena *a, struct journal *out,
    struct err *err) MUST_CHECK;

/* The same from memory; path is used in errors.  For tests and fuzzing. */
enum err_code journal_parse(const char *path, const char *text, size_t len, struct arena *a,
    struct journal *out, struct err *err) MUST_CHECK;

/*
 * Opens a loaded journal to be added to: cuts what is torn, and keeps others out (ERR_TEMP: another
 * run has it open).
 */
enum err_code journal_reopen(struct journal *j, struct err *err) MUST_CHECK;

void journal_close(struct journal *j);

#endif
