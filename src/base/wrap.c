/* Breaks text into lines at blanks. */
#include "base/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

void
wrap_add(struct buf *out, size_t start, size_t indent, size_t width, const char *text)
{
	size_t column = start;
	bool first = true; /* of its line */
	for (const char *word = text; *word != '\0';) {
		size_t len = strcspn(word, " ");
		size_t wide = utf8_count(word, len);
		if (!first && column + 1 + wide > width) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			buf_putc(out, ' ');
			column++;
		}
		first = false;
		buf_add(out, word, len);
		column += wide;
		word += len + strspn(word + len, " ");
	}
	buf_putc(out, '\n');
}

/* --- texts whose lines have labels */

/* Columns of what is shown: escape sequences of colours take none. */
static size_t
shown(const char *text, size_t len)
{
	size_t columns = utf8_count(text, len);
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\033')
			continue;
		size_t sequence = strcspn(text + i, "m") + 1;
		columns -= sequence < len - i ? sequence : len - i;
	}
	return columns;
}

/* Length of "12. " at text; 0 when it is not a number of a list. */
static size_t
number_len(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return digits > 0 && strncmp(text + digits, ". ", 2) == 0 ? digits + 2 : 0;
}

/* Bytes of the line before its text: indentation, number, and labels that two blanks follow. */
static size_t
label_len(const char *line, size_t len, size_t width)
{
	size_t label = strspn(line, " ");
	label += number_len(line + label);
	for (size_t i = label; i + 2 < len; i++) {
		if (line[i] != ' ' || line[i + 1] != ' ')
			continue;
		i += strspn(line + i, " ");
		if (i >= len || shown(line, i) > width / 2)
			break;
		label = i;
	}
	return label;
}

static bool
starts_with(const char *text, size_t len, const char *start)
{
	size_t n = strlen(start);
	return len >= n && memcmp(text, start, n) == 0;
}

/* Is it to be copied: a command line, or a record as zone files have it? */
static bool
is_verbatim(const char *text, size_t len)
{
	static const char *const commands[] = { "mailready ", "check_mailready ", "sudo ", "$ ",
		"postconf ", "postqueue " };
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (starts_with(text, len, commands[i]))
			return true;
	return memmem(text, len, " IN ", 4) != NULL;
}

/* Length of the record "mail.example.com A 203.0.113.25" that the text begins with; 0 for none. */
static size_t
record_len(const char *text, size_t len)
{
	static const char *const types[] = { " A ", " AAAA ", " PTR ", " CNAME ", " MX ", " TXT " };
	const char *blank = memchr(text, ' ', len);
	size_t rest = blank != NULL ? len - (size_t)(blank - text) : 0;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (!starts_with(blank, rest, types[i]))
			continue;
		const char *value = blank + strlen(types[i]);
		const char *end = memchr(value, ' ', len - (size_t)(value - text));
		return end != NULL ? (size_t)(end - text) : len;
	}
	return 0;
}

/* Length of what is not broken at the start of text. */
static size_t
unit_len(const char *text, size_t len)
{
	const char *blank = memchr(text, ' ', len);
	return blank != NULL ? (size_t)(blank - text) : len;
}

static void
put_broken(struct buf *out, const char *line, size_t len, size_t width)
{
	size_t label = label_len(line, len, width);
	size_t indent = shown(line, label), column = indent, gap = 0;
	size_t unit = record_len(line + label, len - label);
	buf_add(out, line, label);
	for (size_t i = label; i < len; i += unit + gap, unit = 0) {
		if (unit == 0)
			unit = unit_len(line + i, len - i);
		size_t wide = shown(line + i, unit);
		if (i > label && column + gap + wide > width) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else {
			buf_printf(out, "%*s", (int)gap, "");
			column += gap;
		}
		buf_add(out, line + i, unit);
		column += wide;
		gap = strspn(line + i + unit, " ");
	}
}

void
wrap_lines(struct buf *out, size_t width, const char *text)
{
	for (const char *line = text; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		size_t label = label_len(line, len, width);
		if (width == 0 || shown(line, len) <= width ||
		    is_verbatim(line + label, len - label))
			buf_add(out, line, len);
		else
			put_broken(out, line, len, width);
		line += len;
		if (*line == '\n') {
			buf_putc(out, '\n');
			line++;
		}
	}
}
