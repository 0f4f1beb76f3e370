#include "test.h"

#include "base/arena.h"
#include "gather/pace.h"
#include "lists/catalogue.h"

static const char lists[] = "[slow.example]\nrate = 10\ncode.127.0.0.2 = low x\n"
			    "[free.example]\ncode.127.0.0.2 = low x\n"
			    "[once.example]\nrate = 1\ncode.127.0.0.2 = low x\n";

/* One after the other, on one pace; times in milliseconds. */
static const struct {
	const char *question;
	uint64_t now_ms, deadline_ms;
	uint64_t due_ms; /* 0: no place any more */
} rows[] = {
	{ "2.0.0.127.free.example", 1000, 4000, 1000 },
	{ "2.0.0.127.free.example", 1000, 4000, 1000 },
	{ "2.0.0.127.slow.example", 1000, 4000, 1000 },
	{ "1.0.0.127.slow.example", 1000, 4000, 1100 },
	{ "4.3.2.1.slow.example", 1050, 4000, 1200 },
	{ "4.3.2.1.once.example", 1050, 4000, 1050 },
	{ "5.3.2.1.once.example", 1050, 2000, 0 },
	{ "5.3.2.1.once.example", 1050, 4000, 2050 },
	{ "other.slow.example.org", 1050, 4000, 1050 },
	{ "9.3.2.1.slow.example", 5000, 8000, 5000 },
};

static void
test_places(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_null(pace_new(&c, &a));
	assert_int_equal(pace_place(NULL, "a.example", 7, 9), 7);
	assert_int_equal(catalogue_read_text(&c, &a, "f", lists, strlen(lists), &err), ERR_NONE);
	struct pace *p = pace_new(&c, &a);
	assert_non_null(p);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		uint64_t due = rows[i].due_ms == 0 ? UINT64_MAX : rows[i].due_ms * 1000;
		ROW(rows[i].question);
		assert_true(pace_place(p, rows[i].question, rows[i].now_ms * 1000,
				rows[i].deadline_ms * 1000) == due);
	}
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
