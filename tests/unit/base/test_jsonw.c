/* What the writer writes, against what jansson writes for the same values. */
#include "base/jsonw.h"

#include "test.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"

static const struct enumtab_row word_rows[] = { { "one", 1 }, { "two", 2 } };
static const struct enumtab words = ENUMTAB(word_rows);

/* One value in both ways, as the only member of an object. */
struct value {
	const char *name;
	const char *text;
	const char *texts[3];
	size_t n;
	int64_t number;
	void (*write)(struct jsonw *w, const struct value *v);
	json_t *(*tree)(const struct value *v);
};

static void
write_string(struct jsonw *w, const struct value *v)
{
	jsonw_string(w, "key", v->text);
}

static json_t *
tree_string(const struct value *v)
{
	return json_safe_string(v->text);
}

static void
write_text(struct jsonw *w, const struct value *v)
{
	jsonw_text(w, "key", v->text);
}

static json_t *
tree_text(const struct value *v)
{
	json_t *o = json_object();
	json_put_text(o, "key", v->text);
	json_t *text = json_incref(json_object_get(o, "key"));
	json_decref(o);
	return text;
}

static void
write_texts(struct jsonw *w, const struct value *v)
{
	jsonw_texts(w, "key", v->texts, v->n);
}

static json_t *
tree_texts(const struct value *v)
{
	json_t *array = json_array();
	for (size_t i = 0; i < v->n; i++)
		json_array_append_new(array, json_safe_string(v->texts[i]));
	return array;
}

static void
write_word(struct jsonw *w, const struct value *v)
{
	jsonw_word(w, "key", &words, (int)v->number);
}

static json_t *
tree_word(const struct value *v)
{
	return json_string(enumtab_name(&words, (int)v->number));
}

static void
write_int(struct jsonw *w, const struct value *v)
{
	jsonw_int(w, "key", v->number);
}

static json_t *
tree_int(const struct value *v)
{
	return json_integer(v->number);
}

static void
write_thousandths(struct jsonw *w, const struct value *v)
{
	jsonw_thousandths(w, "key", (uint64_t)v->number);
}

static json_t *
tree_thousandths(const struct value *v)
{
	return json_real((double)v->number / 1000);
}

static void
write_bool(struct jsonw *w, const struct value *v)
{
	jsonw_bool(w, "key", v->number != 0);
}

static json_t *
tree_bool(const struct value *v)
{
	return json_boolean(v->number != 0);
}

static void
write_null(struct jsonw *w, const struct value *v)
{
	(void)v;
	jsonw_null(w, "key");
}

static json_t *
tree_null(const struct value *v)
{
	(void)v;
	return json_null();
}

#define STRING(what, bytes) \
	{ \
		.name = (what), .text = (bytes), .write = write_string, .tree = tree_string \
	}
#define INT(n) \
	{ \
		.name = #n, .number = (n), .write = write_int, .tree = tree_int \
	}
#define THOUSANDTHS(n) \
	{ \
		.name = #n " / 1000", .number = (n), .write = write_thousandths, \
		.tree = tree_thousandths \
	}

static const struct value values[] = {
	STRING("empty", ""),
	STRING("plain", "mail.example.com"),
	STRING("15 bytes", "abcdefghijklmno"),
	STRING("17 bytes, the first special", "\"bcdefghijklmnopq"),
	STRING("17 bytes, the last special", "abcdefghijklmnop\\"),
	STRING("40 bytes, one of a whole block special",
	    "abcdefghijklmnopqrs\177uvwxyz0123456789abcd"),
	STRING("quotes", "\"a\"b\"\""),
	STRING("backslashes", "\\\\x\\"),
	STRING("slash", "</script>"),
	STRING("controls", "\001\b\t\n\f\r\037\177"),
	STRING("escape sequence", "\033[31mred\033[0m"),
	STRING("UTF-8", "b\xc3\xbc\xe2\x82\xac\xf0\x9f\x93\xa7"),
	STRING("bidirectional override",
	    "a\xe2\x80\xae"
	    "b"),
	STRING("line separators",
	    "a\xe2\x80\xa8"
	    "b\xe2\x80\xa9"
	    "c"),
	STRING("noncharacter", "\xef\xbf\xbf"),
	STRING("not UTF-8",
	    "\xff\xfe\x80"
	    "abc"),
	STRING("cut short", "abc\xe2\x82"),
	STRING("overlong", "\xc0\xaf\xe0\x80\xaf"),
	STRING("surrogate", "\xed\xa0\x80"),
	STRING("beyond Unicode", "\xf4\x90\x80\x80"),
	STRING("what was escaped before", "\\x1b \\u{202e} \\\""),
	{ "text", .text = "a", .write = write_text, .tree = tree_text },
	{ "no text", .text = "", .write = write_text, .tree = tree_text },
	{ "texts", .texts = { "a", "", "\"\xff" }, .n = 3, .write = write_texts,
	    .tree = tree_texts },
	{ "no texts", .write = write_texts, .tree = tree_texts },
	{ "word", .number = 2, .write = write_word, .tree = tree_word },
	{ "no word", .number = 3, .write = write_word, .tree = tree_word },
	INT(0),
	INT(9),
	INT(10),
	INT(-1),
	INT(-1234567890),
	INT(INT64_MAX),
	INT(INT64_MIN),
	THOUSANDTHS(0),
	THOUSANDTHS(1),
	THOUSANDTHS(10),
	THOUSANDTHS(100),
	THOUSANDTHS(999),
	THOUSANDTHS(1000),
	THOUSANDTHS(20500),
	THOUSANDTHS(41234),
	THOUSANDTHS(100000),
	THOUSANDTHS(999999999),
	{ "true", .number = 1, .write = write_bool, .tree = tree_bool },
	{ "false", .write = write_bool, .tree = tree_bool },
	{ "null", .write = write_null, .tree = tree_null },
};

enum { DUMP_STYLE = JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9), OUT_MAX = 1 << 16 };

/* Takes the tree; what is written must be the same, pretty and not. */
static void
assert_same(json_t *tree, void (*write)(struct jsonw *w, const void *arg), const void *arg)
{
	for (int pretty = 0; pretty <= 1; pretty++) {
		struct buf out;
		struct jsonw w;
		buf_init(&out, OUT_MAX);
		jsonw_init(&w, &out, pretty);
		write(&w, arg);
		char *wanted = json_dumps(tree,
		    DUMP_STYLE | (pretty ? JSON_INDENT(2) : JSON_COMPACT));
		assert_non_null(wanted);
		assert_string_equal(out.data, wanted);
		assert_int_equal(out.len, strlen(wanted));
		assert_false(out.failed);
		free(wanted);
		buf_fini(&out);
	}
	json_decref(tree);
}

static void
write_member(struct jsonw *w, const void *arg)
{
	const struct value *v = arg;
	jsonw_object(w, NULL);
	v->write(w, v);
	jsonw_object_end(w);
}

static void
test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(values); i++) {
		ROW(values[i].name);
		json_t *o = json_object();
		json_object_set_new(o, "key", values[i].tree(&values[i]));
		assert_same(o, write_member, &values[i]);
	}
}

static void
write_all(struct jsonw *w, const void *arg)
{
	(void)arg;
	jsonw_array(w, NULL);
	for (size_t i = 0; i < N_ELEMENTS(values); i++)
		write_member(w, &values[i]);
	jsonw_array_end(w);
}

static void
test_many_values(void **state)
{
	(void)state;
	json_t *array = json_array();
	for (size_t i = 0; i < N_ELEMENTS(values); i++) {
		json_t *o = json_object();
		json_object_set_new(o, "key", values[i].tree(&values[i]));
		json_array_append_new(array, o);
	}
	assert_same(array, write_all, NULL);
}

static void
write_nested(struct jsonw *w, const void *arg)
{
	(void)arg;
	jsonw_object(w, NULL);
	jsonw_object(w, "empty");
	jsonw_object_end(w);
	jsonw_array(w, "none");
	jsonw_array_end(w);
	jsonw_array(w, "deep");
	jsonw_array(w, NULL);
	jsonw_object(w, NULL);
	jsonw_int(w, "a", 1);
	jsonw_object(w, "b");
	jsonw_object_end(w);
	jsonw_null(w, "c");
	jsonw_object_end(w);
	jsonw_bool(w, NULL, true);
	jsonw_array_end(w);
	jsonw_array(w, NULL);
	jsonw_array_end(w);
	jsonw_array_end(w);
	jsonw_string(w, "last", "x");
	jsonw_object_end(w);
}

static void
test_nesting(void **state)
{
	(void)state;
	assert_same(json_pack("{s:{}, s:[], s:[[{s:i, s:{}, s:n}, b], []], s:s}", "empty", "none",
			"deep", "a", 1, "b", "c", 1, "last", "x"),
	    write_nested, NULL);
}

/* Around what a string may have at most, made of bytes that double, grow or stay. */
static void
test_long_strings(void **state)
{
	(void)state;
	static const char *const fills[] = { "a", "\"", "\xff", "\xc3\xbc", "a\\" };
	static const size_t lens[] = { 1008, 1023, 1024, 1025, 1026, 1027, 1028, 5000 };
	for (size_t i = 0; i < N_ELEMENTS(fills) * N_ELEMENTS(lens); i++) {
		const char *fill = fills[i / N_ELEMENTS(lens)];
		size_t len = lens[i % N_ELEMENTS(lens)];
		char *text = calloc(len + 1, 1);
		assert_non_null(text);
		for (size_t at = 0; at < len; at++)
			text[at] = fill[at % strlen(fill)];
		struct value v = STRING(fill, text);
		ROW(v.name);
		json_t *o = json_object();
		json_object_set_new(o, "key", json_safe_string(text));
		assert_same(o, write_member, &v);
		free(text);
	}
}

/* Digits beyond those of a double are not lost. */
static void
test_great_thousandths(void **state)
{
	(void)state;
	struct buf out;
	struct jsonw w;
	buf_init(&out, OUT_MAX);
	jsonw_init(&w, &out, false);
	jsonw_thousandths(&w, NULL, UINT64_MAX);
	assert_string_equal(out.data, "18446744073709551.615");
	buf_fini(&out);
}

static void
test_what_does_not_fit(void **state)
{
	(void)state;
	struct buf out;
	struct jsonw w;
	buf_init(&out, OUT_MAX);
	jsonw_init(&w, &out, true);
	write_nested(&w, NULL);
	size_t len = out.len;
	buf_fini(&out);
	for (size_t max = 0; max <= len; max++) {
		buf_init(&out, max);
		jsonw_init(&w, &out, true);
		write_nested(&w, NULL);
		assert_int_equal(out.failed, max < len);
		assert_true(out.len <= max);
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_many_values),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_great_thousandths),
		cmocka_unit_test(test_what_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
