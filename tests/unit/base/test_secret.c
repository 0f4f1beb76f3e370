#include "test.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

static char path[] = "/tmp/mailready-secret.XXXXXX";

static const struct {
	const char *name, *content;
	mode_t mode;
	enum err_code code;
	const char *part; /* of the secret, or of the error */
} rows[] = {
	{ "a line", "s3cret\n", 0600, ERR_NONE, "s3cret" },
	{ "no line end", "s3cret", 0400, ERR_NONE, "s3cret" },
	{ "the first line", "one\r\ntwo\n", 0600, ERR_NONE, "one" },
	{ "blanks belong to it", " a b \n", 0600, ERR_NONE, " a b " },
	{ "a group may read", "s3cret\n", 0640, ERR_NOPERM, "chmod 600" },
	{ "everybody may read", "s3cret\n", 0604, ERR_NOPERM, "chmod 600" },
	{ "a group may write", "s3cret\n", 0620, ERR_NOPERM, "chmod 600" },
	{ "empty", "", 0600, ERR_CONFIG, "first line" },
	{ "an empty line", "\ns3cret\n", 0600, ERR_CONFIG, "first line" },
	{ "a control byte",
	    "s3\x1b"
	    "cret\n",
	    0600, ERR_CONFIG, "control byte" },
};

static void
fill(const char *content, mode_t mode)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(content, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct err err = { 0 };
		char *secret;
		ROW(rows[i].name);
		fill(rows[i].content, rows[i].mode);
		assert_int_equal(secret_line_read(path, &secret, &err), rows[i].code);
		if (rows[i].code == ERR_NONE) {
			assert_string_equal(secret, rows[i].part);
		} else {
			assert_null(secret);
			assert_non_null(strstr(err.text, rows[i].part));
			assert_non_null(strstr(err.text, path));
			assert_null(strstr(err.text, "cret\n"));
		}
		secret_free(secret);
	}
}

static void
test_length(void **state)
{
	(void)state;
	static char text[SECRET_LINE_MAX + 2];
	struct err err;
	char *secret;
	memset(text, 'x', SECRET_LINE_MAX);
	fill(text, 0600);
	assert_int_equal(secret_line_read(path, &secret, &err), ERR_NONE);
	assert_int_equal(strlen(secret), SECRET_LINE_MAX);
	secret_free(secret);
	text[SECRET_LINE_MAX] = 'x';
	fill(text, 0600);
	assert_int_equal(secret_line_read(path, &secret, &err), ERR_CONFIG);
}

static void
test_no_file(void **state)
{
	(void)state;
	struct err err;
	char *secret;
	assert_int_equal(secret_line_read("/nonexistent/x", &secret, &err), ERR_NOINPUT);
	assert_int_equal(secret_line_read("/tmp", &secret, &err), ERR_CONFIG);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(secret_line_read(path, &secret, &err), ERR_CONFIG);
	secret_free(NULL);
	unlink(path);
}

/* What another program keeps is read as it is; a file without end must not fill the memory. */
static void
test_file(void **state)
{
	(void)state;
	struct secret_file f;
	struct err err;
	fill("two\nlines\n", 0600);
	assert_int_equal(secret_file_read(&f, path, &err), ERR_NONE);
	assert_string_equal(f.text, "two\nlines\n");
	assert_int_equal(f.len, 10);
	assert_int_equal(f.exposed_mode, 0);
	secret_file_free(&f);
	assert_null(f.text);
	fill("x", 0640);
	assert_int_equal(secret_file_read(&f, path, &err), ERR_NONE);
	assert_int_equal(f.exposed_mode, 0640);
	secret_file_free(&f);
	assert_int_equal(truncate(path, SECRET_FILE_MAX + 1), 0);
	assert_int_equal(secret_file_read(&f, path, &err), ERR_CONFIG);
	assert_non_null(strstr(err.text, "over the limit"));
	assert_null(f.text);
}

static void
test_no_file_at_all(void **state)
{
	(void)state;
	struct secret_file f;
	struct err err;
	assert_int_equal(secret_file_read(&f, "/nonexistent/x", &err), ERR_NOINPUT);
	assert_int_equal(secret_file_read(&f, "/dev/null/x", &err), ERR_NOINPUT);
	assert_int_equal(secret_file_read(&f, "/tmp", &err), ERR_CONFIG);
	unlink(path);
	assert_int_equal(symlink(path, path), 0);
	assert_int_equal(secret_file_read(&f, path, &err), ERR_CONFIG);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(secret_file_read(&f, path, &err), ERR_CONFIG);
	assert_non_null(strstr(err.text, "not a file"));
}

static void
test_no_core(void **state)
{
	(void)state;
	secret_protect();
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_no_file_at_all),
		cmocka_unit_test(test_no_core),
	};
	close(mkstemp(path));
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
