#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "provider/rfc2136/tsig_key_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A key that is read is usable; one that is refused leaves nothing behind. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tsig_key key;
	struct err err;

	if (tsig_key_parse("fuzz", (const char *)data, size, &key, &err) == ERR_NONE) {
		uint8_t wire[NAME_WIRE_MAX];
		assert(key.name[0] != '\0' && name_to_wire(key.name, wire) > 0);
		assert(tsig_algorithm_known(key.algorithm));
		assert(strlen(key.secret) % 4 == 0 && key.secret[0] != '\0');
	} else {
		assert(key.secret[0] == '\0');
	}
	return 0;
}
