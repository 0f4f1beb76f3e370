/* The command `lists`: the catalogue as a table, one list in full, and whether the lists work. */
#ifndef MAILREADY_RUN_LISTS_H
#define MAILREADY_RUN_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct run_options;

enum lists_action { LISTS_TABLE, LISTS_SHOW, LISTS_TEST };

struct lists_request {
	enum lists_action action;
	const char *zone; /* of LISTS_SHOW */
	/* Of the others: only lists with one of these in their zone, name or operator; none: all. */
	const char *const *words;
	size_t n_words;
	bool json;
};

/*
 * mailready lists: writes to o->out.file.  *unhealthy: how many lists the test found to be of no use
 * now.  ERR_USAGE for a zone, or a word, that no list has.
 */
enum err_code run_lists(const struct run_options *o, const struct lists_request *request,
    size_t *unhealthy, struct err *err) MUST_CHECK;

#endif
