#include "test.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/loop.h"
#include "smtp_server.h"

enum { SHORT_US = 300 * 1000, LONG_US = 10 * 1000 * 1000 };

static void
serve_plain(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "220-mx1.test.example ESMTP\r\n220 no spam\r\n");
	server_hear(fd);
	server_say(fd, "250-mx1.test.example\r\n250-SIZE 1000\r\n250 8BITMIME\r\n");
	server_hear(fd);
	server_say(fd, "221 bye\r\n");
}

/* Answers EHLO with the name that the client gave. */
static void
serve_mirror(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "220 mx1.test.example\r\n");
	const char *line = server_hear(fd);
	server_say(fd, "250 ");
	server_say(fd, line + 5);
	server_say(fd, "\r\n");
	server_hear(fd);
}

static void
serve_silence(int fd, const void *arg)
{
	(void)arg;
	server_hear(fd);
}

static void
serve_late(int fd, const void *arg)
{
	poll(NULL, 0, 2 * SHORT_US / 1000);
	serve_plain(fd, arg);
}

static void
serve_early_close(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "220-mx1.test.example\r\n");
}

static void
serve_garbage(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "SSH-2.0-OpenSSH_9.2\r\n");
	server_hear(fd);
}

static void
serve_endless_banner(int fd, const void *arg)
{
	(void)arg;
	static char block[65536];
	memset(block, '2', sizeof block);
	for (size_t sent = 0; sent < 10 * 1000 * 1000; sent += sizeof block)
		if (send(fd, block, sizeof block, MSG_NOSIGNAL) < 0)
			return;
}

static void
serve_endless_lines(int fd, const void *arg)
{
	(void)arg;
	for (int i = 0; i < 100000; i++)
		if (send(fd, "220-and so on\r\n", 15, MSG_NOSIGNAL) < 0)
			return;
}

static void
serve_slow_drip(int fd, const void *arg)
{
	(void)arg;
	for (int i = 0; i < 200 && send(fd, i < 4 ? &"220 "[i] : "x", 1, MSG_NOSIGNAL) == 1; i++)
		poll(NULL, 0, 20);
}

static void
serve_554(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "554 5.7.1 not you\r\n");
	server_hear(fd);
	server_say(fd, "221 bye\r\n");
}

static void
serve_421(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "421 4.3.2 too busy\r\n");
}

static void
serve_helo_only(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "220 old.test.example\r\n");
	server_hear(fd);
	server_say(fd, "502 5.5.2 unknown\r\n");
	server_hear(fd);
	server_say(fd, "250 old.test.example\r\n");
	server_hear(fd);
}

static void
serve_refusal(int fd, const void *arg)
{
	(void)arg;
	server_offer_starttls(fd);
	server_say(fd, "454 4.7.0 no certificate\r\n");
	server_hear(fd);
}

static void
serve_bad_handshake(int fd, const void *arg)
{
	(void)arg;
	server_offer_starttls(fd);
	server_say(fd, "220 go\r\n");
	char hello[1];
	(void)!recv(fd, hello, 1, 0);
	server_say(fd, "this is no TLS record\r\n");
	server_hear(fd);
}

static void
serve_no_handshake(int fd, const void *arg)
{
	(void)arg;
	server_offer_starttls(fd);
	server_say(fd, "220 go\r\n");
	serve_silence(fd, arg);
	poll(NULL, 0, 2000);
}

static void
serve_closed_handshake(int fd, const void *arg)
{
	(void)arg;
	server_offer_starttls(fd);
	server_say(fd, "220 go\r\n");
	char hello[4096];
	(void)!recv(fd, hello, sizeof hello, 0);
}

static const struct row {
	const char *name;
	server_fn *serve;
	uint64_t time_us;
	enum smtp_status status;
	enum smtp_tls tls;
	int banner_code, ehlo_code;
	const char *ehlo_name;
	const char *error, *tls_error;
} rows[] = {
	{ "plain", .serve = serve_plain, .time_us = LONG_US, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 250,
	    .ehlo_name = "mx1.test.example" },
	{ "silence", .serve = serve_silence, .time_us = SHORT_US, .status = SMTP_SILENT,
	    .tls = SMTP_TLS_UNKNOWN, .ehlo_name = "",
	    .error = "the time limit was reached (waiting for the greeting)" },
	{ "early close", .serve = serve_early_close, .time_us = LONG_US, .status = SMTP_BROKEN,
	    .tls = SMTP_TLS_UNKNOWN, .ehlo_name = "", .error = "closed by the server" },
	{ "garbage", .serve = serve_garbage, .time_us = LONG_US, .status = SMTP_BROKEN,
	    .tls = SMTP_TLS_UNKNOWN, .ehlo_name = "",
	    .error = "not an SMTP reply: \"SSH-2.0-OpenSSH_9.2" },
	{ "10 MB without a line end", .serve = serve_endless_banner, .time_us = LONG_US,
	    .status = SMTP_BROKEN, .tls = SMTP_TLS_UNKNOWN, .ehlo_name = "",
	    .error = "a line without end" },
	{ "endless lines", .serve = serve_endless_lines, .time_us = LONG_US, .status = SMTP_BROKEN,
	    .tls = SMTP_TLS_UNKNOWN, .ehlo_name = "", .error = "too many lines" },
	{ "slow drip", .serve = serve_slow_drip, .time_us = SHORT_US, .status = SMTP_SILENT,
	    .tls = SMTP_TLS_UNKNOWN, .ehlo_name = "", .error = "the time limit was reached" },
	{ "greeting 554", .serve = serve_554, .time_us = LONG_US, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_UNKNOWN, .banner_code = 554, .ehlo_name = "" },
	{ "greeting 421", .serve = serve_421, .time_us = LONG_US, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_UNKNOWN, .banner_code = 421, .ehlo_name = "" },
	{ "HELO only", .serve = serve_helo_only, .time_us = LONG_US, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_NOT_OFFERED, .banner_code = 220, .ehlo_code = 502,
	    .ehlo_name = "old.test.example" },
	{ "STARTTLS refused", .serve = serve_refusal, .time_us = LONG_US, .status = SMTP_TALKED,
	    .tls = SMTP_TLS_REFUSED, .banner_code = 220, .ehlo_code = 250,
	    .ehlo_name = "mx1.test.example", .tls_error = "454 4.7.0 no certificate" },
	{ "handshake fails", .serve = serve_bad_handshake, .time_us = LONG_US,
	    .status = SMTP_TALKED, .tls = SMTP_TLS_FAILED, .banner_code = 220, .ehlo_code = 250,
	    .ehlo_name = "mx1.test.example", .tls_error = "wrong version number" },
	{ "handshake unanswered", .serve = serve_no_handshake, .time_us = SHORT_US,
	    .status = SMTP_TALKED, .tls = SMTP_TLS_UNKNOWN, .banner_code = 220, .ehlo_code = 250,
	    .ehlo_name = "mx1.test.example",
	    .tls_error = "the time limit was reached (waiting for the TLS handshake)" },
	{ "closed in the handshake", .serve = serve_closed_handshake, .time_us = LONG_US,
	    .status = SMTP_TALKED, .tls = SMTP_TLS_FAILED, .banner_code = 220, .ehlo_code = 250,
	    .ehlo_name = "mx1.test.example",
	    .tls_error = "closed by the server (waiting for the TLS handshake)" },
};

static void
test_dialogues(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		ROW(row->name);
		uint16_t port;
		pid_t pid = server_start(row->serve, NULL, &port);
		struct outcome o;
		uint64_t before_us = loop_now_us();
		probe_run(&o, "127.0.0.1", port, "us.example", row->time_us);
		uint64_t took_us = loop_now_us() - before_us;
		server_stop(pid);
		assert_dialogue(o.dialogue, row->status, row->tls);
		assert_int_equal(o.dialogue->banner_code, row->banner_code);
		assert_int_equal(o.dialogue->ehlo_code, row->ehlo_code);
		assert_string_equal(o.dialogue->ehlo_name, row->ehlo_name);
		assert_part_of(o.dialogue->error, row->error);
		assert_part_of(o.dialogue->tls_error, row->tls_error);
		/* half of the long time is generous for loopback, and far from a missed deadline */
		assert_true(took_us < (row->time_us == LONG_US ? LONG_US / 2 : 10 * SHORT_US));
		arena_fini(&o.arena);
	}
}

/* Only a server that is there is waited for. */
static void
test_delayed_greeting(void **state)
{
	(void)state;
	struct outcome o;
	uint16_t port;
	pid_t pid = server_start(serve_late, NULL, &port);
	struct smtp_job job = { .server = { .port = port },
		.deadline_us = loop_now_us() + SHORT_US,
		.talk_deadline_us = loop_now_us() + LONG_US };
	assert_true(ip_parse("127.0.0.1", &job.server.ip));
	probe_job(&o, &job);
	server_stop(pid);
	assert_dialogue(o.dialogue, SMTP_TALKED, SMTP_TLS_NOT_OFFERED);
	assert_true(o.dialogue->time_us > SHORT_US);
	arena_fini(&o.arena);
}

static void
test_closed_port(void **state)
{
	(void)state;
	uint16_t port;
	close(server_listen(1, &port));
	struct outcome o;
	probe_run(&o, "127.0.0.1", port, NULL, LONG_US);
	assert_dialogue(o.dialogue, SMTP_CLOSED, SMTP_TLS_UNKNOWN);
	assert_part_of(o.dialogue->error, "refused");
	arena_fini(&o.arena);
}

/* A listener with a full queue drops what comes: to the client it looks like a packet filter. */
static void
test_filtered_port(void **state)
{
	(void)state;
	uint16_t port;
	int fd = server_listen(0, &port);
	struct endpoint server = { .port = port };
	assert_true(ip_parse("127.0.0.1", &server.ip));
	int fill[4];
	for (size_t i = 0; i < N_ELEMENTS(fill); i++) {
		fill[i] = endpoint_connect(&server, SOCK_STREAM);
		assert_true(fill[i] >= 0);
	}
	poll(NULL, 0, 50);
	struct outcome o;
	struct smtp_job job = { .server = server,
		.deadline_us = loop_now_us() + SHORT_US,
		.talk_deadline_us = loop_now_us() + LONG_US };
	probe_job(&o, &job);
	assert_dialogue(o.dialogue, SMTP_FILTERED, SMTP_TLS_UNKNOWN);
	assert_part_of(o.dialogue->error, "no connection within the time limit");
	assert_true(o.dialogue->time_us >= SHORT_US - 5000);
	assert_true(o.dialogue->time_us < LONG_US / 2);
	for (size_t i = 0; i < N_ELEMENTS(fill); i++)
		close(fill[i]);
	close(fd);
	arena_fini(&o.arena);
}

/* No TCP to a broadcast address: the kernel says so itself, with or without a network. */
static void
test_unreachable(void **state)
{
	(void)state;
	struct outcome o;
	probe_run(&o, "255.255.255.255", 25, NULL, LONG_US);
	assert_dialogue(o.dialogue, SMTP_UNREACHABLE, SMTP_TLS_UNKNOWN);
	assert_part_of(o.dialogue->error, "nreachable");
	arena_fini(&o.arena);
}

static void
test_own_name(void **state)
{
	(void)state;
	static const char *const given[] = { "us.example", NULL };
	for (size_t i = 0; i < N_ELEMENTS(given); i++) {
		uint16_t port;
		pid_t pid = server_start(serve_mirror, NULL, &port);
		struct outcome o;
		probe_run(&o, "127.0.0.1", port, given[i], LONG_US);
		server_stop(pid);
		assert_dialogue(o.dialogue, SMTP_TALKED, SMTP_TLS_NOT_OFFERED);
		/* the server says what it has heard */
		assert_string_equal(o.dialogue->our_name, o.dialogue->ehlo_name);
		if (given[i] != NULL)
			assert_string_equal(o.dialogue->ehlo_name, given[i]);
		else if (strcmp(o.dialogue->ehlo_name, "[127.0.0.1]") != 0)
			assert_non_null(strchr(o.dialogue->ehlo_name, '.'));
		arena_fini(&o.arena);
	}
}

static void
test_capabilities(void **state)
{
	(void)state;
	uint16_t port;
	pid_t pid = server_start(serve_plain, NULL, &port);
	struct outcome o;
	probe_run(&o, "127.0.0.1", port, NULL, LONG_US);
	server_stop(pid);
	assert_string_equal(o.dialogue->banner, "mx1.test.example ESMTP");
	assert_string_equal(o.dialogue->banner_name, "mx1.test.example");
	assert_int_equal(o.dialogue->n_capabilities, 2);
	assert_string_equal(o.dialogue->capabilities[0], "SIZE 1000");
	assert_string_equal(o.dialogue->capabilities[1], "8BITMIME");
	assert_true(o.dialogue->time_us > 0);
	arena_fini(&o.arena);
}

static void
test_cancel(void **state)
{
	(void)state;
	uint16_t port;
	pid_t pid = server_start(serve_silence, NULL, &port);
	struct smtp_job job = { .server = { .port = port },
		.deadline_us = loop_now_us() + LONG_US };
	assert_true(ip_parse("127.0.0.1", &job.server.ip));
	struct outcome o = { .calls = 0 };
	struct loop *loop = loop_new();
	struct smtp_probe *p = smtp_probe_start(loop, &job, outcome_keep, &o);
	smtp_probe_cancel(p);
	loop_run(loop);
	loop_free(loop);
	server_stop(pid);
	assert_int_equal(o.calls, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogues),
		cmocka_unit_test(test_delayed_greeting),
		cmocka_unit_test(test_closed_port),
		cmocka_unit_test(test_filtered_port),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_own_name),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_cancel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
