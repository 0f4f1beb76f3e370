/* Where targets come from: the command line first, then the lines of a file, read as needed. */
#ifndef MAILREADY_APP_SOURCE_PRIV_H
#define MAILREADY_APP_SOURCE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "app/targets.h"

struct source {
	const struct target_spec *specs;
	size_t n_specs, next_spec;
	const char *path; /* "-" is standard input; NULL: no file */
	FILE *file;
	int line;
	FILE *errors;     /* where bad lines are said */
	size_t bad_lines;
};

enum err_code source_open(struct source *s, const struct target_spec *specs, size_t n_specs,
    const char *path, FILE *errors, struct err *err) MUST_CHECK;
void source_close(struct source *s);

/* Borrowed until the next call; NULL at the end, then *err tells whether reading failed. */
const struct target_spec *source_next(struct source *s, struct target_spec *scratch, struct err *err);

#endif
