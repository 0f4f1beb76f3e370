/* Tables that give codes their names, in both directions. */
#ifndef MAILREADY_BASE_ENUMTAB_H
#define MAILREADY_BASE_ENUMTAB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct enumtab_row {
	const char *name;
	int code;
};

struct enumtab {
	const struct enumtab_row *rows;
	size_t n;
};

#define ENUMTAB(rows) \
	{ \
		(rows), sizeof(rows) / sizeof(rows)[0] \
	}

/* The name of a code, or "unknown". */
const char *enumtab_name(const struct enumtab *t, int code);

/* False when no row has that name (compared without case). */
bool enumtab_code(const struct enumtab *t, const char *name, int *code);

/* The separator before the i-th of n words in "a, b or c": "", ", " or " or ". */
const char *enumtab_glue(size_t i, size_t n);

/* "a, b or c": the names, for error messages.  Returns out. */
const char *enumtab_choices(const struct enumtab *t, char *out, size_t size);

/* As enumtab_code(), with an error of the caller's code that names the choices. */
enum err_code enumtab_read(const struct enumtab *t, const char *name, int *out, enum err_code code,
    struct err *err) MUST_CHECK;

/* Names and codes are unique and no name is empty: what the generic table test asserts. */
bool enumtab_is_sound(const struct enumtab *t);

#endif
