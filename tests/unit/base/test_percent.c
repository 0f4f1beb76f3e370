#include "test.h"

#include "base/buf.h"
#include "base/percent.h"

static const struct {
	const char *name, *text, *kept, *expected;
	size_t len; /* of text, when it holds NUL */
} rows[] = {
	{ "unreserved", "AZaz09-._~", "", "AZaz09-._~", 0 },
	{ "reserved", "/?#[]@!$&'()*+,;=:", "",
	    "%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A", 0 },
	{ "the rest", " \"%\\\x7f", "", "%20%22%25%5C%7F", 0 },
	{ "beyond ASCII", "\xc3\xbc\xff", "", "%C3%BC%FF", 0 },
	{ "kept", "a/b c", "/", "a/b%20c", 0 },
	{ "NUL is never kept", "a\0b", "/", "a%00b", 3 },
	{ "nothing", "", "", "", 0 },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct buf out;
		buf_init(&out, 200);
		ROW(rows[i].name);
		percent_add(&out, rows[i].text,
		    rows[i].len > 0 ? rows[i].len : strlen(rows[i].text), rows[i].kept);
		assert_string_equal(out.data, rows[i].expected);
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
