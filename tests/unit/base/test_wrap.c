#include "test.h"

#include "base/buf.h"
#include "base/wrap.h"

static const struct row {
	const char *name, *text, *wrapped;
	size_t start, indent, width;
} rows[] = {
	{ "fits", "aa bb", "aa bb\n", 0, 0, 5 },
	{ "does not fit", "aa bb", "aa\nbb\n", 0, 0, 4 },
	{ "nothing", "", "\n", 0, 0, 4 },
	{ "later lines are indented", "aa bb cc", "aa\n  bb\n  cc\n", 0, 2, 4 },
	{ "the line is under way", "aa bb", "aa\nbb\n", 6, 0, 10 },
	{ "a first word too long for its line stays there", "aaaaaaaa bb", "aaaaaaaa\n bb\n", 3, 1,
	    6 },
	{ "a word too long for any line", "aa bbbbbbbb cc", "aa\n  bbbbbbbb\n  cc\n", 2, 2, 6 },
	{ "blanks count once", "aa   bb", "aa bb\n", 0, 0, 9 },
	{ "blanks at the end", "aa  ", "aa\n", 0, 0, 9 },
	{ "characters, not bytes", "\xc3\xbc\xc3\xbc \xc3\xbc", "\xc3\xbc\xc3\xbc \xc3\xbc\n", 0, 0,
	    4 },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct buf out;
		ROW(rows[i].name);
		buf_init(&out, 1000);
		wrap_add(&out, rows[i].start, rows[i].indent, rows[i].width, rows[i].text);
		assert_string_equal(out.data, rows[i].wrapped);
		buf_fini(&out);
	}
}

/* What does not fit leaves the buffer failed. */
static void
test_limit(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, 4);
	wrap_add(&out, 0, 0, 80, "aa bb cc");
	assert_true(out.failed);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
