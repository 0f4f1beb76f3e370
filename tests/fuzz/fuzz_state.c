/* The state file of a run that is continued: what is read can be written, and says the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "run/done_priv.h"
#include "run/state_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_state(const struct state *s, struct buf *out)
{
	state_put_begin(out);
	for (size_t i = 0; i < s->n_about; i++)
		state_put_about(out, s->about[i].key, s->about[i].value);
	for (size_t i = 0; i < s->n_points; i++)
		state_put_point(out, &s->points[i], i == 0);
}

static void
check_again(const struct state *s, struct arena *a)
{
	struct buf text;
	struct state again;
	struct err err;

	buf_init(&text, 1 << 24);
	put_state(s, &text);
	enum err_code code = state_parse(text.data, text.len, a, &again, &err);
	assert(code == ERR_NONE);
	(void)code;
	assert(again.n_points == s->n_points && again.n_about == s->n_about);
	for (size_t i = 0; i < s->n_points; i++) {
		assert(again.points[i].offset == s->points[i].offset);
		assert(strcmp(again.points[i].ranges, s->points[i].ranges) == 0);
	}
	buf_fini(&text);
}

/* A fuzzer does not find checksums: the lines of the input get theirs here. */
static void
put_checked(const char *text, size_t size, struct buf *out)
{
	for (const char *line = text, *end; line < text + size; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + size - line));
		if (end == NULL)
			end = text + size;
		uint64_t sum = hash_add(HASH_START, line, (size_t)(end - line));
		buf_add(out, line, (size_t)(end - line));
		buf_printf(out, " #%08x\n", (unsigned)(sum ^ sum >> 32));
	}
}

static void
try(const char *text, size_t size)
{
	struct arena arena;
	struct state state;
	struct err err = { .code = ERR_NONE };
	struct done *done = calloc(1, sizeof *done);

	assert(done != NULL);
	arena_init(&arena);
	if (state_parse(text, size, &arena, &state, &err) == ERR_NONE) {
		check_again(&state, &arena);
		for (size_t i = 0; i < state.n_points; i++)
			(void)done_read(done, state.points[i].ranges);
		(void)done_count(done);
	} else {
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	}
	arena_fini(&arena);
	free(done);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf checked;

	buf_init(&checked, 1 << 24);
	try((const char *)data, size);
	put_checked((const char *)data, size, &checked);
	try(checked.data, checked.len);
	buf_fini(&checked);
	return 0;
}
