#include "base/markup.h"

#include "base/buf.h"
#include "test.h"

static const struct {
	const char *name, *text, *markup;
} cases[] = {
	{ "plain", "mail.example.com", "mail.example.com" },
	{ "nothing", "", "" },
	{ "element", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
	{ "out of an attribute", "\" onclick='x' ", "&quot; onclick=&#39;x&#39; " },
	{ "reference", "&lt;", "&amp;lt;" },
	{ "end of CDATA", "]]>", "]]&gt;" },
	{ "line end stays", "a\nb", "a\nb" },
	{ "control bytes", "\t\r\x1b[0m\x01\x7f", "\\x09\\x0d\\x1b[0m\\x01\\x7f" },
	{ "letters", "\xc3\xbc \xf0\x9f\x93\xac", "\xc3\xbc \xf0\x9f\x93\xac" },
	{ "bare byte", "a\xff", "a\\xff" },
	{ "cut sequence", "\xe5\x85", "\\xe5\\x85" },
	{ "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "U+FFFE", "\xef\xbf\xbe", "\\xef\\xbf\\xbe" },
	{ "U+FFFF", "\xef\xbf\xbf", "\\xef\\xbf\\xbf" },
	{ "U+FFFD passes", "\xef\xbf\xbd", "\xef\xbf\xbd" },
};

static void
test_markup(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct buf out;
		ROW(cases[i].name);
		buf_init(&out, 1000);
		markup_add(&out, cases[i].text);
		assert_string_equal(out.data, cases[i].markup);
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_markup) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
