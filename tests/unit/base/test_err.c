#include "base/err.h"

#include "test.h"

static const struct {
	const char *name, *word, *text;
} sentences[] = {
	{ "plain", "mail.example.com", "cannot read mail.example.com" },
	{ "newline", "a\nb", "cannot read a\\x0ab" },
	{ "terminal escape", "\x1b[31mred", "cannot read \\x1b[31mred" },
	{ "not UTF-8", "\xff", "cannot read \\xff" },
	{ "UTF-8", "bücher", "cannot read bücher" },
	{ "nothing", "", "cannot read " },
};

static void
test_text_is_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(sentences); i++) {
		ROW(sentences[i].name);
		struct err e;
		assert_int_equal(err_set(&e, ERR_DATA, "cannot read %s", sentences[i].word),
		    ERR_DATA);
		assert_int_equal(e.code, ERR_DATA);
		assert_string_equal(e.text, sentences[i].text);
	}
}

static void
test_prefixes_add_up_and_keep_the_code(void **state)
{
	(void)state;
	struct err e;
	err_set(&e, ERR_TEMP, "timed out after %d ms", 150);
	assert_int_equal(err_prefix(&e, "server %s", "127.0.0.1"), ERR_TEMP);
	assert_int_equal(err_prefix(&e, "zone\x07"), ERR_TEMP);
	assert_string_equal(e.text, "zone\\x07: server 127.0.0.1: timed out after 150 ms");
}

/* The line alone is shown without its advice, whatever marks are in both. */
static void
test_advice_is_told_from_the_line(void **state)
{
	(void)state;
	static const char line[] = "Cloud\\x07: a; b is not here";
	struct err e;
	err_set(&e, ERR_DATA, "a; b is not here");
	assert_int_equal(e.line_len, 0);
	assert_int_equal(err_advise(&e, "try %s; or \x07", "c"), ERR_DATA);
	assert_int_equal(err_prefix(&e, "Cloud\x07"), ERR_DATA);
	assert_string_equal(e.text, "Cloud\\x07: a; b is not here; try c; or \\x07");
	assert_int_equal(e.line_len, strlen(line));
	assert_memory_equal(e.text, line, strlen(line));
	/* where there is no room, the advice goes first */
	err_prefix(&e, "%*d", (int)sizeof e.text - 20, 2);
	assert_true(e.line_len <= strlen(e.text));
	err_set(&e, ERR_DATA, "another");
	assert_int_equal(e.line_len, 0);
}

static void
test_long_text_is_cut_with_a_mark(void **state)
{
	(void)state;
	struct err e;
	for (int width = 1000; width < 5000; width += 7) {
		err_set(&e, ERR_IO, "%*d", width, 1);
		size_t len = strlen(e.text);
		assert_true(len < sizeof e.text);
		if ((size_t)width >= sizeof e.text)
			assert_string_equal(e.text + len - 3, "...");
		err_prefix(&e, "%*d", width, 2);
		assert_true(strlen(e.text) < sizeof e.text);
	}
	/* every byte takes four when it is made safe */
	char bells[2000];
	memset(bells, 7, sizeof bells - 1);
	bells[sizeof bells - 1] = '\0';
	err_set(&e, ERR_IO, "%s", bells);
	assert_true(strlen(e.text) < sizeof e.text);
	assert_string_equal(e.text + strlen(e.text) - 7, "\\x07...");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_safe),
		cmocka_unit_test(test_prefixes_add_up_and_keep_the_code),
		cmocka_unit_test(test_advice_is_told_from_the_line),
		cmocka_unit_test(test_long_text_is_cut_with_a_mark),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
