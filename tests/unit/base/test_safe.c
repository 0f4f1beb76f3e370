#include "base/safe.h"

#include "base/arena.h"
#include "base/buf.h"
#include "test.h"

static const struct {
	const char *name, *text, *safe;
} cases[] = {
	{ "plain", "mail.example.com", "mail.example.com" },
	{ "nothing", "", "" },
	{ "backslash stays", "a\\032b", "a\\032b" },
	{ "HTML is not ours", "<b>&\"'", "<b>&\"'" },
	{ "tab and newlines", "a\tb\r\nc", "a\\x09b\\x0d\\x0ac" },
	{ "escape sequence", "\x1b]0;title\x07", "\\x1b]0;title\\x07" },
	{ "DEL", "\x7f", "\\x7f" },
	{ "C1 as a bare byte", "\23331m", "\\x9b31m" },
	{ "C1 as UTF-8", "\xc2\23331m", "\\u{009b}31m" },
	{ "last C1", "\xc2\x9f", "\\u{009f}" },
	{ "no-break space passes", "\xc2\xa0", "\xc2\xa0" },
	{ "soft hyphen", "\xc2\xad", "\\u{00ad}" },
	{ "two-byte letter", "\xc3\xbc", "\xc3\xbc" },
	{ "Arabic letter mark", "\xd8\x9c", "\\u{061c}" },
	{ "zero width space", "\xe2\x80\x8b", "\\u{200b}" },
	{ "right-to-left mark", "\xe2\x80\x8f", "\\u{200f}" },
	{ "hyphen U+2010 passes", "\xe2\x80\x90", "\xe2\x80\x90" },
	{ "line separator", "\xe2\x80\xa8", "\\u{2028}" },
	{ "paragraph separator", "\xe2\x80\xa9", "\\u{2029}" },
	{ "left-to-right embedding", "\xe2\x80\xaa", "\\u{202a}" },
	{ "right-to-left override", "\xe2\x80\xae", "\\u{202e}" },
	{ "isolates", "\xe2\x81\xa6x\xe2\x81\xa9", "\\u{2066}x\\u{2069}" },
	{ "byte order mark", "\xef\xbb\xbfx", "\\u{feff}x" },
	{ "tag character", "\xf3\xa0\x81\x81", "\\u{e0041}" },
	{ "Hangul fillers", "\u115f\u1160\u3164\uffa0", "\\u{115f}\\u{1160}\\u{3164}\\u{ffa0}" },
	{ "variation selectors", "a\ufe0f\U000e0100", "a\\u{fe0f}\\u{e0100}" },
	{ "grapheme joiner, Braille blank", "\u034f\u2800", "\\u{034f}\\u{2800}" },
	{ "a few combining marks pass", "e\u0302\u0323x\u0300", "e\u0302\u0323x\u0300" },
	{ "a tower of combining marks", "e\u0300\u0301\u0302\u0303\u0304\u20d0z\u0301",
	    "e\u0300\u0301\u0302\u0303\\u{0304}\\u{20d0}z\u0301" },
	{ "towers of several scripts", "\u0e01\u0e31\u064b\u0591\u0483\ufe20",
	    "\u0e01\u0e31\u064b\u0591\u0483\\u{fe20}" },
	{ "three bytes", "\xe5\x85\xac", "\xe5\x85\xac" },
	{ "four bytes", "\xf0\x9f\x93\xac", "\xf0\x9f\x93\xac" },
	{ "stray continuation byte", "a\xbf", "a\\xbf" },
	{ "cut sequence", "\xe5\x85", "\\xe5\\x85" },
	{ "sequence broken by ASCII", "\xe5\x85(", "\\xe5\\x85(" },
	{ "overlong slash", "\xc0\xaf", "\\xc0\\xaf" },
	{ "overlong in three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
	{ "overlong in four", "\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf" },
	{ "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "beyond U+10FFFF", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
	{ "no first byte", "\xff\xfe", "\\xff\\xfe" },
};

static void
test_safe_text(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		const char *safe = safe_text(&a, cases[i].text);
		assert_string_equal(safe, cases[i].safe);
		assert_string_equal(safe_text(&a, safe), safe);
	}
	arena_fini(&a);
}

/* What merge passes on: still the same JSON, and safe. */
static void
test_json(void **state)
{
	(void)state;
	static const struct {
		const char *name, *json, *safe;
	} rows[] = {
		{ "plain", "{\"a\": \"\\u001b\"}", "{\"a\": \"\\u001b\"}" },
		{ "letters pass", "\"\u00fc\U0001f4ec\"", "\"\u00fc\U0001f4ec\"" },
		{ "blanks between values", "{\t\"a\":\r1}\r", "{ \"a\": 1} " },
		{ "DEL and C1", "\"\x7f\xc2\x9b\"", "\"\\u007f\\u009b\"" },
		{ "bidirectional override", "\"\u202e\"", "\"\\u202e\"" },
		{ "beyond U+FFFF", "\"\U000e0041\"", "\"\\udb40\\udc41\"" },
		{ "tower of marks", "\"\u0300\u0300\u0300\u0300\u0301\"",
		    "\"\u0300\u0300\u0300\u0300\\u0301\"" },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct buf b;
		ROW(rows[i].name);
		buf_init(&b, 200);
		safe_add_json(&b, rows[i].json, strlen(rows[i].json));
		assert_string_equal(b.data, rows[i].safe);
		buf_fini(&b);
	}
}

static void
test_nul_inside(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 100);
	safe_add(&b, "a\0b", 3, 50);
	assert_string_equal(b.data, "a\\x00b");
	buf_fini(&b);
}

static const struct {
	const char *name, *text;
	size_t max;
	const char *safe;
} cuts[] = {
	{ "fits exactly", "abcdef", 6, "abcdef" },
	{ "no longer than with the dots", "abcdefghi", 6, "abcdefghi" },
	{ "one too many", "abcdefghij", 6, "abcdef..." },
	{ "no room", "abcd", 0, "..." },
	{ "nothing needs no room", "", 0, "" },
	{ "an escape is not cut",
	    "abc\x1b"
	    "def",
	    6, "abc..." },
	{ "an escape fits", "ab\x1b", 6, "ab\\x1b" },
	{ "an escape in the place of the dots", "abcde\x1b", 6, "abcde\\x1b" },
	{ "a character is not cut",
	    "abcd\xe5\x85\xac"
	    "efgh",
	    6, "abcd..." },
	{ "nothing behind the cut", "abcd\xe5\x85\254efgh", 6, "abcd..." },
};

static void
test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cuts); i++) {
		ROW(cuts[i].name);
		struct buf b;
		buf_init(&b, 100);
		safe_add(&b, cuts[i].text, strlen(cuts[i].text), cuts[i].max);
		assert_string_equal(b.data, cuts[i].safe);
		struct buf again;
		buf_init(&again, 100);
		safe_add(&again, b.data, b.len, cuts[i].max);
		assert_string_equal(again.data, cuts[i].safe);
		buf_fini(&again);
		buf_fini(&b);
	}
}

static void
test_long_text(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	char text[70000];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	const char *safe = safe_text(&a, text);
	assert_int_equal(strlen(safe), 1024 + 3);
	assert_string_equal(safe + 1023, "x...");

	const char *const items[] = { text, "b", text };
	const char *joined = safe_join(&a, items, 3, "; ");
	assert_int_equal(strlen(joined), 2 * 1027 + 1 + 4);
	arena_fini(&a);
}

static void
test_join(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	static const char *const items[] = { "a.example", "b\x1b", "" };
	assert_string_equal(safe_join(&a, items, 0, ", "), "");
	assert_string_equal(safe_join(&a, items, 1, ", "), "a.example");
	assert_string_equal(safe_join(&a, items, 2, ", "), "a.example, b\\x1b");
	assert_string_equal(safe_join(&a, items, 3, ", "), "a.example, b\\x1b, ");
	arena_fini(&a);
}

static void
test_names(void **state)
{
	(void)state;
	enum { MANY = 20, LONG = 1000 };
	static const char *names[MANY];
	static char long_name[LONG + 1];
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < MANY; i++)
		names[i] = i < SAFE_NAMES_MAX ? "n" : "left out";
	const struct {
		const char *name;
		size_t n, more;
		const char *text;
	} rows[] = {
		{ "none", 0, 0, "" },
		{ "one", 1, 0, "n" },
		{ "all", SAFE_NAMES_MAX, 0, "n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n" },
		{ "more in the list", MANY, 0,
		    "n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n and 4 more" },
		{ "more elsewhere", 2, 3598, "n, n and 3598 more" },
		{ "more in both", MANY, 3580,
		    "n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n and 3584 more" },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		assert_string_equal(safe_names(&a, names, rows[i].n, rows[i].more), rows[i].text);
	}
	memset(long_name, 'x', LONG);
	names[0] = long_name;
	assert_int_equal(strlen(safe_name(&a, long_name)), 255 + 3);
	assert_int_equal(strlen(safe_names(&a, names, 2, 0)), 255 + 3 + strlen(", n"));
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_nul_inside),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
