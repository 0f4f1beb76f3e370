/*
 * The codes that our own texts quote are in the code book: a correction there is one line, and this test
 * names the texts that have to follow it.
 */
#include "test.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "explain/book.h"

static const char *const places[] = { "src/checks/*.c", "data/lists/*.ini",
	"data/generic-ptr.ini" };

enum { FILE_MAX = 1 << 20 };

/* "550 5.7.25" at p: its code and status; false when there is something else. */
static bool
quoted_at(const char *text, const char *p, int *code, char status[REPLY_STATUS_MAX])
{
	if ((p > text && isalnum((unsigned char)p[-1])) || (*p != '4' && *p != '5') ||
	    !isdigit((unsigned char)p[1]) || !isdigit((unsigned char)p[2]) || p[3] != ' ')
		return false;
	size_t len = strspn(p + 4, "0123456789.");
	while (len > 0 && p[3 + len] == '.')
		len--;
	if (len < 5 || len >= REPLY_STATUS_MAX || (p[4] != '4' && p[4] != '5') || p[5] != '.')
		return false;
	memcpy(status, p + 4, len);
	status[len] = '\0';
	*code = atoi(p);
	return true;
}

static size_t
check_file(const struct book *b, const char *path)
{
	struct buf text;
	struct err err;
	size_t n = 0;
	ROW(path);
	buf_init(&text, FILE_MAX);
	assert_int_equal(file_read(path, &text, &err), ERR_NONE);
	for (const char *p = text.data; *p != '\0'; p++) {
		char status[REPLY_STATUS_MAX];
		int code;
		if (!quoted_at(text.data, p, &code, status))
			continue;
		if (!book_has_code(b, code, status))
			fail_msg("%s quotes %d %s, which no row of data/replies.ini has", path,
			    code, status);
		n++;
	}
	buf_fini(&text);
	return n;
}

static void
test_quoted(void **state)
{
	struct book *b = book_new();
	struct err err = { .code = ERR_NONE };
	size_t n = 0;
	(void)state;
	assert_int_equal(book_read_file(b, "data/replies.ini", &err), ERR_NONE);
	assert_int_equal(book_finish(b, &err), ERR_NONE);
	for (size_t i = 0; i < N_ELEMENTS(places); i++) {
		glob_t found;
		assert_int_equal(glob(places[i], 0, NULL, &found), 0);
		for (size_t k = 0; k < found.gl_pathc; k++)
			n += check_file(b, found.gl_pathv[k]);
		globfree(&found);
	}
	assert_true(n >= 15);
	book_free(b);
}

static void
test_has_code(void **state)
{
	static const struct {
		int code;
		const char *status;
		bool has;
	} rows[] = {
		{ 550, "5.7.25", true },
		{ 451, "4.7.23", true },
		{ 421, "4.7.23", false },
		{ 450, "4.7.25", true },
		{ 550, "5.7.620", true },
		{ 550, "5.7.650", false },
	};
	struct book *b = book_new();
	struct err err = { .code = ERR_NONE };
	(void)state;
	assert_int_equal(book_read_file(b, "data/replies.ini", &err), ERR_NONE);
	assert_int_equal(book_finish(b, &err), ERR_NONE);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].status);
		assert_int_equal(book_has_code(b, rows[i].code, rows[i].status), rows[i].has);
	}
	book_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_has_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
