#include "base/when.h"

#include "test.h"

/* NULL: empty */
static const struct {
	const char *name;
	int64_t time_s;
	const char *iso;
} times[] = {
	{ "the beginning", 0, "1970-01-01T00:00:00Z" },
	{ "the second before", -1, "1969-12-31T23:59:59Z" },
	{ "a leap day", 1709251199, "2024-02-29T23:59:59Z" },
	{ "a day", 1788264000, "2026-09-01T12:00:00Z" },
	{ "beyond 32 bits", 4294967296, "2106-02-07T06:28:16Z" },
	{ "the last year", 253402300799, "9999-12-31T23:59:59Z" },
	{ "the year 10000", 253402300800, NULL },
	{ "the first year", -62167219200, "0000-01-01T00:00:00Z" },
	{ "the year before", -62167219201, NULL },
	{ "more years than an int", INT64_MAX, NULL },
	{ "fewer years than an int", INT64_MIN, NULL },
};

static void
test_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(times); i++) {
		char text[WHEN_TEXT_MAX];
		ROW(times[i].name);
		assert_string_equal(when_iso(times[i].time_s, text),
		    times[i].iso != NULL ? times[i].iso : "");
	}
}

static const struct {
	const char *(*form)(int64_t time_s, char out[WHEN_TEXT_MAX]);
	const char *text;
} forms[] = {
	{ when_iso, "2031-02-03T04:05:06Z" },
	{ when_compact, "20310203T040506Z" },
	{ when_utc, "2031-02-03 04:05:06 UTC" },
	{ when_minute, "2031-02-03 04:05" },
	{ when_day, "2031-02-03" },
};

static void
test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(forms); i++) {
		char text[WHEN_TEXT_MAX];
		ROW(forms[i].text);
		assert_string_equal(forms[i].form(1927857906, text), forms[i].text);
		assert_string_equal(forms[i].form(INT64_MAX, text), "");
	}
}

static const struct {
	const char *name, *text;
	int64_t time_s; /* -1: not a day */
} days[] = {
	{ "a day", "2026-09-01", 1788220800 },
	{ "the beginning", "1970-01-01", 0 },
	{ "a leap day", "2024-02-29", 1709164800 },
	{ "no leap year", "2026-02-29", -1 },
	{ "a month that is too short", "2026-02-31", -1 },
	{ "no such month", "2026-13-01", -1 },
	{ "no such day", "2026-12-32", -1 },
	{ "short numbers", "2026-9-1", -1 },
	{ "a long year", "12026-09-01", -1 },
	{ "only a month", "2026-09", -1 },
	{ "more after it", "2026-09-01T00:00:00Z", -1 },
	{ "a blank before it", " 2026-09-01", -1 },
	{ "nothing", "", -1 },
};

static void
test_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(days); i++) {
		int64_t time_s = -1;
		ROW(days[i].name);
		bool good = when_parse_day(days[i].text, &time_s);
		assert_int_equal(good, days[i].time_s >= 0);
		if (good)
			assert_int_equal(time_s, days[i].time_s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
