/* Mail to a scripted server on loopback that refuses, falls silent or hangs up where it is told. */
#include "test.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/secret.h"
#include "http/mail.h"
#include "http/url_priv.h"
#include "smtp_server.h"

enum { TIMEOUT_MS = 700, HEARD_MAX = 65536, TO_MAX = 4 };

static const char silence[] = "(silence)", hang_up[] = "(hang up)", slow[] = "(slow)";

struct script {
	const char *greeting;
	struct {
		const char *on,
		    *say; /* what a line begins with; its answer in the place of the usual */
	} answers[TO_MAX];
	int heard; /* where the client's lines are written */
};

static const struct {
	const char *on, *say;
} usual[] = {
	{ "EHLO", "250-mx.test.example\r\n250 AUTH PLAIN\r\n" },
	{ "AUTH PLAIN", "334 \r\n" },
	{ "AHJlcG9ydGVy", "235 2.7.0 welcome\r\n" }, /* the beginning of "\0reporter\0" */
	{ "MAIL", "250 2.1.0 Ok\r\n" },
	{ "RCPT", "250 2.1.5 Ok\r\n" },
	{ "DATA", "354 go on\r\n" },
	{ ".", "250 2.0.0 queued\r\n" },
	{ "QUIT", "221 bye\r\n" },
};

static const char *
answer_to(const struct script *s, const char *line)
{
	for (size_t i = 0; i < TO_MAX && s->answers[i].on != NULL; i++)
		if (strncmp(line, s->answers[i].on, strlen(s->answers[i].on)) == 0)
			return s->answers[i].say;
	for (size_t i = 0; i < N_ELEMENTS(usual); i++)
		if (strncmp(line, usual[i].on, strlen(usual[i].on)) == 0)
			return usual[i].say;
	return "500 what?\r\n";
}

/* Says it; false when that ends the connection. */
static bool
act(int fd, const char *say)
{
	if (say == silence)
		sleep(5);
	if (say == silence || say == hang_up)
		return false;
	if (say == slow) {
		sleep(3);
		say = "250 2.0.0 queued, at last\r\n";
	}
	server_say(fd, say);
	return true;
}

static void
serve(int fd, const void *arg)
{
	const struct script *s = arg;
	bool data = false;
	if (!act(fd, s->greeting))
		return;
	for (;;) {
		const char *line = server_hear(fd);
		if (line[0] == '\0' && recv(fd, (char[1]){ 0 }, 1, MSG_PEEK) <= 0)
			return;
		dprintf(s->heard, "%s\n", line);
		if (data && strcmp(line, ".") != 0)
			continue;
		const char *say = answer_to(s, line);
		data = strncmp(line, "DATA", 4) == 0 && say[0] == '3';
		if (!act(fd, say))
			return;
	}
}

struct
try {
	struct mail_server server;
	struct mail mail;
	struct mail_recipient recipients[TO_MAX];
	struct arena arena;
	struct err err;
	enum err_code code;
	char heard[HEARD_MAX];
};

static const char *const to[] = { "a@example.com", "b@example.com", "c@example.com" };
static const char message[] = "Subject: x\r\n\r\nbody\r\n.dot\r\n";

static void
try_init(struct try *t)
{
	*t = (struct try){ .server = { .url = "",
			       .plain = true,
			       .helo = "host.example.com",
			       .user = "",
			       .ca_file = "",
			       .timeout_ms = TIMEOUT_MS,
			       .final_ms = TIMEOUT_MS },
		.mail = { .from = "from@example.com",
		    .to = to,
		    .n_to = 1,
		    .data = message,
		    .len = sizeof message - 1 } };
	arena_init(&t->arena);
}

static void
try_run(struct try *t, const struct script *script)
{
	struct script s = *script;
	uint16_t port;
	int heard[2];
	assert_int_equal(pipe(heard), 0);
	s.heard = heard[1];
	pid_t pid = server_start(serve, &s, &port);
	close(heard[1]);
	t->server.url = arena_printf(&t->arena, "smtp://127.0.0.1:%u", port);
	t->code = mail_send(&t->server, &t->mail, &t->arena, t->recipients, &t->err);
	struct pollfd end = { .fd = heard[0], .events = POLLIN };
	size_t n = 0;
	while (poll(&end, 1, t->code == ERR_NONE ? 5000 : 100) > 0) {
		ssize_t got = read(heard[0], t->heard + n, HEARD_MAX - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	server_stop(pid);
	close(heard[0]);
}

static void
expect(const struct try *t, enum err_code code, const char *part)
{
	if (t->code != code)
		fail_msg("code %d instead of %d: %s\n%s", (int)t->code, (int)code, t->err.text,
		    t->heard);
	if (code != ERR_NONE && strstr(t->err.text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", t->err.text, part);
	if (code != ERR_NONE && strncmp(t->err.text, "smtp://127.0.0.1:", 17) != 0)
		fail_msg("\"%s\" does not name the server", t->err.text);
}

#define GREETING "220 mx.test.example ESMTP\r\n"

static const struct {
	const char *name;
	struct script script;
	enum err_code code;
	const char *part;
} rows[] = {
	{ "taken", { .greeting = GREETING }, ERR_NONE, "" },
	{ "many lines of greeting", { .greeting = "220-one\r\n220-two\r\n220 three\r\n" }, ERR_NONE,
	    "" },
	{ "no service", { .greeting = "554 5.7.1 go away\r\n" }, ERR_NOPERM,
	    "the connection is refused: 554 5.7.1 go away" },
	{ "busy", { .greeting = "421 4.3.2 later\r\n" }, ERR_TEMP, "421 4.3.2 later" },
	{ "says nothing", { .greeting = silence }, ERR_UNAVAILABLE, "no greeting, in time" },
	{ "hangs up at once", { .greeting = hang_up }, ERR_TEMP, "cut" },
	{ "speaks HTTP", { .greeting = "HTTP/1.1 400 Bad Request\r\n\r\n" }, ERR_UNAVAILABLE,
	    "does not speak SMTP" },
	{ "sender refused", { GREETING, { { "MAIL", "550 5.7.1 not you\r\n" } }, 0 }, ERR_NOPERM,
	    "the sender is refused: 550 5.7.1 not you" },
	{ "sender refused for now", { GREETING, { { "MAIL", "451 4.3.0 later\r\n" } }, 0 },
	    ERR_TEMP, "the sender is refused: 451 4.3.0 later" },
	{ "silent behind MAIL", { GREETING, { { "MAIL", silence } }, 0 }, ERR_TEMP,
	    "no reply in time" },
	{ "recipient refused", { GREETING, { { "RCPT", "550 5.1.1 nobody\r\n" } }, 0 }, ERR_NOPERM,
	    "every recipient is refused: 550 5.1.1 nobody" },
	{ "recipient greylisted", { GREETING, { { "RCPT", "450 4.2.0 greylisted\r\n" } }, 0 },
	    ERR_TEMP, "every recipient is refused: 450 4.2.0 greylisted" },
	{ "DATA refused", { GREETING, { { "DATA", "554 5.5.1 no\r\n" } }, 0 }, ERR_NOPERM,
	    "the message is refused: 554 5.5.1 no" },
	{ "message refused", { GREETING, { { ".", "552 5.3.4 too big\r\n" } }, 0 }, ERR_NOPERM,
	    "the message is refused: 552 5.3.4 too big" },
	{ "message refused for now", { GREETING, { { ".", "452 4.3.1 full\r\n" } }, 0 }, ERR_TEMP,
	    "the message is refused: 452 4.3.1 full" },
	{ "silent behind the message", { GREETING, { { ".", silence } }, 0 }, ERR_TEMP,
	    "no reply in time to the whole message, which may have been accepted" },
	{ "cut behind the message", { GREETING, { { ".", hang_up } }, 0 }, ERR_TEMP, "" },
	{ "an escape sequence", { GREETING, { { "MAIL", "550 \x1b[31mred\r\n" } }, 0 }, ERR_NOPERM,
	    "\\x1b[31mred" },
};

static void
test_rows(void **state)
{
	(void)state;
	static struct try t;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		try_init(&t);
		try_run(&t, &rows[i].script);
		expect(&t, rows[i].code, rows[i].part);
		assert_int_equal(t.recipients[0].taken, rows[i].code == ERR_NONE);
		arena_fini(&t.arena);
	}
}

/* A server that looks through the message takes longer than all before it: it is waited for. */
static void
test_slow_final_reply(void **state)
{
	(void)state;
	static const struct script late = { GREETING, { { ".", slow } }, 0 },
				   early = { GREETING, { { "MAIL", slow } }, 0 };
	static struct try t;
	try_init(&t);
	t.server.final_ms = MAIL_FINAL_MS;
	try_run(&t, &late);
	expect(&t, ERR_NONE, "");
	assert_true(t.recipients[0].taken);
	arena_fini(&t.arena);
	try_init(&t);
	t.server.final_ms = MAIL_FINAL_MS;
	try_run(&t, &early);
	expect(&t, ERR_TEMP, "no reply in time");
	assert_null(strstr(t.heard, "RCPT"));
	arena_fini(&t.arena);
}

static void
test_dialogue(void **state)
{
	(void)state;
	static const struct script script = { .greeting = GREETING };
	static struct try t;
	try_init(&t);
	t.mail.n_to = 3;
	try_run(&t, &script);
	expect(&t, ERR_NONE, "");
	const char *rest = strstr(t.heard, "MAIL");
	assert_non_null(rest);
	assert_memory_equal(t.heard, "EHLO host.example.com\n", 22);
	assert_non_null(strstr(rest, "MAIL FROM:<from@example.com>\n"));
	assert_non_null(strstr(rest, "RCPT TO:<c@example.com>\n"));
	assert_non_null(strstr(rest, "\n\nbody\n..dot\n.\n"));
	for (size_t i = 0; i < 3; i++) {
		assert_true(t.recipients[i].taken);
		assert_string_equal(t.recipients[i].reply, "");
	}
	arena_fini(&t.arena);
}

/* One refused recipient does not keep the message from the others. */
static void
test_some_refused(void **state)
{
	(void)state;
	static const struct script script = { GREETING,
		{ { "RCPT TO:<a", "550-5.1.1 many\r\n550 5.1.1 nobody of this name\r\n" },
		    { "RCPT TO:<c", "450 4.2.2 full\r\n" } },
		0 };
	static struct try t;
	try_init(&t);
	t.mail.n_to = 3;
	try_run(&t, &script);
	expect(&t, ERR_NONE, "");
	assert_non_null(strstr(t.heard, "body"));
	assert_false(t.recipients[0].taken);
	assert_string_equal(t.recipients[0].reply, "550 5.1.1 nobody of this name");
	assert_true(t.recipients[1].taken);
	assert_false(t.recipients[2].taken);
	assert_string_equal(t.recipients[2].reply, "450 4.2.2 full");
	arena_fini(&t.arena);
}

static void
test_login(void **state)
{
	(void)state;
	static const struct script good = { .greeting = GREETING };
	static const struct script bad = { GREETING,
		{ { "AHJl", "535 5.7.8 authentication failed\r\n" } }, 0 };
	static const struct script other = { GREETING,
		{ { "EHLO", "250-mx\r\n250 AUTH X-OTHER\r\n" } }, 0 };
	static const struct script none = { GREETING, { { "EHLO", "250 mx.test.example\r\n" } },
		0 };
	static struct try t;
	const struct {
		const struct script *script;
		enum err_code code;
		const char *part;
	} logins[] = {
		{ &good, ERR_NONE, "" },
		{ &bad, ERR_NOPERM, "the login is refused: 535 5.7.8 authentication failed" },
		{ &other, ERR_NOPERM, "no login method in common" },
		/* the server may know us by our address; if it does not, it refuses the mail */
		{ &none, ERR_NONE, "" },
	};
	for (size_t i = 0; i < N_ELEMENTS(logins); i++) {
		try_init(&t);
		t.server.user = "reporter";
		t.server.password = "s3cret";
		try_run(&t, logins[i].script);
		expect(&t, logins[i].code, logins[i].part);
		assert_null(strstr(t.err.text, "s3cret"));
		if (i == 0) /* "\0reporter\0s3cret" */
			assert_non_null(strstr(t.heard, "AHJlcG9ydGVyAHMzY3JldA=="));
		arena_fini(&t.arena);
	}
}

#ifndef __SANITIZE_ADDRESS__ /* whose heap is all over the place */
/* The heap, as the kernel lists it; 0 when there is none. */
static void
find_heap(uintptr_t *start, uintptr_t *end)
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	assert_non_null(maps);
	*start = *end = 0;
	while (fgets(line, sizeof line, maps) != NULL)
		if (strstr(line, "[heap]") != NULL)
			assert_int_equal(sscanf(line, "%" SCNxPTR "-%" SCNxPTR, start, end), 2);
	fclose(maps);
}

static size_t
count_in_heap(const char *text)
{
	uintptr_t start, end;
	size_t n = 0;
	find_heap(&start, &end);
	const char *at = (const char *)start;
	if (at == NULL)
		return 0;
	while ((at = memmem(at, end - (uintptr_t)at, text, strlen(text))) != NULL) {
		at += strlen(text);
		n++;
	}
	return n;
}

/* libcurl copies it, and writes it out for AUTH: none of it stays behind in the heap. */
static void
test_password_is_wiped(void **state)
{
	(void)state;
	static const struct script script = { .greeting = GREETING };
	static struct try t;
	/* its end is looked for: malloc() itself writes over the beginning of a block */
	static const char password[] = "a-password-that-is-long-k8ptS3cretW0rd";
	static const char plain[] = "k8ptS3cretW0rd", coded[] = "LWs4cHRTM2NyZXRXMHJk";
	char *seen = secret_dup(password);
	assert_int_equal(count_in_heap(plain), 1);
	secret_free(seen);
	try_init(&t);
	t.server.user = "reporter";
	t.server.password = password;
	try_run(&t, &script);
	expect(&t, ERR_NONE, "");
	arena_fini(&t.arena);
	assert_non_null(strstr(t.heard, coded));
	assert_int_equal(count_in_heap(plain), 0);
	assert_int_equal(count_in_heap(coded), 0);
}
#endif

/* Without TLS nothing is sent, when it is wanted: no sender, no recipient, no password. */
static void
test_no_tls(void **state)
{
	(void)state;
	static const struct script none = { .greeting = GREETING };
	static const struct script refused = { GREETING,
		{ { "EHLO", "250-mx\r\n250 STARTTLS\r\n" },
		    { "STARTTLS", "454 4.7.0 not now\r\n" } },
		0 };
	static const struct script stripped = { GREETING,
		{ { "EHLO", "250-mx\r\n250 STARTTLS\r\n" },
		    { "STARTTLS", "220 ready\r\nnot TLS at all\r\n" } },
		0 };
	const struct {
		const struct script *script;
		const char *part;
	} ways[] = { { &none, "STARTTLS" }, { &refused, "454 4.7.0 not now" }, { &stripped, "" } };
	static struct try t;
	for (size_t i = 0; i < N_ELEMENTS(ways); i++) {
		try_init(&t);
		t.server.plain = false;
		t.server.user = "reporter";
		t.server.password = "s3cret";
		try_run(&t, ways[i].script);
		assert_int_not_equal(t.code, ERR_NONE);
		if (strstr(t.err.text, ways[i].part) == NULL)
			fail_msg("%s", t.err.text);
		assert_null(strstr(t.heard, "MAIL"));
		assert_null(strstr(t.heard, "AUTH"));
		arena_fini(&t.arena);
	}
}

static const struct {
	const char *url;
	bool plain;
	const char *origin; /* NULL: refused */
} urls[] = {
	{ "smtp://mail.example.com", false, "smtp://mail.example.com" },
	{ "SMTP://mail.example.com:587/", false, "smtp://mail.example.com:587" },
	{ "smtps://mail.example.com", false, "smtps://mail.example.com" },
	{ "smtp://[2001:db8::1]:25", false, "smtp://[2001:db8::1]:25" },
	{ "smtp://127.0.0.1:25", true, "smtp://127.0.0.1:25" },
	{ "smtp://[::1]", true, "smtp://[::1]" },
	{ "smtp://localhost", true, "smtp://localhost" },
	{ "smtp://mail.example.com", true, NULL },
	{ "smtp://127.0.0.1.example.com", true, NULL },
	{ "smtp://localhost.example.com", true, NULL },
	{ "smtp://169.254.169.254", true, NULL },
	{ "smtps://127.0.0.1", true, NULL },
	{ "smtp://user:pass@mail.example.com", false, NULL },
	{ "smtp://mail.example.com/x", false, NULL },
	{ "smtp://mail.example.com?x", false, NULL },
	{ "smtp://mail.example.com\r\nQUIT", false, NULL },
	{ "mail.example.com", false, NULL },
	{ "http://mail.example.com", false, NULL },
	{ "smtp://", false, NULL },
	{ "", false, NULL },
};

static void
test_urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(urls); i++) {
		struct url_view view;
		struct err err;
		ROW(urls[i].url);
		enum err_code code = url_view_mail(urls[i].url, urls[i].plain, &view, &err);
		assert_int_equal(code, urls[i].origin != NULL ? ERR_NONE : ERR_CONFIG);
		assert_int_equal(mail_server_check(urls[i].url, urls[i].plain, &err), code);
		if (urls[i].origin != NULL)
			assert_string_equal(view.origin, urls[i].origin);
	}
}

static void
test_unusable(void **state)
{
	(void)state;
	static const char *const bad[] = { "x@example.com>\r\nRCPT TO:<y@example.com" };
	static struct try t;
	try_init(&t);
	t.server.url = "smtp://127.0.0.1:1";
	t.code = mail_send(&t.server, &t.mail, &t.arena, t.recipients, &t.err);
	expect(&t, ERR_UNAVAILABLE, "no connection");
	t.mail.to = bad;
	t.code = mail_send(&t.server, &t.mail, &t.arena, t.recipients, &t.err);
	assert_int_equal(t.code, ERR_CONFIG);
	t.mail.to = to;
	t.mail.from = "";
	t.code = mail_send(&t.server, &t.mail, &t.arena, t.recipients, &t.err);
	assert_int_equal(t.code, ERR_CONFIG);
	t.mail.from = to[0];
	t.server.ca_file = "/nonexistent";
	t.code = mail_send(&t.server, &t.mail, &t.arena, t.recipients, &t.err);
	assert_int_equal(t.code, ERR_CONFIG);
	arena_fini(&t.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_slow_final_reply),
		cmocka_unit_test(test_dialogue),
		cmocka_unit_test(test_some_refused),
		cmocka_unit_test(test_login),
#ifndef __SANITIZE_ADDRESS__
		cmocka_unit_test(test_password_is_wiped),
#endif
		cmocka_unit_test(test_no_tls),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_unusable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
