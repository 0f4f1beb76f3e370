/* Between the parts of a judge case: what is given (judge_facts.c), what is expected (judge_expect.c). */
#ifndef MAILREADY_TESTS_JUDGE_PRIV_H
#define MAILREADY_TESTS_JUDGE_PRIV_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "checks/finding.h"
#include "lists/catalogue.h"
#include "preflight/preflight.h"
#include "views/generic_table.h"
#include "views/hoster_table.h"
#include "views/receiver_table.h"
#include "views/understanding.h"

/* A case on its way: everything lives in the arena. */
struct run {
	struct arena arena;
	struct err err;
	struct json_reader reader;
	struct catalogue lists;
	struct generic_table *generic;
	struct hoster_table *hosters;
	struct receiver_table *receivers;
	struct policy policy;
	struct target target;
	struct facts facts;
	struct understanding known;
	const json_t *json;
	const struct check *const *checks;
	size_t n_checks;
	bool *asked;    /* rows of "dns" that a fact took */
	bool preflight; /* one of "preflight", which has an intent in the place of a target */
	struct preflight intent;
};

/* The strings of an array (or one string), repetitions written out. */
const char **case_strings(struct run *r, const json_t *value, size_t *n);

/* The string at an index of an array; fails the test when there is none. */
const char *case_text(const json_t *array, size_t index);

/* Policy, and target or intent; check: the folder of the case. */
void case_read(struct run *r, const char *check);

/* Lets the checks say what they want, and answers it, until nothing new is wanted. */
void case_gather(struct run *r);

/* Fails the test with what differs. */
void case_check(struct run *r, const struct findings *found);

#endif
