/* What the files of the plan share. */
#ifndef MAILREADY_FIX_PLAN_PRIV_H
#define MAILREADY_FIX_PLAN_PRIV_H

#include "base/arena.h"
#include "fix/plan.h"

/* Sorted copies, each once. */
const char **plan_sorted(const char *const *list, size_t n, struct arena *a, size_t *out_n);

/* The values alone: TTL, description and tags aside. */
bool plan_value_same_values(const struct plan_value *a, const struct plan_value *b);

/* The same KEY=VALUE pairs. */
bool plan_value_same_tags(const struct plan_value *a, const struct plan_value *b);

/* Is the TTL known? */
bool plan_value_has_ttl(const struct plan_value *v);

/* "PTR mail.example.com", "no PTR record", "the provider's default": a value in a sentence. */
const char *plan_value_shown(const struct plan_step *s, const struct plan_value *v,
    struct arena *a);

#endif
