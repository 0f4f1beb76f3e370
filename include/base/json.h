/*
 * Small conveniences over jansson: bounded loading, and getters that say which member of which
 * object is missing or of the wrong type.  The getters are sticky: after the first error they
 * return neutral values, so that a loader is straight-line code with one check at its end.
 */
#ifndef MAILREADY_BASE_JSON_H
#define MAILREADY_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/enumtab.h"
#include "base/err.h"

struct arena;
struct buf;

/*
 * For the beginning of a program: memory that runs out ends it here as everywhere.  jansson would leave
 * the member out that it has no room for.
 */
void json_use_mem(void);

/*
 * Reads one JSON document (an object or an array) of at most max bytes.  NUL characters and two
 * members of one name are refused.  NULL and err on failure; the caller decrefs.
 */
json_t *json_read(const char *text, size_t len, struct err *err);
json_t *json_read_file(const char *path, size_t max, struct err *err);

struct json_reader {
	struct err *err; /* first error, with the path of the member */
	bool failed;
	const char *where; /* names the object in errors: "facts[3]"; NULL or "" = not at all */
};

/*
 * Required members; missing, null or wrong type is an error (ERR_DATA).  What they return is
 * borrowed from the object.  Neutral values are "", min, and NULL, which jansson treats as an
 * empty array or object.
 */
const char *json_need_string(struct json_reader *r, const json_t *object, const char *key);
int64_t json_need_int(struct json_reader *r, const json_t *object, const char *key, int64_t min,
    int64_t max);
json_t *json_need_array(struct json_reader *r, const json_t *object, const char *key);
json_t *json_need_object(struct json_reader *r, const json_t *object, const char *key);

/* Optional members: the fallback when absent or null; the wrong type is still an error. */
const char *json_get_string(struct json_reader *r, const json_t *object, const char *key,
    const char *fallback);
int64_t json_get_int(struct json_reader *r, const json_t *object, const char *key, int64_t min,
    int64_t max, int64_t fallback);
bool json_get_bool(struct json_reader *r, const json_t *object, const char *key, bool fallback);

/* Writes a document; flags are jansson's.  What does not fit leaves the buffer failed. */
void json_add(const json_t *json, size_t flags, struct buf *out);

/*
 * A JSON string of untrusted bytes: made safe and valid UTF-8 by base/safe, at most 1024 bytes
 * and "...".  Never NULL.
 */
json_t *json_safe_string(const char *text);

/* Can JSON hold it: is it UTF-8 (RFC 3629), as far as its final NUL? */
bool json_holds(const char *text);

/* Members of an object: such a string, or null for ""; the word of a code; an array of strings. */
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_word(json_t *object, const char *key, const struct enumtab *words, int code);
void json_put_texts(json_t *object, const char *key, const char *const *texts, size_t n);

#endif
