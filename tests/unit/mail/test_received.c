/* Received fields as servers write them (RFC 5321 4.4), and those that a client has put words into. */
#include "mail/received.h"

#include "base/arena.h"
#include "base/buf.h"
#include "test.h"

static const struct {
	const char *name, *text;
	const char *address; /* "" for none */
	const char *ehlo;
	enum received_ptr ptr;
	const char *ptr_name, *by, *with, *sender;
} rows[] = {
	{ "Postfix",
	    " from mail.example.com (ptr.example.com [203.0.113.25])\r\n"
	    "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
	    "\tby mx.example.net (Postfix) with ESMTPS id 4X for <joe@example.net>;\r\n"
	    "\tMon, 30 Nov 2026 08:00:00 +0000 (UTC)",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_SEEN, "ptr.example.com",
	    "mx.example.net", "ESMTPS", NULL },
	{ "Postfix without a name",
	    "from mail.example.com (unknown [203.0.113.25]) by mx.example.net (Postfix) with ESMTP "
	    "id 4X; x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_NONE, "", "mx.example.net", "ESMTP",
	    NULL },
	{ "Postfix over IPv6, a literal in EHLO",
	    "from [192.168.1.5] (a.example.com [IPv6:2001:db8::25]) by mx.example.net (Postfix) "
	    "with "
	    "ESMTPSA id 4X; x",
	    "2001:db8::25", "[192.168.1.5]", RECEIVED_PTR_SEEN, "a.example.com", "mx.example.net",
	    "ESMTPSA", NULL },
	{ "Postfix, words in a certificate",
	    "from a.example (b.example [203.0.113.25]) (Client CN \"HELO evil.example "
	    "[192.0.2.66]\", Issuer \"x\" (not verified)) by mx.example with ESMTPS; x",
	    "203.0.113.25", "a.example", RECEIVED_PTR_SEEN, "b.example", "mx.example", "ESMTPS",
	    NULL },
	{ "Exim",
	    "from ptr.example.com ([203.0.113.25]:4711 helo=mail.example.com)\n\tby mx.example.net "
	    "with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n\t(envelope-from "
	    "<bounce@example.com>)\n\tid 1rX-0001\n\tfor joe@example.net;\n\tMon, 30 Nov 2026",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_SEEN, "ptr.example.com",
	    "mx.example.net", "esmtps", "<bounce@example.com>" },
	{ "Exim, one name for both",
	    "from mail.example.com ([2001:db8::25]) by mx.example.net with esmtp (Exim 4.96) "
	    "(envelope-from <>) id 1; x",
	    "2001:db8::25", "mail.example.com", RECEIVED_PTR_UNSAID, "", "mx.example.net", "esmtp",
	    "<>" },
	{ "Exim without a name",
	    "from [203.0.113.25] (port=4711 helo=[10.0.0.2]) by mx.example.net with smtp (Exim "
	    "4.96) id 1; x",
	    "203.0.113.25", "[10.0.0.2]", RECEIVED_PTR_NONE, "", "mx.example.net", "smtp", NULL },
	{ "Exim without a name, words of the client",
	    "from [203.0.113.25] (port=4711 helo=a.example ident=[192.0.2.66]) by mx.example.net "
	    "with smtp (Exim 4.96) id 1; x",
	    "203.0.113.25", "a.example", RECEIVED_PTR_NONE, "", "mx.example.net", "smtp", NULL },
	{ "Exim without a name, an EHLO with blanks",
	    "from [203.0.113.25] (port=4711 helo=x [192.0.2.66]) by mx.example.net with smtp (Exim "
	    "4.96) id 1; x",
	    "203.0.113.25", "x", RECEIVED_PTR_NONE, "", "mx.example.net", "smtp", NULL },
	{ "Sendmail",
	    "from mail.example.com (ptr.example.com [203.0.113.25])\n\tby mx.example.net "
	    "(8.17.1/8.17.1) with ESMTPS id 3A (version=TLSv1.3) for <joe@example.net>; x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_SEEN, "ptr.example.com",
	    "mx.example.net", "ESMTPS", NULL },
	{ "Sendmail, in doubt",
	    "from mail.example.com (ptr.example.com [203.0.113.25] (may be forged)) by mx with "
	    "ESMTP; "
	    "x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_DOUBTED, "ptr.example.com", "mx",
	    "ESMTP", NULL },
	{ "Sendmail without a name, an identity",
	    "from mail.example.com (root@[203.0.113.25]) by mx.example.net (8.17.1/8.17.1) with "
	    "ESMTP; x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_UNSAID, "", "mx.example.net", "ESMTP",
	    NULL },
	{ "OpenSMTPD",
	    "from mail.example.com (<unknown> [203.0.113.25])\n\tby mx.example.net (OpenSMTPD) "
	    "with "
	    "ESMTPS id 9 (TLSv1.3:AEAD-AES256-GCM-SHA384:256:NO)\n\tfor <joe@example.net>;\n\tx",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_NONE, "", "mx.example.net", "ESMTPS",
	    NULL },
	{ "Exchange",
	    "from mail.example.com (203.0.113.25) by AM0EUR02FT0.mail.protection.outlook.com "
	    "(10.13.54.66) with Microsoft SMTP Server (version=TLS1_3, cipher=X) id 15.20.1 via "
	    "Frontend Transport; x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_UNSAID, "",
	    "am0eur02ft0.mail.protection.outlook.com", "Microsoft SMTP Server", NULL },
	{ "Gmail",
	    "from mail.example.com (ptr.example.com. [203.0.113.25])\r\n        by mx.google.com "
	    "with ESMTPS id d2e\r\n        for <joe@gmail.com>\r\n        (version=TLS1_3); x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_SEEN, "ptr.example.com",
	    "mx.google.com", "ESMTPS", NULL },
	{ "Gmail, handed on", "by 2002:a05:7300:1234:b0:abcd with SMTP id z9; x", "", "",
	    RECEIVED_PTR_UNSAID, "", "2002:a05:7300:1234:b0:abcd", "SMTP", NULL },
	{ "qmail",
	    "from ptr.example.com (HELO mail.example.com) (203.0.113.25)\n  by mx.example.net with "
	    "SMTP; 30 Nov 2026 08:00:00 -0000",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_SEEN, "ptr.example.com",
	    "mx.example.net", "SMTP", NULL },
	{ "qmail without a name, an identity",
	    "from unknown (HELO mail.example.com) (root@203.0.113.25) by 0 with SMTP; x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_NONE, "", "0", "SMTP", NULL },
	{ "qmail, made here", "(qmail 1234 invoked by uid 89); 30 Nov 2026 08:00:00 -0000", "", "",
	    RECEIVED_PTR_UNSAID, "", "", "", NULL },
	{ "Yahoo",
	    "from 203.0.113.25 (EHLO mail.example.com) by 10.197.1.1 with SMTPs (version=TLS1_3); "
	    "x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_NONE, "", "10.197.1.1", "SMTPs",
	    NULL },
	{ "Courier",
	    "from mail.example.com (ptr.example.com [::ffff:203.0.113.25]) (TLS: TLSv1.3,256bits) "
	    "by "
	    "mx.example.net with ESMTPS; x",
	    "203.0.113.25", "mail.example.com", RECEIVED_PTR_SEEN, "ptr.example.com",
	    "mx.example.net", "ESMTPS", NULL },
	{ "an address that is not in brackets of its own",
	    "from mail.example.com [203.0.113.25] by mx.example.net; x", "203.0.113.25",
	    "mail.example.com", RECEIVED_PTR_UNSAID, "", "mx.example.net", "", NULL },
	{ "a store", "from mx.example.net by store.example.net with LMTP id 1 for <a@b>; x", "",
	    "mx.example.net", RECEIVED_PTR_UNSAID, "", "store.example.net", "LMTP", NULL },
	{ "the name in EHLO is a keyword", "from by (a.example [203.0.113.25]) by mx.example; x",
	    "203.0.113.25", "by", RECEIVED_PTR_SEEN, "a.example", "mx.example", "", NULL },
	{ "EHLO with blanks: another server",
	    "from [192.0.2.66] by x.example (a.example [203.0.113.25]) by mx.example; x", "",
	    "[192.0.2.66]", RECEIVED_PTR_UNSAID, "", "mx.example", "", NULL },
	{ "EHLO with blanks: another clause",
	    "from [192.0.2.66] with x (a.example [203.0.113.25]) by mx.example; x", "",
	    "[192.0.2.66]", RECEIVED_PTR_UNSAID, "", "mx.example", "x", NULL },
	{ "a comment that does not end", "from a.example (b.example [203.0.113.25] by mx.example",
	    "203.0.113.25", "a.example", RECEIVED_PTR_SEEN, "b.example", "", "", NULL },
	{ "an escaped bracket", "from a.example (x\\) [203.0.113.25]) by mx.example; x",
	    "203.0.113.25", "a.example", RECEIVED_PTR_UNSAID, "", "mx.example", "", NULL },
	{ "not an address", "from a.example (b.example [300.1.2.3]) by mx.example; x", "",
	    "a.example", RECEIVED_PTR_UNSAID, "", "mx.example", "", NULL },
	{ "from alone", "from", "", "", RECEIVED_PTR_UNSAID, "", "", "", NULL },
	{ "nothing", "", "", "", RECEIVED_PTR_UNSAID, "", "", "", NULL },
};

static void
test_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct received r;
		char text[IP_TEXT_MAX] = "";
		ROW(rows[i].name);
		arena_init(&a);
		received_read(&a, rows[i].text, strlen(rows[i].text), &r);
		assert_string_equal(r.address.family != 0 ? ip_format(&r.address, text) : "",
		    rows[i].address);
		assert_string_equal(r.ehlo, rows[i].ehlo);
		assert_int_equal(r.ptr, rows[i].ptr);
		assert_string_equal(r.name, rows[i].ptr_name);
		assert_string_equal(r.by, rows[i].by);
		assert_string_equal(r.with, rows[i].with);
		assert_string_equal(r.sender != NULL ? r.sender : "no",
		    rows[i].sender != NULL ? rows[i].sender : "no");
		arena_fini(&a);
	}
}

static void
test_date(void **state)
{
	static const char text[] = "by x with SMTP;\r\n\tMon, 30 Nov 2026 08:00:00 +0000\r\n";
	struct arena a;
	struct received r;
	(void)state;
	arena_init(&a);
	received_read(&a, text, sizeof text - 1, &r);
	assert_string_equal(r.date, "Mon, 30 Nov 2026 08:00:00 +0000");
	assert_true(received_is_handed_over(&r));
	arena_fini(&a);
}

static void
test_too_long(void **state)
{
	static const char field[] = "from a ([192.0.2.1])";
	struct arena a;
	struct received r;
	(void)state;
	arena_init(&a);
	char *text = arena_alloc(&a, RECEIVED_TEXT_MAX + 2);
	memset(text, ' ', RECEIVED_TEXT_MAX + 1);
	memcpy(text, field, sizeof field - 1);
	received_read(&a, text, RECEIVED_TEXT_MAX, &r);
	assert_int_equal(r.address.family, 4);
	received_read(&a, text, RECEIVED_TEXT_MAX + 1, &r);
	assert_int_equal(r.address.family, 0);
	/* it is not passed over: what stands below it is the client's */
	assert_false(received_is_handed_over(&r));
	arena_fini(&a);
}

/* Behind so many words of the client nobody knows which address is the server's. */
static void
test_too_many_words(void **state)
{
	static const char begin[] = "from x [192.0.2.66]",
			  end[] = " (real.example [203.0.113.25]) by mx";
	struct arena a;
	struct received r;
	struct buf text;
	(void)state;
	arena_init(&a);
	buf_init(&text, RECEIVED_TEXT_MAX);
	buf_puts(&text, begin);
	for (size_t i = 0; i < 520; i++)
		buf_puts(&text, " a");
	buf_puts(&text, end);
	received_read(&a, text.data, text.len, &r);
	assert_int_equal(r.address.family, 0);
	assert_false(received_is_handed_over(&r));
	buf_fini(&text);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_too_many_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
