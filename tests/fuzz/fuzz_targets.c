/* A line of a list of targets. */
#include <assert.h>
#include <string.h>

#include "app/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target_spec spec;
	struct err err = { .code = ERR_NONE };

	enum target_line line = target_parse_line((const char *)data, size, &spec, &err);
	if (line == TARGET_LINE_GOOD)
		assert((spec.ip.family != 0) != (spec.host[0] != '\0'));
	if (line == TARGET_LINE_BAD)
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	return 0;
}
