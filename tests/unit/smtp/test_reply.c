#include "test.h"

#include "smtp/reply.h"

struct row {
	const char *name;
	const char *input;
	enum smtp_reply_state state;
	int code;
	size_t n_lines;
	const char *first, *last; /* texts of the first and last line */
	unsigned notes;
	size_t left; /* bytes of the input that belong to what follows */
};

static const struct row rows[] = {
	{ "one line", "220 mx1.example ESMTP\r\n", REPLY_DONE, 220, 1, "mx1.example ESMTP",
	    "mx1.example ESMTP", 0, 0 },
	{ "several lines (RFC 5321 4.2.1)", "250-mx1.example\r\n250-SIZE 1000\r\n250 HELP\r\n",
	    REPLY_DONE, 250, 3, "mx1.example", "HELP", 0, 0 },
	{ "code alone (RFC 5321 4.2)", "220\r\n", REPLY_DONE, 220, 1, "", "", 0, 0 },
	{ "code and blank", "220 \r\n", REPLY_DONE, 220, 1, "", "", 0, 0 },
	{ "empty text in the middle", "220-a\r\n220-\r\n220 b\r\n", REPLY_DONE, 220, 3, "a", "b", 0,
	    0 },
	{ "bare LF is noted", "220 mx\n", REPLY_DONE, 220, 1, "mx", "mx", SMTP_NOTE_BARE_LF, 0 },
	{ "last code counts, mix is noted", "250-a\r\n550 b\r\n", REPLY_DONE, 550, 2, "a", "b",
	    SMTP_NOTE_MIXED_CODES, 0 },
	{ "what follows is left", "220 a\r\n250 b\r\n", REPLY_DONE, 220, 1, "a", "a", 0, 7 },
	{ "bare CR is text", "220 a\rb\r\n", REPLY_DONE, 220, 1, "a\rb", "a\rb", 0, 0 },
	{ "control bytes are text", "554 \x1b[31mno\r\n", REPLY_DONE, 554, 1, "\x1b[31mno",
	    "\x1b[31mno", 0, 0 },
	{ "incomplete line", "220 mx1.exam", REPLY_MORE, 0, 0, "", "", 0, 0 },
	{ "incomplete reply", "220-mx1\r\n", REPLY_MORE, 220, 1, "mx1", "mx1", 0, 0 },
	{ "nothing", "", REPLY_MORE, 0, 0, "", "", 0, 0 },
	{ "no code", "SSH-2.0-OpenSSH\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "empty line", "\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "two digits", "22 x\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "four digits", "2200 x\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "first digit 1", "120 x\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "first digit 6", "620 x\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "second digit 6", "260 x\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "wrong separator", "220_x\r\n", REPLY_BAD, 0, 0, "", "", 0, 0 },
	{ "second line without code", "220-a\r\nb\r\n", REPLY_BAD, 220, 1, "a", "a", 0, 0 },
	{ "rest after a bad line is left", "nonsense\r\n220 a\r\n", REPLY_BAD, 0, 0, "", "", 0, 7 },
};

static void
check_row(const struct row *row, size_t chunk)
{
	struct smtp_reply r;
	smtp_reply_init(&r);
	size_t len = strlen(row->input);
	size_t at = 0;
	while (at < len && r.state == REPLY_MORE) {
		size_t n = len - at < chunk ? len - at : chunk;
		at += smtp_reply_feed(&r, row->input + at, n);
	}
	assert_int_equal(r.state, row->state);
	assert_int_equal(r.code, row->code);
	assert_int_equal(r.n_lines, row->n_lines);
	assert_string_equal(smtp_reply_line(&r, 0), row->first);
	assert_string_equal(smtp_reply_line(&r, r.n_lines - 1), row->last);
	assert_string_equal(smtp_reply_line(&r, r.n_lines), "");
	assert_int_equal(r.notes, row->notes);
	assert_int_equal(len - at, row->left);
	assert_int_equal(r.fault[0] != '\0', row->state == REPLY_BAD);
	smtp_reply_fini(&r);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		check_row(&rows[i], 1);
		check_row(&rows[i], 3);
		check_row(&rows[i], 4096);
	}
}

static void
feed_all(struct smtp_reply *r, const char *piece, size_t times)
{
	for (size_t i = 0; i < times; i++)
		smtp_reply_feed(r, piece, strlen(piece));
}

static void
test_limits(void **state)
{
	(void)state;
	struct smtp_reply r;
	smtp_reply_init(&r);

	ROW("longest line");
	smtp_reply_feed(&r, "220 ", 4);
	feed_all(&r, "x", SMTP_LINE_MAX - 5);
	smtp_reply_feed(&r, "\r\n", 2);
	assert_int_equal(r.state, REPLY_DONE);
	assert_int_equal(strlen(smtp_reply_line(&r, 0)), SMTP_LINE_MAX - 5);

	ROW("line without end");
	smtp_reply_reset(&r);
	feed_all(&r, "2", SMTP_LINE_MAX);
	assert_int_equal(r.state, REPLY_MORE);
	assert_int_equal(smtp_reply_feed(&r, "22", 2), 1);
	assert_int_equal(r.state, REPLY_BAD);
	assert_int_equal(smtp_reply_feed(&r, "22", 2), 0);

	ROW("as many lines as there may be");
	smtp_reply_reset(&r);
	feed_all(&r, "220-x\r\n", SMTP_LINES_MAX - 1);
	feed_all(&r, "220 last\r\n", 1);
	assert_int_equal(r.state, REPLY_DONE);
	assert_string_equal(smtp_reply_line(&r, SMTP_LINES_MAX - 1), "last");

	ROW("one line more");
	smtp_reply_reset(&r);
	feed_all(&r, "220-x\r\n", SMTP_LINES_MAX);
	assert_int_equal(r.state, REPLY_MORE);
	feed_all(&r, "220 last\r\n", 1);
	assert_int_equal(r.state, REPLY_BAD);

	ROW("NUL byte");
	smtp_reply_reset(&r);
	smtp_reply_feed(&r, "220 a\0b\r\n", 9);
	assert_int_equal(r.state, REPLY_BAD);
	smtp_reply_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
