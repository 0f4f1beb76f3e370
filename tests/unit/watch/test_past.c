#include "watch/past.h"

#include "test.h"

enum { NOW = 1790000000 }; /* 2026-09-21T14:13:20Z */

static const struct {
	const char *name, *text;
	int64_t since_s; /* 0: refused */
} cases[] = {
	{ "hours", "12h", NOW - 12 * 3600 },
	{ "days", "30d", NOW - 30 * 86400 },
	{ "weeks", "8w", NOW - 8 * 7 * 86400 },
	{ "a year", "1y", NOW - 365 * 86400 },
	{ "a date", "2026-09-01", 1788220800 },
	{ "today", "2026-09-21", 1789948800 },
	{ "a leap day", "2024-02-29", 1709164800 },
	{ "nothing", "", 0 },
	{ "no unit", "30", 0 },
	{ "no number", "d", 0 },
	{ "another unit", "30m", 0 },
	{ "two units", "30dh", 0 },
	{ "none", "0d", 0 },
	{ "less than none", "-3d", 0 },
	{ "before all time", "99y", 0 },
	{ "more than a number holds", "99999999999999999999d", 0 },
	{ "the future", "2026-09-22", 0 },
	{ "no day", "2026-09", 0 },
	{ "not a day", "2026-13-01", 0 },
	{ "a date and more", "2026-09-01T00:00:00Z", 0 },
	{ "a short date", "2026-9-1", 0 },
};

static void
test_since(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		int64_t since_s = 0;
		ROW(cases[i].name);
		bool good = report_since(cases[i].text, NOW, &since_s);
		assert_int_equal(good, cases[i].since_s != 0);
		if (good)
			assert_int_equal(since_s, cases[i].since_s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_since) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
