/*
 * Files of the vendors' own tools: the first byte says whose, the first line behind it is the name that a
 * variable chooses.  Reading ends, what is wrong has a sentence, and a token is there only without an error.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "provider/rest/rest_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 16 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rest_file *files[FILES_MAX];
	size_t n = 0;
	for (size_t i = 0; i < providers_n; i++)
		if (providers_all[i]->rest != NULL && providers_all[i]->rest->file != NULL)
			files[n++] = providers_all[i]->rest->file;
	const char *text = (const char *)data + 1;
	const char *end = size == 0 ? NULL : memchr(text, '\n', size - 1);
	if (end == NULL)
		return 0;
	assert(n > 0);
	struct arena a;
	struct rest_found found;
	struct err err = { .text = "" };
	arena_init(&a);
	const char *wanted = arena_strndup(&a, text, (size_t)(end - text));
	enum err_code code = rest_file_read_text(files[data[0] % n], "fuzz", end + 1,
	    size - 1 - (size_t)(end + 1 - text), wanted, &a, &found, &err);
	assert(code == ERR_NONE || code == ERR_NOINPUT || err.text[0] != '\0');
	assert((code == ERR_NONE) == (found.token != NULL && found.token[0] != '\0'));
	assert(strpbrk(err.text, "\r\n\033") == NULL);
	secret_free(found.token);
	arena_fini(&a);
	return 0;
}
