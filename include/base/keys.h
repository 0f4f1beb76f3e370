/*
 * The keys of an INI section as one table.  It finds the key of a line, refuses one that is unknown, that
 * is given twice or that has no value, and lets the key's setter read the value.  Every error is
 * ERR_CONFIG and begins with the key; base/inifile puts file and line before it.
 */
#ifndef MAILREADY_BASE_KEYS_H
#define MAILREADY_BASE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "base/err.h"
#include "base/inifile.h"

struct arena;
struct key;

/* A line while its value is read. */
struct key_line {
	const struct key *key;
	const char *value; /* not "" */
	const struct ini_line *line;
	void *into;          /* the struct that the table's offsets are of */
	struct arena *arena; /* for what is kept */
	bool first;          /* no line before gave this key */
};

typedef enum err_code key_fn(const struct key_line *l, struct err *err);

struct key {
	const char *name;
	key_fn *set;
	size_t offset;               /* of the member that it sets */
	int64_t min, max;            /* of a number, or of seconds */
	const struct enumtab *words; /* that it takes */
	bool many;        /* may be given several times: each line adds to those before */
	const char *arg;  /* what its value is called in errors and in the manual; NULL */
	const char *help; /* for the manual: sentences */
};

enum { KEYS_MAX = 64 };

struct keys {
	const struct key *list;
	size_t n;             /* at most KEYS_MAX */
	const char *expected; /* said instead of all names when one is unknown; NULL */
};

#define KEYS(list_) \
	{ \
		(list_), sizeof(list_) / sizeof(list_)[0], NULL \
	}

/*
 * Reads one line into a struct.  seen: which keys were given before, 0 at the beginning of a section, or
 * of a file whose sections continue each other.
 */
enum err_code keys_read(const struct keys *keys, uint64_t *seen, const struct ini_line *line,
    void *into, struct arena *a, struct err *err) MUST_CHECK;

/* "expected one of a, b; did you mean a?" */
const char *keys_choices(const char *word, const char *const *names, size_t n, struct arena *a);

/* Where the value goes. */
void *key_place(const struct key_line *l);

/* Setters, and the type of their member. */
key_fn key_text;   /* const char *: a copy in the arena */
key_fn key_word;   /* enum, an int in size: one of key->words */
key_fn key_count;  /* unsigned, from min to max */
key_fn key_span;   /* int64_t, seconds from min to max: see number_span() */
key_fn key_yes_no; /* bool */

/* For setters of one's own: "yes" or "no". */
enum err_code key_read_yes_no(const char *value, bool *out, struct err *err) MUST_CHECK;

#endif
