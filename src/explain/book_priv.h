/* The code book inside. */
#ifndef MAILREADY_EXPLAIN_BOOK_PRIV_H
#define MAILREADY_EXPLAIN_BOOK_PRIV_H

#include "base/arena.h"
#include "base/map.h"
#include "explain/book.h"

/* Where a section's content is: an index, because arrays grow. */
struct book_section {
	const char *name, *id;
	enum { SECTION_PROVIDER, SECTION_CAUSE, SECTION_ROW } kind;
	size_t at;
	unsigned file; /* number of the last file that has it, from 1 */
	int line;
};

struct book {
	struct arena arena;
	struct book_provider *providers;
	struct book_cause *causes;
	struct book_row *rows;
	size_t n_providers, cap_providers, n_causes, cap_causes, n_rows, cap_rows;
	const struct book_cause *unknown;
	/* while it is read */
	struct map sections;
	const struct book_section *current;
	uint64_t seen;
	unsigned n_files;
	const char *files[BOOK_FILES_MAX + 1]; /* their names, from 1 */
};

#endif
