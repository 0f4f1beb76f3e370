/*
 * Whatever is put into a header or a body: short lines of 7-bit text that end in CRLF, no line that
 * a reader could take for another header, a boundary or the end of the message.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mime.h"

enum { MAX = 1 << 22, LINE = 78 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool holds)
{
	if (!holds)
		abort();
}

static void
expect_lines(const struct buf *text, bool header)
{
	expect(!text->failed && strlen(text->data) == text->len);
	for (const char *line = text->data; *line != '\0';) {
		const char *end = strstr(line, "\r\n");
		expect(end != NULL && end - line <= LINE);
		for (const char *c = line; c < end; c++)
			expect((*c >= ' ' && *c <= '~') || (*c == '\t' && !header));
		expect(line == text->data || !header || *line == ' ');
		expect(header || (*line != '.' && strncmp(line, "--=_", 4) != 0));
		line = end + 2;
	}
}

/* A header's blanks alone must not make a line that is empty: it would end the headers. */
static void
expect_no_end(const struct buf *text)
{
	expect(strstr(text->data, "\r\n\r\n") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct buf out;
	if (size > 65536)
		return 0;
	arena_init(&a);
	buf_init(&out, MAX);
	const char *text = arena_strndup(&a, (const char *)data, size);
	mime_header(&out, "Subject", text);
	expect_lines(&out, true);
	expect_no_end(&out);
	buf_reset(&out);
	mime_quoted_printable(&out, text);
	expect_lines(&out, false);
	if (mime_is_address(text)) {
		buf_reset(&out);
		mime_address_header(&out, "From", "mailready", &text, 1);
		expect(strchr(out.data, '\r') == out.data + out.len - 2);
	}
	buf_fini(&out);
	arena_fini(&a);
	return 0;
}
