/* Domains in a From field: RFC 5322 3.4 and its obsolete forms. */
#include "mail/address.h"

#include "base/arena.h"
#include "test.h"

static const struct {
	const char *name, *text;
	const char *domains; /* with blanks between */
	size_t n_addresses;
	bool broken;
} rows[] = {
	{ "bare", "user@example.com", "example.com", 1, false },
	{ "with a name", "A User <user@Example.COM>", "example.com", 1, false },
	{ "a name in quotes", "\"User, A <x@y.example>\" <user@example.com>", "example.com", 1,
	    false },
	{ "an escaped quote", "\"A \\\" <b@c.example>\" <user@example.com>", "example.com", 1,
	    false },
	{ "a comment", "user@example.com (at (or near) x@y.example)", "example.com", 1, false },
	{ "folded", "\r\n A\r\n <user@\r\n example.com>\r\n", "example.com", 1, false },
	{ "two", "a@example.com, B <b@example.net>", "example.com example.net", 2, false },
	{ "two of one domain", "a@example.com, b@example.com", "example.com", 2, false },
	{ "a group", "Friends: a@example.com, b@example.net;", "example.com example.net", 2,
	    false },
	{ "an empty group", "Undisclosed:;", "", 0, false },
	{ "a route", "<@x.example,@y.example:user@example.com>", "example.com", 1, false },
	{ "a quoted local part", "\"a@b\"@example.com", "example.com", 1, false },
	{ "U-labels",
	    "user@b\xc3\xbc"
	    "cher.example",
	    "xn--bcher-kva.example", 1, false },
	{ "the null path", "<>", "", 1, false },
	{ "an encoded word", "=?utf-8?q?a=40b=2Eexample?= <user@example.com>", "example.com", 1,
	    false },
	{ "nothing", "", "", 0, false },
	{ "no domain", "user", "", 1, true },
	{ "no domain in brackets", "User <user>", "", 1, true },
	{ "an empty domain", "user@", "", 1, true },
	{ "not a name", "user@a..b", "", 1, true },
	{ "an address literal", "user@[192.0.2.1]", "", 1, true },
	{ "CR alone", "user@example.com\rX", "", 1, true },
	{ "two pairs of brackets", "<a@example.com> <b@example.net>", "example.net", 1, true },
	{ "brackets that do not end", "User <user@example.com", "example.com", 1, true },
	{ "a quote that does not end", "\"User <user@example.com>", "", 1, true },
	{ "the name has an @", "user@bank.example <evil@example.net>", "example.net", 1, false },
};

static void
test_domains(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct address_domains d;
		char said[256] = "";
		ROW(rows[i].name);
		arena_init(&a);
		address_domains(&a, rows[i].text, strlen(rows[i].text), &d);
		for (size_t n = 0; n < d.n; n++)
			snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s",
			    n > 0 ? " " : "", d.list[n]);
		assert_string_equal(said, rows[i].domains);
		assert_int_equal(d.n_addresses, rows[i].n_addresses);
		assert_int_equal(d.broken, rows[i].broken);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_domains) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
