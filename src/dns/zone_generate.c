/* $GENERATE: many records from one line, as BIND's named writes them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "dns/zone_read_priv.h"

enum { WORD_MAX = 64, WIDTH_MAX = 128 };

static bool
copy_word(const char *text, size_t len, char out[WORD_MAX])
{
	if (len >= WORD_MAX)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

bool
zone_range_read(const struct zone_word *w, struct zone_range *out)
{
	char copy[WORD_MAX];
	const char *at = copy;
	out->step = 1;
	if (!copy_word(w->text, w->len, copy) || !number_take(&at, INT32_MAX, &out->first) ||
	    *at++ != '-' || !number_take(&at, INT32_MAX, &out->last))
		return false;
	if (*at == '/') {
		at++;
		if (!number_take(&at, INT32_MAX, &out->step))
			return false;
	}
	return *at == '\0' && out->first <= out->last && out->step > 0;
}

/* Hexadecimal digits with dots between, the lowest first: labels of ip6.arpa. */
static void
put_nibbles(uint64_t value, uint64_t width, bool upper, struct buf *out)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	for (uint64_t written = 0; written == 0 || value != 0 || written < width;) {
		buf_putc(out, digits[value & 0xf]);
		value >>= 4;
		written++;
		if (value == 0 && written >= width)
			break;
		buf_putc(out, '.');
		written++;
	}
}

static bool
put_number(int64_t value, uint64_t width, char base, struct buf *out)
{
	int columns = (int)width;
	if (value < 0)
		return false;
	switch (base) {
	case 'd':
		buf_printf(out, "%0*" PRId64, columns, value);
		return true;
	case 'o':
		buf_printf(out, "%0*" PRIo64, columns, (uint64_t)value);
		return true;
	case 'x':
		buf_printf(out, "%0*" PRIx64, columns, (uint64_t)value);
		return true;
	case 'X':
		buf_printf(out, "%0*" PRIX64, columns, (uint64_t)value);
		return true;
	case 'n':
	case 'N':
		put_nibbles((uint64_t)value, width, base == 'N', out);
		return true;
	default:
		return false;
	}
}

/* What stands between the braces. */
static bool
put_braces(const char *text, size_t len, uint64_t number, struct buf *out)
{
	char copy[WORD_MAX], base = 'd';
	const char *at = copy;
	uint64_t offset, width = 0;
	if (!copy_word(text, len, copy))
		return false;
	bool minus = *at == '-';
	at += minus || *at == '+';
	if (!number_take(&at, INT32_MAX, &offset))
		return false;
	if (*at == ',') {
		at++;
		if (!number_take(&at, WIDTH_MAX, &width))
			return false;
	}
	if (*at == ',' && at[1] != '\0') {
		base = at[1];
		at += 2;
	}
	int64_t value = minus ? (int64_t)number - (int64_t)offset : (int64_t)(number + offset);
	return *at == '\0' && put_number(value, width, base, out);
}

bool
zone_generate(const struct zone_word *w, uint64_t number, struct buf *out)
{
	const char *at = w->text, *end = w->text + w->len;
	while (at < end) {
		const char *close = at + 1 < end && at[0] == '$' && at[1] == '{' ?
		    memchr(at, '}', (size_t)(end - at)) :
		    NULL;
		if (*at == '\\' && end - at > 1) {
			/* a quote in quotes is one of what they hold */
			if (w->quoted && at[1] == '"')
				buf_putc(out, '"');
			else
				buf_add(out, at, 2);
			at += 2;
		} else if (*at != '$') {
			buf_putc(out, *at++);
		} else if (end - at > 1 && at[1] == '$') {
			buf_puts(out, "\\$");
			at += 2;
		} else if (end - at > 1 && at[1] == '{') {
			if (close == NULL ||
			    !put_braces(at + 2, (size_t)(close - at) - 2, number, out))
				return false;
			at = close + 1;
		} else {
			buf_printf(out, "%" PRIu64, number);
			at++;
		}
	}
	return true;
}
