/*
 * JUnit XML, as CI servers read it: valid against the schemas of both Ant's JUnit task and Jenkins'
 * xunit plug-in.  tests/tools/junit.xsd says what of it is used.
 */
#ifndef MAILREADY_REPORT_JUNIT_H
#define MAILREADY_REPORT_JUNIT_H

#include <stddef.h>
#include <stdint.h>

struct buf;

enum junit_outcome { JUNIT_PASSED, JUNIT_FAILED, JUNIT_ERROR, JUNIT_SKIPPED };

/* Texts may hold anything.  What passed shows its message only in the suite's output. */
struct junit_case {
	const char *group;   /* "classname": what was tested, the same in every run */
	const char *name;    /* what for: unique in its suite, and the same in every run; not "" */
	const char *type;    /* of what failed: a rule id */
	const char *message; /* one line */
	const char *text;    /* the message again, what to do, evidence; lines */
	enum junit_outcome outcome;
};

struct junit_suite {
	const char *name;              /* not "" */
	const char *host;              /* "hostname": what was tested; not "" */
	int64_t time_s;                /* when it began */
	uint64_t time_us;              /* how long it took */
	const char *const *properties; /* name, value, name, value, ... NULL */
	const struct junit_case *cases;
	size_t n;
};

/* A whole document. */
void junit_add(struct buf *out, const struct junit_suite *suites, size_t n);

#endif
