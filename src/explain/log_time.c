/* Time stamps of logs: RFC 3339 with its zone, and the two forms of local time. */
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "explain/log.h"

enum { DAY_S = 86400 };

/* Digits by a form: "d" is one, every other character itself; false when the text has another. */
static bool
has_form(const char *text, const char *form)
{
	for (; *form != '\0'; form++, text++)
		if (*form == 'd' ? !isdigit((unsigned char)*text) : *text != *form)
			return false;
	return true;
}

static int
number(const char *text, int digits)
{
	int n = 0;
	for (int i = 0; i < digits; i++)
		n = n * 10 + (text[i] - '0');
	return n;
}

/* "hh:mm:ss" into tm; false when it is not a time of day. */
static bool
read_clock(const char *text, struct tm *tm)
{
	if (!has_form(text, "dd:dd:dd"))
		return false;
	tm->tm_hour = number(text, 2);
	tm->tm_min = number(text + 3, 2);
	tm->tm_sec = number(text + 6, 2);
	tm->tm_isdst = -1;
	return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec <= 60;
}

/* "Z", "+01:00", "+0100" at *p: seconds east of Greenwich; false when there is no zone. */
static bool
read_zone(const char **p, int *east_s)
{
	const char *c = *p;
	*east_s = 0;
	if (*c == 'Z') {
		*p = c + 1;
		return true;
	}
	if (*c != '+' && *c != '-')
		return false;
	bool colon = has_form(c + 1, "dd:dd");
	if (!colon && !has_form(c + 1, "dddd"))
		return false;
	*east_s = (number(c + 1, 2) * 60 + number(c + 3 + colon, 2)) * 60;
	*east_s = *c == '-' ? -*east_s : *east_s;
	*p = c + 5 + colon;
	return true;
}

/* "2026-11-30T06:26:20.123+00:00", "2026-11-30 06:26:20" */
static const char *
read_date(const char *line, int64_t *time_s)
{
	struct tm tm = { .tm_year = 0 };
	int east_s;
	if (!has_form(line, "dddd-dd-dd") || (line[10] != 'T' && line[10] != ' ') ||
	    !read_clock(line + 11, &tm))
		return NULL;
	tm.tm_year = number(line, 4) - 1900;
	tm.tm_mon = number(line + 5, 2) - 1;
	tm.tm_mday = number(line + 8, 2);
	const char *p = line + 19;
	if (*p == '.' || *p == ',')
		p += 1 + strspn(p + 1, "0123456789");
	const char *zone = p + (line[10] == ' ' && *p == ' ');
	if (read_zone(&zone, &east_s)) {
		if (time_s != NULL)
			*time_s = (int64_t)timegm(&tm) - east_s;
		return zone;
	}
	if (time_s != NULL)
		*time_s = (int64_t)mktime(&tm);
	return p;
}

/* "Nov 30 06:26:20": of the last twelve months, as no log is from the future. */
static const char *
read_month(const char *line, int64_t now_s, int64_t *time_s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = (time_t)now_s;
	struct tm today, tm = { .tm_year = 0 };
	char month[4] = { line[0], line[0] != '\0' ? line[1] : '\0', '\0', '\0' };
	if (month[1] == '\0' || line[2] == '\0' || line[3] != ' ')
		return NULL;
	month[2] = line[2];
	const char *at = strstr(months, month);
	if (at == NULL || (at - months) % 3 != 0 || strlen(line) < 15 ||
	    (!has_form(line + 4, "dd ") && !has_form(line + 4, " d ")) ||
	    !read_clock(line + 7, &tm) || gmtime_r(&now, &today) == NULL)
		return NULL;
	tm.tm_mon = (int)(at - months) / 3;
	tm.tm_mday = number(line + 5, 1) + (line[4] != ' ' ? 10 * number(line + 4, 1) : 0);
	tm.tm_year = today.tm_year;
	struct tm last = tm;
	last.tm_year--;
	if (time_s == NULL)
		return line + 15;
	*time_s = (int64_t)mktime(&tm);
	if (*time_s > now_s + DAY_S)
		*time_s = (int64_t)mktime(&last);
	return line + 15;
}

const char *
log_time(const char *line, int64_t now_s, int64_t *time_s)
{
	const char *rest = read_date(line, time_s);
	return rest != NULL ? rest : read_month(line, now_s, time_s);
}
