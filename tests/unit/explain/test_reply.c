/* Replies as people and programs have them: what is read out of them. */
#include "test.h"

#include "base/arena.h"
#include "explain/reply.h"

static const struct row {
	const char *name, *in;
	bool found;
	int code;
	const char *status, *text, *stage, *host, *address;
} rows[] = {
	{ "a reply", "550 5.7.25 No PTR for [203.0.113.25]", true, 550, "5.7.25",
	    "No PTR for [203.0.113.25]", "", "", "203.0.113.25" },
	{ "without status", "554 no", true, 554, "", "no", "", "", "" },
	{ "code alone", "421", true, 421, "", "", "", "", "" },
	{ "three lines",
	    "550-5.7.25 [203.0.113.25] The address\n550-5.7.25 has no PTR.\n550 5.7.25 See it - "
	    "gsmtp",
	    true, 550, "5.7.25", "[203.0.113.25] The address has no PTR. See it - gsmtp", "", "",
	    "203.0.113.25" },
	{ "three lines, CRLF, no status", "554-One\r\n554-two\r\n554 three\r\n", true, 554, "",
	    "One two three", "", "", "" },
	{ "lines joined by blanks, codes left in (Postfix)",
	    "host gmail-smtp-in.l.google.com[192.0.2.1] said: 550-5.7.1 [203.0.113.25] Our system "
	    "550-5.7.1 has seen "
	    "550 5.7.1 mail. (in reply to end of DATA command)",
	    true, 550, "5.7.1", "[203.0.113.25] Our system has seen mail.", "end-of-data",
	    "gmail-smtp-in.l.google.com", "203.0.113.25" },
	{ "lines joined by the two characters of Exim",
	    "SMTP error from remote mail server after RCPT TO:<a@b.example>: 550-One\\n550 two",
	    true, 550, "", "One two", "rcpt", "", "" },
	{ "a greeting that refuses (Postfix)",
	    "host mx.example[192.0.2.1] refused to talk to me: 554 5.7.1 go away 203.0.113.9", true,
	    554, "5.7.1", "go away 203.0.113.9", "greeting", "mx.example", "203.0.113.9" },
	{ "a bounce of qmail",
	    "192.0.2.1 does not like recipient. Remote host said: 550 no such user", true, 550, "",
	    "no such user", "", "", "" },
	{ "a diagnostic code", "Diagnostic-Code: smtp; 550 5.1.1 <a@b.example>: unknown", true, 550,
	    "5.1.1", "<a@b.example>: unknown", "", "", "" },
	{ "a number in a text is no code", "you may send 500 messages", false, 0, "",
	    "you may send 500 messages", "", "", "" },
	{ "a limit in a reply is no code", "452 4.3.1 limit 452 messages", true, 452, "4.3.1",
	    "limit 452 messages", "", "", "" },
	{ "Cisco's status", "550 #5.7.1 Your access to submit messages", true, 550, "5.7.1",
	    "Your access to submit messages", "", "", "" },
	{ "four numbers are an address", "550 5.7.1.1 is blocked", true, 550, "",
	    "5.7.1.1 is blocked", "", "", "5.7.1.1" },
	{ "a status at the end of the text", "550 5.7.1", true, 550, "5.7.1", "", "", "", "" },
	{ "an odd code", "499 4.7.0 PBL", true, 499, "4.7.0", "PBL", "", "", "" },
	{ "IPv6 in brackets", "550 5.7.25 [2001:db8::25] no", true, 550, "5.7.25",
	    "[2001:db8::25] no", "", "", "2001:db8::25" },
	{ "IPv6 with its tag", "550 [IPv6:2001:db8::25] no", true, 550, "",
	    "[IPv6:2001:db8::25] no", "", "", "2001:db8::25" },
	{ "an answer of a list is not the address", "554 203.0.113.7 listed at x: 127.0.0.4", true,
	    554, "", "203.0.113.7 listed at x: 127.0.0.4", "", "", "203.0.113.7" },
	{ "an address in a URL", "550 see https://list.example/query/ip/203.0.113.25", true, 550,
	    "", "see https://list.example/query/ip/203.0.113.25", "", "", "203.0.113.25" },
	{ "an address with a full stop", "550 Fix reverse DNS for 203.0.113.25.", true, 550, "",
	    "Fix reverse DNS for 203.0.113.25.", "", "", "203.0.113.25" },
	{ "a name that looks like an address", "550 host-203.0.113.25-x is generic", true, 550, "",
	    "host-203.0.113.25-x is generic", "", "", "" },
	{ "accepted", "250 2.0.0 OK", true, 250, "2.0.0", "OK", "", "", "" },
	{ "words alone", "Message rejected: no PTR", false, 0, "", "Message rejected: no PTR", "",
	    "", "" },
	{ "blanks and quotes before it", "  \"550 5.1.1 gone\"", true, 550, "5.1.1", "gone\"", "",
	    "", "" },
	{ "a transcript of Sendmail", "<<< 553 5.3.0 <a@b.example>... refused", true, 553, "5.3.0",
	    "<a@b.example>... refused", "", "", "" },
	{ "empty", "", false, 0, "", "", "", "", "" },
};

static void
test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct arena a;
		struct reply r;
		char address[IP_TEXT_MAX] = "";
		ROW(row->name);
		arena_init(&a);
		assert_int_equal(reply_read(row->in, strlen(row->in), &a, &r), row->found);
		assert_int_equal(r.code, row->code);
		assert_string_equal(r.status, row->status);
		assert_string_equal(r.text, row->text);
		assert_string_equal(r.stage, row->stage);
		assert_string_equal(r.host, row->host);
		if (r.address.family != 0)
			ip_format(&r.address, address);
		assert_string_equal(address, row->address);
		arena_fini(&a);
	}
}

static void
test_is_in(void **state)
{
	static const struct {
		const char *word;
		bool is_in;
	} words[] = {
		{ "450 4.7.25 Client host rejected", true },
		{ "550-5.7.1 no", true },
		{ "Nov 30 06:26:20 mx postfix/smtp[1]: 4X: host a.example[192.0.2.1] said: 550 no",
		    true },
		{ "192.0.2.1", false },
		{ "192.0.2.0/24", false },
		{ "192.0.2.1-192.0.2.9", false },
		{ "mail.example.com", false },
		{ "550", false },
		{ "550.example.com", false },
		{ "2001:db8::550", false },
		{ "550-mail.example.com", false },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(words); i++) {
		ROW(words[i].word);
		assert_int_equal(reply_is_in(words[i].word), words[i].is_in);
	}
}

static void
test_words(void **state)
{
	static const char text[] =
	    "504 5.5.2 <mail9>: Helo command rejected: need fully-qualified hostname";
	struct arena a;
	struct reply r;
	(void)state;
	arena_init(&a);
	assert_true(reply_read(text, sizeof text - 1, &a, &r));
	assert_string_equal(r.ehlo, "mail9");
	assert_true(reply_is_code("450") && reply_is_code("554"));
	assert_false(reply_is_code("250") || reply_is_code("45") || reply_is_code("4500") ||
	    reply_is_code("mail"));
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_is_in),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
