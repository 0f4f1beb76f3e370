/*
 * One run, from targets to reports: resolve host names, gather, judge, render, in the order of
 * the input or as they complete.  Memory depends on what is on the way, not on the input.  The
 * only room that creates a loop and a stub.
 */
#ifndef MAILREADY_RUN_RUN_H
#define MAILREADY_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "checks/finding.h"
#include "dns/stub.h"
#include "gather/target.h"
#include "gather/targets.h"
#include "lists/source.h"
#include "net/endpoint.h"
#include "report/render.h"

enum { FAMILY_4 = 1, FAMILY_6 = 2 };

/* What is looked at. */
struct run_input {
	const struct target_spec *specs; /* from the command line */
	size_t n_specs;
	const char *list;         /* a file of targets; "-" is standard input; NULL */
	int families;             /* FAMILY_4 | FAMILY_6: addresses that are looked at */
	bool huge;                /* IPv4 blocks of more than 2^24 addresses too */
	unsigned shard, n_shards; /* shard, from 0, of n_shards; 1: all targets */
	bool *reported;           /* by target, in the order of specs: becomes true; NULL */
};

/* Whom it asks, and how. */
struct run_look {
	struct endpoint resolvers[DNS_UPSTREAMS_MAX];
	size_t n_resolvers;   /* 0: /etc/resolv.conf */
	unsigned qps, window; /* ceilings of what is asked, see dns/stub.h; 0: none */
	const char *planned;  /* zone file; NULL */
	const char *origin;   /* what its relative names are completed with; NULL */
	struct lists_options lists;
	uint64_t timeout_us; /* a target's time; 3 s */
	/* How long a resolver that goes away in the middle of the run is waited for; 0: not at all. */
	uint64_t patience_us;
	/* How much longer a connected SMTP server may take, unless the policy says many. */
	uint64_t greeting_us;
	struct policy
	    policy; /* lists, keys, probe, generic, hosters and receivers are filled in by the run */
};

/* Where its reports go. */
struct run_output {
	const struct renderer *renderer;
	struct render_options render;
	/* gets each report in the place of renderer and file, which stay unused; NULL */
	void (*sink)(void *arg, const struct report *r);
	void *sink_arg;
	bool sink_receivers; /* it takes what receivers demand, where the sender is known */
	FILE *file;          /* reports; written as targets complete */
	const char *name;    /* what the file is called; NULL: standard output */
	bool ordered;        /* in the order of the input */
	/* lines of the input that are not a target, progress, summary; NULL without the last two: nobody */
	FILE *errors;
	bool progress; /* say now and then how far the run is */
	bool summary;  /* and at the end what came of it */
};

struct run_options {
	struct run_input in;
	const struct check *const *checks;
	size_t n_checks;
	struct run_look look;
	struct run_output out;
	const char *dump;  /* file for the facts; NULL */
	const char *state; /* continue where a run with this state file ended; NULL */
};

/* Why nothing could be looked up, when that is so: one cause, whatever the number of targets. */
struct run_outage {
	bool there;
	bool no_route;                    /* there is no way to the resolver, either */
	char resolver[ENDPOINT_TEXT_MAX]; /* the first of them */
	const char *what;                 /* "does not answer" */
};

struct run_result {
	size_t n[VERDICT_FAIL + 1]; /* targets by verdict */
	size_t unknown;             /* targets with any temperror finding (--fail-on unknown) */
	size_t bad_hosts;           /* host names without address */
	size_t bad_lines;           /* these, and lines or words that were no target or no list */
	struct run_outage outage;
	enum plugin_state limits; /* what the thresholds of a plug-in make of it */
	int interrupted;          /* the signal that ended the run early; 0 */
};

/*
 * Runs everything.  What is wrong with single targets is counted, said on errors and does not end
 * the run; an error return means that the run itself could not continue (then its output may be
 * incomplete).  ERR_NOINPUT: no target at all.  ERR_IO: the output cannot be written.
 *
 * SIGINT, SIGTERM and SIGHUP end the run early: what is finished is written, what is on the way is
 * cancelled, as when the output cannot be written.
 *
 * With state, the output is a regular file that is written in place: cut to what the state knows of it,
 * then continued.  ERR_DATA: the state is that of another run, or the output is.
 */
enum err_code run_check(const struct run_options *o, struct run_result *result,
    struct err *err) MUST_CHECK;

/*
 * Asks again what was unknown in path, which a run with the same renderer wrote (jsonl or csv).  The
 * output has its other rows first, as they were, then what is said anew of these, or what was, where the
 * run was interrupted.  The result counts what was asked again; when that is nothing, it is said on
 * errors.  Rows of what is not a target stand, and are counted in bad_lines.  ERR_DATA: path is not such a
 * file, or it is cut.  ERR_NOINPUT: it cannot be read, or has no row.  Else as run_check().
 */
enum err_code run_again(const struct run_options *o, const char *path, struct run_result *result,
    struct err *err) MUST_CHECK;

/* The rules of what could not be checked: a host without address, a line that is not a target. */
const struct rule *run_lost_rules(size_t *n);

/* Judges dumped facts again: path is a file of --dump-facts ("-": standard input). */
enum err_code run_judge(const struct run_options *o, const char *path, struct run_result *result,
    struct err *err) MUST_CHECK;

/*
 * Joins reports in JSON lines from several files into one, sorted by address.  Of reports
 * about the same target (address, host, EHLO name, domain) the latest counts.  Lines that are no
 * report are said on errors and counted in bad_lines.  The files are read twice.
 */
enum err_code run_merge(const struct run_output *out, const char *const *paths, size_t n,
    struct run_result *result, struct err *err) MUST_CHECK;

#endif
