/* The state of a run: which targets are done, and the text that says so. */
#include "test.h"

#include <stdlib.h>

#include "base/hash.h"
#include "run/done_priv.h"
#include "run/state_priv.h"

static void
ranges_of(const struct done *d, char *out, size_t size)
{
	uint64_t from = 0, first, last;
	size_t n = 0;

	out[0] = '\0';
	while (done_range(d, &from, &first, &last))
		n += (size_t)snprintf(out + n, size - n, "%s%llu-%llu", n > 0 ? "," : "",
		    (unsigned long long)first, (unsigned long long)last);
}

static void
test_done(void **state)
{
	static const struct {
		const char *name, *read;
		bool good;
		const char *ranges;
		uint64_t base, count;
	} cases[] = {
		{ "none", .read = "0", .good = true, .ranges = "0-0", .base = 1, .count = 1 },
		{ "beginning", .read = "0-99", .good = true, .ranges = "0-99", .base = 100,
		    .count = 100 },
		{ "gap", .read = "0-99,101", .good = true, .ranges = "0-99,101-101", .base = 100,
		    .count = 101 },
		{ "gap closed later", .read = "0-99,101-102,100", .good = true, .ranges = "0-102",
		    .base = 103, .count = 103 },
		{ "backwards", .read = "5,4,3,2,1", .good = true, .ranges = "1-5", .count = 5 },
		{ "longer than the window", .read = "0-9999999", .good = true,
		    .ranges = "0-9999999", .base = 10000000, .count = 10000000 },
		{ "end of the window", .read = "1048575", .good = true, .ranges = "1048575-1048575",
		    .count = 1 },
		{ "behind the window", .read = "1048576", .ranges = "" },
		{ "long, but not from the beginning", .read = "1-9999999", .ranges = "" },
		{ "long over what is done", .read = "5,0-9999999", .ranges = "5-5", .count = 1 },
		{ "twice", .read = "0-5,5", .ranges = "0-5", .base = 6, .count = 6 },
		{ "twice beyond the gap", .read = "7,6-8", .ranges = "7-7", .count = 1 },
		{ "descending", .read = "9-5", .ranges = "" },
		{ "the last number there is", .read = "0-18446744073709551615", .ranges = "" },
		{ "too large a number", .read = "0-18446744073709551616", .ranges = "" },
		{ "sign", .read = "+1", .ranges = "" },
		{ "blank", .read = " 1", .ranges = "" },
		{ "comma at the end", .read = "1,", .ranges = "1-1", .count = 1 },
		{ "rest", .read = "1x", .ranges = "1-1", .count = 1 },
		{ "open range", .read = "1-", .ranges = "" },
		{ "empty", .read = "", .ranges = "" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct done *d = calloc(1, sizeof *d);
		char ranges[200];
		ROW(cases[i].name);
		assert_int_equal(done_read(d, cases[i].read), cases[i].good);
		ranges_of(d, ranges, sizeof ranges);
		assert_string_equal(ranges, cases[i].ranges);
		assert_int_equal(d->base, cases[i].base);
		assert_int_equal(done_count(d), cases[i].count);
		free(d);
	}
}

/* Numbers come and go over many windows. */
static void
test_done_moves(void **state)
{
	struct done *d = calloc(1, sizeof *d);

	(void)state;
	for (uint64_t n = 0; n < 3 * (uint64_t)DONE_WINDOW; n += 2) {
		assert_true(done_fits(d, n + 1));
		assert_false(done_has(d, n) || done_has(d, n + 1));
		assert_true(done_mark(d, n + 1, n + 1));
		assert_true(done_has(d, n + 1));
		assert_true(done_mark(d, n, n));
		assert_int_equal(d->base, n + 2);
	}
	free(d);
}

/* A line of a state file with its checksum. */
static void
add_line(struct buf *out, const char *line)
{
	uint64_t sum = hash_add(HASH_START, line, strlen(line));
	buf_printf(out, "%s #%08x\n", line, (unsigned)(sum ^ sum >> 32));
}

#define FIRST "at 10 - 1 0 0 0 0 0 0 0 0 0-3"

static void
test_parse(void **state)
{
	static const struct {
		const char *name;
		const char *lines[5];
		const char *says; /* NULL: it is read */
		size_t n_points;
	} cases[] = {
		{ "first point", { "mailready.state/1", FIRST }, NULL, 1 },
		{ "about", { "mailready.state/1", "about format jsonl", "about input a b", FIRST },
		    NULL, 1 },
		{ "two points", { "mailready.state/1", FIRST, "at 12 0f 1 0 0 0 0 0 0 0 0 5,7" },
		    NULL, 2 },
		{ "nothing done", { "mailready.state/1", "at 0 - 0 0 0 0 0 0 0 0 0 -" }, NULL, 1 },
		{ "nothing", { NULL }, "not a state file", 0 },
		{ "no point", { "mailready.state/1", "about a b" }, "not a state file", 0 },
		{ "another version", { "mailready.state/2", FIRST }, "line 1 ", 0 },
		{ "unknown line", { "mailready.state/1", "else", FIRST }, "line 2 is not known",
		    0 },
		{ "about behind a point", { "mailready.state/1", FIRST, "about a b" },
		    "line 3 is not known", 0 },
		{ "first point with a sum",
		    { "mailready.state/1", "at 10 1f 1 0 0 0 0 0 0 0 0 0-3" }, "not a point", 0 },
		{ "second point without",
		    { "mailready.state/1", FIRST, "at 11 - 1 0 0 0 0 0 0 0 0 5" }, "not a point",
		    0 },
		{ "counts missing", { "mailready.state/1", "at 10 - 1 0 0 0 0 0 0 0 0-3" },
		    "not a point", 0 },
		{ "counts over", { "mailready.state/1", "at 10 - 1 0 0 0 0 0 0 0 0 0 0-3" },
		    "not a point", 0 },
		{ "negative", { "mailready.state/1", "at -10 - 1 0 0 0 0 0 0 0 0 0-3" },
		    "not a point", 0 },
		{ "backwards", { "mailready.state/1", FIRST, "at 9 0f 1 0 0 0 0 0 0 0 0 5" },
		    "line 3 goes backwards", 0 },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct buf text;
		struct arena arena;
		struct state got;
		struct err err = { .code = ERR_NONE };
		ROW(cases[i].name);
		buf_init(&text, 10000);
		arena_init(&arena);
		for (size_t k = 0; k < 5 && cases[i].lines[k] != NULL; k++)
			add_line(&text, cases[i].lines[k]);
		enum err_code code = state_parse(text.data, text.len, &arena, &got, &err);
		assert_int_equal(code, cases[i].says == NULL ? ERR_NONE : ERR_DATA);
		if (cases[i].says == NULL)
			assert_int_equal(got.n_points, cases[i].n_points);
		else if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		arena_fini(&arena);
		buf_fini(&text);
	}
}

/* Cut at any byte it is whole up to a line, or no state at all; a byte changed is found. */
static void
test_cut_and_changed(void **state)
{
	struct buf text;
	struct err err;
	struct state got;
	struct state_point p = { .offset = 100, .ranges = "0-9" };

	(void)state;
	buf_init(&text, 10000);
	state_put_begin(&text);
	state_put_about(&text, "format", "jsonl");
	state_put_point(&text, &p, true);
	size_t whole = text.len;
	p = (struct state_point){ .offset = 200, .sum = 0xabcdef, .counts = { 7 }, .ranges = "12" };
	state_put_point(&text, &p, false);
	for (size_t len = 0; len <= text.len; len++) {
		struct arena arena;
		arena_init(&arena);
		enum err_code code = state_parse(text.data, len, &arena, &got, &err);
		assert_int_equal(code, len < whole ? ERR_DATA : ERR_NONE);
		if (code == ERR_NONE)
			assert_int_equal(got.n_points, len == text.len ? 2 : 1);
		arena_fini(&arena);
	}
	for (size_t i = 0; i < whole; i++) {
		struct arena arena;
		arena_init(&arena);
		text.data[i] ^= 1;
		assert_int_equal(state_parse(text.data, text.len, &arena, &got, &err), ERR_DATA);
		text.data[i] ^= 1;
		arena_fini(&arena);
	}
	struct arena arena;
	arena_init(&arena);
	assert_int_equal(state_parse(text.data, text.len, &arena, &got, &err), ERR_NONE);
	assert_int_equal(got.points[1].sum, 0xabcdef);
	assert_int_equal(got.points[1].counts[0], 7);
	assert_string_equal(got.points[1].ranges, "12");
	assert_string_equal(got.about[0].value, "jsonl");
	arena_fini(&arena);
	buf_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_done_moves),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_cut_and_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
