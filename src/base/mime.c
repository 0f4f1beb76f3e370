/* Parts of a mail: dates, header fields and bodies. */
#include "base/mime.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/name.h"
#include "base/utf8.h"

enum {
	LINE_MAX_BYTES = 76,  /* of quoted-printable (RFC 2045 6.7), and where headers are folded */
	WORD_PAYLOAD_MAX = 45 /* bytes in one encoded word, whose 60 in base64 stay below 75 */
};

const char *
mime_date(int64_t time_s, char out[MIME_DATE_MAX])
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)time_s;
	struct tm tm = { .tm_mday = 1, .tm_year = 70, .tm_wday = 4 };
	gmtime_r(&t, &tm);
	snprintf(out, MIME_DATE_MAX, "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], 1900 + tm.tm_year, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return out;
}

/* RFC 5322 3.2.3: atoms with single dots between them */
static bool
is_dot_atom(const char *text, size_t len)
{
	static const char atext[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "!#$%&'*+-/=?^_`{|}~";
	bool dot = true;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '.' && dot)
			return false;
		dot = text[i] == '.';
		if (!dot && strchr(atext, text[i]) == NULL)
			return false;
	}
	return !dot;
}

const char *
mime_domain(const char *address)
{
	const char *at = strrchr(address, '@');
	return at != NULL ? at + 1 : "";
}

bool
mime_is_address(const char *text)
{
	const char *domain = mime_domain(text);
	size_t local = domain[0] != '\0' ? (size_t)(domain - text - 1) : 0;
	char name[NAME_TEXT_MAX];
	if (local == 0 || local > 64 || strlen(text) > MIME_ADDRESS_MAX ||
	    !is_dot_atom(text, local) || !name_from_text(domain, name))
		return false;
	enum name_fault fault = name_host_fault(name);
	bool usable = fault == NAME_GOOD || fault == NAME_SINGLE || fault == NAME_LOCALHOST ||
	    fault == NAME_SPECIAL_TLD;
	return usable && domain[strlen(domain) - 1] != '.';
}

/* Can be folded at every blank; blanks that folding could lose are none of it. */
static bool
is_plain(const char *text)
{
	size_t word = 0;
	if (text[0] == ' ' || strstr(text, "  ") != NULL)
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < ' ' || *p > '~')
			return false;
		word = *p == ' ' ? 0 : word + 1;
		if (word > LINE_MAX_BYTES - 2)
			return false;
	}
	return strstr(text, "=?") == NULL && (word > 0 || text[0] == '\0');
}

/* Breaks before a blank, which stays as the white space that a folded line begins with. */
static void
put_folded(struct buf *out, size_t column, const char *text)
{
	while (*text != '\0') {
		size_t len = strspn(text, " ");
		len += strcspn(text + len, " ");
		if (column + len > LINE_MAX_BYTES && text[0] == ' ') {
			buf_puts(out, "\r\n");
			column = 0;
		}
		buf_add(out, text, len);
		column += len;
		text += len;
	}
}

/*
 * The length of a character in bytes; 1 for a byte that is not part of one and for a control
 * byte.
 */
static size_t
character_len(const char *text, bool *valid)
{
	uint32_t c;
	size_t n = utf8_decode((const unsigned char *)text, strnlen(text, UTF8_LEN_MAX), &c);
	*valid = n > 0 && c >= ' ' && c != 0x7f;
	return *valid ? n : 1;
}

static void
put_base64(struct buf *out, const unsigned char *data, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < len; i += 3) {
		unsigned b1 = i + 1 < len ? data[i + 1] : 0, b2 = i + 2 < len ? data[i + 2] : 0;
		unsigned bits = (unsigned)data[i] << 16 | b1 << 8 | b2;
		buf_putc(out, digits[bits >> 18]);
		buf_putc(out, digits[bits >> 12 & 63]);
		buf_putc(out, i + 1 < len ? digits[bits >> 6 & 63] : '=');
		buf_putc(out, i + 2 < len ? digits[bits & 63] : '=');
	}
}

/* A character is never divided between two words (RFC 2047 5). */
static void
put_encoded(struct buf *out, size_t column, const char *text)
{
	const size_t around = sizeof "=?UTF-8?B?" - 1 + sizeof "?=" - 1;
	while (*text != '\0') {
		unsigned char word[WORD_PAYLOAD_MAX];
		size_t n = 0, room = WORD_PAYLOAD_MAX;
		if (column + around + room / 3 * 4 > LINE_MAX_BYTES)
			room = column < 50 ? (LINE_MAX_BYTES - around - column) / 4 * 3 : 6;
		while (*text != '\0') {
			bool valid;
			size_t len = character_len(text, &valid);
			if (n + len > room)
				break;
			memcpy(word + n, valid ? text : "?", len);
			n += len;
			text += len;
		}
		buf_puts(out, "=?UTF-8?B?");
		put_base64(out, word, n);
		buf_puts(out, *text != '\0' ? "?=\r\n " : "?=");
		column = 1;
	}
}

void
mime_header(struct buf *out, const char *name, const char *text)
{
	size_t first = strlen(name) + 2 + strcspn(text, " ");
	buf_printf(out, "%s: ", name);
	if (is_plain(text) && first <= LINE_MAX_BYTES)
		put_folded(out, strlen(name) + 2, text);
	else
		put_encoded(out, strlen(name) + 2, text);
	buf_puts(out, "\r\n");
}

void
mime_address_header(struct buf *out, const char *name, const char *display,
    const char *const *addresses, size_t n)
{
	buf_printf(out, "%s:", name);
	for (size_t i = 0; i < n; i++) {
		if (display[0] != '\0')
			buf_printf(out, " %s <%s>", display, addresses[i]);
		else
			buf_printf(out, " %s", addresses[i]);
		buf_puts(out, i + 1 < n ? ",\r\n" : "\r\n");
	}
}

/* A blank at the end of a line gets lost on some ways, and a dot alone ends the message on broken ones. */
static bool
stands_for_itself(const char *p, bool first)
{
	unsigned char c = (unsigned char)*p;
	if (c == ' ' || c == '\t')
		return p[1] != '\n' && p[1] != '\0';
	if (first && (c == '.' || c == 'F'))
		return c == 'F' ? strncmp(p, "From ", 5) != 0 : false;
	return c > ' ' && c <= '~' && c != '=';
}

void
mime_quoted_printable(struct buf *out, const char *text)
{
	size_t column = 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\n') {
			buf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		bool itself = stands_for_itself(p, column == 0);
		size_t len = itself ? 1 : 3;
		if (column + len > LINE_MAX_BYTES - 1 && p[1] != '\n') {
			buf_puts(out, "=\r\n");
			column = 0;
			itself = stands_for_itself(p, true);
			len = itself ? 1 : 3;
		}
		if (itself)
			buf_putc(out, *p);
		else
			buf_printf(out, "=%02X", (unsigned char)*p);
		column += len;
	}
	if (column > 0)
		buf_puts(out, "\r\n");
}
