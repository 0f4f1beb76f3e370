/* A list of targets, line by line, for check and for fix. */
#include <assert.h>
#include <string.h>

#include "gather/targets.h"
#include "repair/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum target_line
read_target(struct target_reader *r, const char *line, size_t len)
{
	struct target_spec spec;
	struct arena arena;
	struct err err = { .code = ERR_NONE };
	arena_init(&arena);
	enum target_line kind = target_parse_line(r, line, len, &arena, &spec, &err);
	if (kind == TARGET_LINE_GOOD) {
		assert(spec.first.family != 0 || spec.names.host[0] != '\0');
		assert(spec.first.family == spec.last.family);
		assert(ip_compare(&spec.first, &spec.last) <= 0);
		assert(target_shard(&spec.first, spec.names.host, 7) < 7);
	}
	if (kind >= TARGET_LINE_BAD)
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	arena_fini(&arena);
	return kind;
}

static enum target_line
read_repair(struct target_reader *r, const char *line, size_t len)
{
	static struct fix_spec fix;
	struct arena arena;
	struct err err = { .code = ERR_NONE };
	arena_init(&arena);
	enum target_line kind = fix_parse_line(r, line, len, &arena, &fix, &err);
	if (kind == TARGET_LINE_GOOD)
		assert(fix.ip.family != 0 && fix.n_names > 0 && fix.n_names <= PROVIDER_NAMES_MAX);
	if (kind >= TARGET_LINE_BAD)
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	assert(kind != TARGET_LINE_WORDS);
	arena_fini(&arena);
	return kind;
}

typedef enum target_line read_line(struct target_reader *r, const char *line, size_t len);

static void
read_list(struct target_reader r, read_line *read, const char *at, const char *end)
{
	enum target_line kind = TARGET_LINE_BLANK;
	while (at < end && kind != TARGET_LINE_STOP) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline != NULL ? newline : end) - at);
		kind = read(&r, at, len);
		at += len + (newline != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	bool huge = size > 0 && data[size - 1] == '!';
	read_list((struct target_reader){ .huge = huge }, read_target, text, text + size);
	read_list((struct target_reader){ .words = true }, read_repair, text, text + size);
	return 0;
}
