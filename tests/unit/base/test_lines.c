#include "base/lines.h"

#include "base/buf.h"
#include "test.h"

enum { LIMIT = 5000 };

struct row {
	const char *name;
	const char *text; /* "#" stands for 4000 bytes */
	struct {
		enum lines_status status;
		size_t len;
		uint64_t taken;
	} lines[4];
};

static const struct row rows[] = {
	{ "empty file", "", { { LINES_END, 0, 0 } } },
	{ "one line", "abc\n", { { LINES_READ, 3, 4 }, { LINES_END, 0, 0 } } },
	{ "without its end", "abc", { { LINES_READ, 3, 3 }, { LINES_END, 0, 0 } } },
	{ "empty lines", "\n\nx",
	    { { LINES_READ, 0, 1 }, { LINES_READ, 0, 1 }, { LINES_READ, 1, 1 } } },
	{ "longer than a chunk", "#12345678\n",
	    { { LINES_READ, 4008, 4009 }, { LINES_END, 0, 0 } } },
	{ "over the limit, then another", "##\nx\n",
	    { { LINES_LONG, 0, 8001 }, { LINES_READ, 1, 2 }, { LINES_END, 0, 0 } } },
	{ "over the limit at the end", "x\n##",
	    { { LINES_READ, 1, 2 }, { LINES_LONG, 0, 8000 }, { LINES_END, 0, 0 } } },
};

static FILE *
file_with(const char *text)
{
	FILE *f = tmpfile();
	assert_non_null(f);
	for (; *text != '\0'; text++)
		for (int i = 0; i < (*text == '#' ? 4000 : 1); i++)
			fputc(*text, f);
	rewind(f);
	return f;
}

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct buf line;
		uint64_t taken;
		FILE *f = file_with(rows[i].text);
		ROW(rows[i].name);
		buf_init(&line, LIMIT);
		for (size_t k = 0; k < 4; k++) {
			assert_int_equal(lines_next(f, &line, &taken), rows[i].lines[k].status);
			assert_int_equal(line.len, rows[i].lines[k].len);
			assert_int_equal(taken, rows[i].lines[k].taken);
		}
		buf_fini(&line);
		fclose(f);
	}
}

static void
test_nul_bytes_are_kept(void **state)
{
	(void)state;
	struct buf line;
	FILE *f = tmpfile();
	fwrite("a\0b\nc", 1, 5, f);
	rewind(f);
	buf_init(&line, LIMIT);
	assert_int_equal(lines_next(f, &line, NULL), LINES_READ);
	assert_int_equal(line.len, 3);
	assert_memory_equal(line.data, "a\0b", 3);
	buf_fini(&line);
	fclose(f);
}

static void
test_words(void **state)
{
	(void)state;
	char text[] = "  one\ttwo \r", *rest = text, blank[] = " \t\r", *none = blank;
	assert_string_equal(lines_word(&rest), "one");
	assert_string_equal(lines_word(&rest), "two");
	assert_null(lines_word(&rest));
	assert_null(lines_word(&rest));
	assert_null(lines_word(&none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_nul_bytes_are_kept),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
