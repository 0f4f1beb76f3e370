#include "base/number.h"

#include "test.h"

#define NOW INT64_C(1790000000) /* 2026-09-21 14:13:20 UTC */

static const struct {
	const char *name, *text;
	uint64_t max, n;
	const char *rest; /* NULL: not taken */
} taken[] = {
	{ "digits", "25", 100, 25, "" },
	{ "up to another byte", "2/3", 100, 2, "/3" },
	{ "zeros in front", "007", 100, 7, "" },
	{ "the maximum", "100", 100, 100, "" },
	{ "over the maximum", "101", 100, 0, NULL },
	{ "all that fits", "18446744073709551615", UINT64_MAX, UINT64_MAX, "" },
	{ "one more", "18446744073709551616", UINT64_MAX, 0, NULL },
	{ "many more", "99999999999999999999999999", UINT64_MAX, 0, NULL },
	{ "nothing", "", 100, 0, NULL },
	{ "a sign", "+1", 100, 0, NULL },
	{ "a blank", " 1", 100, 0, NULL },
	{ "zero of nothing else", "0", 0, 0, "" },
};

static void
test_take(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(taken); i++) {
		const char *text = taken[i].text;
		uint64_t n = 0;
		ROW(taken[i].name);
		assert_int_equal(number_take(&text, taken[i].max, &n), taken[i].rest != NULL);
		assert_string_equal(text, taken[i].rest != NULL ? taken[i].rest : taken[i].text);
		assert_true(n == taken[i].n);
	}
}

static enum err_code
count_5_20(const char *text, int64_t *out, struct err *err)
{
	uint64_t n = 0;
	enum err_code code = number_count(text, 5, 20, &n, ERR_CONFIG, err);
	*out = (int64_t)n;
	return code;
}

/* Both numbers in one. */
static enum err_code
share_99(const char *text, int64_t *out, struct err *err)
{
	unsigned part = 0, whole = 0;
	enum err_code code = number_share(text, 99, &part, &whole, ERR_CONFIG, err);
	*out = part * 100 + whole;
	return code;
}

static enum err_code
seconds_3600(const char *text, int64_t *out, struct err *err)
{
	uint64_t us = 0;
	enum err_code code = number_seconds(text, 3600, &us, ERR_CONFIG, err);
	*out = (int64_t)us;
	return code;
}

static enum err_code
span_any(const char *text, int64_t *out, struct err *err)
{
	return number_span(text, 0, NUMBER_SPAN_MAX_S, out, ERR_CONFIG, err);
}

static enum err_code
span_1m_1h(const char *text, int64_t *out, struct err *err)
{
	return number_span(text, 60, 3600, out, ERR_CONFIG, err);
}

static enum err_code
since_now(const char *text, int64_t *out, struct err *err)
{
	return number_since(text, NOW, out, ERR_CONFIG, err);
}

#define COUNT "not a whole number from 5 to 20"
#define SHARE "not a share: expected M/N, M from 1 to N, N at most 99"
#define SECONDS "not a time: expected seconds from 0.001 to 3600, or a time such as 5s, 2m or 1h"
#define SPAN "not a time: expected a number followed by s, m, h or d, such as 30d"
#define SINCE \
	"not a time: expected a number followed by h, d, w or y, such as 30d, or a day such as " \
	"2026-09-01"
#define RANGE "out of range: expected a time from 1970 to now"

static const struct {
	enum err_code (*read)(const char *text, int64_t *out, struct err *err);
	const char *text;
	int64_t value;
	const char *error; /* after "'TEXT' is "; NULL: none */
} rows[] = {
	{ count_5_20, "5", 5, NULL },
	{ count_5_20, "20", 20, NULL },
	{ count_5_20, "4", 0, COUNT },
	{ count_5_20, "21", 0, COUNT },
	{ count_5_20, "", 0, COUNT },
	{ count_5_20, "7x", 0, COUNT },
	{ count_5_20, "-7", 0, COUNT },

	{ share_99, "2/3", 203, NULL },
	{ share_99, "1/1", 101, NULL },
	{ share_99, "99/99", 9999, NULL },
	{ share_99, "1/100", 0, SHARE },
	{ share_99, "3/2", 0, SHARE },
	{ share_99, "0/2", 0, SHARE },
	{ share_99, "0/0", 0, SHARE },
	{ share_99, "2/", 0, SHARE },
	{ share_99, "/3", 0, SHARE },
	{ share_99, "2/3/4", 0, SHARE },
	{ share_99, "2", 0, SHARE },

	{ seconds_3600, "2", 2000000, NULL },
	{ seconds_3600, "0.5", 500000, NULL },
	{ seconds_3600, ".001", 1000, NULL },
	{ seconds_3600, "3600", 3600000000, NULL },
	{ seconds_3600, "5s", 5000000, NULL },
	{ seconds_3600, "1.5m", 90000000, NULL },
	{ seconds_3600, "1h", 3600000000, NULL },
	{ seconds_3600, "61m", 0, SECONDS },
	{ seconds_3600, "1d", 0, SECONDS },
	{ seconds_3600, "5sm", 0, SECONDS },
	{ seconds_3600, "s", 0, SECONDS },
	{ seconds_3600, ".s", 0, SECONDS },
	{ seconds_3600, "3600.1", 0, SECONDS },
	{ seconds_3600, "0", 0, SECONDS },
	{ seconds_3600, "", 0, SECONDS },
	{ seconds_3600, ".", 0, SECONDS },
	{ seconds_3600, "1.2.3", 0, SECONDS },
	{ seconds_3600, "1e3", 0, SECONDS },
	{ seconds_3600, "0x10", 0, SECONDS },
	{ seconds_3600, "inf", 0, SECONDS },
	{ seconds_3600, "-1", 0, SECONDS },

	{ span_any, "90s", 90, NULL },
	{ span_any, "10m", 600, NULL },
	{ span_any, "12h", 43200, NULL },
	{ span_any, "30d", 2592000, NULL },
	{ span_any, "never", 0, NULL },
	{ span_any, "36600d", NUMBER_SPAN_MAX_S, NULL },
	{ span_any, "", 0, SPAN ", or never" },
	{ span_any, "d", 0, SPAN ", or never" },
	{ span_any, "1", 0, SPAN ", or never" },
	{ span_any, "0d", 0, SPAN ", or never" },
	{ span_any, "1w", 0, SPAN ", or never" },
	{ span_any, "1dd", 0, SPAN ", or never" },
	{ span_any, " 1d", 0, SPAN ", or never" },
	{ span_any, "+1d", 0, SPAN ", or never" },
	{ span_any, "36601d", 0, "out of range: expected 1s to 36600d" },
	{ span_any, "9223372036854775807d", 0, "out of range: expected 1s to 36600d" },
	{ span_any, "9223372036854775808d", 0, SPAN ", or never" },
	{ span_1m_1h, "60s", 60, NULL },
	{ span_1m_1h, "1h", 3600, NULL },
	{ span_1m_1h, "59s", 0, "out of range: expected 1m to 1h" },
	{ span_1m_1h, "61m", 0, "out of range: expected 1m to 1h" },
	{ span_1m_1h, "never", 0, "out of range: expected 1m to 1h" },
	{ span_1m_1h, "1w", 0, SPAN },

	{ since_now, "12h", NOW - 43200, NULL },
	{ since_now, "30d", NOW - 2592000, NULL },
	{ since_now, "4w", NOW - 2419200, NULL },
	{ since_now, "1y", NOW - 31536000, NULL },
	{ since_now, "2026-09-01", 1788220800, NULL },
	{ since_now, "2026-09-21", 1789948800, NULL },
	{ since_now, "2026-09-22", 0, RANGE },
	{ since_now, "1970-01-01", 0, RANGE },
	{ since_now, "1969-12-31", 0, RANGE },
	{ since_now, "99y", 0, RANGE },
	{ since_now, "9223372036854775807y", 0, RANGE },
	{ since_now, "30m", 0, SINCE },
	{ since_now, "30dh", 0, SINCE },
	{ since_now, "2024-02-29", 1709164800, NULL },
	{ since_now, "0d", 0, SINCE },
	{ since_now, "d", 0, SINCE },
	{ since_now, "99999999999999999999d", 0, SINCE },
	{ since_now, "2026-09", 0, SINCE },
	{ since_now, "2026-9-1", 0, SINCE },
	{ since_now, "2026-13-01", 0, SINCE },
	{ since_now, "2026-09-01T00:00:00Z", 0, SINCE },
	{ since_now, "-3d", 0, SINCE },
	{ since_now, "30", 0, SINCE },
	{ since_now, "", 0, SINCE },
	{ since_now, "never", 0, SINCE },
	{ since_now, "2026-02-31", 0, SINCE },
};

static void
test_digits(void **state)
{
	(void)state;
	static const struct {
		uint64_t n;
		const char *text;
	} digits[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ 10, "10" },
		{ 4096, "4096" },
		{ UINT64_MAX, "18446744073709551615" },
	};
	for (size_t i = 0; i < N_ELEMENTS(digits); i++) {
		ROW(digits[i].text);
		char text[NUMBER_DIGITS_MAX], *end = text + sizeof text;
		const char *start = number_digits(digits[i].n, end);
		assert_int_equal(end - start, strlen(digits[i].text));
		assert_memory_equal(start, digits[i].text, strlen(digits[i].text));
	}
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct err err = { 0 };
		int64_t value = 0;
		char want[200];
		ROW(rows[i].text);
		enum err_code code = rows[i].read(rows[i].text, &value, &err);
		assert_int_equal(code, rows[i].error != NULL ? ERR_CONFIG : ERR_NONE);
		want[0] = '\0';
		if (rows[i].error != NULL)
			snprintf(want, sizeof want, "'%s' is %s", rows[i].text, rows[i].error);
		assert_string_equal(err.text, want);
		if (rows[i].error == NULL)
			assert_int_equal(value, rows[i].value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
