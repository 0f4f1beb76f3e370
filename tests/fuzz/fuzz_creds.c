/*
 * Credentials files: the first byte says which form.  What is accepted can be signed and sent; what
 * is refused shows no value.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "provider/creds/creds_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct creds *c)
{
	for (size_t i = 0; i < CREDS_FIELDS; i++) {
		const char *value = creds_get(c, (enum creds_field)i);
		assert(strpbrk(value, "\r\n") == NULL);
	}
	if (c->kind == CREDS_KEY) {
		assert(creds_get(c, CREDS_AK)[0] != '\0' && creds_get(c, CREDS_SK)[0] != '\0');
		assert(strpbrk(creds_get(c, CREDS_AK), " \t=,;") == NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const char *text = (const char *)data + 1;
	struct creds c;
	struct err err = { 0 };
	enum err_code code;
	if (data[0] % 3 == 0)
		code = creds_read_profile(&c, "fuzz", text, size - 1, &err);
	else if (data[0] % 3 == 1)
		code = creds_read_hcloud(&c, "fuzz", text, size - 1, NULL, &err);
	else
		code = creds_read_agency(&c, text, size - 1, &err);
	if (code == ERR_NONE)
		check(&c);
	else
		assert(err.text[0] != '\0' && c.kind == CREDS_NONE);
	creds_fini(&c);
	return 0;
}
