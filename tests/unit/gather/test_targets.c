#include "test.h"

#include "gather/targets.h"

struct row {
	const char *name, *line;
	enum target_line result;
	const char *address, *host, *ehlo, *domain; /* address: "first" or "first last" */
	const char *error;                          /* a word that the message must hold */
};

static const struct row rows[] = {
	{ "IPv4", "203.0.113.25\n", TARGET_LINE_GOOD, "203.0.113.25", "", "", "", NULL },
	{ "IPv6", "2001:DB8::25", TARGET_LINE_GOOD, "2001:db8::25", "", "", "", NULL },
	{ "mapped IPv4", "::ffff:203.0.113.25", TARGET_LINE_GOOD, "203.0.113.25", "", "", "",
	    NULL },
	{ "host", "Mail.Example.COM.", TARGET_LINE_GOOD, NULL, "mail.example.com", "", "", NULL },
	{ "IDN host", "m\xc3\xbcller.example", TARGET_LINE_GOOD, NULL, "xn--mller-kva.example", "",
	    "", NULL },
	{ "with EHLO name", "203.0.113.25 Mail.example", TARGET_LINE_GOOD, "203.0.113.25", "",
	    "Mail.example", "", NULL },
	{ "with domain", "203.0.113.25\tmail.example  example", TARGET_LINE_GOOD, "203.0.113.25",
	    "", "mail.example", "example", NULL },
	{ "comment behind", " 203.0.113.25 # the old one\r\n", TARGET_LINE_GOOD, "203.0.113.25", "",
	    "", "", NULL },
	{ "blank", "  \t\r\n", TARGET_LINE_BLANK, NULL, NULL, NULL, NULL, NULL },
	{ "only a comment", "# 203.0.113.25\n", TARGET_LINE_BLANK, NULL, NULL, NULL, NULL, NULL },
	{ "an octet too large", "203.0.113.256", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "203.0.113.256" },
	{ "three octets", "203.0.113", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "203.0.113" },
	{ "five octets", "203.0.113.25.1", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "203.0.113.25.1" },
	{ "broken IPv6", "2001:db8:::25", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "2001:db8:::25" },
	{ "a block", "203.0.113.0/24", TARGET_LINE_GOOD, "203.0.113.0 203.0.113.255", "", "", "",
	    NULL },
	{ "a block of odd size", "203.0.113.8/30 mail.example", TARGET_LINE_GOOD,
	    "203.0.113.8 203.0.113.11", "", "mail.example", "", NULL },
	{ "a block of one", "203.0.113.9/32", TARGET_LINE_GOOD, "203.0.113.9", "", "", "", NULL },
	{ "the largest block", "10.0.0.0/8", TARGET_LINE_GOOD, "10.0.0.0 10.255.255.255", "", "",
	    "", NULL },
	{ "too large a block", "10.0.0.0/7", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "--huge" },
	{ "an IPv6 block", "2001:db8::/120", TARGET_LINE_GOOD, "2001:db8:: 2001:db8::ff", "", "",
	    "", NULL },
	{ "the largest IPv6 block", "2001:db8::/104", TARGET_LINE_GOOD,
	    "2001:db8:: 2001:db8::ff:ffff", "", "", "", NULL },
	{ "too large an IPv6 block", "2001:db8::/103", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "/104" },
	{ "a block with host bits", "203.0.113.7/24", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "first address" },
	{ "a prefix too long", "203.0.113.7/33", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "/32" },
	{ "an IPv6 prefix too long", "2001:db8::/129", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "/128" },
	{ "a prefix with a sign", "203.0.113.0/+24", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "prefix" },
	{ "no prefix", "203.0.113.0/", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "prefix" },
	{ "a mask", "203.0.113.0/255.255.255.0", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "prefix" },
	{ "a range", "203.0.113.250-203.0.114.3", TARGET_LINE_GOOD, "203.0.113.250 203.0.114.3", "",
	    "", "", NULL },
	{ "a range of one", "203.0.113.7-203.0.113.7", TARGET_LINE_GOOD, "203.0.113.7", "", "", "",
	    NULL },
	{ "an IPv6 range", "2001:db8::fffe-2001:db8::1:1", TARGET_LINE_GOOD,
	    "2001:db8::fffe 2001:db8::1:1", "", "", "", NULL },
	{ "the largest range", "10.0.0.1-11.0.0.0", TARGET_LINE_GOOD, "10.0.0.1 11.0.0.0", "", "",
	    "", NULL },
	{ "too large a range", "10.0.0.1-11.0.0.1", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "--huge" },
	{ "too large an IPv6 range", "2001:db8::-2001:db8::1:0:0", TARGET_LINE_BAD, NULL, NULL,
	    NULL, NULL, "/104" },
	{ "a range backwards", "203.0.113.9-203.0.113.8", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "lower" },
	{ "a range of two families", "203.0.113.9-2001:db8::1", TARGET_LINE_BAD, NULL, NULL, NULL,
	    NULL, "one family" },
	{ "half a range", "203.0.113.9-12", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "after the hyphen" },
	{ "a host with hyphens", "mail-1.a-b.example", TARGET_LINE_GOOD, NULL, "mail-1.a-b.example",
	    "", "", NULL },
	{ "a host with a slash", "mail.example/24", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "not an IPv4 or IPv6 address" },
	{ "a single label", "mailserver", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "mailserver" },
	{ "a mail address", "postmaster@example.com", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "host name with a domain" },
	{ "four words", "203.0.113.25 a.example b.example c", TARGET_LINE_BAD, NULL, NULL, NULL,
	    NULL, "too many" },
	{ "escape sequence is shown safely", "\x1b[31m", TARGET_LINE_BAD, NULL, NULL, NULL, NULL,
	    "\\x1b" },
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
			assert_string_equal(spec.host, row->host);
			assert_string_equal(spec.ehlo, row->ehlo);
			assert_string_equal(spec.domain, row->domain);
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
