#include "base/inifile.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "test.h"

/* Writes "line[section]key=value;" and refuses the key "bad". */
static enum err_code
record(void *arg, const struct ini_line *line, struct err *err)
{
	struct buf *seen = arg;
	buf_printf(seen, "%d[%s]%s=%s;", line->line, line->section, line->key, line->value);
	if (strcmp(line->key, "bad") == 0)
		return err_set(err, ERR_CONFIG, "unknown key \"%s\"", line->key);
	return ERR_NONE;
}

#define S10 "ssssssssss"
#define S49 S10 S10 S10 S10 "sssssssss"

/* error NULL = read to the end */
static const struct {
	const char *name, *text;
	size_t len;
	const char *seen, *error;
} cases[] = {
#define T(text) (text), sizeof(text) - 1
	{ "nothing", T(""), "", NULL },
	{ "no final newline", T("a=b"), "1[]a=b;", NULL },
	{ "sections", T("[x]\na = b\n\n[y z]\nc: d\n"), "2[x]a=b;5[y z]c=d;", NULL },
	{ "CRLF", T("[x]\r\na = b\r\n"), "2[x]a=b;", NULL },
	{ "UTF-16", T("\xff\xfe[\0x\0]\0"), "",
	    "t.ini: is UTF-16 text; save it as UTF-8 or ASCII" },
	{ "byte order mark", T("\xef\xbb\xbf[x]\na=b\n"), "2[x]a=b;", NULL },
	{ "comments", T("# one\n; two\n[x]\na = b#c ; three\n"), "4[x]a=b#c;", NULL },
	{ "no comment without a blank", T("a =;b\nc = ;d\n"), "1[]a=;b;2[]c=;", NULL },
	{ "the first sign divides", T("a:b=c\nd = e:f ;g=h\n"), "1[]a=b=c;2[]d=e:f;", NULL },
	{ "nothing but a sign", T("=\n"), "1[]=;", NULL },
	{ "blanks of all kinds", T("\v\f\ta\t \r=\v b\f c \r\n"), "1[]a=b\f c;", NULL },
	{ "more behind a heading", T("[x] y\n[ z ] # c\na=b\n"), "3[ z ]a=b;", NULL },
	{ "a comment instead of a bracket", T("[x ;y]\na=b\n"), "",
	    "t.ini:1: expected \"[section]\" or \"key = value\"" },
	{ "a comment instead of a sign", T("a ;=b\n"), "",
	    "t.ini:1: expected \"[section]\" or \"key = value\"" },
	{ "indented key", T("[x]\n\ta = b\n  c = d\n"), "2[x]a=b;3[x]c=d;", NULL },
	{ "empty value", T("a=\n"), "1[]a=;", NULL },
	{ "repeated key", T("a=1\na=2\n"), "1[]a=1;2[]a=2;", NULL },
	{ "section of 49", T("[" S49 "]\na=b\n"), "2[" S49 "]a=b;", NULL },
	{ "a bracket in a value", T("a = [" S49 "s]\n"), "1[]a=[" S49 "s];", NULL },
	{ "no equals sign", T("a=b\n\nword\nc=d\n"), "1[]a=b;",
	    "t.ini:3: expected \"[section]\" or \"key = value\"" },
	{ "section not closed", T("[x\na=b\n"), "",
	    "t.ini:1: expected \"[section]\" or \"key = value\"" },
	{ "a value cannot go on", T("a=b\n  more\n"), "1[]a=b;",
	    "t.ini:2: expected \"[section]\" or \"key = value\"" },
	{ "refused key", T("a=b\nbad=1\nc=d\nbad=2\n"), "1[]a=b;2[]bad=1;",
	    "t.ini:2: unknown key \"bad\"" },
	{ "syntax error behind a refused key", T("bad=1\nword\n"), "1[]bad=1;",
	    "t.ini:1: unknown key \"bad\"" },
	{ "refused key behind a syntax error", T("word\nbad=1\n"), "",
	    "t.ini:1: expected \"[section]\" or \"key = value\"" },
	{ "section of 50", T("a=b\n [" S49 "s]\nc=d\n"), "1[]a=b;",
	    "t.ini:2: the section name is over 49 bytes" },
	{ "section of 50 behind a byte order mark", T("\xef\xbb\xbf[" S49 "s]\nc=d\n"), "",
	    "t.ini:1: the section name is over 49 bytes" },
	{ "NUL byte", T("a=b\nc\0=d\n"), "1[]a=b;", "t.ini:2: the line contains a NUL byte" },
#undef T
};

static void
test_read_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		struct buf seen;
		struct err err = { 0 };
		buf_init(&seen, 1000);
		enum err_code code = ini_read_text("t.ini", cases[i].text, cases[i].len, record,
		    &seen, &err);
		assert_int_equal(code, cases[i].error == NULL ? ERR_NONE : ERR_CONFIG);
		assert_int_equal(code, err.code);
		assert_string_equal(err.text, cases[i].error == NULL ? "" : cases[i].error);
		assert_string_equal(seen.data, cases[i].seen);
		buf_fini(&seen);
	}
}

static void
test_line_length(void **state)
{
	(void)state;
	static const struct {
		size_t len;
		bool good;
	} lines[] = { { 190, true }, { 250, true }, { 1024, true }, { 1025, false },
		{ 5000, false } };
	for (size_t i = 0; i < N_ELEMENTS(lines); i++) {
		char text[5001];
		memset(text, 'v', lines[i].len);
		text[0] = 'k';
		text[1] = '=';
		text[lines[i].len] = '\n';
		struct buf seen;
		struct err err = { 0 };
		buf_init(&seen, 10000);
		enum err_code code = ini_read_text("t.ini", text, lines[i].len + 1, record, &seen,
		    &err);
		assert_int_equal(code, lines[i].good ? ERR_NONE : ERR_CONFIG);
		if (lines[i].good)
			assert_int_equal(seen.len, strlen("1[]k=;") + lines[i].len - 2);
		else
			assert_string_equal(err.text, "t.ini:1: the line is over 1024 bytes");
		buf_fini(&seen);
	}
}

static void
test_file_size(void **state)
{
	(void)state;
	enum { LIMIT = 1024 * 1024 };
	struct err err = { 0 };
	char *text = malloc(LIMIT + 1);
	assert_non_null(text);
	memset(text, '\n', LIMIT + 1);
	assert_int_equal(ini_read_text("t.ini", text, LIMIT, record, NULL, &err), ERR_NONE);
	assert_int_equal(ini_read_text("t.ini", text, LIMIT + 1, record, NULL, &err), ERR_CONFIG);
	assert_string_equal(err.text, "t.ini: over the limit of 1 MiB");
	free(text);
}

static void
test_read_file(void **state)
{
	(void)state;
	char path[] = "/tmp/mailready-test-ini-XXXXXX", expected[100];
	static const char text[] = "[x]\nbad = 1\n";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);

	struct buf seen;
	struct err err = { 0 };
	buf_init(&seen, 100);
	assert_int_equal(ini_read_file(path, record, &seen, &err), ERR_CONFIG);
	assert_string_equal(seen.data, "2[x]bad=1;");
	snprintf(expected, sizeof expected, "%s:2: unknown key \"bad\"", path);
	assert_string_equal(err.text, expected);
	unlink(path);

	assert_int_equal(ini_read_file(path, record, &seen, &err), ERR_NOINPUT);
	snprintf(expected, sizeof expected, "%s: No such file or directory", path);
	assert_string_equal(err.text, expected);
	buf_fini(&seen);

	assert_int_equal(ini_read_file("/dev/zero", record, NULL, &err), ERR_CONFIG);
	assert_string_equal(err.text, "/dev/zero: over the limit of 1048576 bytes");
}

static void
test_nearest(void **state)
{
	(void)state;
	static const char *const known[] = { "zone", "families", "codes", "scope", "removal",
		"url" };
	static const struct {
		const char *word, *near; /* "" = none */
	} words[] = {
		{ "zone", "zone" },
		{ "zoen", "zone" },
		{ "zones", "zone" },
		{ "familys", "families" },
		{ "famlies", "families" },
		{ "code", "codes" },
		{ "removel", "removal" },
		{ "remuvel", "removal" },
		{ "ulr", "url" },
		{ "xy", "" },
		{ "", "" },
		{ "colour", "" },
		{ S49 S49, "" },
	};
	for (size_t i = 0; i < N_ELEMENTS(words); i++) {
		ROW(words[i].word);
		const char *near = ini_nearest(words[i].word, known, N_ELEMENTS(known));
		assert_string_equal(near == NULL ? "" : near, words[i].near);
	}
	assert_null(ini_nearest("zone", known, 0));
}

struct heard {
	char text[200];
};

static enum err_code
hear(void *arg, const struct ini_line *line, struct err *err)
{
	struct heard *h = arg;
	size_t len = strlen(h->text);
	snprintf(h->text + len, sizeof h->text - len, "%d:[%s]%s ", line->line, line->section,
	    line->key);
	return strcmp(line->section, "no") == 0 ? err_set(err, ERR_DATA, "not this") : ERR_NONE;
}

/* Headings and keys come in the file's order, headings without keys too. */
static void
test_sections(void **state)
{
	(void)state;
	static const struct {
		const char *text, *heard, *error;
	} files[] = {
		{ "a=1\n[x]\n [y] \nb=2\n[y]\n", "1:[]a 2:[x] 3:[y] 4:[y]b 5:[y] ", "" },
		{ "[x]\r\n;[c]\nk = [v]\n[]\n", "1:[x] 3:[x]k 4:[] ", "" },
		{ "\xef\xbb\xbf[x]", "1:[x] ", "" },
		{ "\xef\xbb\xbf\xef\xbb\xbf[x]", "", "f:1: expected" },
		{ "\r\v\f[x]\nk=v\n", "1:[x] 2:[x]k ", "" },
		{ "[x]\n[no]\n[y]\n", "1:[x] 2:[no] ", "f:2: not this" },
		{ "[no]\nbroken\n", "1:[no] ", "f:1: not this" },
		{ "broken\n[x]\n", "", "f:1: expected" },
	};
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		struct heard h = { "" };
		struct err err = { 0 };
		const char *text = files[i].text;
		ROW(text);
		enum err_code code = ini_read_sections("f", text, strlen(text), hear, hear, &h,
		    &err);
		assert_string_equal(h.text, files[i].heard);
		assert_int_equal(code == ERR_NONE, files[i].error[0] == '\0');
		if (code != ERR_NONE)
			assert_non_null(strstr(err.text, files[i].error));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_text),
		cmocka_unit_test(test_line_length),
		cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_read_file),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
