#include "test.h"

#include "base/arena.h"
#include "base/command.h"

static const struct row {
	const char *name, *text, *words, *command;
} rows[] = {
	{ "at the end", "Do it: `fix 192.0.2.1 --name a`", "Do it:", "fix 192.0.2.1 --name a" },
	{ "nothing else", "`fix`", "", "fix" },
	{ "several blanks before it", "Do it:   `fix`", "Do it:", "fix" },
	{ "none", "Do it.", "Do it.", "" },
	{ "nothing at all", "", "", "" },
	{ "in the middle", "See `fix` first.", "See `fix` first.", "" },
	{ "the last of two", "See `a`, then `b`", "See `a`, then", "b" },
	{ "an empty one", "See ``", "See ``", "" },
	{ "a lone mark", "See it`", "See it`", "" },
	{ "only a mark", "`", "`", "" },
};

static void
test_rows(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct command_text got;
		ROW(rows[i].name);
		command_split(rows[i].text, &a, &got);
		assert_string_equal(got.words, rows[i].words);
		assert_string_equal(got.command, rows[i].command);
	}
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
