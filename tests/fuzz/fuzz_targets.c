/* A line of a list of targets. */
#include <assert.h>
#include <string.h>

#include "app/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target_spec spec;
	struct arena arena;
	struct err err = { .code = ERR_NONE };

	arena_init(&arena);
	bool huge = size > 0 && data[size - 1] == '!';
	enum target_line line = target_parse_line((const char *)data, size, huge, &arena, &spec,
	    &err);
	if (line == TARGET_LINE_GOOD) {
		assert((spec.first.family != 0) != (spec.host[0] != '\0'));
		assert(spec.first.family == spec.last.family);
		assert(ip_compare(&spec.first, &spec.last) <= 0);
		assert(target_shard(&spec.first, spec.host, 7) < 7);
	}
	arena_fini(&arena);
	if (line == TARGET_LINE_BAD)
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	return 0;
}
