/*
 * INI files, for data and configuration: one callback a key, with file and line in every error.  A line
 * is "[section]", "key = value" or "key: value"; "#" and ";" start a comment line, " ;" a comment after
 * either.  A value is one line.  Lines over 1 KiB, section names over 49 bytes, NUL bytes and files over
 * 1 MiB are refused.
 */
#ifndef MAILREADY_BASE_INIFILE_H
#define MAILREADY_BASE_INIFILE_H

#include <stddef.h>

#include "base/err.h"

struct ini_line {
	const char *file;
	int line;
	const char *section;
	int head; /* line of its heading: a second section of the same name has another; 0: before any */
	const char *key;
	const char *value;
};

/*
 * Called for every key in order.  Strings are valid during the call only.  Returns ERR_NONE, or
 * an error made with err_set (file and line are added by the caller, do not repeat them).
 */
typedef enum err_code ini_fn(void *arg, const struct ini_line *line, struct err *err);

/* Reads a whole file; stops at the first error, which reads "FILE:LINE: text". */
enum err_code ini_read_file(const char *path, ini_fn *fn, void *arg, struct err *err) MUST_CHECK;

/* The same from memory; name is used in errors.  For embedded text, tests and fuzzing. */
enum err_code ini_read_text(const char *name, const char *text, size_t len, ini_fn *fn, void *arg,
    struct err *err) MUST_CHECK;

/*
 * The same, with a call for every heading before those for its keys, also of sections without keys: key
 * and value are "", line and head are the heading's.
 */
enum err_code ini_read_sections(const char *name, const char *text, size_t len, ini_fn *on_section,
    ini_fn *on_key, void *arg, struct err *err) MUST_CHECK;

/* The member of known[] nearest to word, for "did you mean"; NULL when none is near. */
const char *ini_nearest(const char *word, const char *const *known, size_t n);

#endif
