#include "test.h"

#include "base/arena.h"
#include "smtp/session.h"

enum { STEPS_MAX = 10 };

/* How a row's dialogue ends when it does not end by itself. */
enum ending { BY_ITSELF, LOST, TIME_UP };

/* A step is what the server says; "TLS" is a good handshake, "!TLS" a bad one. */
struct row {
	const char *name;
	const char *server[STEPS_MAX];
	enum ending ending;
	const char *sent; /* everything that the session sent */
	enum smtp_status status;
	enum smtp_tls tls;
	int banner_code, ehlo_code;
	const char *banner_name, *ehlo_name;
	size_t n_capabilities;
	unsigned notes;
	const char *error, *tls_error; /* a part of it; NULL: empty */
};

#define HELLO "EHLO us.example\r\n"
#define BYE "QUIT\r\n"
#define GREETING "220 mx1.example ESMTP\r\n"
#define EHLO_TLS "250-mx1.example\r\n250-SIZE 1\r\n250 STARTTLS\r\n"

static const struct row rows[] = {
	{ "no STARTTLS",
	    .server = { GREETING, "250-MX1.Example hi\r\n250 SIZE 1\r\n", "221 bye\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 1 },
	{ "STARTTLS",
	    .server = { GREETING, EHLO_TLS, "220 go\r\n", "TLS", "250 mx1.example\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n" HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_DONE, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2 },
	{ "starttls in lower case",
	    .server = { GREETING, "250-a.example\r\n250 starttls\r\n", "220 go\r\n" },
	    .ending = TIME_UP, .sent = HELLO "STARTTLS\r\n", .status = SMTP_TALKED,
	    .tls = SMTP_TLS_UNKNOWN, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "a.example", .n_capabilities = 1,
	    .tls_error = "time limit was reached (waiting for the TLS handshake" },
	{ "STARTTLSX is something else",
	    .server = { GREETING, "250-a.example\r\n250 STARTTLSX\r\n" }, .ending = LOST,
	    .sent = HELLO BYE, .status = SMTP_TALKED, .tls = SMTP_TLS_NOT_OFFERED,
	    .banner_code = 220, .ehlo_code = 250, .banner_name = "mx1.example",
	    .ehlo_name = "a.example", .n_capabilities = 1 },
	{ "greeting of several lines",
	    .server = { "220-mx1.example\r\n220-no spam\r\n220 please\r\n", "250 mx1.example\r\n" },
	    .ending = TIME_UP, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example" },
	{ "names in UTF-8 stay as they were sent (RFC 6531 3.7.1)",
	    .server = { "220 m\xc3\xa4il.Example ESMTP\r\n", "250 m\xe4il.example\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "m\xc3\xa4il.Example", .ehlo_name = "m\\228il.example" },
	{ "greeting without a text", .server = { "220\r\n", "250 a.example\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250, .banner_name = "",
	    .ehlo_name = "a.example" },
	{ "greeting 554 awaits QUIT (RFC 5321 3.1)",
	    .server = { "554 5.7.1 go away\r\n", "221\r\n" }, .ending = BY_ITSELF, .sent = BYE,
	    .status = SMTP_TALKED, .tls = SMTP_TLS_UNKNOWN, .banner_code = 554, .banner_name = "",
	    .ehlo_name = "" },
	{ "greeting 421 closes", .server = { "421 busy\r\n" }, .ending = LOST, .sent = BYE,
	    .status = SMTP_TALKED, .tls = SMTP_TLS_UNKNOWN, .banner_code = 421, .banner_name = "",
	    .ehlo_name = "" },
	{ "greeting 250", .server = { "250 hello\r\n" }, .ending = BY_ITSELF, .sent = "",
	    .status = SMTP_BROKEN, .tls = SMTP_TLS_UNKNOWN, .banner_code = 250, .banner_name = "",
	    .ehlo_name = "", .error = "unexpected reply \"250 hello\" (waiting for the greeting)" },
	{ "another protocol", .server = { "SSH-2.0-x\r\n" }, .ending = BY_ITSELF, .sent = "",
	    .status = SMTP_BROKEN, .tls = SMTP_TLS_UNKNOWN, .banner_name = "", .ehlo_name = "",
	    .error = "not an SMTP reply: \"SSH-2.0-x" },
	{ "silence", .server = { NULL }, .ending = TIME_UP, .sent = "", .status = SMTP_SILENT,
	    .tls = SMTP_TLS_UNKNOWN, .banner_name = "", .ehlo_name = "",
	    .error = "time limit was reached (waiting for the greeting" },
	{ "the first line of a greeting that never ends",
	    .server = { "220-mx1.example ESMTP\r\n220-x" }, .ending = TIME_UP, .sent = "",
	    .status = SMTP_SILENT, .tls = SMTP_TLS_UNKNOWN, .banner_name = "mx1.example",
	    .ehlo_name = "", .error = "waiting for the greeting" },
	{ "a refusal of which the end is missing has no name", .server = { "554-mx1.example\r\n" },
	    .ending = LOST, .sent = "", .status = SMTP_BROKEN, .tls = SMTP_TLS_UNKNOWN,
	    .banner_name = "", .ehlo_name = "", .error = "waiting for the greeting" },
	{ "half a greeting", .server = { "220 mx1.exa" }, .ending = TIME_UP, .sent = "",
	    .status = SMTP_SILENT, .tls = SMTP_TLS_UNKNOWN, .banner_name = "", .ehlo_name = "",
	    .error = "waiting for the greeting" },
	{ "closed at once", .server = { NULL }, .ending = LOST, .sent = "", .status = SMTP_BROKEN,
	    .tls = SMTP_TLS_UNKNOWN, .banner_name = "", .ehlo_name = "",
	    .error = "gone (waiting for the greeting" },
	{ "silence after EHLO", .server = { GREETING }, .ending = TIME_UP, .sent = HELLO,
	    .status = SMTP_SILENT, .tls = SMTP_TLS_UNKNOWN, .banner_code = 220,
	    .banner_name = "mx1.example", .ehlo_name = "",
	    .error = "waiting for the reply to EHLO" },
	{ "closed after EHLO", .server = { GREETING }, .ending = LOST, .sent = HELLO,
	    .status = SMTP_BROKEN, .tls = SMTP_TLS_UNKNOWN, .banner_code = 220,
	    .banner_name = "mx1.example", .ehlo_name = "",
	    .error = "gone (waiting for the reply to EHLO" },
	{ "two greetings", .server = { GREETING GREETING }, .ending = BY_ITSELF, .sent = HELLO,
	    .status = SMTP_BROKEN, .tls = SMTP_TLS_UNKNOWN, .banner_code = 220, .ehlo_code = 220,
	    .banner_name = "mx1.example", .ehlo_name = "",
	    .error = "unexpected reply \"220 mx1.example" },
	{ "EHLO unknown, HELO good",
	    .server = { GREETING, "502 what\r\n", "250 old.example\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "HELO us.example\r\n" BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 502,
	    .banner_name = "mx1.example", .ehlo_name = "old.example" },
	{ "EHLO unknown, HELO refused",
	    .server = { GREETING, "500 what\r\n", "550 no\r\n", "221\r\n" }, .ending = BY_ITSELF,
	    .sent = HELLO "HELO us.example\r\n" BYE, .status = SMTP_TALKED, .tls = SMTP_TLS_UNKNOWN,
	    .banner_code = 220, .ehlo_code = 500, .banner_name = "mx1.example", .ehlo_name = "",
	    .error = "550 no" },
	{ "EHLO unknown, HELO nonsense", .server = { GREETING, "500 what\r\n", "354 go\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "HELO us.example\r\n", .status = SMTP_BROKEN,
	    .tls = SMTP_TLS_UNKNOWN, .banner_code = 220, .ehlo_code = 500,
	    .banner_name = "mx1.example", .ehlo_name = "",
	    .error = "unexpected reply \"354 go\" (waiting for the reply to HELO" },
	{ "EHLO refused", .server = { GREETING, "550 5.7.1 no\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED, .tls = SMTP_TLS_UNKNOWN,
	    .banner_code = 220, .ehlo_code = 550, .banner_name = "mx1.example", .ehlo_name = "",
	    .error = "550 5.7.1 no" },
	{ "STARTTLS refused",
	    .server = { GREETING, EHLO_TLS, "454 4.7.0 no certificate\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n" BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_REFUSED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .tls_error = "454 4.7.0 no certificate" },
	{ "STARTTLS unanswered", .server = { GREETING, EHLO_TLS }, .ending = TIME_UP,
	    .sent = HELLO "STARTTLS\r\n", .status = SMTP_TALKED, .tls = SMTP_TLS_UNKNOWN,
	    .banner_code = 220, .ehlo_code = 250, .banner_name = "mx1.example",
	    .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .tls_error = "time limit was reached (waiting for the reply to STARTTLS" },
	{ "closed at STARTTLS", .server = { GREETING, EHLO_TLS }, .ending = LOST,
	    .sent = HELLO "STARTTLS\r\n", .status = SMTP_TALKED, .tls = SMTP_TLS_FAILED,
	    .banner_code = 220, .ehlo_code = 250, .banner_name = "mx1.example",
	    .ehlo_name = "mx1.example", .n_capabilities = 2, .tls_error = "gone" },
	{ "STARTTLS answered 250", .server = { GREETING, EHLO_TLS, "250 ok\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n", .status = SMTP_TALKED,
	    .tls = SMTP_TLS_FAILED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .tls_error = "unexpected reply \"250 ok\"" },
	{ "handshake failed", .server = { GREETING, EHLO_TLS, "220 go\r\n", "!TLS" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n", .status = SMTP_TALKED,
	    .tls = SMTP_TLS_FAILED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .tls_error = "bad handshake" },
	{ "injected command is dropped (RFC 3207 6)",
	    .server = { GREETING, EHLO_TLS, "220 go\r\n250 evil.example\r\n", "TLS",
		"250 mx1.example\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n" HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_DONE, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .notes = SMTP_NOTE_INJECTED },
	{ "injected command in a second piece",
	    .server = { GREETING, EHLO_TLS, "220 go\r\n", "250 evil\r\n", "!TLS" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n", .status = SMTP_TALKED,
	    .tls = SMTP_TLS_FAILED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .notes = SMTP_NOTE_INJECTED, .tls_error = "bad handshake" },
	{ "names before TLS stay",
	    .server = { GREETING, EHLO_TLS, "220 go\r\n", "TLS",
		"250-other.example\r\n250 PIPELINING\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n" HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_DONE, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2 },
	{ "EHLO under TLS refused",
	    .server = { GREETING, EHLO_TLS, "220 go\r\n", "TLS", "503 no\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO "STARTTLS\r\n" HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_DONE, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .error = "EHLO under TLS was answered \"503 no\"" },
	{ "closed under TLS", .server = { GREETING, EHLO_TLS, "220 go\r\n", "TLS" }, .ending = LOST,
	    .sent = HELLO "STARTTLS\r\n" HELLO, .status = SMTP_TALKED, .tls = SMTP_TLS_DONE,
	    .banner_code = 220, .ehlo_code = 250, .banner_name = "mx1.example",
	    .ehlo_name = "mx1.example", .n_capabilities = 2,
	    .error = "gone (waiting for the reply to EHLO under TLS" },
	{ "nonsense after QUIT does not matter",
	    .server = { GREETING, "250 a.example\r\n", "\x01\x02\r\n" }, .ending = BY_ITSELF,
	    .sent = HELLO BYE, .status = SMTP_TALKED, .tls = SMTP_TLS_NOT_OFFERED,
	    .banner_code = 220, .ehlo_code = 250, .banner_name = "mx1.example",
	    .ehlo_name = "a.example" },
	{ "bare LF is noted", .server = { "220 mx1.example\n", "250 mx1.example\r\n", "221\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "mx1.example", .ehlo_name = "mx1.example", .notes = SMTP_NOTE_BARE_LF },
	{ "banner that is not a name",
	    .server = { "220 *******************\r\n", "250 [192.0.2.1]\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250,
	    .banner_name = "*******************", .ehlo_name = "[192.0.2.1]" },
	{ "names that cannot be names", .server = { "220 a..b ESMTP\r\n", "250 .\r\n", "221\r\n" },
	    .ending = BY_ITSELF, .sent = HELLO BYE, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250, .banner_name = "",
	    .ehlo_name = "" },
};

struct run {
	struct arena arena;
	struct smtp_dialogue dialogue;
	struct smtp_session session;
	char sent[1024];
};

static void
step(struct run *r, const char *server, size_t chunk)
{
	if (strcmp(server, "TLS") == 0)
		smtp_session_tls_up(&r->session);
	else if (strcmp(server, "!TLS") == 0)
		smtp_session_tls_failed(&r->session, "bad handshake");
	else
		for (size_t at = 0, len = strlen(server); at < len; at += chunk)
			smtp_session_input(&r->session, server + at,
			    chunk < len - at ? chunk : len - at);
	strncat(r->sent, r->session.out.data, sizeof r->sent - strlen(r->sent) - 1);
	buf_reset(&r->session.out);
}

static void
play(struct run *r, const struct row *row, size_t chunk)
{
	memset(r, 0, sizeof *r);
	arena_init(&r->arena);
	r->dialogue = smtp_dialogue_pending;
	smtp_session_init(&r->session, &r->dialogue, &r->arena, "us.example");
	for (size_t i = 0; i < STEPS_MAX && row->server[i] != NULL; i++)
		step(r, row->server[i], chunk);
	if (row->ending == LOST)
		smtp_session_lost(&r->session, "gone");
	else if (row->ending == TIME_UP)
		smtp_session_give_up(&r->session, "the time limit was reached");
}

static void
assert_part(const char *text, const char *part)
{
	if (part == NULL)
		assert_string_equal(text, "");
	else if (strstr(text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static void
check_row(const struct row *row, size_t chunk)
{
	struct run r;
	play(&r, row, chunk);
	const struct smtp_dialogue *d = &r.dialogue;
	assert_int_equal(r.session.state, SMTP_AT_END);
	assert_string_equal(r.sent, row->sent);
	assert_string_equal(enumtab_name(&smtp_status_names, (int)d->status),
	    enumtab_name(&smtp_status_names, (int)row->status));
	assert_string_equal(enumtab_name(&smtp_tls_names, (int)d->tls),
	    enumtab_name(&smtp_tls_names, (int)row->tls));
	assert_int_equal(d->banner_code, row->banner_code);
	assert_int_equal(d->ehlo_code, row->ehlo_code);
	assert_string_equal(d->banner_name, row->banner_name);
	assert_string_equal(d->ehlo_name, row->ehlo_name);
	assert_int_equal(d->n_capabilities, row->n_capabilities);
	assert_int_equal(d->notes, row->notes);
	assert_part(d->error, row->error);
	assert_part(d->tls_error, row->tls_error);
	smtp_session_fini(&r.session);
	arena_fini(&r.arena);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		check_row(&rows[i], 1);
		check_row(&rows[i], 5);
		check_row(&rows[i], 4096);
	}
}

/* No reply may make a client that never sends mail say MAIL, RCPT or DATA. */
static void
test_never_sends_mail(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct run r;
		play(&r, &rows[i], 4096);
		assert_null(strstr(r.sent, "MAIL"));
		assert_null(strstr(r.sent, "RCPT"));
		assert_null(strstr(r.sent, "DATA"));
		smtp_session_fini(&r.session);
		arena_fini(&r.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_never_sends_mail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
