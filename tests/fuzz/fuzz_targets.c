/* A line of a list of targets, for check and for fix. */
#include <assert.h>
#include <string.h>

#include "gather/targets.h"
#include "repair/repair.h"

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
		assert((spec.first.family != 0) != (spec.names.host[0] != '\0'));
		assert(spec.first.family == spec.last.family);
		assert(ip_compare(&spec.first, &spec.last) <= 0);
		assert(target_shard(&spec.first, spec.names.host, 7) < 7);
	}
	arena_fini(&arena);
	static struct fix_spec fix;
	enum target_line repair = fix_parse_line((const char *)data, size, &fix, &err);
	if (repair == TARGET_LINE_GOOD)
		assert(fix.ip.family != 0 && fix.n_names > 0 && fix.n_names <= PROVIDER_NAMES_MAX);
	assert((repair == TARGET_LINE_BLANK) == (line == TARGET_LINE_BLANK));
	if (line == TARGET_LINE_BAD)
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	return 0;
}
