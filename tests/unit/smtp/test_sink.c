/* What the sink answers, and what it gives out: clients in order, out of order, and hostile ones. */
#include "smtp/sink.h"

#include <stdlib.h>

#include "test.h"

#define HELLO "EHLO a.example\r\n"
#define MAIL "MAIL FROM:<joe@a.example> SIZE=10\r\n"
#define RCPT "RCPT TO:<x@b.example>\r\n"
#define TEXT "From: joe@a.example\r\n\r\nbody\r\n"

/* replies: the first digits of each last line, by blanks; got: EHLO/sender/recipients/refused/text */
static const struct {
	const char *name;
	enum sink_stage refuse;
	const char *input, *replies, *got;
} rows[] = {
	{ "a message", SINK_NOWHERE, HELLO MAIL RCPT "DATA\r\n" TEXT ".\r\nQUIT\r\n",
	    "220 250 250 250 354 250 221",
	    "a.example joe@a.example 1 nowhere From: joe@a.example\r\n\r\nbody\r\n;" },
	{ "two messages, HELO, lower case, no blank before <", SINK_NOWHERE,
	    "helo a\r\nmail from: <>\r\nrcpt to:<x>\r\ndata\r\n" TEXT ".\r\n" MAIL RCPT RCPT
	    "DATA\r\n" TEXT ".\r\n",
	    "220 250 250 250 354 250 250 250 250 354 250",
	    "a  1 nowhere From: joe@a.example\r\n\r\nbody\r\n;a joe@a.example 2 nowhere From: "
	    "joe@a.example\r\n\r\nbody\r\n;" },
	{ "stuffed dots, and dots between lone LF and CR", SINK_NOWHERE,
	    HELLO MAIL RCPT "DATA\r\nA: b\r\n\r\n..x\r\n.\n.\r.\r\nx\n.\r\n.x\r\n.\rx\r\n.\r\n",
	    "220 250 250 250 354 250",
	    "a.example joe@a.example 1 nowhere A: b\r\n\r\n.x\r\n\n.\r.\r\nx\n.\r\nx\r\n\rx\r\n;" },
	{ "out of order", SINK_NOWHERE,
	    MAIL RCPT "DATA\r\n" HELLO RCPT "DATA\r\n" MAIL "DATA\r\n" MAIL,
	    "220 503 503 503 250 503 503 250 503 503", "" },
	{ "not of the form", SINK_NOWHERE,
	    "EHLO\r\n\r\nFOO\r\n" HELLO
	    "MAIL TO:<x>\r\nMAIL FROM:\r\nMAIL FROM:<x\r\nSTARTTLS now\r\nVRFY x\r\nNOOP\r\n",
	    "220 501 500 500 250 501 501 501 501 252 250", "" },
	{ "EHLO begins anew", SINK_NOWHERE, HELLO MAIL HELLO RCPT "RSET\r\n",
	    "220 250 250 250 503 250", "" },
	{ "a message that is not one", SINK_NOWHERE,
	    HELLO MAIL RCPT "DATA\r\n\r\nno header\r\n.\r\n", "220 250 250 250 354 250",
	    "a.example joe@a.example 1 nowhere \r\nno header\r\n;" },
	{ "what follows STARTTLS is not taken", SINK_NOWHERE, HELLO "STARTTLS\r\n" MAIL RCPT,
	    "220 250 220", "" },
	{ "no end of the message", SINK_NOWHERE, HELLO MAIL RCPT "DATA\r\n" TEXT,
	    "220 250 250 250 354", "" },
	{ "refused at connect", SINK_CONNECT, HELLO MAIL, "550", " - 0 connect ;" },
	{ "refused at EHLO, and HELO does not help", SINK_EHLO, HELLO "HELO b\r\n" MAIL "QUIT\r\n",
	    "220 550 550 503 221", "b - 0 ehlo ;" },
	{ "refused at MAIL", SINK_MAIL, HELLO MAIL RCPT "RSET\r\nQUIT\r\n",
	    "220 250 550 503 250 221", "a.example joe@a.example 0 mail ;" },
	{ "refused at RCPT", SINK_RCPT, HELLO MAIL RCPT RCPT "DATA\r\n", "220 250 250 550 550 503",
	    "a.example joe@a.example 0 rcpt ;" },
	{ "refused at DATA", SINK_DATA, HELLO MAIL RCPT "DATA\r\nQUIT\r\n",
	    "220 250 250 250 550 221", "a.example joe@a.example 1 data ;" },
};

struct seen {
	char text[4096];
	size_t n;
};

static void
take(void *arg, struct sink_delivery *d)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);
	seen->n++;
	snprintf(seen->text + len, sizeof seen->text - len, "%s %s %zu %s %s;", d->ehlo,
	    d->sender != NULL ? d->sender : "-", d->n_recipients,
	    enumtab_name(&sink_stage_names, (int)d->refused), d->text.data);
	assert_true(d->refused != SINK_NOWHERE || (d->message != NULL) != (d->fault[0] != '\0'));
	sink_delivery_free(d);
}

/* The codes of the last line of each reply. */
static void
add_codes(struct buf *out, char *codes, size_t size)
{
	for (char *line = out->data; *line != '\0'; line = strchr(line, '\n') + 1) {
		size_t len = strlen(codes);
		if (line[3] == ' ')
			snprintf(codes + len, size - len, "%s%.3s", len > 0 ? " " : "", line);
	}
	buf_reset(out);
}

static void
test_dialogues(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows) * 2; i++) {
		const char *input = rows[i / 2].input;
		size_t piece = i % 2 == 0 ? strlen(input) : 1;
		char codes[256] = "";
		struct seen seen = { .n = 0 };
		const struct sink_options o = { .name = "sink.example",
			.refuse = rows[i / 2].refuse,
			.keep = true,
			.delivered = take,
			.arg = &seen };
		ROW(rows[i / 2].name);
		struct sink *s = sink_new(&o);
		for (size_t at = 0; at < strlen(input); at += piece) {
			sink_input(s, input + at, piece);
			add_codes(sink_output(s), codes, sizeof codes);
		}
		add_codes(sink_output(s), codes, sizeof codes);
		sink_free(s);
		assert_string_equal(codes, rows[i / 2].replies);
		assert_string_equal(seen.text, rows[i / 2].got);
	}
}

static void
drop(void *arg, struct sink_delivery *d)
{
	struct seen *seen = arg;
	seen->n++;
	assert_int_equal(d->text.len, 0);
	sink_delivery_free(d);
}

/* Says it n times; the first code of the last replies. */
static int
say_often(struct sink *s, const char *line, size_t n)
{
	char last[4] = "";
	for (size_t i = 0; i < n; i++) {
		sink_input(s, line, strlen(line));
		struct buf *out = sink_output(s);
		if (out->len >= 3)
			memcpy(last, out->data, 3);
		buf_reset(out);
	}
	return atoi(last);
}

static const struct sink_options plain = { .name = "s", .refuse = SINK_NOWHERE, .delivered = drop };

static void
test_limits(void **state)
{
	struct seen seen = { .n = 0 };
	struct sink_options o = plain;
	(void)state;
	o.arg = &seen;
	struct sink *s = sink_new(&o);
	assert_int_equal(say_often(s, HELLO MAIL, 1), 220);
	assert_int_equal(say_often(s, RCPT, SINK_RECIPIENTS_MAX), 250);
	assert_int_equal(say_often(s, RCPT, 1), 452);
	assert_int_equal(sink_wants(s), SINK_WANTS_INPUT);
	say_often(s, "FOO\r\n", SINK_ERRORS_MAX - 1);
	assert_int_equal(sink_wants(s), SINK_WANTS_END);
	sink_free(s);
	s = sink_new(&o);
	say_often(s, HELLO, 1);
	say_often(s, MAIL "RSET\r\n", SINK_MESSAGES_MAX);
	assert_int_equal(sink_wants(s), SINK_WANTS_INPUT);
	assert_int_equal(say_often(s, MAIL, 1), 421);
	assert_int_equal(sink_wants(s), SINK_WANTS_END);
	sink_free(s);
	assert_int_equal(seen.n, 0);
}

static void
test_long_line(void **state)
{
	struct sink *s = sink_new(&plain);
	(void)state;
	buf_reset(sink_output(s));
	for (size_t i = 0; i < 3 * SINK_LINE_MAX; i++)
		sink_input(s, "x", 1);
	assert_int_equal(sink_output(s)->len, 0);
	sink_input(s, "\r\nNOOP\r\n", 8);
	assert_string_equal(sink_output(s)->data, "500 5.5.2 Line too long\r\n250 2.0.0 Ok\r\n");
	sink_free(s);
}

static void
test_large_message(void **state)
{
	static char chunk[1 << 16];
	struct seen seen = { .n = 0 };
	struct sink_options o = plain;
	(void)state;
	o.arg = &seen;
	struct sink *s = sink_new(&o);
	say_often(s, HELLO MAIL RCPT "DATA\r\nA: b\r\n\r\n", 1);
	memset(chunk, 'x', sizeof chunk);
	for (size_t i = 0; i <= SINK_SIZE_MAX / sizeof chunk; i++)
		sink_input(s, chunk, sizeof chunk);
	assert_int_equal(say_often(s, "\r\n.\r\n", 1), 552);
	sink_free(s);
	assert_int_equal(seen.n, 0);
}

static void
test_tls(void **state)
{
	struct sink *s = sink_new(&plain);
	(void)state;
	say_often(s, HELLO "STARTTLS\r\n", 1);
	assert_int_equal(sink_wants(s), SINK_WANTS_TLS);
	sink_tls_up(s, "TLSv1.3", "X");
	assert_int_equal(say_often(s, MAIL, 1), 503); /* EHLO of the clear text is forgotten */
	sink_input(s, HELLO, strlen(HELLO));
	assert_null(strstr(sink_output(s)->data, "STARTTLS"));
	assert_int_equal(say_often(s, "STARTTLS\r\n", 1), 250);
	assert_int_equal(sink_wants(s), SINK_WANTS_INPUT);
	sink_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogues),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_large_message),
		cmocka_unit_test(test_tls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
