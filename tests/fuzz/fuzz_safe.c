/* Safe text: valid UTF-8 without control bytes, inside its limit, and unchanged the second time. */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/safe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool holds)
{
	if (!holds)
		abort();
}

static void
expect_safe(const struct buf *text)
{
	expect(!text->failed && strlen(text->data) == text->len);
	for (size_t i = 0; i < text->len; i++)
		expect((unsigned char)text->data[i] >= 0x20 && text->data[i] != 0x7f);
	/* jansson checks UTF-8 on its own */
	json_t *string = json_string(text->data);
	expect(string != NULL);
	json_decref(string);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = size == 0 ? 0 : data[0];
	struct buf once, twice;
	buf_init(&once, room + strlen("..."));
	buf_init(&twice, room + strlen("..."));
	safe_add(&once, (const char *)data, size, room);
	expect_safe(&once);
	safe_add(&twice, once.data, once.len, room);
	expect(strcmp(once.data, twice.data) == 0);
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
