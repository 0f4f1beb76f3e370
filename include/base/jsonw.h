/*
 * Writes a JSON document (RFC 8259) member by member, where a tree of it would cost more than all
 * that it says: reports.  The bytes are those that jansson would write for the same values.  What
 * does not fit leaves the buffer failed.
 */
#ifndef MAILREADY_BASE_JSONW_H
#define MAILREADY_BASE_JSONW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"

struct buf;

struct jsonw {
	struct buf *out;
	bool pretty;  /* a line a value, two spaces a level; else no blanks at all */
	bool filled;  /* the object or array that is open has a member */
	size_t depth; /* objects and arrays that are open */
};

void jsonw_init(struct jsonw *w, struct buf *out, bool pretty);

/*
 * Each adds one value: with its key in an object, without (NULL) in an array or as the document.
 * Keys are ours, and written as they are.
 */
void jsonw_object(struct jsonw *w, const char *key);
void jsonw_object_end(struct jsonw *w);
void jsonw_array(struct jsonw *w, const char *key);
void jsonw_array_end(struct jsonw *w);
void jsonw_null(struct jsonw *w, const char *key);
void jsonw_bool(struct jsonw *w, const char *key, bool value);
void jsonw_int(struct jsonw *w, const char *key, int64_t value);
/* n / 1000 with all its digits: microseconds, written in milliseconds. */
void jsonw_thousandths(struct jsonw *w, const char *key, uint64_t n);

/* Untrusted bytes, made safe as by json_safe_string(). */
void jsonw_string(struct jsonw *w, const char *key, const char *text);

/* Such a string, or null for ""; the word of a code; an array of strings. */
void jsonw_text(struct jsonw *w, const char *key, const char *text);
void jsonw_word(struct jsonw *w, const char *key, const struct enumtab *words, int code);
void jsonw_texts(struct jsonw *w, const char *key, const char *const *texts, size_t n);

#endif
