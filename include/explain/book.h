/*
 * The code book: which reply means what.  Data, not code: data/replies.ini, whose head describes the
 * format, and the files of machine and user that add to it.  Pure but for book_open().
 */
#ifndef MAILREADY_EXPLAIN_BOOK_H
#define MAILREADY_EXPLAIN_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "explain/reply.h"
#include "report/explain.h"

struct book;
struct phrases;

struct book_provider {
	const char *id, *name;
	const char *family; /* providers of one family share their rows, and this pointer */
	const char *mark;   /* phrases, by " | ", with case; "" */
	const char *mx;     /* names and *.names, by blanks; "" */
	const char *greeting;
	bool general; /* software or a list that any receiver may use */
	int line;
	const struct phrases *marks, *greetings;
};

struct book_cause {
	const char *id, *title, *check, *remedy;
	enum explain_who who;
	int line;
};

struct book_row {
	const char *id;
	const char *provider, *code, *status, *words;
	const char *cause, *or_cause;
	const char *means, *check, *remedy, *list, *source, *date;
	int who; /* enum explain_who; -1 while it is read: that of the cause */
	enum explain_sure sure;
	int64_t wait_s;
	int line;
	const struct book_provider *from;
	const struct book_cause *class;
	bool registered; /* of the registry of codes, and of nobody's software */
	const struct phrases *phrases;
};

enum { BOOK_ROWS_MAX = 4000, BOOK_FILES_MAX = 3 };

struct book *book_new(void);
void book_free(struct book *b); /* NULL is accepted */

/*
 * Adds one file; a section whose name an earlier file has replaces it.  ERR_CONFIG with file and line: an
 * unknown key, a name that is there twice in one file, a value that is not one.
 */
enum err_code book_read_text(struct book *b, const char *name, const char *text, size_t len,
    struct err *err) MUST_CHECK;

/* The same of a file; also ERR_NOINPUT and ERR_IO. */
enum err_code book_read_file(struct book *b, const char *path, struct err *err) MUST_CHECK;

/*
 * After the last file: every row is complete, its provider and its classes exist.  ERR_CONFIG names the
 * section otherwise.  Nothing may be asked of the book before.
 */
enum err_code book_finish(struct book *b, struct err *err) MUST_CHECK;

/* The shipped book, the machine's and the user's; *out is the caller's to free, also after an error. */
enum err_code book_open(struct book **out, struct err *err) MUST_CHECK;

/* All of it, for tests and listings. */
const struct book_row *book_rows(const struct book *b, size_t *n);
const struct book_provider *book_providers(const struct book *b, size_t *n);
const struct book_cause *book_causes(const struct book *b, size_t *n);

/*
 * Fills the part of the explanation that the book knows, and the reply's.  The provider is recognised by
 * the mark of the text, the MX host, the greeting, the words, in this order.  Registered codes count only
 * when no row of a provider or of software does; without any row the cause is "unknown".  Strings live in
 * the book, in the reply and in a.
 */
void book_explain(const struct book *b, const struct reply *r, struct arena *a,
    struct explanation *out);

/* Has any row of a provider or of software, not of the registry alone, this code and status? */
bool book_has_code(const struct book *b, int code, const char *status);

/* Is the phrase in the text?  # is a digit, \# that sign; a letter or digit at its end ends a word. */
bool book_phrase_in(const char *text, const char *phrase, size_t len, bool fold);

#endif
