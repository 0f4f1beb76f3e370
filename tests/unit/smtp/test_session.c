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
	{ "no STARTTLS", { GREETING, "250-MX1.Example hi\r\n250 SIZE 1\r\n", "221 bye\r\n" },
	    BY_ITSELF, HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "mx1.example",
	    "mx1.example", 1, 0, NULL, NULL },
	{ "STARTTLS", { GREETING, EHLO_TLS, "220 go\r\n", "TLS", "250 mx1.example\r\n", "221\r\n" },
	    BY_ITSELF, HELLO "STARTTLS\r\n" HELLO BYE, SMTP_TALKED, SMTP_TLS_DONE, 220, 250,
	    "mx1.example", "mx1.example", 2, 0, NULL, NULL },
	{ "starttls in lower case", { GREETING, "250-a.example\r\n250 starttls\r\n", "220 go\r\n" },
	    TIME_UP, HELLO "STARTTLS\r\n", SMTP_TALKED, SMTP_TLS_UNKNOWN, 220, 250, "mx1.example",
	    "a.example", 1, 0, NULL, "time limit was reached (waiting for the TLS handshake" },
	{ "STARTTLSX is something else", { GREETING, "250-a.example\r\n250 STARTTLSX\r\n" }, LOST,
	    HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "mx1.example", "a.example", 1,
	    0, NULL, NULL },
	{ "greeting of several lines",
	    { "220-mx1.example\r\n220-no spam\r\n220 please\r\n", "250 mx1.example\r\n" }, TIME_UP,
	    HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "mx1.example", "mx1.example", 0,
	    0, NULL, NULL },
	{ "greeting without a text", { "220\r\n", "250 a.example\r\n", "221\r\n" }, BY_ITSELF,
	    HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "", "a.example", 0, 0, NULL,
	    NULL },
	{ "greeting 554 awaits QUIT (RFC 5321 3.1)", { "554 5.7.1 go away\r\n", "221\r\n" },
	    BY_ITSELF, BYE, SMTP_TALKED, SMTP_TLS_UNKNOWN, 554, 0, "", "", 0, 0, NULL, NULL },
	{ "greeting 421 closes", { "421 busy\r\n" }, LOST, BYE, SMTP_TALKED, SMTP_TLS_UNKNOWN, 421,
	    0, "", "", 0, 0, NULL, NULL },
	{ "greeting 250", { "250 hello\r\n" }, BY_ITSELF, "", SMTP_BROKEN, SMTP_TLS_UNKNOWN, 250, 0,
	    "", "", 0, 0, "unexpected reply \"250 hello\" (waiting for the greeting)", NULL },
	{ "another protocol", { "SSH-2.0-x\r\n" }, BY_ITSELF, "", SMTP_BROKEN, SMTP_TLS_UNKNOWN, 0,
	    0, "", "", 0, 0, "not an SMTP reply: \"SSH-2.0-x", NULL },
	{ "silence", { NULL }, TIME_UP, "", SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, 0, "", "", 0, 0,
	    "time limit was reached (waiting for the greeting", NULL },
	{ "half a greeting", { "220 mx1.exa" }, TIME_UP, "", SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, 0,
	    "", "", 0, 0, "waiting for the greeting", NULL },
	{ "closed at once", { NULL }, LOST, "", SMTP_BROKEN, SMTP_TLS_UNKNOWN, 0, 0, "", "", 0, 0,
	    "gone (waiting for the greeting", NULL },
	{ "silence after EHLO", { GREETING }, TIME_UP, HELLO, SMTP_SILENT, SMTP_TLS_UNKNOWN, 220, 0,
	    "mx1.example", "", 0, 0, "waiting for the reply to EHLO", NULL },
	{ "closed after EHLO", { GREETING }, LOST, HELLO, SMTP_BROKEN, SMTP_TLS_UNKNOWN, 220, 0,
	    "mx1.example", "", 0, 0, "gone (waiting for the reply to EHLO", NULL },
	{ "two greetings", { GREETING GREETING }, BY_ITSELF, HELLO, SMTP_BROKEN, SMTP_TLS_UNKNOWN,
	    220, 220, "mx1.example", "", 0, 0, "unexpected reply \"220 mx1.example", NULL },
	{ "EHLO unknown, HELO good", { GREETING, "502 what\r\n", "250 old.example\r\n", "221\r\n" },
	    BY_ITSELF, HELLO "HELO us.example\r\n" BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 502,
	    "mx1.example", "old.example", 0, 0, NULL, NULL },
	{ "EHLO unknown, HELO refused", { GREETING, "500 what\r\n", "550 no\r\n", "221\r\n" },
	    BY_ITSELF, HELLO "HELO us.example\r\n" BYE, SMTP_TALKED, SMTP_TLS_UNKNOWN, 220, 500,
	    "mx1.example", "", 0, 0, "550 no", NULL },
	{ "EHLO unknown, HELO nonsense", { GREETING, "500 what\r\n", "354 go\r\n" }, BY_ITSELF,
	    HELLO "HELO us.example\r\n", SMTP_BROKEN, SMTP_TLS_UNKNOWN, 220, 500, "mx1.example", "",
	    0, 0, "unexpected reply \"354 go\" (waiting for the reply to HELO", NULL },
	{ "EHLO refused", { GREETING, "550 5.7.1 no\r\n", "221\r\n" }, BY_ITSELF, HELLO BYE,
	    SMTP_TALKED, SMTP_TLS_UNKNOWN, 220, 550, "mx1.example", "", 0, 0, "550 5.7.1 no",
	    NULL },
	{ "STARTTLS refused", { GREETING, EHLO_TLS, "454 4.7.0 no certificate\r\n", "221\r\n" },
	    BY_ITSELF, HELLO "STARTTLS\r\n" BYE, SMTP_TALKED, SMTP_TLS_REFUSED, 220, 250,
	    "mx1.example", "mx1.example", 2, 0, NULL, "454 4.7.0 no certificate" },
	{ "STARTTLS unanswered", { GREETING, EHLO_TLS }, TIME_UP, HELLO "STARTTLS\r\n", SMTP_TALKED,
	    SMTP_TLS_UNKNOWN, 220, 250, "mx1.example", "mx1.example", 2, 0, NULL,
	    "time limit was reached (waiting for the reply to STARTTLS" },
	{ "closed at STARTTLS", { GREETING, EHLO_TLS }, LOST, HELLO "STARTTLS\r\n", SMTP_TALKED,
	    SMTP_TLS_FAILED, 220, 250, "mx1.example", "mx1.example", 2, 0, NULL, "gone" },
	{ "STARTTLS answered 250", { GREETING, EHLO_TLS, "250 ok\r\n" }, BY_ITSELF,
	    HELLO "STARTTLS\r\n", SMTP_TALKED, SMTP_TLS_FAILED, 220, 250, "mx1.example",
	    "mx1.example", 2, 0, NULL, "unexpected reply \"250 ok\"" },
	{ "handshake failed", { GREETING, EHLO_TLS, "220 go\r\n", "!TLS" }, BY_ITSELF,
	    HELLO "STARTTLS\r\n", SMTP_TALKED, SMTP_TLS_FAILED, 220, 250, "mx1.example",
	    "mx1.example", 2, 0, NULL, "bad handshake" },
	{ "injected command is dropped (RFC 3207 6)",
	    { GREETING, EHLO_TLS, "220 go\r\n250 evil.example\r\n", "TLS", "250 mx1.example\r\n",
		"221\r\n" },
	    BY_ITSELF, HELLO "STARTTLS\r\n" HELLO BYE, SMTP_TALKED, SMTP_TLS_DONE, 220, 250,
	    "mx1.example", "mx1.example", 2, SMTP_NOTE_INJECTED, NULL, NULL },
	{ "injected command in a second piece",
	    { GREETING, EHLO_TLS, "220 go\r\n", "250 evil\r\n", "!TLS" }, BY_ITSELF,
	    HELLO "STARTTLS\r\n", SMTP_TALKED, SMTP_TLS_FAILED, 220, 250, "mx1.example",
	    "mx1.example", 2, SMTP_NOTE_INJECTED, NULL, "bad handshake" },
	{ "names before TLS stay",
	    { GREETING, EHLO_TLS, "220 go\r\n", "TLS", "250-other.example\r\n250 PIPELINING\r\n",
		"221\r\n" },
	    BY_ITSELF, HELLO "STARTTLS\r\n" HELLO BYE, SMTP_TALKED, SMTP_TLS_DONE, 220, 250,
	    "mx1.example", "mx1.example", 2, 0, NULL, NULL },
	{ "EHLO under TLS refused",
	    { GREETING, EHLO_TLS, "220 go\r\n", "TLS", "503 no\r\n", "221\r\n" }, BY_ITSELF,
	    HELLO "STARTTLS\r\n" HELLO BYE, SMTP_TALKED, SMTP_TLS_DONE, 220, 250, "mx1.example",
	    "mx1.example", 2, 0, "EHLO under TLS was answered \"503 no\"", NULL },
	{ "closed under TLS", { GREETING, EHLO_TLS, "220 go\r\n", "TLS" }, LOST,
	    HELLO "STARTTLS\r\n" HELLO, SMTP_TALKED, SMTP_TLS_DONE, 220, 250, "mx1.example",
	    "mx1.example", 2, 0, "gone (waiting for the reply to EHLO under TLS", NULL },
	{ "nonsense after QUIT does not matter", { GREETING, "250 a.example\r\n", "\x01\x02\r\n" },
	    BY_ITSELF, HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "mx1.example",
	    "a.example", 0, 0, NULL, NULL },
	{ "bare LF is noted", { "220 mx1.example\n", "250 mx1.example\r\n", "221\n" }, BY_ITSELF,
	    HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "mx1.example", "mx1.example", 0,
	    SMTP_NOTE_BARE_LF, NULL, NULL },
	{ "banner that is no name",
	    { "220 *******************\r\n", "250 [192.0.2.1]\r\n", "221\r\n" }, BY_ITSELF,
	    HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "*******************",
	    "[192.0.2.1]", 0, 0, NULL, NULL },
	{ "names that cannot be names", { "220 a..b ESMTP\r\n", "250 .\r\n", "221\r\n" }, BY_ITSELF,
	    HELLO BYE, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250, "", "", 0, 0, NULL, NULL },
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
