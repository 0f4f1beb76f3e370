/*
 * Safe text: valid UTF-8 without control bytes, inside its limit, and unchanged the second time.  As
 * a string of JSON it is written as jansson writes it; JSON that is made safe stays the same JSON.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/safe.h"

enum { DOCUMENT_MAX = 1 << 12, GROWTH_MAX = 6 /* an escape for a byte */ };

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

static void
expect_same_json(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	expect(text != NULL);
	struct buf written, dumped;
	buf_init(&written, DOCUMENT_MAX);
	buf_init(&dumped, DOCUMENT_MAX);
	struct jsonw w;
	jsonw_init(&w, &written, false);
	jsonw_string(&w, NULL, text);
	json_t *string = json_safe_string(text);
	json_add(string, JSON_ENCODE_ANY, &dumped);
	expect(!dumped.failed && strcmp(written.data, dumped.data) == 0);
	json_decref(string);
	buf_fini(&dumped);
	buf_fini(&written);
	free(text);
}

/* JSON that is passed on says the same, and is safe. */
static void
expect_json_stays(const uint8_t *data, size_t size)
{
	struct buf safe;
	struct err err;
	json_t *json = json_read((const char *)data, size, &err);
	if (json == NULL)
		return;
	buf_init(&safe, GROWTH_MAX * size);
	safe_add_json(&safe, (const char *)data, size);
	expect_safe(&safe);
	json_t *again = json_read(safe.data, safe.len, &err);
	expect(again != NULL && json_equal(json, again));
	json_decref(again);
	json_decref(json);
	buf_fini(&safe);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	expect_same_json(data, size);
	expect_json_stays(data, size);
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
