/* Where the catalogue and the keys are read from, and what of it is asked. */
#ifndef MAILREADY_LISTS_SOURCE_H
#define MAILREADY_LISTS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "lists/catalogue.h"
#include "lists/keyring.h"
#include "lists/select.h"

struct arena;

struct lists_options {
	bool named;               /* the set is: --lists default is more than nothing */
	enum list_set set;        /* LIST_SET_FILES when there are files */
	const char *const *files; /* of --lists */
	size_t n_files;
	const char *const *only; /* zones */
	size_t n_only;
	const char *const *skip;
	size_t n_skip;
	const char *keys;  /* file of keys; NULL: keys.ini of the user's configuration, if any */
	const char *cache; /* what is kept between runs; NULL: the user's; "none": nothing */
};

struct lists_source {
	struct catalogue all; /* as far as it had to be read */
	struct keyring *keys;
	struct list_selection selection;
};

/*
 * Reads the shipped catalogue (whole, or no more than the choice needs), /etc/mailready/lists.ini,
 * the user's mailready/lists.ini below $XDG_CONFIG_HOME, the files of the options, and the keys;
 * then selects.  To be closed whatever came of it.
 */
enum err_code lists_open(struct lists_source *s, const struct lists_options *o, bool whole,
    struct arena *a, struct err *err) MUST_CHECK;
void lists_close(struct lists_source *s);

#endif
