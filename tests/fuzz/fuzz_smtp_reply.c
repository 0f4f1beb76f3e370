/*
 * Reply parser and session on arbitrary bytes: whatever comes and however it is cut, what is known
 * in the end is the same, all of it is within bounds, and only the few commands are ever sent.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "smtp/reply.h"
#include "smtp/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool holds)
{
	if (!holds)
		abort();
}

static void
check_reply(const char *data, size_t size)
{
	struct smtp_reply r;
	smtp_reply_init(&r);
	while (size > 0) {
		size_t taken = smtp_reply_feed(&r, data, size);
		expect(taken > 0 && taken <= size && r.n_lines <= SMTP_LINES_MAX);
		expect(taken == size || r.state != REPLY_MORE);
		expect(r.state != REPLY_DONE || (r.code >= 200 && r.code <= 559 && r.n_lines > 0));
		expect((r.fault[0] != '\0') == (r.state == REPLY_BAD));
		for (size_t i = 0; i < r.n_lines; i++) {
			const char *line = smtp_reply_line(&r, i);
			expect(strlen(line) <= SMTP_LINE_MAX && strchr(line, '\n') == NULL);
		}
		if (r.state != REPLY_MORE)
			smtp_reply_reset(&r);
		data += taken;
		size -= taken;
	}
	smtp_reply_fini(&r);
}

/* Length of the command that sent starts with; 0 when it is none that a session may send. */
static size_t
command_len(const char *sent)
{
	static const char *const commands[] = { "EHLO us.example\r\n", "HELO us.example\r\n",
		"STARTTLS\r\n", "QUIT\r\n" };
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strncmp(sent, commands[i], strlen(commands[i])) == 0)
			return strlen(commands[i]);
	return 0;
}

static void
check_commands(const char *sent)
{
	while (sent[0] != '\0') {
		size_t len = command_len(sent);
		expect(len > 0);
		sent += len;
	}
}

/* The session as it is after all bytes; the handshake succeeds as soon as it is asked for. */
static void
run_session(const char *data, size_t size, size_t chunk, struct arena *a, struct smtp_dialogue *d)
{
	struct smtp_session s;
	*d = smtp_dialogue_pending;
	smtp_session_init(&s, d, a, "us.example");
	for (size_t at = 0; at < size; at += chunk) {
		smtp_session_input(&s, data + at, chunk < size - at ? chunk : size - at);
		if (s.state == SMTP_AT_HANDSHAKE && (at & 1) == 0)
			smtp_session_tls_up(&s);
	}
	expect(!s.out.failed);
	check_commands(s.out.data);
	smtp_session_lost(&s, "gone");
	expect(s.state == SMTP_AT_END);
	expect(d->status == SMTP_TALKED || d->status == SMTP_BROKEN);
	expect(d->n_capabilities < SMTP_LINES_MAX);
	smtp_session_fini(&s);
}

static void
expect_same(const struct smtp_dialogue *x, const struct smtp_dialogue *y)
{
	expect(x->status == y->status && x->banner_code == y->banner_code);
	expect(x->ehlo_code == y->ehlo_code && x->n_capabilities == y->n_capabilities);
	expect(strcmp(x->banner, y->banner) == 0);
	expect(strcmp(x->banner_name, y->banner_name) == 0);
	expect(strcmp(x->ehlo_name, y->ehlo_name) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct smtp_dialogue whole, pieces;
	if (size < 1)
		return 0;
	const char *text = (const char *)data + 1;
	arena_init(&a);
	check_reply(text, size - 1);
	run_session(text, size - 1, size, &a, &whole);
	run_session(text, size - 1, data[0] % 16 + 1, &a, &pieces);
	expect_same(&whole, &pieces);
	arena_fini(&a);
	return 0;
}
