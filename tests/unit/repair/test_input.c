/* Lists of addresses and the names that they are to have: words, and tables. */
#include "test.h"

#include "repair/repair.h"

/* A list of lines; what the last one is read as. */
struct row {
	const char *name;
	const char *lines[3];
	enum target_line result;
	const char *address, *names; /* all names, with blanks between */
	const char *error;           /* words that the message must hold */
};

static const struct row rows[] = {
	{ "words", { "203.0.113.25 mail.example.com" }, .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .names = "mail.example.com" },
	{ "four names of one address", { "203.0.113.25 a.example b.example c.example d.example" },
	    .result = TARGET_LINE_GOOD, .address = "203.0.113.25",
	    .names = "a.example b.example c.example d.example" },
	{ "words with a comment and a mark", { "\xef\xbb\xbf[203.0.113.25] Mail.Example.COM. # x" },
	    .result = TARGET_LINE_GOOD, .address = "203.0.113.25", .names = "mail.example.com" },
	{ "a header", { "ip,host" }, .result = TARGET_LINE_BLANK },
	{ "a table", { "ip,host", "203.0.113.25,mail.example.com" }, .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .names = "mail.example.com" },
	{ "a table with semicolons, an EHLO name and a column that is not used",
	    { "note;helo;address", "\"old; slow\";mail.example.com;2001:db8::25" },
	    .result = TARGET_LINE_GOOD, .address = "2001:db8::25", .names = "mail.example.com" },
	{ "host and EHLO name are the same",
	    { "ip,host,helo", "203.0.113.25,mail.example.com,MAIL.example.com." },
	    .result = TARGET_LINE_GOOD, .address = "203.0.113.25", .names = "mail.example.com" },
	{ "host and EHLO name differ",
	    { "ip,host,helo", "203.0.113.25,mail.example.com,mx.example.com" },
	    .result = TARGET_LINE_BAD, .error = "mx.example.com differ" },
	{ "a row without a name", { "ip,host,helo", "203.0.113.25,," }, .result = TARGET_LINE_BAD,
	    .error = "no name in this row" },
	{ "a row without an address", { "ip,host", ",mail.example.com" }, .result = TARGET_LINE_BAD,
	    .error = "no address" },
	{ "a row with a block", { "ip,helo", "203.0.113.0/24,mail.example.com" },
	    .result = TARGET_LINE_BAD, .error = "one address" },
	{ "two columns of the same", { "ip,address,host" }, .result = TARGET_LINE_STOP,
	    .error = "mean the same" },
	{ "words after words are not a header", { "203.0.113.25 a.example", "ip,host" },
	    .result = TARGET_LINE_BAD, .error = "not an IP address" },
	{ "a name without an address", { "mail.example.com" }, .result = TARGET_LINE_BAD,
	    .error = "not an IP address" },
	{ "a block of words", { "203.0.113.0/24 mail.example.com" }, .result = TARGET_LINE_BAD,
	    .error = "is a block" },
	{ "an address alone", { "203.0.113.25" }, .result = TARGET_LINE_BAD,
	    .error = "no name after the address" },
	{ "UTF-16",
	    { "\xff\xfe"
	      "2" },
	    .result = TARGET_LINE_STOP, .error = "UTF-16" },
};

static void
check_row(const struct row *row)
{
	struct target_reader reader = { .words = true };
	struct fix_spec spec;
	struct arena a;
	struct err err = { .code = ERR_NONE };
	enum target_line kind = TARGET_LINE_STOP;
	arena_init(&a);
	for (size_t i = 0; i < 3 && row->lines[i] != NULL; i++)
		kind = fix_parse_line(&reader, row->lines[i], strlen(row->lines[i]), &a, &spec,
		    &err);
	assert_int_equal(kind, row->result);
	if (row->error != NULL)
		assert_non_null(strstr(err.text, row->error));
	if (kind == TARGET_LINE_GOOD) {
		char address[IP_TEXT_MAX];
		const char *names = spec.names[0];
		ip_format(&spec.ip, address);
		assert_string_equal(address, row->address);
		for (size_t i = 1; i < spec.n_names; i++)
			names = arena_printf(&a, "%s %s", names, spec.names[i]);
		assert_string_equal(names, row->names);
	}
	arena_fini(&a);
}

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("# %s\n", rows[i].name);
		check_row(&rows[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
