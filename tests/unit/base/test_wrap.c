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

static const struct {
	const char *name, *text, *wrapped;
	size_t width;
} line_rows[] = {
	{ "fits", "aa  bb\ncc\n", "aa  bb\ncc\n", 6 },
	{ "no terminal", "aaaa bbbb cccc\n", "aaaa bbbb cccc\n", 0 },
	{ "no newline at the end", "aaaa bbbb", "aaaa\nbbbb", 8 },
	{ "empty lines stay", "aa\n\n\nbb\n", "aa\n\n\nbb\n", 8 },
	{ "below a label", "  note  aaaa bbbb cccc\n", "  note  aaaa bbbb\n        cccc\n", 18 },
	{ "below two labels", "  x  yy  aaaa bbbb cccc\n", "  x  yy  aaaa bbbb\n         cccc\n",
	    20 },
	{ "what is in the right half is not a label", "aaaa bbbb cc  dddd eeee\n",
	    "aaaa bbbb cc  dddd\neeee\n", 18 },
	{ "below a number", "   1. aaaa bbbb cccc\n", "   1. aaaa bbbb\n      cccc\n", 16 },
	{ "blanks inside stay", "  n  aaaa  bbbb cccc  dd\n", "  n  aaaa  bbbb\n     cccc  dd\n",
	    16 },
	{ "a word that is too long", "  n  aaaaaaaaaaaaaaaaaaaa bb\n",
	    "  n  aaaaaaaaaaaaaaaaaaaa\n     bb\n", 16 },
	{ "colours take no columns", "  \033[1;31mFAIL\033[0m  aaaa bbbb cccc\n",
	    "  \033[1;31mFAIL\033[0m  aaaa bbbb\n        cccc\n", 17 },
	{ "characters, not bytes", "  n  \xc3\xbc\xc3\xbc \xc3\xbc\xc3\xbc\n",
	    "  n  \xc3\xbc\xc3\xbc \xc3\xbc\xc3\xbc\n", 10 },
	{ "a command", "  next  mailready fix 203.0.113.25 --name a.example\n",
	    "  next  mailready fix 203.0.113.25 --name a.example\n", 30 },
	{ "a command alone", "          postconf -e smtp_helo_name=a.example\n",
	    "          postconf -e smtp_helo_name=a.example\n", 30 },
	{ "a line of a zone file", "    25.113.0.203.in-addr.arpa. IN PTR a.example.\n",
	    "    25.113.0.203.in-addr.arpa. IN PTR a.example.\n", 30 },
	{ "a record, then words", "  publish   a.example AAAA 2001:db8::1, in the zone example\n",
	    "  publish   a.example AAAA 2001:db8::1,\n            in the zone example\n", 32 },
};

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(line_rows); i++) {
		struct buf out, again;
		ROW(line_rows[i].name);
		buf_init(&out, 1000);
		buf_init(&again, 1000);
		wrap_lines(&out, line_rows[i].width, line_rows[i].text);
		assert_string_equal(out.data, line_rows[i].wrapped);
		wrap_lines(&again, line_rows[i].width, out.data);
		assert_string_equal(again.data, line_rows[i].wrapped);
		buf_fini(&again);
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
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
