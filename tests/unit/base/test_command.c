#include "test.h"

#include "base/arena.h"
#include "base/command.h"

static const struct parts_row {
	const char *name, *text, *parts; /* words, "|" and the command, a line each */
} parts_rows[] = {
	{ "several blanks before it", "Do it:   `fix a`", "Do it:|fix a\n" },
	{ "nothing else", "`fix a`", "|fix a\n" },
	{ "only a mark", "`", "`|\n" },
	{ "at the end", "Do it: `fix 192.0.2.1`", "Do it:|fix 192.0.2.1\n" },
	{ "two", "First `a b` Or: `c d`", "First|a b\nOr:|c d\n" },
	{ "words after it", "Do: `a b` Then wait.", "Do:|a b\nThen wait.|\n" },
	{ "one after the other", "`a b` `c d`", "|a b\n|c d\n" },
	{ "none", "Do it.", "Do it.|\n" },
	{ "nothing at all", "", "" },
	{ "a name of the DNS is none", "Remove `rm\\032-rf`.example: `a b`",
	    "Remove `rm\\032-rf`.example:|a b\n" },
	{ "a name of the DNS before it", "Remove `x: `a b`", "Remove `x:|a b\n" },
	{ "two of them", "Remove `a, b`: `c d`", "Remove `a, b`:|c d\n" },
	{ "a lone mark", "See ` it: and", "See ` it: and|\n" },
	{ "an empty one", "See `` and ` `", "See `` and ` `|\n" },
};

static void
test_parts(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(parts_rows); i++) {
		struct command_text part;
		const char *rest = parts_rows[i].text, *got = "";
		ROW(parts_rows[i].name);
		while (command_next(&rest, &a, &part))
			got = arena_printf(&a, "%s%s|%s\n", got, part.words, part.command);
		assert_string_equal(got, parts_rows[i].parts);
	}
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
