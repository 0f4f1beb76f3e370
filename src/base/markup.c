/* Text for HTML and XML: escaped, with bytes that are not text made visible. */
#include "base/markup.h"

#include <string.h>

#include "base/buf.h"
#include "base/link.h"
#include "base/utf8.h"

static const char *
reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* The length of one other character at p. */
static size_t
add_character(struct buf *out, const unsigned char *p, size_t len)
{
	uint32_t c;
	size_t n = utf8_decode(p, len, &c);
	bool control = n == 1 && c != '\n' && (c < 0x20 || c == 0x7f);

	if (n > 0 && !control && c != 0xfffe && c != 0xffff) {
		buf_add(out, p, n);
		return n;
	}
	if (n == 0)
		n = 1;
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "\\x%02x", p[i]);
	return n;
}

void
markup_add(struct buf *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		const char *name = reference(text[i]);
		if (name != NULL) {
			buf_puts(out, name);
			i++;
		} else {
			i += add_character(out, p + i, len - i);
		}
	}
}

void
markup_linked(struct buf *out, const char *text, struct arena *a)
{
	struct link_text part;

	while (link_next(&text, a, &part)) {
		markup_add(out, part.words);
		if (part.url[0] == '\0')
			continue;
		buf_puts(out, "<a rel=\"noreferrer\" href=\"");
		markup_add(out, part.url);
		buf_puts(out, "\">");
		markup_add(out, part.url);
		buf_puts(out, "</a>");
	}
}
