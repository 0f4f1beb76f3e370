/*
 * Answers of lists in a word, for judge cases: "zen=127.0.0.2 mid=timeout/127.0.0.2/no".
 *
 * A word is LIST=ANSWER/LISTED/CLEAN/PROBE.  LIST is the first label of a zone of the catalogue, "*"
 * all of them.  ANSWER is that about the address, and about every domain of a list of domains;
 * LISTED and CLEAN are those of the entries that must and must not be listed; PROBE is that about
 * the label that nobody has.  Each is "no" for NXDOMAIN, the word of a status ("timeout"), or
 * addresses with "+" between them.  What is left out is "no/127.0.0.2/no/no": a list that is healthy
 * and does not list the address.
 */
#ifndef MAILREADY_TESTS_JUDGE_LISTS_H
#define MAILREADY_TESTS_JUDGE_LISTS_H

#include "base/arena.h"
#include "gather/facts.h"
#include "gather/target.h"

/*
 * The answer to a question that any list of the target's policy gets; false when it is no question
 * to a list, or one that stays pending.  A later word overrules an earlier one.  Fails the test when
 * a word is wrong.
 */
bool judge_lists_answer(const struct target *t, const char *words, const struct fact *fact,
    struct arena *a, struct dns_answer *out);

#endif
