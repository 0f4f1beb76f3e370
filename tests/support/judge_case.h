/*
 * Cases of the judges: facts in JSON, expected findings.  tests/README.md has the language.
 *
 * The runner lets the check say what it wants, gives it the facts of the case, and asks anew as long
 * as a fact that is followed has arrived.  A question that no row answers stays pending.
 */
#ifndef MAILREADY_TESTS_JUDGE_CASE_H
#define MAILREADY_TESTS_JUDGE_CASE_H

#include <jansson.h>
#include <stddef.h>

struct judge_case {
	const char *name;  /* "iprev/edges.json: edge-ok" */
	const char *check; /* "iprev": the folder of the file */
	json_t *json;      /* borrowed from the list's documents */
};

struct judge_cases {
	struct judge_case *list;
	size_t n, cap;
	json_t **documents;
	size_t n_documents, cap_documents;
};

/* All cases of DIR/<check>/<file>.json, sorted by path.  Fails the test when a file is broken. */
void judge_cases_load(struct judge_cases *cases, const char *dir);
void judge_cases_free(struct judge_cases *cases);

/* Runs one case; fails the current test with what differs. */
void judge_case_run(const struct judge_case *one);

#endif
