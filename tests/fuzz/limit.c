/*
 * Stands before every fuzz target (-Wl,--wrap): an input that takes more of the processor than its size
 * can explain is a finding, as one that takes too much memory is.  The limit is far above what any input
 * takes with sanitizers, and far below what grows with the square of an input.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cpu_limit.h"
#include "limit.h"

enum { INPUT_MS = 2000 };

int __real_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned slowest_ms;

static void
say(void)
{
	fprintf(stderr, "slowest input: %u ms of the processor\n", slowest_ms);
}

int
__wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int said;

	if (!said++)
		(void)atexit(say);
	cpu_limit_start(&fuzz_input_ms != NULL ? fuzz_input_ms : INPUT_MS);
	int result = __real_LLVMFuzzerTestOneInput(data, size);
	unsigned ms = cpu_limit_stop();
	slowest_ms = ms > slowest_ms ? ms : slowest_ms;
	return result;
}
