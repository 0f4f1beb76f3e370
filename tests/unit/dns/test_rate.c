/* The ceiling on a clock of its own: whoever asks as often as is allowed, late or not. */
#include "dns/rate_priv.h"

#include "test.h"

enum { SECOND_US = 1000000, RUN_US = 3 * SECOND_US, LEFT_MAX = 70000 };

static const struct {
	const char *name;
	unsigned qps;
	unsigned every_us; /* how often it is asked */
} cases[] = {
	{ "one a second", 1, 100 },
	{ "five", 5, 1000 },
	{ "a hundred, by a slow loop", 100, 7000 },
	{ "a thousand", 1000, 1000 },
	{ "twenty thousand, by a slow loop", 20000, 5000 },
};

/* When each of the questions of a run left. */
static size_t
run(unsigned qps, unsigned every_us, uint64_t *left)
{
	struct rate r;
	size_t n = 0;

	rate_init(&r, qps);
	for (uint64_t now = SECOND_US; now < SECOND_US + RUN_US; now += every_us) {
		while (n < LEFT_MAX && rate_allows(&r, now)) {
			rate_spend(&r, now);
			left[n++] = now;
		}
		assert_true(rate_due_us(&r) > now);
	}
	return n;
}

static void
test_no_second_sees_more(void **state)
{
	(void)state;
	static uint64_t left[LEFT_MAX];

	for (size_t c = 0; c < N_ELEMENTS(cases); c++) {
		ROW(cases[c].name);
		size_t n = run(cases[c].qps, cases[c].every_us, left);
		for (size_t i = 0; i + cases[c].qps < n; i++)
			assert_true(left[i + cases[c].qps] - left[i] >= SECOND_US - 1);
		/* and hardly less than that */
		assert_true(n >= cases[c].qps * 3ULL * 95 / 100);
	}
}

/* Time in which nothing was asked is not made up for. */
static void
test_a_pause_saves_nothing(void **state)
{
	(void)state;
	struct rate r;
	unsigned n = 0;

	rate_init(&r, 100);
	rate_spend(&r, SECOND_US);
	for (; rate_allows(&r, 9 * SECOND_US); n++)
		rate_spend(&r, 9 * SECOND_US);
	assert_in_range(n, 1, 2);
}

static void
test_no_ceiling(void **state)
{
	(void)state;
	struct rate r;

	rate_init(&r, 0);
	for (int i = 0; i < 1000; i++) {
		assert_true(rate_allows(&r, 1));
		rate_spend(&r, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_second_sees_more),
		cmocka_unit_test(test_a_pause_saves_nothing),
		cmocka_unit_test(test_no_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
