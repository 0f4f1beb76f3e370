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
	assert_null(pace_find(NULL, "a.example"));
	assert_int_equal(pace_place(NULL, 7, 9), 7);
	assert_int_equal(pace_deadline(NULL, 7, 9), 9);
	assert_int_equal(catalogue_read_text(&c, &a, "f", lists, strlen(lists), &err), ERR_NONE);
	struct pace *p = pace_new(&c, &a);
	assert_non_null(p);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		uint64_t due = rows[i].due_ms == 0 ? UINT64_MAX : rows[i].due_ms * 1000;
		ROW(rows[i].question);
		assert_true(pace_place(pace_find(p, rows[i].question), rows[i].now_ms * 1000,
				rows[i].deadline_ms * 1000) == due);
	}
	pace_free(p);
	arena_fini(&a);
}

static void
note(struct paced *list, enum dns_status status, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		pace_note(list, status);
}

enum { NOW_US = 1000000, DEADLINE_US = NOW_US + 3000000 };

static bool
is_waited_for(const struct paced *list)
{
	uint64_t until = pace_deadline(list, NOW_US, DEADLINE_US);

	assert_true(until == DEADLINE_US || until == NOW_US + PACE_SILENT_US);
	return until == DEADLINE_US;
}

/* Another list's silence is not this one's. */
static void
test_silence(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_int_equal(catalogue_read_text(&c, &a, "f", lists, strlen(lists), &err), ERR_NONE);
	struct pace *p = pace_new(&c, &a);
	struct paced *dead = pace_find(p, "2.0.0.127.free.example");
	struct paced *other = pace_find(p, "2.0.0.127.slow.example");

	assert_ptr_not_equal(dead, other);
	note(dead, DNS_TIMEOUT, PACE_SILENT_AFTER - 1);
	assert_true(is_waited_for(dead));
	/* what was not asked says nothing */
	note(dead, DNS_NOT_ASKED, 3);
	assert_true(is_waited_for(dead));
	note(dead, DNS_TIMEOUT, 1);
	assert_false(is_waited_for(dead));
	assert_true(is_waited_for(other));
	assert_int_equal(pace_deadline(dead, NOW_US, NOW_US + 1000), NOW_US + 1000);
	note(dead, DNS_SERVFAIL, 1);
	assert_false(is_waited_for(dead));
	note(dead, DNS_NXDOMAIN, 1);
	assert_true(is_waited_for(dead));
	note(dead, DNS_TIMEOUT, PACE_SILENT_LATER - 1);
	assert_true(is_waited_for(dead));
	note(dead, DNS_TIMEOUT, 1);
	assert_false(is_waited_for(dead));
	pace_free(p);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
