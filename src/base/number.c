/* Numbers, and spans of time that a user writes. */
#include "base/number.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

static const struct unit {
	char letter;
	int64_t seconds;
} units[] = {
	/* large ones first */
	{ 'y', 365 * 86400 },
	{ 'w', 7 * 86400 },
	{ 'd', 86400 },
	{ 'h', 3600 },
	{ 'm', 60 },
	{ 's', 1 },
};
enum { UNITS = sizeof units / sizeof units[0], SPAN_TEXT_MAX = 32 };

char *
number_digits(uint64_t n, char *end)
{
	do
		*--end = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return end;
}

bool
number_take(const char **text, uint64_t max, uint64_t *out)
{
	const char *at = *text;
	uint64_t n = 0;

	for (; *at >= '0' && *at <= '9'; at++) {
		unsigned digit = (unsigned)(*at - '0');
		if (n > max / 10 || digit > max - 10 * n)
			return false;
		n = 10 * n + digit;
	}
	if (at == *text)
		return false;
	*text = at;
	*out = n;
	return true;
}

bool
number_is(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	return number_take(&text, max, out) && *text == '\0' && *out >= min;
}

enum err_code
number_count(const char *text, uint64_t min, uint64_t max, uint64_t *out, enum err_code code,
    struct err *err)
{
	if (number_is(text, min, max, out))
		return ERR_NONE;
	return err_set(err, code, "'%s' is not a whole number from %" PRIu64 " to %" PRIu64, text,
	    min, max);
}

enum err_code
number_share(const char *text, unsigned max, unsigned *part, unsigned *whole, enum err_code code,
    struct err *err)
{
	const char *at = text;
	uint64_t m = 0, n = 0;

	if (!number_take(&at, max, &m) || *at != '/' || !number_is(at + 1, 1, max, &n) || m < 1 ||
	    m > n)
		return err_set(err, code,
		    "'%s' is not a share: expected M/N, M from 1 to N, N at most %u", text, max);
	*part = (unsigned)m;
	*whole = (unsigned)n;
	return ERR_NONE;
}

/* The "m" of "2m", which makes seconds of two minutes. */
static bool
take_unit(const char *text, double *seconds)
{
	if (*text == '\0')
		return true;
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].letter == *text && strchr("smh", *text) != NULL && text[1] == '\0') {
			*seconds *= (double)units[i].seconds;
			return true;
		}
	return false;
}

enum err_code
number_seconds(const char *text, unsigned max_s, uint64_t *out_us, enum err_code code,
    struct err *err)
{
	char *end = NULL;
	double seconds = strtod(text, &end);
	/* strtod() alone would take "inf", "0x10" and "1e3" */
	bool plain = end > text && end == text + strspn(text, "0123456789.");

	if (!plain || !take_unit(end, &seconds) || seconds < 0.001 || seconds > max_s)
		return err_set(err, code,
		    "'%s' is not a time: expected seconds from 0.001 to %u, or a time such as 5s, "
		    "2m or 1h",
		    text, max_s);
	*out_us = (uint64_t)(seconds * 1e6);
	return ERR_NONE;
}

/* letters: the units that may be. */
static bool
read_span(const char *text, const char *letters, int64_t *out_s)
{
	uint64_t n = 0;

	if (!number_take(&text, INT64_MAX, &n) || n == 0 || text[0] == '\0' || text[1] != '\0' ||
	    strchr(letters, text[0]) == NULL)
		return false;
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].letter == text[0]) {
			/* what is too large stays too large */
			*out_s = n > (uint64_t)(INT64_MAX / units[i].seconds) ?
			    INT64_MAX :
			    (int64_t)n * units[i].seconds;
			return true;
		}
	return false;
}

/* In the largest unit that it is a whole number of; the inverse of read_span(). */
static const char *
span_text(int64_t span_s, char out[SPAN_TEXT_MAX])
{
	size_t i = 0;

	while (units[i].seconds > span_s || span_s % units[i].seconds != 0)
		i++;
	snprintf(out, SPAN_TEXT_MAX, "%" PRId64 "%c", span_s / units[i].seconds, units[i].letter);
	return out;
}

enum err_code
number_span(const char *text, int64_t min_s, int64_t max_s, int64_t *out_s, enum err_code code,
    struct err *err)
{
	char least[SPAN_TEXT_MAX], most[SPAN_TEXT_MAX];
	bool never = min_s == 0;

	*out_s = 0;
	if (strcmp(text, "never") != 0 && !read_span(text, "smhd", out_s))
		return err_set(err, code,
		    "'%s' is not a time: expected a number followed by s, m, h or d, such as 30d%s",
		    text, never ? ", or never" : "");
	if (*out_s < min_s || *out_s > max_s) /* never is 0 */
		return err_set(err, code, "'%s' is out of range: expected %s to %s", text,
		    span_text(never ? 1 : min_s, least), span_text(max_s, most));
	return ERR_NONE;
}

enum err_code
number_since(const char *text, int64_t now_s, int64_t *out_s, enum err_code code, struct err *err)
{
	int64_t span_s;

	if (!when_parse_day(text, out_s)) {
		if (!read_span(text, "hdwy", &span_s))
			return err_set(err, code,
			    "'%s' is not a time: expected a number followed by h, d, w or y, such "
			    "as 30d, or a day such as 2026-09-01",
			    text);
		*out_s = span_s < now_s ? now_s - span_s : 0;
	}
	if (*out_s <= 0 || *out_s >= now_s)
		return err_set(err, code, "'%s' is out of range: expected a time from 1970 to now",
		    text);
	return ERR_NONE;
}
