#include "base/json.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "test.h"

static const struct {
	const char *name, *text;
	size_t len;
	bool good;
} documents[] = {
#define T(text) (text), sizeof(text) - 1
	{ "object", T("{\"a\": 1}"), true },
	{ "array", T("[]"), true },
	{ "blanks around", T(" \n{}\n"), true },
	{ "nothing", T(""), false },
	{ "bare value", T("7"), false },
	{ "cut", T("{\"a\": "), false },
	{ "text behind", T("{} x"), false },
	{ "one member twice", T("{\"a\": 1, \"a\": 2}"), false },
	{ "escaped NUL", T("[\"a\\u0000b\"]"), false },
	{ "raw NUL", T("[\"a\0b\"]"), false },
	{ "NUL in a key", T("{\"a\\u0000b\": 1}"), false },
	{ "broken UTF-8", T("[\"\xff\"]"), false },
	{ "lone surrogate", T("[\"\\ud800\"]"), false },
	{ "huge integer", T("[99999999999999999999]"), false },
	{ "huge real", T("[1e999]"), false },
	{ "terminal escape in the error", T("[\x1b[31m]"), false },
#undef T
};

static void
test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(documents); i++) {
		ROW(documents[i].name);
		struct err err = { 0 };
		json_t *root = json_read(documents[i].text, documents[i].len, &err);
		assert_int_equal(root != NULL, documents[i].good);
		assert_int_equal(err.code, documents[i].good ? ERR_NONE : ERR_DATA);
		if (!documents[i].good)
			assert_int_equal(strncmp(err.text, "not JSON: line 1, column ", 25), 0);
		assert_null(strchr(err.text, '\x1b'));
		json_decref(root);
	}
}

static void
test_deep_nesting_is_refused(void **state)
{
	(void)state;
	enum { DEPTH = 200000 };
	char *text = malloc(DEPTH);
	assert_non_null(text);
	memset(text, '[', DEPTH);
	struct err err = { 0 };
	assert_null(json_read(text, DEPTH, &err));
	assert_int_equal(err.code, ERR_DATA);
	free(text);
}

static void
write_file(char path[], const char *text)
{
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
test_read_file(void **state)
{
	(void)state;
	char path[] = "/tmp/mailready-test-json-XXXXXX";
	struct err err = { 0 };
	write_file(path, "{\"a\": 12}");
	json_t *root = json_read_file(path, 9, &err);
	assert_non_null(root);
	json_decref(root);

	assert_null(json_read_file(path, 8, &err));
	assert_int_equal(err.code, ERR_DATA);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, "8 bytes"));
	unlink(path);

	assert_null(json_read_file(path, 9, &err));
	assert_int_equal(err.code, ERR_NOINPUT);
	assert_non_null(strstr(err.text, path));

	assert_null(json_read_file("/", 9, &err));
	assert_int_equal(err.code, ERR_NOINPUT);
}

static void
test_bad_file_is_named(void **state)
{
	(void)state;
	char path[] = "/tmp/mailready-test-json-XXXXXX";
	struct err err = { 0 };
	write_file(path, "{\n\"a\" 12}");
	assert_null(json_read_file(path, 100, &err));
	unlink(path);
	assert_int_equal(err.code, ERR_DATA);
	assert_int_equal(strncmp(err.text, path, strlen(path)), 0);
	assert_non_null(strstr(err.text, ": not JSON: line 2, column "));
}

static const char object_text[] = "{\"s\": \"text\", \"i\": 5, \"r\": 5.0, \"t\": true,"
				  " \"n\": null, \"a\": [1], \"o\": {\"x\": 1}}";

static void
need_string(struct json_reader *r, const json_t *o, const char *key)
{
	const char *s = json_need_string(r, o, key);
	assert_string_equal(s, r->failed ? "" : "text");
}

static void
need_int(struct json_reader *r, const json_t *o, const char *key)
{
	int64_t n = json_need_int(r, o, key, 1, 9);
	assert_int_equal(n, r->failed ? 1 : 5);
}

static void
need_low_int(struct json_reader *r, const json_t *o, const char *key)
{
	int64_t n = json_need_int(r, o, key, 1, 4);
	assert_int_equal(n, 1);
}

static void
need_array(struct json_reader *r, const json_t *o, const char *key)
{
	const json_t *a = json_need_array(r, o, key);
	assert_int_equal(json_array_size(a), r->failed ? 0 : 1);
}

static void
need_object(struct json_reader *r, const json_t *o, const char *key)
{
	const json_t *m = json_need_object(r, o, key);
	assert_int_equal(json_object_size(m), r->failed ? 0 : 1);
}

static void
get_string(struct json_reader *r, const json_t *o, const char *key)
{
	const char *s = json_get_string(r, o, key, "other");
	assert_string_equal(s, strcmp(key, "s") == 0 ? "text" : "other");
}

static void
get_int(struct json_reader *r, const json_t *o, const char *key)
{
	int64_t n = json_get_int(r, o, key, 1, 9, -7);
	assert_int_equal(n, strcmp(key, "i") == 0 ? 5 : -7);
}

static void
get_bool(struct json_reader *r, const json_t *o, const char *key)
{
	assert_int_equal(json_get_bool(r, o, key, false), strcmp(key, "t") == 0);
}

/* text NULL = no error */
static const struct {
	const char *name;
	void (*get)(struct json_reader *r, const json_t *object, const char *key);
	const char *key, *text;
} getters[] = {
	{ "string", need_string, "s", NULL },
	{ "string missing", need_string, "x", "facts[3]: \"x\" is missing" },
	{ "string null", need_string, "n", "facts[3]: \"n\" is missing" },
	{ "string is a number", need_string, "i", "facts[3]: \"i\" must be a string" },
	{ "int", need_int, "i", NULL },
	{ "int missing", need_int, "x", "facts[3]: \"x\" is missing" },
	{ "int is real", need_int, "r", "facts[3]: \"r\" must be a whole number from 1 to 9" },
	{ "int is a string", need_int, "s", "facts[3]: \"s\" must be a whole number from 1 to 9" },
	{ "int over", need_low_int, "i", "facts[3]: \"i\" must be a whole number from 1 to 4" },
	{ "array", need_array, "a", NULL },
	{ "array missing", need_array, "x", "facts[3]: \"x\" is missing" },
	{ "array is an object", need_array, "o", "facts[3]: \"o\" must be an array" },
	{ "object", need_object, "o", NULL },
	{ "object missing", need_object, "x", "facts[3]: \"x\" is missing" },
	{ "object is an array", need_object, "a", "facts[3]: \"a\" must be an object" },
	{ "optional string", get_string, "s", NULL },
	{ "optional string absent", get_string, "x", NULL },
	{ "optional string null", get_string, "n", NULL },
	{ "optional string is an array", get_string, "a", "facts[3]: \"a\" must be a string" },
	{ "optional int", get_int, "i", NULL },
	{ "optional int absent", get_int, "x", NULL },
	{ "optional int null", get_int, "n", NULL },
	{ "optional int is true", get_int, "t",
	    "facts[3]: \"t\" must be a whole number from 1 to 9" },
	{ "optional bool", get_bool, "t", NULL },
	{ "optional bool absent", get_bool, "x", NULL },
	{ "optional bool null", get_bool, "n", NULL },
	{ "optional bool is a number", get_bool, "i", "facts[3]: \"i\" must be true or false" },
};

static void
test_getters(void **state)
{
	(void)state;
	struct err err = { 0 };
	json_t *object = json_read(object_text, sizeof object_text - 1, &err);
	assert_non_null(object);
	for (size_t i = 0; i < N_ELEMENTS(getters); i++) {
		ROW(getters[i].name);
		err = (struct err){ 0 };
		struct json_reader r = { .err = &err, .where = "facts[3]" };
		getters[i].get(&r, object, getters[i].key);
		assert_int_equal(r.failed, getters[i].text != NULL);
		assert_int_equal(err.code, r.failed ? ERR_DATA : ERR_NONE);
		assert_string_equal(err.text, r.failed ? getters[i].text : "");
	}
	json_decref(object);
}

static void
test_first_error_sticks(void **state)
{
	(void)state;
	struct err err = { 0 };
	json_t *object = json_read(object_text, sizeof object_text - 1, &err);
	struct json_reader r = { .err = &err };
	json_need_string(&r, object, "first");
	json_need_string(&r, object, "second");
	assert_string_equal(err.text, "\"first\" is missing");
	assert_string_equal(json_need_string(&r, object, "s"), "");
	assert_int_equal(json_get_int(&r, object, "i", 0, 9, 3), 3);
	assert_true(json_get_bool(&r, object, "x", true));
	assert_null(json_need_array(&r, object, "a"));
	assert_string_equal(err.text, "\"first\" is missing");
	json_decref(object);
}

static void
test_no_object(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct json_reader r = { .err = &err };
	assert_string_equal(json_get_string(&r, NULL, "a", "b"), "b");
	assert_false(r.failed);
	json_need_object(&r, NULL, "a");
	assert_true(r.failed);
}

static void
test_safe_string(void **state)
{
	(void)state;
	static const struct {
		const char *text, *safe;
	} cases[] = {
		{ "", "" },
		{ "mail.example.com", "mail.example.com" },
		{ "\xff\x1b", "\\xff\\x1b" },
		{ "b\xc3\xbc", "b\xc3\xbc" },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		json_t *value = json_safe_string(cases[i].text);
		assert_non_null(value);
		assert_string_equal(json_string_value(value), cases[i].safe);
		json_decref(value);
	}
	char text[5000];
	memset(text, 0xff, sizeof text - 1);
	text[sizeof text - 1] = '\0';
	json_t *value = json_safe_string(text);
	assert_int_equal(json_string_length(value), 1027);
	json_decref(value);
}

static void
test_put(void **state)
{
	(void)state;
	static const struct enumtab_row rows[] = { { "one", 1 }, { "two", 2 } };
	static const struct enumtab words = ENUMTAB(rows);
	static const char *const texts[] = { "a", "\x1b" };
	json_t *o = json_object();
	json_put_text(o, "text", "b\xff");
	json_put_text(o, "none", "");
	json_put_word(o, "word", &words, 2);
	json_put_texts(o, "texts", texts, 2);
	json_put_texts(o, "empty", NULL, 0);
	char *got = json_dumps(o, JSON_COMPACT);
	assert_string_equal(got,
	    "{\"text\":\"b\\\\xff\",\"none\":null,\"word\":\"two\","
	    "\"texts\":[\"a\",\"\\\\x1b\"],\"empty\":[]}");
	free(got);
	json_decref(o);
}

/* A member that was silently lost would be a finding nobody sees, or a name that is unset. */
static void
test_memory(void **state)
{
	(void)state;
	json_malloc_t alloc;
	json_free_t release;
	json_use_mem();
	json_get_alloc_funcs(&alloc, &release);
	assert_true(alloc == mem_alloc);
	json_decref(json_object());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_deep_nesting_is_refused),
		cmocka_unit_test(test_read_file),
		cmocka_unit_test(test_bad_file_is_named),
		cmocka_unit_test(test_getters),
		cmocka_unit_test(test_first_error_sticks),
		cmocka_unit_test(test_no_object),
		cmocka_unit_test(test_safe_string),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
