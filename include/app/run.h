/*
 * One run, from targets to reports: resolve host names, gather, judge, render, in the order of
 * the input.  The only room that creates a loop and a stub.
 */
#ifndef MAILREADY_APP_RUN_H
#define MAILREADY_APP_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "app/lists.h"
#include "app/targets.h"
#include "base/err.h"
#include "checks/finding.h"
#include "dns/stub.h"
#include "gather/target.h"
#include "report/render.h"

enum { FAMILY_4 = 1, FAMILY_6 = 2 };

struct run_options {
	/* what is checked */
	const struct target_spec *specs; /* from the command line */
	size_t n_specs;
	const char *input;               /* a list of targets; "-" is standard input; NULL */
	const struct check *const *checks;
	size_t n_checks;
	int families;                    /* FAMILY_4 | FAMILY_6: addresses that are looked at */
	/* how */
	struct endpoint resolvers[DNS_UPSTREAMS_MAX];
	size_t n_resolvers;              /* 0: /etc/resolv.conf */
	const char *planned;             /* zone file; NULL */
	struct lists_options lists;
	uint64_t timeout_us;             /* a target's time; 3 s */
	struct policy policy;            /* lists, keys, probe and generic are filled in by the run */
	/* where to */
	const struct renderer *renderer;
	struct render_options render;
	FILE *out;                       /* reports; written as each target completes, in order */
	FILE *errors;                    /* lines of the input that are no target */
	const char *dump;                /* file for the facts; NULL */
};

struct run_result {
	size_t n[VERDICT_FAIL + 1]; /* targets by verdict */
	size_t unknown;             /* targets with any temperror finding (--fail-on unknown) */
	size_t bad_lines;           /* lines or words that were no target, or host names without address */
};

/*
 * Runs everything.  What is wrong with single targets is counted, said on errors and does not end
 * the run; an error return means that the run itself could not go on (then out may be incomplete).
 * ERR_NOINPUT: no target at all.  ERR_IO: out cannot be written.
 */
enum err_code run_check(const struct run_options *o, struct run_result *result, struct err *err)
	MUST_CHECK;

/* Judges dumped facts again: path is a file of --dump-facts ("-": standard input). */
enum err_code run_judge(const struct run_options *o, const char *path, struct run_result *result,
    struct err *err) MUST_CHECK;

/*
 * Where a data file is: $MAILREADY_DATA, ../share/mailready beside the program's directory,
 * data/ of the source tree that it was built in, or the compiled-in PREFIX/share/mailready.
 * ERR_CONFIG names the places looked at.
 */
enum err_code data_path(const char *file, char *out, size_t size, struct err *err) MUST_CHECK;

#endif
