/* Reads JSON: bounded, with the path of a wrong member in the error. */
#include "base/json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/safe.h"

enum { SAFE_STRING_MAX = 1024 };

void
json_use_mem(void)
{
	json_set_alloc_funcs(mem_alloc, free);
}

json_t *
json_read(const char *text, size_t len, struct err *err)
{
	/* a second member of one name would be judged by whoever reads last; NULs end C strings */
	json_error_t at;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
	if (root == NULL)
		err_set(err, ERR_DATA, "not JSON: line %d, column %d: %s", at.line, at.column,
		    at.text);
	return root;
}

json_t *
json_read_file(const char *path, size_t max, struct err *err)
{
	json_t *root = NULL;
	struct buf text;
	buf_init(&text, max);
	if (file_read(path, &text, err) == ERR_NONE) {
		root = json_read(text.data, text.len, err);
		if (root == NULL)
			err_prefix(err, "%s", path);
	}
	buf_fini(&text);
	return root;
}

/* Only ever called for the first error: every getter looks at failed before. */
__attribute__((format(printf, 3, 4))) static void
fail(struct json_reader *r, const char *key, const char *fmt, ...)
{
	struct buf what;
	buf_init(&what, ERR_TEXT_MAX);
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(&what, fmt, ap);
	va_end(ap);
	err_set(r->err, ERR_DATA, "\"%s\" %s", key, what.data);
	if (r->where != NULL && r->where[0] != '\0')
		err_prefix(r->err, "%s", r->where);
	buf_fini(&what);
	r->failed = true;
}

/* The member, or NULL when it is absent, null, or an error came before. */
static json_t *
member(const struct json_reader *r, const json_t *object, const char *key)
{
	if (r->failed)
		return NULL;
	json_t *value = json_object_get(object, key);
	return json_is_null(value) ? NULL : value;
}

static json_t *
need(struct json_reader *r, const json_t *object, const char *key)
{
	json_t *value = member(r, object, key);
	if (value == NULL && !r->failed)
		fail(r, key, "is missing");
	return value;
}

static const char *
string_of(struct json_reader *r, const json_t *value, const char *key, const char *fallback)
{
	if (value == NULL)
		return fallback;
	if (json_is_string(value))
		return json_string_value(value);
	fail(r, key, "must be a string");
	return fallback;
}

struct int_rule {
	int64_t min, max, fallback;
};

static int64_t
int_of(struct json_reader *r, const json_t *value, const char *key, const struct int_rule *rule)
{
	if (value == NULL)
		return rule->fallback;
	int64_t n = json_integer_value(value);
	if (json_is_integer(value) && n >= rule->min && n <= rule->max)
		return n;
	fail(r, key, "must be a whole number from %" PRId64 " to %" PRId64, rule->min, rule->max);
	return rule->fallback;
}

const char *
json_need_string(struct json_reader *r, const json_t *object, const char *key)
{
	return string_of(r, need(r, object, key), key, "");
}

int64_t
json_need_int(struct json_reader *r, const json_t *object, const char *key, int64_t min,
    int64_t max)
{
	struct int_rule rule = { .min = min, .max = max, .fallback = min };
	return int_of(r, need(r, object, key), key, &rule);
}

json_t *
json_need_array(struct json_reader *r, const json_t *object, const char *key)
{
	json_t *value = need(r, object, key);
	if (value == NULL || json_is_array(value))
		return value;
	fail(r, key, "must be an array");
	return NULL;
}

json_t *
json_need_object(struct json_reader *r, const json_t *object, const char *key)
{
	json_t *value = need(r, object, key);
	if (value == NULL || json_is_object(value))
		return value;
	fail(r, key, "must be an object");
	return NULL;
}

const char *
json_get_string(struct json_reader *r, const json_t *object, const char *key, const char *fallback)
{
	return string_of(r, member(r, object, key), key, fallback);
}

int64_t
json_get_int(struct json_reader *r, const json_t *object, const char *key, int64_t min, int64_t max,
    int64_t fallback)
{
	struct int_rule rule = { .min = min, .max = max, .fallback = fallback };
	return int_of(r, member(r, object, key), key, &rule);
}

bool
json_get_bool(struct json_reader *r, const json_t *object, const char *key, bool fallback)
{
	const json_t *value = member(r, object, key);
	if (value == NULL)
		return fallback;
	if (json_is_boolean(value))
		return json_is_true(value);
	fail(r, key, "must be true or false");
	return fallback;
}

static int
add_piece(const char *data, size_t len, void *arg)
{
	struct buf *out = arg;
	buf_add(out, data, len);
	return out->failed ? -1 : 0;
}

void
json_add(const json_t *json, size_t flags, struct buf *out)
{
	if (json_dump_callback(json, add_piece, out, flags) != 0)
		out->failed = true;
}

json_t *
json_safe_string(const char *text)
{
	struct buf safe;
	buf_init(&safe, SAFE_STRING_MAX + strlen("..."));
	safe_add(&safe, text, strlen(text), SAFE_STRING_MAX);
	json_t *value = json_stringn(safe.data, safe.len);
	buf_fini(&safe);
	return value;
}

bool
json_holds(const char *text)
{
	json_t *value = json_string(text);
	json_decref(value);
	return value != NULL;
}

void
json_put_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, *text != '\0' ? json_safe_string(text) : json_null());
}

void
json_put_word(json_t *object, const char *key, const struct enumtab *words, int code)
{
	json_object_set_new(object, key, json_string(enumtab_name(words, code)));
}

void
json_put_texts(json_t *object, const char *key, const char *const *texts, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_safe_string(texts[i]));
	json_object_set_new(object, key, array);
}
