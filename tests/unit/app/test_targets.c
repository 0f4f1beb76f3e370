#include "test.h"

#include "app/targets.h"

struct row {
	const char *name, *line;
	enum target_line result;
	const char *address, *host, *ehlo, *domain;
	const char *error; /* a word that the message must hold */
};

static const struct row rows[] = {
	{ "IPv4", "203.0.113.25\n", TARGET_LINE_GOOD, "203.0.113.25", "", "", "", NULL },
	{ "IPv6", "2001:DB8::25", TARGET_LINE_GOOD, "2001:db8::25", "", "", "", NULL },
	{ "mapped IPv4", "::ffff:203.0.113.25", TARGET_LINE_GOOD, "203.0.113.25", "", "", "", NULL },
	{ "host", "Mail.Example.COM.", TARGET_LINE_GOOD, NULL, "mail.example.com", "", "", NULL },
	{ "IDN host", "m\xc3\xbcller.example", TARGET_LINE_GOOD, NULL, "xn--mller-kva.example", "", "", NULL },
	{ "with EHLO name", "203.0.113.25 Mail.example", TARGET_LINE_GOOD, "203.0.113.25", "", "Mail.example", "", NULL },
	{ "with domain", "203.0.113.25\tmail.example  example", TARGET_LINE_GOOD, "203.0.113.25", "", "mail.example", "example", NULL },
	{ "comment behind", " 203.0.113.25 # the old one\r\n", TARGET_LINE_GOOD, "203.0.113.25", "", "", "", NULL },
	{ "blank", "  \t\r\n", TARGET_LINE_BLANK, NULL, NULL, NULL, NULL, NULL },
	{ "only a comment", "# 203.0.113.25\n", TARGET_LINE_BLANK, NULL, NULL, NULL, NULL, NULL },
	{ "an octet too large", "203.0.113.256", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "203.0.113.256" },
	{ "three octets", "203.0.113", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "203.0.113" },
	{ "five octets", "203.0.113.25.1", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "203.0.113.25.1" },
	{ "broken IPv6", "2001:db8:::25", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "2001:db8:::25" },
	{ "a block", "203.0.113.0/24", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "block" },
	{ "a single label", "mailserver", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "mailserver" },
	{ "a mail address", "postmaster@example.com", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "expected" },
	{ "four words", "203.0.113.25 a.example b.example c", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "too many" },
	{ "escape sequence is shown safely", "\x1b[31m", TARGET_LINE_BAD, NULL, NULL, NULL, NULL, "\\x1b" },
};

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct target_spec spec;
		struct err err = { .code = ERR_NONE };
		char text[IP_TEXT_MAX];

		ROW(row->name);
		assert_int_equal(target_parse_line(row->line, strlen(row->line), &spec, &err), row->result);
		if (row->result == TARGET_LINE_BAD) {
			assert_int_equal(err.code, ERR_DATA);
			if (strstr(err.text, row->error) == NULL)
				fail_msg("\"%s\" is not in: %s", row->error, err.text);
		}
		if (row->result != TARGET_LINE_GOOD)
			continue;
		if (row->address != NULL)
			assert_string_equal(ip_format(&spec.ip, text), row->address);
		else
			assert_int_equal(spec.ip.family, 0);
		assert_string_equal(spec.host, row->host);
		assert_string_equal(spec.ehlo, row->ehlo);
		assert_string_equal(spec.domain, row->domain);
	}
}

static void
test_line_limits(void **state)
{
	static char line[TARGET_LINE_MAX + 1];
	struct target_spec spec;
	struct err err;

	(void)state;
	memset(line, 'a', sizeof line);
	assert_int_equal(target_parse_line(line, sizeof line, &spec, &err), TARGET_LINE_BAD);
	assert_int_equal(target_parse_line("203.0.113.25\0x", 14, &spec, &err), TARGET_LINE_BAD);
	assert_non_null(strstr(err.text, "NUL"));
	assert_int_equal(target_parse_line("", 0, &spec, &err), TARGET_LINE_BLANK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_line_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
