/* A line of the files that merge reads. */
#include <assert.h>

#include "run/line_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_line line;
	struct summary summary;
	struct err err = { .code = ERR_NONE };

	summary_init(&summary);
	if (report_line_read((const char *)data, size, &line, &summary, &err) == ERR_NONE) {
		assert(line.ip.family == 4 || line.ip.family == 6);
		assert(line.verdict <= VERDICT_FAIL && summary.n[line.verdict] == 1);
	} else {
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	}
	summary_fini(&summary);
	return 0;
}
