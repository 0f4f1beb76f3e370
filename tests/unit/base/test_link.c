/* Web addresses in texts. */
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/link.h"
#include "base/markup.h"

static const struct {
	const char *name, *text;
	const char *urls[3];
} rows[] = {
	{ "none", "ask for removal", { NULL } },
	{ "nothing at all", "", { NULL } },
	{ "alone", "https://zen.example/remove", { "https://zen.example/remove" } },
	{ "without the full stop", "See https://zen.example/remove.",
	    { "https://zen.example/remove" } },
	{ "in brackets", "here (http://a.example/?q=1&r=2), or", { "http://a.example/?q=1&r=2" } },
	{ "two", "https://a.example and https://b.example/x: both",
	    { "https://a.example", "https://b.example/x" } },
	{ "a scheme alone", "https:// is not one, https://.", { NULL } },
	{ "within a word", "xhttps://a.example", { NULL } },
	{ "an attribute of strangers", "<a href=https://evil.example>x</a>", { NULL } },
	{ "ends before a quote", "https://a.example/\"onclick=x", { "https://a.example/" } },
	{ "ends before markup", "https://a.example/<b>", { "https://a.example/" } },
	{ "another scheme", "javascript://a.example ftp://a.example", { NULL } },
	{ "no host", "https:///etc", { NULL } },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const char *rest = rows[i].text;
		struct link_text part;
		struct arena a;
		struct buf whole;
		size_t n = 0;
		ROW(rows[i].name);
		arena_init(&a);
		buf_init(&whole, 1000);
		while (link_next(&rest, &a, &part)) {
			buf_puts(&whole, part.words);
			buf_puts(&whole, part.url);
			if (part.url[0] != '\0')
				assert_string_equal(part.url, rows[i].urls[n++]);
		}
		assert_null(rows[i].urls[n]);
		assert_string_equal(whole.data, rows[i].text);
		buf_fini(&whole);
		arena_fini(&a);
	}
}

static void
test_html(void **state)
{
	(void)state;
	struct arena a;
	struct buf out;
	arena_init(&a);
	buf_init(&out, 1000);
	markup_linked(&out, "<b> https://a.example/?q=1&r=2, then", &a);
	assert_string_equal(out.data,
	    "&lt;b&gt; <a rel=\"noreferrer\" href=\"https://a.example/?q=1&amp;r=2\">"
	    "https://a.example/?q=1&amp;r=2</a>, then");
	buf_fini(&out);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_html),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
