/*
 * Repairs, from addresses and names to what was proven: gather, judge, plan, ask for consent, apply,
 * verify; and what goes with it: picking up a journal, undoing one, waiting for somebody else's
 * change, and looking at what an account holds.
 */
#ifndef MAILREADY_REPAIR_REPAIR_H
#define MAILREADY_REPAIR_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fix/plan.h"
#include "report/fix.h"
#include "run/run.h"

enum { FIX_ENDPOINTS_MAX = 16, FIX_TARGETS_MAX = 1000 };

/* One address, and the names that it is to have. */
struct fix_spec {
	struct ip ip;
	char names[PROVIDER_NAMES_MAX][NAME_TEXT_MAX]; /* internal form */
	size_t n_names;
	const char *provider; /* that it is to be asked of; NULL: the options say it */
	int line;             /* of the list; 0: command line */
};

struct fix_options {
	const struct run_options *run; /* resolvers, planned, policy, out, errors, render */
	const struct fix_spec *specs;  /* from the command line */
	size_t n_specs;
	struct plan_wish wish;
	bool apply, no_wait;
	bool json;
	const struct fix_form *form;    /* of the plans */
	const char *plan_in, *plan_out; /* files; NULL */
	const char *provider; /* NULL: the first that has credentials and owns the address */
	const char *region, *project, *cloud; /* "" */
	const char *ca_file;                  /* NULL */
	const char *const *endpoints;
	size_t n_endpoints;
	const char *journal_dir; /* NULL: the user's state directory */
	uint64_t timeout_us;     /* for a change and its proof */
	/* Asked once, before anything is written; the plans have been shown.  NULL: consent was given.
	 * ERR_NONE and *yes, or an error when nobody can be asked. */
	enum err_code (*consent)(size_t n_records, bool *yes, struct err *err);
	void (*progress)(const char *text);
};

/* How it ended, over all addresses: what the exit status is made of. */
struct fix_result {
	size_t n_fine; /* nothing to do, or done and proven, or done with no_wait */
	size_t n_open; /* something to change, or not proven in time, or declined */
	size_t n_undecided;
	size_t n_failed;
	struct err first; /* the first error of an address; the report also has it */
};

/*
 * The next line of a list: "ADDRESS NAME..." with "#" before comments, or a row of a table, whose host
 * or EHLO name is the name.  The reader has words set; BAD and STOP fill err, the reader's note lives
 * in the arena.
 */
enum target_line fix_parse_line(struct target_reader *r, const char *line, size_t len,
    struct arena *a, struct fix_spec *out, struct err *err);

/* An address, or a block of one (/32, /128); ERR_DATA for all else. */
enum err_code fix_parse_address(const char *word, struct ip *out, struct err *err) MUST_CHECK;

/* A name of the user's; ERR_DATA when it is not a domain name at all. */
enum err_code fix_parse_name(const char *word, struct fix_spec *out, struct err *err) MUST_CHECK;

/*
 * Plans, and with apply carries out.  An error return means that the run itself could not
 * continue; what is wrong with one address is in its report and in the result, and the others are
 * still served.  A list with bad lines is refused as a whole, before anything is asked.
 */
enum err_code fix_run(const struct fix_options *o, struct fix_result *result,
    struct err *err) MUST_CHECK;

/* Continues a journal where it stopped; consent was given when it was begun. */
enum err_code fix_resume(const struct fix_options *o, const char *journal,
    struct fix_result *result, struct err *err) MUST_CHECK;

enum err_code fix_undo(const struct fix_options *o, const char *journal, struct fix_result *result,
    struct err *err) MUST_CHECK;

/* The proof alone, for o->specs. */
enum err_code fix_wait(const struct fix_options *o, struct fix_result *result,
    struct err *err) MUST_CHECK;

/* Shows the account's records: all of them, or those of the one address of o->specs. */
enum err_code ptr_list(const struct fix_options *o, struct err *err) MUST_CHECK;
enum err_code ptr_show(const struct fix_options *o, struct err *err) MUST_CHECK;

/*
 * Shows all providers, and tries the credentials of those that are configured, or of o->provider alone,
 * without writing; with an address in o->specs, says which accounts have it.  An error, after all of them were
 * shown: the first one whose credentials do not work.
 */
enum err_code providers_show(const struct fix_options *o, struct err *err) MUST_CHECK;

#endif
