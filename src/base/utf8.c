/* Decodes UTF-8, strictly; and what stands at the beginning of files of text. */
#include "base/utf8.h"

#include <string.h>

/* Bytes that a UTF-8 sequence with this first byte has; 0 when none starts so (RFC 3629 4). */
static size_t
sequence_len(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

size_t
utf8_decode(const unsigned char *p, size_t len, uint32_t *c)
{
	static const uint32_t shortest[] = { 0, 0, 0x80, 0x800, 0x10000 };

	size_t n = sequence_len(p[0]);
	if (n == 0 || n > len)
		return 0;
	*c = n == 1 ? p[0] : p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < shortest[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return n;
}

size_t
utf8_count(const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

void
utf8_skip_mark(const char **text, size_t *len)
{
	static const char mark[] = "\xef\xbb\xbf";
	const size_t mark_len = sizeof mark - 1;
	if (*len < mark_len || memcmp(*text, mark, mark_len) != 0)
		return;
	*text += mark_len;
	*len -= mark_len;
}

bool
utf8_is_utf16(const char *text, size_t len)
{
	return len >= 2 &&
	    (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
		(text[0] == '\0') != (text[1] == '\0'));
}
