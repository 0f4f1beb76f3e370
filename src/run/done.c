/* Which targets of a long run are finished: all before a place, and single ones after it. */
#include "run/done_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool
bit(const struct done *d, uint64_t number)
{
	size_t i = number % DONE_WINDOW;

	return d->bits[i / 8] >> i % 8 & 1;
}

static void
set_bit(struct done *d, uint64_t number, bool on)
{
	size_t i = number % DONE_WINDOW;
	unsigned char mask = (unsigned char)(1U << i % 8);

	d->bits[i / 8] = (unsigned char)(on ? d->bits[i / 8] | mask : d->bits[i / 8] & ~mask);
}

bool
done_has(const struct done *d, uint64_t number)
{
	return number < d->base || (done_fits(d, number) && bit(d, number));
}

bool
done_fits(const struct done *d, uint64_t number)
{
	return number - d->base < DONE_WINDOW;
}

static void
advance(struct done *d)
{
	for (; bit(d, d->base); d->base++, d->n_above--)
		set_bit(d, d->base, false);
}

bool
done_mark(struct done *d, uint64_t first, uint64_t last)
{
	if (last < first || last == UINT64_MAX || first < d->base)
		return false;
	/* what goes on where all before is done: a long run's beginning, however long */
	if (first == d->base && d->n_above == 0) {
		d->base = last + 1;
		return true;
	}
	if (!done_fits(d, last))
		return false;
	for (uint64_t n = first; n <= last; n++)
		if (bit(d, n))
			return false;
	for (uint64_t n = first; n <= last; n++)
		set_bit(d, n, true);
	d->n_above += last - first + 1;
	advance(d);
	return true;
}

/* A decimal number without sign; *text moves past it. */
static bool
read_number(const char **text, uint64_t *out)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*out = strtoull(*text, &end, 10);
	*text = end;
	return errno == 0;
}

bool
done_read(struct done *d, const char *ranges)
{
	for (const char *p = ranges;; p++) {
		uint64_t first, last;
		if (!read_number(&p, &first))
			return false;
		last = first;
		if (*p == '-' && (p++, !read_number(&p, &last)))
			return false;
		if (!done_mark(d, first, last))
			return false;
		if (*p != ',')
			return *p == '\0';
	}
}

bool
done_range(const struct done *d, uint64_t *from, uint64_t *first, uint64_t *last)
{
	uint64_t end = d->base + DONE_WINDOW;

	if (*from < d->base) {
		*first = *from;
		*last = d->base - 1;
		*from = d->base;
		return true;
	}
	while (*from < end && !bit(d, *from))
		++*from;
	if (*from >= end)
		return false;
	*first = *from;
	while (*from < end && bit(d, *from))
		++*from;
	*last = *from - 1;
	return true;
}

uint64_t
done_count(const struct done *d)
{
	uint64_t from = 0, first, last, n = 0;

	while (done_range(d, &from, &first, &last))
		n += last - first + 1;
	return n;
}
