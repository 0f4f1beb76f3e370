/* Which lists of the catalogue are asked.  Pure. */
#ifndef MAILREADY_LISTS_SELECT_H
#define MAILREADY_LISTS_SELECT_H

#include <stddef.h>

#include "base/err.h"
#include "lists/catalogue.h"

struct arena;
struct keyring;

enum list_set {
	LIST_SET_DEFAULT,  /* those that matter; with a key where there is one */
	LIST_SET_CRITICAL, /* of these, the critical ones */
	LIST_SET_ALL,      /* all that can be asked and are not doubtful */
	LIST_SET_FILES,    /* those that the user's files speak of */
};

struct list_choice {
	enum list_set set;
	unsigned
	    first_file; /* LIST_SET_FILES: the first of the user's files, in catalogue.n_files */
	const char *const *only; /* zones as the user wrote them; none = the set */
	size_t n_only;
	const char *const *skip;
	size_t n_skip;
};

struct list_selection {
	struct catalogue lists; /* copies; their texts are those of the whole catalogue */
	const char **remarks;   /* sentences about what was named and is not asked */
	size_t n_remarks, cap_remarks;
};

/*
 * Adds the zones of only that the catalogue does not know, as a plain file would.  Those that are like
 * a known one are left out: they may be mistyped.  ERR_USAGE when a word cannot be a zone.
 */
enum err_code catalogue_add_named(struct catalogue *all, const struct list_choice *choice,
    struct arena *a, struct err *err) MUST_CHECK;

/*
 * A part is not asked beside its whole, and a list not beside one that stands for it.  ERR_USAGE:
 * a zone that the catalogue does not know (the nearest is named), or, among those of only, one
 * that is dead (when and how is said) or cannot be asked over DNS.
 */
enum err_code catalogue_select(const struct catalogue *all, const struct list_choice *choice,
    const struct keyring *keys, struct arena *a, struct list_selection *out,
    struct err *err) MUST_CHECK;

/* The list of a zone that the user wrote, or NULL with ERR_USAGE and the nearest one. */
const struct list *catalogue_named(const struct catalogue *all, const char *word, struct arena *a,
    struct err *err);

#endif
