#include "test.h"

#include "base/utf8.h"

static const struct {
	const char *name, *text;
	size_t len;    /* of the first character; 0: it is none */
	uint32_t code; /* of that character */
	size_t count;  /* of characters */
} rows[] = {
	{ "ASCII", "ab", 1, 'a', 2 },
	{ "two bytes", "\xc3\xbcx", 2, 0xfc, 2 },
	{ "three bytes", "\xe2\x82\xac", 3, 0x20ac, 1 },
	{ "four bytes", "\xf0\x9f\x92\xa9", 4, 0x1f4a9, 1 },
	{ "the last one", "\xf4\x8f\xbf\xbf", 4, 0x10ffff, 1 },
	{ "over the last one", "\xf4\x90\x80\x80", 0, 0, 1 },
	{ "overlong in two", "\xc1\xbf", 0, 0, 1 },
	{ "overlong in three", "\xe0\x80\xaf", 0, 0, 1 },
	{ "overlong in four", "\xf0\x80\x80\xaf", 0, 0, 1 },
	{ "surrogate", "\xed\xa0\x80", 0, 0, 1 },
	{ "begins with a continuation", "\xbc", 0, 0, 0 },
	{ "cut", "\xe2\x82", 0, 0, 1 },
	{ "cut by another", "\xe2\x82x", 0, 0, 2 },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		uint32_t code = 0;
		size_t len = strlen(rows[i].text);
		ROW(rows[i].name);
		assert_int_equal(utf8_decode((const unsigned char *)rows[i].text, len, &code),
		    rows[i].len);
		if (rows[i].len > 0)
			assert_int_equal(code, rows[i].code);
		assert_int_equal(utf8_count(rows[i].text, len), rows[i].count);
	}
	assert_int_equal(utf8_count("", 0), 0);
}

#define MARK "\xef\xbb\xbf"

static void
test_mark(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *rest;
	} cases[] = {
		{ "with a mark", MARK "a", "a" },
		{ "the mark alone", MARK, "" },
		{ "one mark only", MARK MARK, MARK },
		{ "without", "a", "a" },
		{ "half a mark", "\xef\xbb", "\xef\xbb" },
		{ "in the middle", "a" MARK, "a" MARK },
		{ "nothing", "", "" },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		const char *text = cases[i].text;
		size_t len = strlen(text);
		ROW(cases[i].name);
		utf8_skip_mark(&text, &len);
		assert_string_equal(text, cases[i].rest);
		assert_int_equal(len, strlen(cases[i].rest));
	}
}

static void
test_utf16(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		size_t len;
		bool is;
	} cases[] = {
		{ "little end first",
		    "\xff\xfe"
		    "a\0",
		    4, true },
		{ "big end first",
		    "\xfe\xff"
		    "\0a",
		    4, true },
		{ "little end first, no mark", "a\0", 2, true },
		{ "big end first, no mark", "\0a", 2, true },
		{ "UTF-8", MARK "a", 4, false },
		{ "ASCII", "ab", 2, false },
		{ "NUL later", "ab\0", 3, false },
		{ "NULs alone", "\0\0", 2, false },
		{ "one byte", "", 1, false },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		assert_int_equal(utf8_is_utf16(cases[i].text, cases[i].len), cases[i].is);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_utf16),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
