/* Who the mail is from, by the words of the target. */
#include "views/sender.h"

#include "base/arena.h"
#include "test.h"

static const struct {
	const char *name;
	const char *mail_from, *from, *domain; /* as given; NULL: not */
	enum sender_source source;
	const char *sender, *sender_domain, *from_domain;
} rows[] = {
	{ "nothing", NULL, NULL, NULL, SENDER_NONE, "", "", "" },
	{ "an address", "a.b@Example.COM", NULL, NULL, SENDER_GIVEN, "a.b@Example.COM",
	    "example.com", "" },
	{ "a domain", "bounce.example.net", NULL, NULL, SENDER_GIVEN,
	    "postmaster@bounce.example.net", "bounce.example.net", "" },
	{ "no local part", "@example.net", NULL, NULL, SENDER_GIVEN, "postmaster@example.net",
	    "example.net", "" },
	{ "as in SMTP", "<a@example.com>", NULL, NULL, SENDER_GIVEN, "a@example.com", "example.com",
	    "" },
	{ "an at sign in the local part", "\"a@b\"@example.com", NULL, NULL, SENDER_GIVEN,
	    "\"a@b\"@example.com", "example.com", "" },
	{ "empty", "", NULL, NULL, SENDER_EMPTY, "", "", "" },
	{ "empty, as in SMTP", "<>", "example.com", NULL, SENDER_EMPTY, "", "", "example.com" },
	{ "From stands for MAIL FROM", NULL, "Example.com.", NULL, SENDER_FROM,
	    "postmaster@example.com", "example.com", "example.com" },
	{ "so does domain", NULL, NULL, "example.com", SENDER_FROM, "postmaster@example.com",
	    "example.com", "example.com" },
	{ "From before domain", NULL, "a.example", "b.example", SENDER_FROM, "postmaster@a.example",
	    "a.example", "a.example" },
	{ "both", "x@bounce.example.net", "example.com", "b.example", SENDER_GIVEN,
	    "x@bounce.example.net", "bounce.example.net", "example.com" },
	{ "an address in brackets is not a domain", "a@[192.0.2.1]", NULL, NULL, SENDER_GIVEN,
	    "a@[192.0.2.1]", "", "" },
	{ "one label", "a@localhost", NULL, NULL, SENDER_GIVEN, "a@localhost", "", "" },
	{ "an empty label", "a@b..example", NULL, NULL, SENDER_GIVEN, "a@b..example", "", "" },
	{ "an international domain", "a@m\xc3\xbcller.example", NULL, NULL, SENDER_GIVEN,
	    "a@m\xc3\xbcller.example", "xn--mller-kva.example", "" },
};

static void
test_sender(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct sender_view v;
		struct target t = { .names = { .host = "",
					.ehlo = "",
					.domain = rows[i].domain != NULL ? rows[i].domain : "",
					.mail_from = rows[i].mail_from,
					.from = rows[i].from } };
		ROW(rows[i].name);
		arena_init(&a);
		sender_read(&t, &a, &v);
		assert_int_equal(v.source, rows[i].source);
		assert_string_equal(v.mail_from, rows[i].sender);
		assert_string_equal(v.mail_from_domain, rows[i].sender_domain);
		assert_string_equal(v.from_domain, rows[i].from_domain);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sender) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
