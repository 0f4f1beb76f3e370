/* The work of one run of fix. */
#ifndef MAILREADY_REPAIR_INPUT_PRIV_H
#define MAILREADY_REPAIR_INPUT_PRIV_H

#include <jansson.h>

#include "base/arena.h"
#include "repair/repair.h"

struct work_item {
	const struct fix_spec *spec;
	const struct plan *saved; /* of --plan; NULL */
};

struct work {
	struct arena *arena;
	FILE *errors;
	struct work_item *list;
	size_t n, cap;
	size_t n_bad;
};

/* Everything is read before anything is done: no list is half carried out for its bad lines. */
enum err_code work_read(struct work *w, const struct fix_options *o, struct arena *a,
    struct err *err) MUST_CHECK;

/* Writes plans to a file of mode 0600: an array, or one plan alone. */
enum err_code plans_write(const char *path, json_t *plans, struct err *err) MUST_CHECK;

#endif
