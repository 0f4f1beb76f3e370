/* The table of provider naming patterns, and names matched against it. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "views/generic_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
	"",
	"mail.example.com",
	"ecs-203-0-113-25.compute.example.com",
	"static.25.113.0.203.clients.your-server.example",
};

/* What groups and counts cost is a matter of the C library's regcomp(3), not of this program. */
static bool
is_cheap(const struct generic_table *t)
{
	size_t n;
	const struct generic_row *rows = generic_table_rows(t, &n);
	for (size_t i = 0; i < n; i++)
		if (strpbrk(rows[i].pattern, "(){}*+\\") != NULL || strlen(rows[i].pattern) > 64)
			return false;
	return true;
}

static void
match(const struct generic_table *t)
{
	struct err err = { .code = ERR_NONE };
	enum err_code code = generic_table_compile_all(t, &err);
	assert(code == ERR_NONE || err.text[0] != '\0');
	(void)code;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct generic_row *row = generic_table_match(t, names[i]);
		assert((row != NULL) == (generic_table_count(t, names[i]) > 0));
		(void)row;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct generic_table *t = NULL;
	struct err err = { .code = ERR_NONE };
	enum err_code code = generic_table_read_text("fuzz", (const char *)data, size, &t, &err);
	assert((code == ERR_NONE) == (t != NULL));
	if (t == NULL) {
		assert(err.code == code && err.text[0] != '\0');
		return 0;
	}
	for (int list = 0; list < GENERIC_WORDS_N; list++)
		(void)generic_table_has_word(t, (enum generic_words)list, "mail", 4);
	if (is_cheap(t))
		match(t);
	generic_table_free(t);
	return 0;
}
