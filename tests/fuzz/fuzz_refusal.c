/* Replies, lines of logs and bounces, from anybody: bounded, and nobody's address is left in a masked text. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "explain/input.h"
#include "report/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
look(void *arg, const struct reply *r, const char *file, size_t line)
{
	struct arena *a = arg;
	assert(r->code == 0 || (r->code >= 200 && r->code <= 599));
	assert(strlen(r->status) < REPLY_STATUS_MAX && strlen(r->text) <= REPLY_TEXT_MAX);
	assert(strpbrk(r->text, "\n\r") == NULL);
	assert(r->host != NULL && r->stage != NULL && r->ehlo != NULL);
	assert(strchr(r->sender, '@') == NULL && strchr(r->recipient, '@') == NULL);
	assert(r->address.family == 0 || r->address.family == 4 || r->address.family == 6);
	assert(line > 0 && strcmp(file, "fuzz") == 0);
	const char *masked = explain_masked(a, r->text);
	assert(strlen(masked) <= strlen(r->text));
	arena_reset(a);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err err = { .code = ERR_NONE };
	struct input_count count = { .lines = 0 };
	arena_init(&a);
	const struct input_options o = { .now_s = 1796019980, .found = look, .arg = &a };
	if (input_read_text("fuzz", (const char *)data, size, &o, &count, &err) != ERR_NONE)
		assert(err.code == ERR_DATA && strncmp(err.text, "fuzz:", 5) == 0);
	arena_fini(&a);
	return 0;
}
