/* Writes text into URLs. */
#include "base/percent.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

/* Not isalnum(): a locale must not change what is sent. */
static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-._~", c) != NULL);
}

void
percent_add(struct buf *out, const char *text, size_t len, const char *kept)
{
	for (size_t i = 0; i < len; i++) {
		if (is_unreserved(text[i]) || (text[i] != '\0' && strchr(kept, text[i]) != NULL))
			buf_putc(out, text[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
	}
}
