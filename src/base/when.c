/* Times as text: a form is copied, and its letters Y M D h m s become numbers. */
#include "base/when.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { YEAR_0 = 1900, YEAR_MAX = 9999 };

static char *
put_digits(char *at, int number, int digits)
{
	for (int i = digits; i > 0; number /= 10)
		at[--i] = (char)('0' + number % 10);
	return at + digits;
}

static const char *
show(const char *form, int64_t time_s, char *out)
{
	time_t t = (time_t)time_s;
	struct tm tm;
	char *at = out;
	bool good = gmtime_r(&t, &tm) != NULL && tm.tm_year >= -YEAR_0 &&
	    tm.tm_year <= YEAR_MAX - YEAR_0;
	for (; good && *form != '\0'; form++) {
		if (*form == 'Y')
			at = put_digits(at, tm.tm_year + YEAR_0, 4);
		else if (*form == 'M')
			at = put_digits(at, tm.tm_mon + 1, 2);
		else if (*form == 'D')
			at = put_digits(at, tm.tm_mday, 2);
		else if (*form == 'h')
			at = put_digits(at, tm.tm_hour, 2);
		else if (*form == 'm')
			at = put_digits(at, tm.tm_min, 2);
		else if (*form == 's')
			at = put_digits(at, tm.tm_sec, 2);
		else
			*at++ = *form;
	}
	*at = '\0';
	return out;
}

const char *
when_iso(int64_t time_s, char out[WHEN_TEXT_MAX])
{
	return show("Y-M-DTh:m:sZ", time_s, out);
}

const char *
when_compact(int64_t time_s, char out[WHEN_TEXT_MAX])
{
	return show("YMDThmsZ", time_s, out);
}

const char *
when_utc(int64_t time_s, char out[WHEN_TEXT_MAX])
{
	return show("Y-M-D h:m:s UTC", time_s, out);
}

const char *
when_minute(int64_t time_s, char out[WHEN_TEXT_MAX])
{
	return show("Y-M-D h:m", time_s, out);
}

const char *
when_day(int64_t time_s, char out[WHEN_TEXT_MAX])
{
	return show("Y-M-D", time_s, out);
}

bool
when_parse_day(const char *text, int64_t *time_s)
{
	struct tm tm = { 0 };
	char back[WHEN_TEXT_MAX];

	if (strptime(text, "%Y-%m-%d", &tm) == NULL)
		return false;
	*time_s = (int64_t)timegm(&tm);
	/* neither "2026-9-1" nor the 31st of February comes back as it was */
	return strcmp(when_day(*time_s, back), text) == 0;
}

const char *
when_length(int64_t seconds, char out[WHEN_TEXT_MAX])
{
	static const struct {
		int64_t seconds;
		const char *word;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" } };
	enum { N_UNITS = sizeof units / sizeof units[0] };
	size_t i = 0;

	/* "36 hours" says more than "1 day" */
	while (i + 1 < N_UNITS && seconds < 2 * units[i].seconds)
		i++;
	int64_t n = seconds < units[i].seconds ? 1 : seconds / units[i].seconds;
	snprintf(out, WHEN_TEXT_MAX, "%lld %s%s", (long long)n, units[i].word, n == 1 ? "" : "s");
	return out;
}
