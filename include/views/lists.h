/* Lists: which facts it takes to know what they say, and which a row rests on. */
#ifndef MAILREADY_VIEWS_LISTS_H
#define MAILREADY_VIEWS_LISTS_H

#include <stdbool.h>

#include "views/understanding.h"

/* Fewer lists than this that fail in the same way say nothing about the resolver. */
enum { LISTS_BLAME_MIN = 3 };

/* Lists hold public addresses: others are asked about only when the policy says so. */
bool lists_may_ask(const struct target *t);

/* Wants what the catalogue's lists say of the target, and what shows that they can be believed. */
void lists_want(const struct target *t, struct facts *f);

enum { LIST_FACTS_MAX = 5 };

/* The facts that a row rests on: the question, its reason, the test entries.  How many. */
size_t list_view_facts(const struct understanding *k, const struct list_view *v,
    const struct fact *out[LIST_FACTS_MAX]);

#endif
