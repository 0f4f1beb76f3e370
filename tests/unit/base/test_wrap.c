#include "test.h"

#include "base/buf.h"
#include "base/wrap.h"

static const struct row {
	const char *name, *text, *wrapped;
	size_t start, indent, width;
} rows[] = {
	{ "fits", .text = "aa bb", .wrapped = "aa bb\n", .width = 5 },
	{ "does not fit", .text = "aa bb", .wrapped = "aa\nbb\n", .width = 4 },
	{ "nothing", .text = "", .wrapped = "\n", .width = 4 },
	{ "later lines are indented", .text = "aa bb cc", .wrapped = "aa\n  bb\n  cc\n",
	    .indent = 2, .width = 4 },
	{ "the line is under way", .text = "aa bb", .wrapped = "aa\nbb\n", .start = 6,
	    .width = 10 },
	{ "a first word too long for its line stays there", .text = "aaaaaaaa bb",
	    .wrapped = "aaaaaaaa\n bb\n", .start = 3, .indent = 1, .width = 6 },
	{ "a word too long for any line", .text = "aa bbbbbbbb cc",
	    .wrapped = "aa\n  bbbbbbbb\n  cc\n", .start = 2, .indent = 2, .width = 6 },
	{ "blanks count once", .text = "aa   bb", .wrapped = "aa bb\n", .width = 9 },
	{ "blanks at the end", .text = "aa  ", .wrapped = "aa\n", .width = 9 },
	{ "characters, not bytes", .text = "\xc3\xbc\xc3\xbc \xc3\xbc",
	    .wrapped = "\xc3\xbc\xc3\xbc \xc3\xbc\n", .width = 4 },
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
