/* Inputs as people have them: what is found in each, and what is said of those that cannot be read. */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "explain/input.h"

enum { LONG_LINE = 1 << 20 };

struct seen {
	struct arena arena;
	const char *text;
};

static bool
note(void *arg, const struct reply *r, const char *file, size_t line)
{
	struct seen *s = arg;
	(void)file;
	s->text = arena_printf(&s->arena, "%s%zu:%d %s %s %s;", s->text, line, r->code, r->status,
	    r->host, r->recipient);
	return true;
}

#define DSN_HEAD \
	"Return-Path: <>\nReceived: from x\nSubject: Undelivered 550 5.0.0\nContent-Type: " \
	"multipart/report;\n" \
	" report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\n" \
	"<bob@b.example>: host mx.b.example[192.0.2.1] said: 550 5.7.25 no PTR\n\n" \
	"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; " \
	"mx.s.example\nArrival-Date: x\n\n"
#define DSN_BOB \
	"Final-Recipient: rfc822; bob@b.example\nAction: failed\nStatus: 5.7.25\nRemote-MTA: " \
	"dns; mx.b.example\n" \
	"Diagnostic-Code: smtp; 550-5.7.25 No\n    550 5.7.25 PTR\n"
#define DSN_EVE "Final-Recipient: rfc822; eve@c.example\nAction: delayed\nStatus: 4.4.1\n"
#define DSN_ADA \
	"Final-Recipient: rfc822; ada@d.example\nAction: delivered\nStatus: " \
	"2.0.0\nDiagnostic-Code: smtp; 250 ok\n"
#define DSN_INNER \
	"--b\nContent-Type: message/rfc822\n\nFrom: x\nSubject: y\n\nFinal-Recipient: rfc822; " \
	"other@e.example\n" \
	"Action: failed\nStatus: 5.1.1\n\n--b--\n"

static const struct row {
	const char *name, *text;
	const char *found; /* "line:code status host recipient;" each */
} rows[] = {
	{ "a reply a line", "550 5.7.25 a\n\n451 4.7.1 b\r\nno code\n",
	    "1:550 5.7.25  ;3:451 4.7.1  ;4:0   ;" },
	{ "the last line without its end", "550 5.7.25 a", "1:550 5.7.25  ;" },
	{ "a byte order mark",
	    "\xef\xbb\xbf"
	    "550 5.7.25 a\n",
	    "1:550 5.7.25  ;" },
	{ "a log with other lines",
	    "Nov 29 06:26:20 mx postfix/qmgr[1]: 4X: removed\n"
	    "Nov 29 06:26:20 mx postfix/smtp[1]: 4X: to=<b@b.example>, "
	    "relay=mx.b.example[192.0.2.1]:25, dsn=5.0.0, "
	    "status=bounced (host mx.b.example[192.0.2.1] said: 550 no (in reply to RCPT TO "
	    "command))\n",
	    "2:550  mx.b.example b.example;" },
	{ "a notification with three recipients, one of them reached, and one inside it",
	    DSN_HEAD DSN_BOB "\n" DSN_EVE "\n" DSN_ADA "\n" DSN_INNER,
	    "18:550 5.7.25 mx.b.example b.example;25:0 4.4.1  c.example;" },
	{ "a notification that was forwarded",
	    "From: a\nSubject: fw\n\n> Reporting-MTA: dns; x\n>\n> Final-Recipient: "
	    "rfc822; bob@b.example\n> Action: failed\n> Status: 5.1.1\n> Diagnostic-Code: smtp; "
	    "550 5.1.1 no\n",
	    "6:550 5.1.1  b.example;" },
	{ "fields alone",
	    "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; b@b.example\nStatus: 5.1.1\nAction: "
	    "failed\n",
	    "3:0 5.1.1  b.example;" },
	{ "a bounce of Exim without fields",
	    "From: Mailer-Daemon\nSubject: Mail delivery failed\n\nThis message was created "
	    "automatically.\n\n"
	    "  bob@b.example\n    host mx.b.example [192.0.2.1]\n    SMTP error from remote mail "
	    "server after RCPT "
	    "TO:<bob@b.example>:\n    550 5.7.25 no PTR\n\n------ This is a copy\n",
	    "5:550 5.7.25 mx.b.example ;" },
	{ "a bounce of qmail",
	    "From: MAILER-DAEMON\n\nHi. This is the qmail-send "
	    "program.\n\n<bob@b.example>:\n192.0.2.1 does not like "
	    "recipient.\nRemote host said: 554 no PTR\nGiving up on 192.0.2.1.\n\n--- Below this "
	    "line is a copy\n",
	    "5:554   ;" },
	{ "a message that is no bounce", "From: a\nSubject: 550 5.1.1 x\n\nHello 500 friends.\n",
	    "" },
	{ "empty", "", "" },
	{ "blank lines", "\n \n\t\n", "" },
};

static const struct input_options *
options(struct seen *s)
{
	static struct input_options o;
	arena_init(&s->arena);
	s->text = "";
	o = (struct input_options){ .now_s = 1796019980, .found = note, .arg = s };
	return &o;
}

static void
test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct seen s;
		struct err err;
		struct input_count count = { .lines = 0 };
		ROW(rows[i].name);
		assert_int_equal(input_read_text("x", rows[i].text, strlen(rows[i].text),
				     options(&s), &count, &err),
		    ERR_NONE);
		assert_string_equal(s.text, rows[i].found);
		arena_fini(&s.arena);
	}
}

/* ---- files */

static char path[64];

static void
write_file(const char *data, size_t len)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
write_gzip(const char *data, size_t len, size_t cut)
{
	gzFile f = gzopen(path, "wb");
	assert_int_equal(gzwrite(f, data, (unsigned)len), len);
	assert_int_equal(gzclose(f), Z_OK);
	if (cut > 0)
		assert_int_equal(truncate(path, (off_t)cut), 0);
}

static enum err_code
read_file(struct seen *s, struct err *err)
{
	struct input_count count = { .lines = 0 };
	return input_read(path, options(s), &count, err);
}

/* Two frames, a line each, without the last bytes. */
static void
write_zstd(size_t cut)
{
	char out[256];
	size_t n = ZSTD_compress(out, sizeof out, "550 5.7.25 a\n", 13, 3);
	n += ZSTD_compress(out + n, sizeof out - n, "550 5.7.1 b\n", 12, 3);
	write_file(out, n - cut);
}

/* One frame whose text fills the reader's buffer exactly: blank lines, and a reply at its end. */
static void
write_full_zstd(void)
{
	enum { FULL = 256 << 10 };
	static const char reply[] = "\n550 5.7.25 a\n";
	char *text = malloc(FULL), *out = malloc(FULL);
	memset(text, '\n', FULL);
	memcpy(text + FULL - (sizeof reply - 1), reply, sizeof reply - 1);
	size_t n = ZSTD_compress(out, FULL, text, FULL, 3);
	assert_false(ZSTD_isError(n));
	write_file(out, n);
	free(text);
	free(out);
}

static void
expect_error(const char *part)
{
	struct seen s;
	struct err err = { .text = "" };
	ROW(part);
	assert_int_equal(read_file(&s, &err), ERR_DATA);
	if (strstr(err.text, part) == NULL)
		fail_msg("no '%s' in: %s", part, err.text);
	arena_fini(&s.arena);
}

static void
test_files(void **state)
{
	struct seen s;
	struct err err;
	char *large = malloc(LONG_LINE);
	(void)state;
	snprintf(path, sizeof path, "/tmp/mailready-input-%d", (int)getpid());
	write_gzip("550 5.7.25 a\n", 13, 0);
	assert_int_equal(read_file(&s, &err), ERR_NONE);
	assert_string_equal(s.text, "1:550 5.7.25  ;");
	arena_fini(&s.arena);
	write_gzip("550 5.7.25 a\n", 13, 20);
	expect_error("cut off");
	write_file("550 a\n\0\1\2\3\n", 11);
	expect_error(":2: binary data: expected a mail log");
	write_file("\xff\xfe"
		   "5\0005\0000\000",
	    8);
	expect_error("UTF-16 is not read: convert it");
	write_file("BZh91", 5);
	expect_error("bzcat");
	write_zstd(0);
	assert_int_equal(read_file(&s, &err), ERR_NONE);
	assert_string_equal(s.text, "1:550 5.7.25  ;2:550 5.7.1  ;");
	arena_fini(&s.arena);
	write_full_zstd();
	assert_int_equal(read_file(&s, &err), ERR_NONE);
	assert_non_null(strstr(s.text, "550 5.7.25"));
	arena_fini(&s.arena);
	write_zstd(3);
	expect_error("the zstd file is cut off after line 1");
	memset(large, '\xff', 64);
	for (size_t i = 0; i < 4; i++)
		large[i] = "\x28\xb5\x2f\xfd"[i];
	write_file(large, 64);
	expect_error("the zstd file is damaged");
	memset(large, 'x', LONG_LINE);
	write_file(large, LONG_LINE);
	expect_error(":1: the line is over 65536 bytes");
	unlink(path);
	assert_int_equal(read_file(&s, &err), ERR_NOINPUT);
	free(large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
