/*
 * What is known about names that providers give to addresses: one naming pattern a row, and the
 * words that make a name look dynamic or chosen.  Data, not code: data/generic-ptr.ini, whose
 * head describes the format.  Knows nothing of targets; checks/generic_ptr decides.
 *
 * Patterns are POSIX extended regular expressions, compiled when a literal of their row is first
 * seen in a name: a run pays only for the rows that it meets.
 */
#ifndef MAILREADY_VIEWS_GENERIC_TABLE_H
#define MAILREADY_VIEWS_GENERIC_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Pairs of bytes that follow each other, as a set in which others may seem to be, too. */
struct generic_pairs {
	uint64_t bits[4];
};

struct generic_regex;
struct generic_table;

struct generic_row {
	const char *id;       /* the section's name: "huawei-ecs" */
	const char *provider; /* "Huawei Cloud" */
	const char *pattern;  /* against the internal name form (base/name.h) */
	const char
	    *literals; /* words separated by blanks; one of them is in every name that matches */
	const char *address; /* order of the address in the name: "forward" "reversed" "none" ... */
	const char *note;    /* where the PTR record is changed, as a sentence; "" */
	const char *source;  /* "seen" in mail or repositories, "memory" otherwise */
	const char *reviewed; /* "2026-11": names and domains change hands */
	int line;
	struct generic_pairs pairs;  /* one from the middle of each literal */
	struct generic_regex *regex; /* NULL until it is first needed */
};

enum generic_words {
	GENERIC_WORDS_STRONG, /* with a number beside it: a dynamic access line */
	GENERIC_WORDS_WEAK,   /* with a number beside it: perhaps a customer's line or machine */
	GENERIC_WORDS_MAIL,   /* begins a label of a name that was chosen for mail */
	GENERIC_WORDS_STATIC, /* says that the address is not dynamic */
	GENERIC_WORDS_N,
};

/* Errors name file and line; an unknown key or section is one.  *out is the caller's to free. */
enum err_code generic_table_read_file(const char *path, struct generic_table **out,
    struct err *err) MUST_CHECK;
enum err_code generic_table_read_text(const char *name, const char *text, size_t len,
    struct generic_table **out, struct err *err) MUST_CHECK;
void generic_table_free(struct generic_table *t); /* NULL is accepted */

/* The first row whose pattern matches the name, or NULL.  A pattern that cannot be compiled
 * matches nothing. */
const struct generic_row *generic_table_match(const struct generic_table *t, const char *name);

/* How many rows match: more than one means that two rows contradict each other. */
size_t generic_table_count(const struct generic_table *t, const char *name);

/* Is the word (len bytes, lower case) in the list? */
bool generic_table_has_word(const struct generic_table *t, enum generic_words list,
    const char *word, size_t len);

/* All rows, for tests and listings. */
const struct generic_row *generic_table_rows(const struct generic_table *t, size_t *n);

/* ERR_CONFIG names the first row whose pattern is not a regular expression. */
enum err_code generic_table_compile_all(const struct generic_table *t, struct err *err) MUST_CHECK;

#endif
