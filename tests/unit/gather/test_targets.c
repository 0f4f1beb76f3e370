#include "test.h"

#include "gather/targets.h"

struct row {
	const char *name, *line;
	enum target_line result;
	const char *address, *host, *ehlo, *domain; /* address: "first" or "first last" */
	const char *error;                          /* a word that the message must hold */
};

static const struct row rows[] = {
	{ "IPv4", .line = "203.0.113.25\n", .result = TARGET_LINE_GOOD, .address = "203.0.113.25",
	    .host = "", .ehlo = "", .domain = "" },
	{ "IPv6", .line = "2001:DB8::25", .result = TARGET_LINE_GOOD, .address = "2001:db8::25",
	    .host = "", .ehlo = "", .domain = "" },
	{ "mapped IPv4", .line = "::ffff:203.0.113.25", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "", .domain = "" },
	{ "host", .line = "Mail.Example.COM.", .result = TARGET_LINE_GOOD,
	    .host = "mail.example.com", .ehlo = "", .domain = "" },
	{ "IDN host", .line = "m\xc3\xbcller.example", .result = TARGET_LINE_GOOD,
	    .host = "xn--mller-kva.example", .ehlo = "", .domain = "" },
	{ "with EHLO name", .line = "203.0.113.25 Mail.example", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "Mail.example", .domain = "" },
	{ "byte order mark",
	    .line = "\xef\xbb\xbf"
		    "203.0.113.25",
	    .result = TARGET_LINE_GOOD, .address = "203.0.113.25", .host = "", .ehlo = "",
	    .domain = "" },
	{ "byte order mark alone", .line = "\xef\xbb\xbf", .result = TARGET_LINE_BLANK },
	{ "with domain", .line = "203.0.113.25\tmail.example  example", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "mail.example", .domain = "example" },
	{ "comment behind", .line = " 203.0.113.25 # the old one\r\n", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "", .domain = "" },
	{ "blank", .line = "  \t\r\n", .result = TARGET_LINE_BLANK },
	{ "only a comment", .line = "# 203.0.113.25\n", .result = TARGET_LINE_BLANK },
	{ "an octet too large", .line = "203.0.113.256", .result = TARGET_LINE_BAD,
	    .error = "203.0.113.256" },
	{ "three octets", .line = "203.0.113", .result = TARGET_LINE_BAD, .error = "203.0.113" },
	{ "five octets", .line = "203.0.113.25.1", .result = TARGET_LINE_BAD,
	    .error = "203.0.113.25.1" },
	{ "broken IPv6", .line = "2001:db8:::25", .result = TARGET_LINE_BAD,
	    .error = "2001:db8:::25" },
	{ "a block", .line = "203.0.113.0/24", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.0 203.0.113.255", .host = "", .ehlo = "", .domain = "" },
	{ "a block of odd size", .line = "203.0.113.8/30 mail.example", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.8 203.0.113.11", .host = "", .ehlo = "mail.example",
	    .domain = "" },
	{ "a block of one", .line = "203.0.113.9/32", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.9", .host = "", .ehlo = "", .domain = "" },
	{ "the largest block", .line = "10.0.0.0/8", .result = TARGET_LINE_GOOD,
	    .address = "10.0.0.0 10.255.255.255", .host = "", .ehlo = "", .domain = "" },
	{ "too large a block", .line = "10.0.0.0/7", .result = TARGET_LINE_BAD, .error = "--huge" },
	{ "an IPv6 block", .line = "2001:db8::/120", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8:: 2001:db8::ff", .host = "", .ehlo = "", .domain = "" },
	{ "the largest IPv6 block", .line = "2001:db8::/104", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8:: 2001:db8::ff:ffff", .host = "", .ehlo = "", .domain = "" },
	{ "too large an IPv6 block", .line = "2001:db8::/103", .result = TARGET_LINE_BAD,
	    .error = "/104" },
	{ "a block with host bits", .line = "203.0.113.7/24", .result = TARGET_LINE_BAD,
	    .error = "first address" },
	{ "a prefix too long", .line = "203.0.113.7/33", .result = TARGET_LINE_BAD,
	    .error = "/32" },
	{ "an IPv6 prefix too long", .line = "2001:db8::/129", .result = TARGET_LINE_BAD,
	    .error = "/128" },
	{ "a prefix with a sign", .line = "203.0.113.0/+24", .result = TARGET_LINE_BAD,
	    .error = "prefix" },
	{ "no prefix", .line = "203.0.113.0/", .result = TARGET_LINE_BAD, .error = "prefix" },
	{ "a mask", .line = "203.0.113.0/255.255.255.0", .result = TARGET_LINE_BAD,
	    .error = "prefix" },
	{ "a range", .line = "203.0.113.250-203.0.114.3", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.250 203.0.114.3", .host = "", .ehlo = "", .domain = "" },
	{ "a range with blanks", .line = "203.0.113.25 - 203.0.113.27", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25 203.0.113.27", .host = "", .ehlo = "", .domain = "" },
	{ "a range with blanks, and an EHLO name", .line = "2001:db8::1 - 2001:db8::2 mail.example",
	    .result = TARGET_LINE_GOOD, .address = "2001:db8::1 2001:db8::2", .host = "",
	    .ehlo = "mail.example", .domain = "" },
	{ "a range with a blank before its dash", .line = "203.0.113.25 -203.0.113.27",
	    .result = TARGET_LINE_BAD, .error = "\"-203.0.113.27\" is not an EHLO name" },
	{ "a range with a blank after its dash", .line = "203.0.113.25- 203.0.113.27",
	    .result = TARGET_LINE_BAD, .error = "203.0.113.25-" },
	{ "a dash for no EHLO name", .line = "203.0.113.25 - example.com",
	    .result = TARGET_LINE_BAD, .error = "\"-\" is not an EHLO name" },
	{ "a dash between names", .line = "a.example - b.example", .result = TARGET_LINE_BAD,
	    .error = "\"-\" is not an EHLO name" },
	{ "a dash at the end", .line = "203.0.113.25 -", .result = TARGET_LINE_BAD,
	    .error = "a range is written as" },
	{ "a range of one", .line = "203.0.113.7-203.0.113.7", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.7", .host = "", .ehlo = "", .domain = "" },
	{ "an IPv6 range", .line = "2001:db8::fffe-2001:db8::1:1", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::fffe 2001:db8::1:1", .host = "", .ehlo = "", .domain = "" },
	{ "the largest range", .line = "10.0.0.1-11.0.0.0", .result = TARGET_LINE_GOOD,
	    .address = "10.0.0.1 11.0.0.0", .host = "", .ehlo = "", .domain = "" },
	{ "too large a range", .line = "10.0.0.1-11.0.0.1", .result = TARGET_LINE_BAD,
	    .error = "--huge" },
	{ "too large an IPv6 range", .line = "2001:db8::-2001:db8::1:0:0",
	    .result = TARGET_LINE_BAD, .error = "/104" },
	{ "a range backwards", .line = "203.0.113.9-203.0.113.8", .result = TARGET_LINE_BAD,
	    .error = "lower" },
	{ "a range of two families", .line = "203.0.113.9-2001:db8::1", .result = TARGET_LINE_BAD,
	    .error = "one family" },
	{ "half a range", .line = "203.0.113.9-12", .result = TARGET_LINE_BAD,
	    .error = "after the hyphen" },
	{ "a host with hyphens", .line = "mail-1.a-b.example", .result = TARGET_LINE_GOOD,
	    .host = "mail-1.a-b.example", .ehlo = "", .domain = "" },
	{ "a host with a slash", .line = "mail.example/24", .result = TARGET_LINE_BAD,
	    .error = "not an IPv4 or IPv6 address" },
	{ "a single label", .line = "mailserver", .result = TARGET_LINE_BAD,
	    .error = "mailserver" },
	{ "a mail address", .line = "postmaster@example.com", .result = TARGET_LINE_BAD,
	    .error = "host name with a domain" },
	{ "four words", .line = "203.0.113.25 a.example b.example c", .result = TARGET_LINE_BAD,
	    .error = "too many" },
	{ "escape sequence is shown safely", .line = "\x1b[31m", .result = TARGET_LINE_BAD,
	    .error = "\\x1b" },
};

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct target_spec spec;
		struct err err = { .code = ERR_NONE };
		char first[IP_TEXT_MAX], last[IP_TEXT_MAX], text[2 * IP_TEXT_MAX];
		struct arena arena;

		ROW(row->name);
		arena_init(&arena);
		assert_int_equal(target_parse_line(row->line, strlen(row->line), false, &arena,
				     &spec, &err),
		    row->result);
		if (row->result == TARGET_LINE_BAD) {
			assert_int_equal(err.code, ERR_DATA);
			if (strstr(err.text, row->error) == NULL)
				fail_msg("\"%s\" is not in: %s", row->error, err.text);
		}
		if (row->result == TARGET_LINE_GOOD) {
			bool many = !ip_equal(&spec.first, &spec.last);
			snprintf(text, sizeof text, "%s%s%s", ip_format(&spec.first, first),
			    many ? " " : "", many ? ip_format(&spec.last, last) : "");
			assert_string_equal(spec.first.family != 0 ? text : "",
			    row->address != NULL ? row->address : "");
			assert_int_equal(target_is_many(&spec), many || row->address == NULL);
			assert_string_equal(spec.names.host, row->host);
			assert_string_equal(spec.names.ehlo, row->ehlo);
			assert_string_equal(spec.names.domain, row->domain);
		}
		arena_fini(&arena);
	}
}

static void
test_line_limits(void **state)
{
	static char line[TARGET_LINE_MAX + 1];
	struct target_spec spec;
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena);
	memset(line, 'a', sizeof line);
	assert_int_equal(target_parse_line(line, sizeof line, false, &arena, &spec, &err),
	    TARGET_LINE_BAD);
	assert_int_equal(target_parse_line("203.0.113.25\0x", 14, false, &arena, &spec, &err),
	    TARGET_LINE_BAD);
	assert_non_null(strstr(err.text, "NUL"));
	assert_int_equal(target_parse_line("", 0, false, &arena, &spec, &err), TARGET_LINE_BLANK);
	assert_int_equal(target_parse_word("0.0.0.0/0", true, &arena, &spec, &err), ERR_NONE);
	assert_int_equal(target_parse_word("::/0", true, &arena, &spec, &err), ERR_DATA);
	arena_fini(&arena);
}

static void
test_next(void **state)
{
	static const struct {
		const char *address, *next;
	} cases[] = {
		{ "203.0.113.1", "203.0.113.2" },
		{ "203.0.255.255", "203.1.0.0" },
		{ "255.255.255.255", "0.0.0.0" },
		{ "2001:db8::ffff", "2001:db8::1:0" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct ip ip;
		char text[IP_TEXT_MAX];
		ROW(cases[i].address);
		assert_true(ip_parse(cases[i].address, &ip));
		target_ip_next(&ip);
		assert_string_equal(ip_format(&ip, text), cases[i].next);
	}
}

/* Stable across releases, or the shards of a run that is half done no longer fit; and even. */
static void
test_shards(void **state)
{
	static const struct {
		const char *address, *host;
		unsigned of16;
	} cases[] = {
		{ "203.0.113.1", "", 0 },
		{ "203.0.113.2", "", 2 },
		{ "2001:db8::1", "", 14 },
		{ NULL, "mail.example.com", 9 },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct ip ip = { .family = 0 };
		ROW(cases[i].address != NULL ? cases[i].address : cases[i].host);
		if (cases[i].address != NULL)
			assert_true(ip_parse(cases[i].address, &ip));
		assert_int_equal(target_shard(&ip, cases[i].host, 16), cases[i].of16);
	}
	size_t n[16] = { 0 };
	struct ip ip;
	assert_true(ip_parse("198.51.0.0", &ip));
	for (size_t i = 0; i < 65536; i++, target_ip_next(&ip))
		n[target_shard(&ip, "", 16)]++;
	for (size_t i = 0; i < 16; i++)
		assert_in_range(n[i], 3700, 4500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_line_limits),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_shards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
