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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
