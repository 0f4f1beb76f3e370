/* Lines of mail logs: what was refused, by whom and when. */
#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "explain/log.h"
#include "shown.h"

/* "code status | host | address | stage | ehlo | sender | recipient | time | text"; NULL: as kind says */
static const struct row {
	const char *name, *line;
	enum log_line kind;
	const char *read;
} rows[] = {
	{ "Postfix, bounced",
	    "Nov 29 06:26:20 mx1 postfix/smtp[123]: 4XyZ1: to=<bob@b.example>, "
	    "relay=gmail-smtp-in.l.google.com[192.0.2.26]:25, delay=1.2, delays=0.1/0/1/0.1, "
	    "dsn=5.7.25, "
	    "status=bounced (host gmail-smtp-in.l.google.com[192.0.2.26] said: 550-5.7.25 "
	    "[203.0.113.25] The "
	    "address 550-5.7.25 has no PTR 550 5.7.25 record. - gsmtp (in reply to end of DATA "
	    "command))",
	    LOG_REFUSED,
	    "550 "
	    "5.7.25|gmail-smtp-in.l.google.com|203.0.113.25|end-of-data|||b.example|2026-11-29T06:"
	    "26:20Z|"
	    "[203.0.113.25] The address has no PTR record. - gsmtp" },
	{ "Postfix, deferred, RFC 3339",
	    "2026-11-29T07:26:20.123456+01:00 mx1 postfix-out/smtp[123]: 4XyZ1: "
	    "to=<bob@b.example>, "
	    "orig_to=<b@c.example>, relay=mx.b.example[192.0.2.1]:25, conn_use=2, delay=1, "
	    "delays=0/0/1/0, "
	    "dsn=4.7.1, status=deferred (host mx.b.example[192.0.2.1] said: 450 4.7.1 Client host "
	    "rejected: cannot "
	    "find your reverse hostname, [203.0.113.9] (in reply to RCPT TO command))",
	    LOG_REFUSED,
	    "450 4.7.1|mx.b.example|203.0.113.9|rcpt|||b.example|2026-11-29T06:26:20Z|"
	    "Client host rejected: cannot find your reverse hostname, [203.0.113.9]" },
	{ "Postfix, no connection: its status, and no address of ours",
	    "Nov 29 06:26:20 mx1 postfix/smtp[123]: 4XyZ1: to=<bob@b.example>, relay=none, "
	    "delay=30, "
	    "delays=0/0/30/0, dsn=4.4.1, status=deferred (connect to mx.b.example[192.0.2.1]:25: "
	    "Connection timed "
	    "out)",
	    LOG_REFUSED,
	    "0 4.4.1||||||b.example|2026-11-29T06:26:20Z|connect to mx.b.example[192.0.2.1]:25: "
	    "Connection "
	    "timed out" },
	{ "Postfix, a client comes",
	    "Nov 29 06:26:20 mx1 postfix/smtpd[123]: connect from x[192.0.2.1]: 550 status=bounced",
	    LOG_QUIET, NULL },
	{ "Postfix, a message that a filter refuses",
	    "Nov 29 06:26:20 mx1 postfix/cleanup[123]: 4XyZ1: milter-reject: END-OF-MESSAGE from "
	    "a.example[203.0.113.9]: 5.7.1 550 5.7.1 no; from=<a@a.example> to=<b@b.example> "
	    "proto=ESMTP helo=<a.example>",
	    LOG_REFUSED,
	    "550 5.7.1||203.0.113.9||a.example|a.example|b.example|2026-11-29T06:26:20Z|"
	    "no" },
	{ "Postfix, sent",
	    "Nov 29 06:26:20 mx1 postfix/smtp[123]: 4XyZ1: to=<bob@b.example>, "
	    "relay=mx[192.0.2.1]:25, delay=1, "
	    "delays=0/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 OK)",
	    LOG_QUIET, NULL },
	{ "Postfix, the greeting refuses, another MX is to be tried",
	    "Nov 29 06:26:20 mx1 postfix/smtp[123]: 4XyZ1: host mx.b.example[192.0.2.1] refused to "
	    "talk to me: 554 "
	    "5.7.1 203.0.113.25 listed at zen.spamhaus.org",
	    LOG_REFUSED,
	    "554 5.7.1|mx.b.example|203.0.113.25|greeting||||2026-11-29T06:26:20Z|203.0.113.25 "
	    "listed at "
	    "zen.spamhaus.org" },
	{ "Postfix refuses",
	    "Nov 29 06:26:20 mx1 postfix/smtpd[123]: NOQUEUE: reject: RCPT from "
	    "unknown[203.0.113.25]: 450 4.7.25 "
	    "Client host rejected: cannot find your hostname, [203.0.113.25]; from=<a@s.example> "
	    "to=<b@b.example> "
	    "proto=ESMTP helo=<mail.s.example>",
	    LOG_REFUSED,
	    "450 "
	    "4.7.25||203.0.113.25|rcpt|mail.s.example|s.example|b.example|2026-11-29T06:26:20Z|"
	    "Client host "
	    "rejected: cannot find your hostname, [203.0.113.25]" },
	{ "postscreen refuses",
	    "Nov 29 06:26:20 mx1 postfix/postscreen[123]: NOQUEUE: reject: RCPT from "
	    "[203.0.113.25]:40000: 550 5.7.1 "
	    "Service unavailable; client [203.0.113.25] blocked using zen.spamhaus.org; "
	    "from=<a@s.example>, "
	    "to=<b@b.example>, proto=ESMTP, helo=<mail.s.example>",
	    LOG_REFUSED,
	    "550 "
	    "5.7.1||203.0.113.25|rcpt|mail.s.example|s.example|b.example|2026-11-29T06:26:20Z|"
	    "Service "
	    "unavailable; client [203.0.113.25] blocked using zen.spamhaus.org" },
	{ "Postfix, something else", "Nov 29 06:26:20 mx1 postfix/qmgr[1]: 4XyZ1: removed",
	    LOG_QUIET, NULL },
	{ "Exim, failed",
	    "2026-11-29 06:26:20 1tAbCd-0001 ** bob@b.example R=dnslookup T=remote_smtp "
	    "H=mx.b.example [192.0.2.1] "
	    "I=[203.0.113.25] X=TLS1.3: SMTP error from remote mail server after RCPT "
	    "TO:<bob@b.example>: 550-Sender "
	    "IP\\n550 reverse lookup rejected",
	    LOG_REFUSED,
	    "550 |mx.b.example|203.0.113.25|rcpt|||b.example|2026-11-29T06:26:20Z|Sender IP "
	    "reverse lookup rejected" },
	{ "Exim, deferred",
	    "2026-11-29 06:26:20 +0000 [77] 1tAbCd-0001 == bob@b.example R=dnslookup T=remote_smtp "
	    "defer (-46) "
	    "H=mx.b.example [192.0.2.1]: SMTP error from remote mail server after end of data: 451 "
	    "4.7.1 Greylisted",
	    LOG_REFUSED,
	    "451 4.7.1|mx.b.example||end-of-data|||b.example|2026-11-29T06:26:20Z|Greylisted" },
	{ "Exim refuses",
	    "2026-11-29 06:26:20 H=(mail.s.example) [203.0.113.25] F=<a@s.example> rejected RCPT "
	    "<b@b.example>: host "
	    "lookup failed for reverse lookup check",
	    LOG_REFUSED,
	    "0 ||203.0.113.25|rcpt|mail.s.example|s.example|b.example|2026-11-29T06:26:20Z|host "
	    "lookup "
	    "failed for reverse "
	    "lookup check" },
	{ "Exim, delivered",
	    "2026-11-29 06:26:20 1tAbCd-0001 => bob@b.example R=r T=t H=mx [192.0.2.1] C=\"250 "
	    "OK\"",
	    LOG_QUIET, NULL },
	{ "Sendmail",
	    "Nov 29 06:26:20 mx1 sm-mta[123]: 0ABC: to=<bob@b.example>, delay=00:00:02, "
	    "xdelay=00:00:01, mailer=esmtp, "
	    "pri=30000, relay=mx.b.example. [192.0.2.1], dsn=4.7.1, reply=450 4.7.1 Try later, "
	    "203.0.113.25, "
	    "stat=Deferred: 450 4.7.1 Try later, 203.0.113.25",
	    LOG_REFUSED,
	    "450 4.7.1|mx.b.example|203.0.113.25||||b.example|2026-11-29T06:26:20Z|Try later, "
	    "203.0.113.25" },
	{ "Sendmail, sent",
	    "Nov 29 06:26:20 mx1 sendmail[123]: 0ABC: to=<bob@b.example>, relay=mx [192.0.2.1], "
	    "dsn=2.0.0, stat=Sent "
	    "(ok)",
	    LOG_QUIET, NULL },
	{ "OpenSMTPD",
	    "Nov 29 06:26:20 mx1 smtpd[123]: 7f mta delivery evpid=1 from=<a@s.example> "
	    "to=<bob@b.example> rcpt=<-> "
	    "source=\"203.0.113.25\" relay=\"192.0.2.1 (mx.b.example)\" delay=1s "
	    "result=\"PermFail\" stat=\"550 5.7.1 "
	    "Fix \"reverse\" DNS\"",
	    LOG_REFUSED,
	    "550 5.7.1|mx.b.example|203.0.113.25|||s.example|b.example|2026-11-29T06:26:20Z|Fix "
	    "\"reverse\" DNS" },
	{ "OpenSMTPD, delivered",
	    "Nov 29 06:26:20 mx1 smtpd[123]: 7f mta delivery evpid=1 from=<> to=<b@b.example> "
	    "rcpt=<-> "
	    "source=\"203.0.113.25\" relay=\"192.0.2.1 (mx)\" delay=1s result=\"Ok\" stat=\"250 "
	    "ok\"",
	    LOG_QUIET, NULL },
	{ "Haraka",
	    "Nov 29 06:26:20 mx1 haraka[1]: [NOTICE] [A1B2.1.1] [outbound] delivery bounced "
	    "host=mx.b.example : 550 "
	    "5.7.1 client [203.0.113.25] rejected; no rDNS",
	    LOG_REFUSED,
	    "550 5.7.1|mx.b.example|203.0.113.25|||||2026-11-29T06:26:20Z|client [203.0.113.25] "
	    "rejected; no rDNS" },
	{ "a stamp of last year",
	    "Dec 24 06:26:20 mx1 postfix/smtp[1]: 4X: host a.b.example[192.0.2.1] said: 554 no",
	    LOG_REFUSED, "554 |a.b.example||||||2025-12-24T06:26:20Z|no" },
	{ "a priority before it", "<22>Nov 29 06:26:20 mx1 postfix/qmgr[1]: 4X: removed", LOG_QUIET,
	    NULL },
	{ "a reply", "550 5.7.25 no PTR", LOG_OTHER, NULL },
	{ "prose", "Dear postmaster, your mail was not accepted", LOG_OTHER, NULL },
	{ "empty", "", LOG_OTHER, NULL },
	{ "cut in the middle",
	    "Nov 29 06:26:20 mx1 postfix/smtp[1]: 4X: to=<bob@b.example>, relay=mx, dsn=5.0.0, "
	    "status=",
	    LOG_QUIET, NULL },
};

static void
test_lines(void **state)
{
	const int64_t now_s = 1796019980; /* 2026-11-30 06:26:20 UTC */
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct reply r;
		ROW(rows[i].name);
		arena_init(&a);
		assert_int_equal(log_read(rows[i].line, strlen(rows[i].line), now_s, NULL, &a, &r),
		    rows[i].kind);
		if (rows[i].read != NULL)
			assert_string_equal(reply_shown(&r, &a), rows[i].read);
		arena_fini(&a);
	}
}

/* Who refused, the world or this machine: its filter, its mail boxes, its own server. */
static const struct {
	const char *line;
	bool by_us;
} refusers[] = {
	{ "postfix/smtp[1]: 4X: to=<b@b.example>, relay=mx.b.example[192.0.2.1]:25, dsn=5.7.1, "
	  "status=bounced (host mx.b.example[192.0.2.1] said: 550 5.7.1 Spam)",
	    false },
	{ "postfix/smtp[1]: 4X: to=<b@b.example>, relay=127.0.0.1[127.0.0.1]:10024, dsn=5.7.1, "
	  "status=bounced (host 127.0.0.1[127.0.0.1] said: 550 5.7.1 Spam)",
	    true },
	{ "postfix/lmtp[1]: 4X: to=<b@b.example>, relay=mx.a.example[private/dovecot-lmtp], "
	  "dsn=5.2.2, status=bounced (host mx.a.example[private/dovecot-lmtp] said: 552 5.2.2 "
	  "full)",
	    true },
	{ "postfix/lmtp[1]: 4X: to=<b@b.example>, relay=mx.a.example[/run/lmtp], dsn=5.2.2, "
	  "status=bounced (host mx.a.example[/run/lmtp] said: 552 5.2.2 full)",
	    true },
	{ "postfix/smtp[1]: 4X: to=<b@b.example>, relay=none, dsn=4.4.1, status=deferred (connect "
	  "to mx.b.example[127.0.0.1]:25: Connection timed out)",
	    false },
	{ "postfix/smtp[1]: 4X: host localhost[::1] said: 451 4.7.1 later", true },
	{ "1rXyZ-0001 ** b@b.example R=r T=t H=localhost [127.0.0.1] I=[127.0.0.1]: SMTP error "
	  "from remote mail server after RCPT TO:<b@b.example>: 550 no",
	    true },
	{ "1rXyZ-0001 ** b@b.example R=r T=t H=mx.b.example [192.0.2.1] I=[127.0.0.1]: SMTP error "
	  "from remote mail server after RCPT TO:<b@b.example>: 550 no",
	    false },
	{ "sm-mta[1]: 4X: to=<b@b.example>, relay=localhost [IPv6:::1], dsn=5.7.1, stat=Service "
	  "unavailable",
	    true },
	{ "sm-mta[1]: 4X: to=<b@b.example>, relay=localhost [IPv6:0:0:0:0:0:0:0:1], dsn=5.7.1, "
	  "stat=Service unavailable",
	    true },
	{ "sm-mta[1]: 4X: to=<b@b.example>, relay=mx.b.example. [192.0.2.1], dsn=5.7.1, "
	  "stat=Service unavailable",
	    false },
	{ "smtpd[1]: 5X mta delivery evpid=1 from=<a@a.example> to=<b@b.example> "
	  "source=\"127.0.0.1\" relay=\"127.0.0.1 (localhost)\" result=\"PermFail\" stat=\"550 "
	  "no\"",
	    true },
	{ "smtpd[1]: 5X mta delivery evpid=1 from=<a@a.example> to=<b@b.example> "
	  "source=\"[::1]\" relay=\"[::1] (localhost)\" result=\"PermFail\" stat=\"550 no\"",
	    true },
	{ "smtpd[1]: 5X mta delivery evpid=1 from=<a@a.example> to=<b@b.example> "
	  "source=\"203.0.113.9\" relay=\"192.0.2.1 (mx)\" result=\"PermFail\" stat=\"550 no\"",
	    false },
};

static void
test_refusers(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(refusers); i++) {
		struct arena a;
		struct reply r;
		arena_init(&a);
		const char *line = arena_printf(&a, "Nov 29 06:26:20 mx1 %s", refusers[i].line);
		ROW(line);
		assert_int_equal(log_read(line, strlen(line), 1796019980, NULL, &a, &r),
		    LOG_REFUSED);
		assert_int_equal(r.by_us, refusers[i].by_us);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines),
		cmocka_unit_test(test_refusers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
