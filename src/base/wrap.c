/* Breaks text into lines at blanks. */
#include "base/wrap.h"

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
