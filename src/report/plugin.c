/* States of a monitoring plug-in, and the ranges that its caller sets for values. */
#include "report/plugin.h"

#include <math.h>
#include <string.h>

#include "base/enumtab.h"

enum { DAY_S = 86400, NUMBER_MAX = 24 };

static const struct enumtab_row metric_rows[] = {
	{ "certificate", PLUGIN_CERTIFICATE },
	{ "lists", PLUGIN_LISTS },
	{ "time", PLUGIN_TIME },
};
const struct enumtab plugin_metric_names = ENUMTAB(metric_rows);

enum plugin_state
plugin_state(const size_t n[VERDICT_FAIL + 1], bool lost, bool unknown, bool strict_warn)
{
	bool judged = n[VERDICT_PASS] + n[VERDICT_WARN] > 0;

	if (lost)
		return PLUGIN_UNKNOWN;
	if (n[VERDICT_FAIL] + n[VERDICT_PERMERROR] > 0 || (strict_warn && n[VERDICT_WARN] > 0))
		return PLUGIN_CRITICAL;
	if (n[VERDICT_TEMPERROR] > 0 || unknown || !judged)
		return PLUGIN_UNKNOWN;
	return n[VERDICT_WARN] > 0 ? PLUGIN_WARNING : PLUGIN_OK;
}

enum plugin_state
plugin_worse(enum plugin_state a, enum plugin_state b)
{
	static const int ranks[] = { [PLUGIN_OK] = 0,
		[PLUGIN_WARNING] = 1,
		[PLUGIN_UNKNOWN] = 2,
		[PLUGIN_CRITICAL] = 3 };

	return ranks[a] >= ranks[b] ? a : b;
}

/* ---- ranges: [@][LOW:][HIGH], LOW 0 where it is left out, ~ for no limit below */

/* A decimal number at *text, which moves after it: no exponent, hexadecimal digits or words. */
static bool
take_number(const char **text, double *out)
{
	static const char digits[] = "0123456789";
	const char *c = *text + (**text == '-');
	size_t whole = strspn(c, digits), part = 0;

	if (c[whole] == '.')
		part = 1 + strspn(c + whole + 1, digits);
	size_t len = (size_t)(c - *text) + whole + part;
	if (whole == 0 || part == 1 || len >= NUMBER_MAX)
		return false;
	double value = 0, scale = 1;
	for (size_t i = 0; i < whole + part; i++) {
		if (c[i] == '.')
			continue;
		value = value * 10 + (c[i] - '0');
		scale *= i > whole ? 10 : 1;
	}
	*out = (**text == '-' ? -value : value) / scale;
	*text += len;
	return true;
}

static bool
read_range(const char *text, struct plugin_range *r)
{
	*r = (struct plugin_range){ .given = true, .inside = *text == '@', .high = INFINITY };
	text += r->inside;
	const char *colon = strchr(text, ':');
	if (colon != NULL) {
		bool open = text[0] == '~';
		text += open;
		if (open)
			r->low = -INFINITY;
		else if (text < colon && !take_number(&text, &r->low))
			return false;
		if (text != colon)
			return false;
		text++;
	}
	if (*text != '\0' && !take_number(&text, &r->high))
		return false;
	bool empty = colon == NULL && isinf(r->high);
	return *text == '\0' && !empty && r->low <= r->high;
}

static enum err_code
read_one(const char *word, size_t len, struct plugin_range ranges[PLUGIN_METRICS], struct err *err)
{
	char one[64], choices[64];
	int metric;

	if (len >= sizeof one)
		return err_set(err, ERR_USAGE, "a threshold of %zu bytes is too long", len);
	memcpy(one, word, len);
	one[len] = '\0';
	char *sign = strchr(one, '=');
	if (sign != NULL)
		*sign = '\0';
	if (sign == NULL || !enumtab_code(&plugin_metric_names, one, &metric))
		return err_set(err, ERR_USAGE,
		    "'%.*s' is not a threshold: expected METRIC=RANGE, where METRIC is %s, as in "
		    "certificate=14:",
		    (int)len, word, enumtab_choices(&plugin_metric_names, choices, sizeof choices));
	if (!read_range(sign + 1, &ranges[metric]))
		return err_set(err, ERR_USAGE,
		    "'%s' is not a range for %s: expected 10 (0 to 10), 10: (10 or more), ~:10 "
		    "(10 or less), 10:20, or @10:20 (not within)",
		    sign + 1, one);
	return ERR_NONE;
}

enum err_code
plugin_ranges_read(const char *text, struct plugin_range ranges[PLUGIN_METRICS], struct err *err)
{
	for (;;) {
		size_t len = strcspn(text, ",");
		if (read_one(text, len, ranges, err) != ERR_NONE)
			return err->code;
		if (text[len] == '\0')
			return ERR_NONE;
		text += len + 1;
	}
}

void
plugin_range_add(struct buf *out, const struct plugin_range *r, double factor)
{
	if (!r->given)
		return;
	if (r->inside)
		buf_putc(out, '@');
	if (isinf(r->low))
		buf_puts(out, "~:");
	else if (r->low != 0 || isinf(r->high))
		buf_printf(out, "%.12g:", r->low * factor);
	if (!isinf(r->high))
		buf_printf(out, "%.12g", r->high * factor);
}

/* ---- values */

static void
put(struct plugin_values *v, enum plugin_metric m, double value)
{
	v->known[m] = true;
	v->value[m] = value;
}

void
plugin_values_add(struct plugin_values *v, const struct digest *d)
{
	double took_s = (double)d->time_us / 1e6;
	double left = (double)(d->cert_expires_s - d->time_s) / (double)DAY_S;

	if (!v->known[PLUGIN_TIME] || took_s > v->value[PLUGIN_TIME])
		put(v, PLUGIN_TIME, took_s);
	if (d->counts.asked > 0)
		put(v, PLUGIN_LISTS, v->value[PLUGIN_LISTS] + (double)d->counts.listed);
	if (d->cert_expires_s != 0 &&
	    (!v->known[PLUGIN_CERTIFICATE] || left < v->value[PLUGIN_CERTIFICATE]))
		put(v, PLUGIN_CERTIFICATE, left);
}

static bool
alarms(const struct plugin_range *r, double value)
{
	bool within = value >= r->low && value <= r->high;

	return r->given && within == r->inside;
}

enum plugin_state
plugin_metric_state(const struct plugin_limits *l, const struct plugin_values *v,
    enum plugin_metric m)
{
	const struct plugin_range *warning = &l->warning[m], *critical = &l->critical[m];

	if ((warning->given || critical->given) && !v->known[m])
		return PLUGIN_UNKNOWN;
	if (alarms(critical, v->value[m]))
		return PLUGIN_CRITICAL;
	return alarms(warning, v->value[m]) ? PLUGIN_WARNING : PLUGIN_OK;
}

enum plugin_state
plugin_limits_state(const struct plugin_limits *l, const struct plugin_values *v)
{
	enum plugin_state state = PLUGIN_OK;

	for (int m = 0; m < PLUGIN_METRICS; m++)
		state = plugin_worse(state, plugin_metric_state(l, v, (enum plugin_metric)m));
	return state;
}
