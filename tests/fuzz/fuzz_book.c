/* The code book, from users: what is read without error is whole, and explains any reply. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "explain/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same bytes as a book and as the reply that it explains. */
static void
explain(const struct book *b, const char *text, size_t len)
{
	struct arena a;
	struct reply r;
	struct explanation e;
	arena_init(&a);
	(void)reply_read(text, len, &a, &r);
	book_explain(b, &r, &a, &e);
	assert(e.cause[0] != '\0' && e.remedy[0] != '\0' && e.n_others <= EXPLAIN_OTHERS_MAX);
	assert((e.rule[0] == '\0') == (e.means[0] == '\0'));
	arena_fini(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char unknown[] = "[cause.unknown]\ntitle = x\ncheck = none\nremedy = y\n";
	struct err err = { .code = ERR_NONE };
	struct book *b = book_new();
	size_t n;
	if (book_read_text(b, "base", unknown, sizeof unknown - 1, &err) == ERR_NONE &&
	    book_read_text(b, "fuzz", (const char *)data, size, &err) == ERR_NONE &&
	    book_finish(b, &err) == ERR_NONE) {
		const struct book_row *rows = book_rows(b, &n);
		for (size_t i = 0; i < n; i++)
			assert(rows[i].from != NULL && rows[i].class != NULL &&
			    rows[i].remedy[0] != '\0');
		explain(b, (const char *)data, size);
	} else {
		assert(err.code == ERR_CONFIG && err.text[0] != '\0');
	}
	book_free(b);
	return 0;
}
