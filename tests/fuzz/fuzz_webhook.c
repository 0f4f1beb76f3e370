/*
 * A webhook's template and, after a NUL, what it is filled with: a template that is good makes good JSON
 * and headers that are strings.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "notify/template_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fill(json_t *document, const struct webhook_template *about, const json_t *values)
{
	struct err err;
	struct filled filled;
	const struct filling with = { .values = values, .key = "k", .topic = "t" };
	if (template_fill(document, about, &with, &filled, &err) == ERR_NONE) {
		json_t *back = json_loads(filled.body, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
		    NULL);
		assert(back != NULL);
		json_decref(back);
		for (void *at = json_object_iter(filled.headers); at != NULL;
		     at = json_object_iter_next(filled.headers, at))
			assert(json_is_string(json_object_iter_value(at)));
	} else {
		assert(err.code == ERR_CONFIG);
	}
	filled_free(&filled);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(data, '\0', size) : NULL;
	size_t len = end != NULL ? (size_t)(end - text) : size;
	struct webhook_template about;
	struct err err;
	json_t *document = template_parse("fuzz", text, len, &about, &err);
	if (document == NULL) {
		assert(err.code == ERR_CONFIG && strncmp(err.text, "fuzz:", 5) == 0);
		return 0;
	}
	json_t *values = end != NULL ? json_read(end + 1, size - len - 1, &err) : NULL;
	fill(document, &about, values);
	json_decref(values);
	json_decref(document);
	return 0;
}
