#include "test.h"

#include "base/buf.h"
#include "base/mime.h"

static const struct {
	int64_t time_s;
	const char *text;
} dates[] = {
	{ 0, "Thu, 1 Jan 1970 00:00:00 +0000" },
	{ 1790000000, "Mon, 21 Sep 2026 14:13:20 +0000" },
	{ 951782400, "Tue, 29 Feb 2000 00:00:00 +0000" },
	{ 253402300799, "Fri, 31 Dec 9999 23:59:59 +0000" },
};

static void
test_date(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(dates); i++) {
		char out[MIME_DATE_MAX];
		assert_string_equal(mime_date(dates[i].time_s, out), dates[i].text);
	}
}

static const struct {
	const char *text;
	bool good;
} addresses[] = {
	{ "ops@example.com", true },
	{ "first.last+tag@sub.example.com", true },
	{ "root@localhost", true },
	{ "o'hara!#$%&*/=?^_`{|}~-@example.com", true },
	{ "a@EXAMPLE.com", true },
	{ "", false },
	{ "ops", false },
	{ "@example.com", false },
	{ "ops@", false },
	{ "ops@example.com.", false },
	{ "ops@@example.com", false },
	{ "a@b@example.com", false },
	{ ".ops@example.com", false },
	{ "ops.@example.com", false },
	{ "o..ps@example.com", false },
	{ "\"o ps\"@example.com", false },
	{ "ops@exa mple.com", false },
	{ "ops@example.com\r\nRCPT TO:<x@y>", false },
	{ "ops@example.com>", false },
	{ "<ops@example.com>", false },
	{ "Ops <ops@example.com>", false },
	{ "ops@example.com,x@example.com", false },
	{ "\xc3\xb6ps@example.com", false },
	{ "ops@\xc3\xb6.example", false },
	{ "ops@192.0.2.1", false },
	{ "ops@[192.0.2.1]", false },
	{ "ops@-x.example", false },
	{ "x123456789012345678901234567890123456789012345678901234567890123@example.com", true },
	{ "x1234567890123456789012345678901234567890123456789012345678901234@example.com", false },
};

static void
test_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(addresses); i++) {
		ROW(addresses[i].text);
		assert_int_equal(mime_is_address(addresses[i].text), addresses[i].good);
	}
	assert_string_equal(mime_domain("ops@example.com"), "example.com");
	assert_string_equal(mime_domain("ops"), "");
}

static const struct {
	const char *text, *header;
} headers[] = {
	{ "plain", "Subject: plain\r\n" },
	{ "", "Subject: \r\n" },
	{ "a  b", "Subject: =?UTF-8?B?YSAgYg==?=\r\n" },
	/* a line break is no end of the header */
	{ "a\r\nBcc: x@example.com", "Subject: =?UTF-8?B?YT8/QmNjOiB4QGV4YW1wbGUuY29t?=\r\n" },
	{ "a\nb", "Subject: =?UTF-8?B?YT9i?=\r\n" },
	{ "a\tb", "Subject: =?UTF-8?B?YT9i?=\r\n" },
	{ "a\x7f", "Subject: =?UTF-8?B?YT8=?=\r\n" },
	/* what looks encoded is not decoded into something else */
	{ "=?utf-8?q?x?=", "Subject: =?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=\r\n" },
	{ "M\xc3\xbcller", "Subject: =?UTF-8?B?TcO8bGxlcg==?=\r\n" },
	{ "bad \xff\xc3", "Subject: =?UTF-8?B?YmFkID8/?=\r\n" },
	/* overlong, a surrogate, over U+10FFFF: no UTF-8 (RFC 3629) */
	{ "\xe0\x80\xaf", "Subject: =?UTF-8?B?Pz8/?=\r\n" },
	{ "\xed\xa0\x80", "Subject: =?UTF-8?B?Pz8/?=\r\n" },
	{ "\xf4\x90\x80\x80", "Subject: =?UTF-8?B?Pz8/Pw==?=\r\n" },
	{ "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890",
	    "Subject: 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\r\n"
	    " 1234567890\r\n" },
	{ "trailing ", "Subject: =?UTF-8?B?dHJhaWxpbmcg?=\r\n" },
	{ " leading", "Subject: =?UTF-8?B?IGxlYWRpbmc=?=\r\n" },
};

static void
test_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(headers); i++) {
		struct buf out;
		buf_init(&out, 4096);
		ROW(headers[i].text);
		mime_header(&out, "Subject", headers[i].text);
		assert_string_equal(out.data, headers[i].header);
		buf_fini(&out);
	}
}

static void
assert_lines(const char *text, size_t max)
{
	while (*text != '\0') {
		const char *end = strstr(text, "\r\n");
		assert_non_null(end);
		assert_true((size_t)(end - text) <= max);
		assert_null(memchr(text, '\n', (size_t)(end - text)));
		text = end + 2;
	}
}

/* Whatever the text, lines are short and no character is divided between two encoded words. */
static void
test_header_long(void **state)
{
	(void)state;
	static const char *const pieces[] = { "x", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x93\xae",
		" y", "=" };
	for (size_t i = 0; i < N_ELEMENTS(pieces); i++) {
		for (size_t n = 1; n < 300; n += 7) {
			struct buf text, out;
			buf_init(&text, 4096);
			buf_init(&out, 16384);
			for (size_t k = 0; k < n; k++)
				buf_puts(&text, pieces[i]);
			mime_header(&out, "A-Header-With-A-Name-That-Is-Itself-Rather-Long",
			    text.data);
			assert_false(out.failed);
			assert_lines(out.data, 78);
			buf_fini(&text);
			buf_fini(&out);
		}
	}
}

static void
test_addresses(void **state)
{
	(void)state;
	static const char *const to[] = { "a@example.com", "b@example.com" };
	struct buf out;
	buf_init(&out, 1024);
	mime_address_header(&out, "To", "", to, 2);
	mime_address_header(&out, "From", "mailready", to, 1);
	assert_string_equal(out.data,
	    "To: a@example.com,\r\n b@example.com\r\nFrom: mailready <a@example.com>\r\n");
	buf_fini(&out);
}

static const struct {
	const char *text, *body;
} bodies[] = {
	{ "", "" },
	{ "a\n", "a\r\n" },
	{ "a", "a\r\n" },
	{ "a\n\nb\n", "a\r\n\r\nb\r\n" },
	{ "a=b\n", "a=3Db\r\n" },
	{ "end \nend\t\n", "end=20\r\nend=09\r\n" },
	{ "in the middle\n", "in the middle\r\n" },
	{ ".\n..a\n", "=2E\r\n=2E.a\r\n" },
	{ "From here\nFrontier\n", "=46rom here\r\nFrontier\r\n" },
	{ "\xc3\xbc\n", "=C3=BC\r\n" },
	{ "\r\x01\n", "=0D=01\r\n" },
	{ "-- \n", "--=20\r\n" },
	{ "1234567890123456789012345678901234567890123456789012345678901234567890123456\n",
	    "1234567890123456789012345678901234567890123456789012345678901234567890123456\r\n" },
	{ "12345678901234567890123456789012345678901234567890123456789012345678901234567\n",
	    "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n"
	    "67\r\n" },
};

static void
test_quoted_printable(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bodies); i++) {
		struct buf out;
		buf_init(&out, 4096);
		ROW(bodies[i].text);
		mime_quoted_printable(&out, bodies[i].text);
		assert_string_equal(out.data, bodies[i].body);
		buf_fini(&out);
	}
	static const char *const pieces[] = { "x", "\xc3\xbc", " ", "=", ". " };
	for (size_t i = 0; i < N_ELEMENTS(pieces); i++) {
		struct buf text, out;
		buf_init(&text, 4096);
		buf_init(&out, 16384);
		for (size_t k = 0; k < 1000; k++) {
			buf_puts(&text, pieces[i]);
			mime_quoted_printable(&out, text.data);
			assert_lines(out.data, 76);
			buf_reset(&out);
		}
		buf_fini(&text);
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_header_long),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_quoted_printable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
