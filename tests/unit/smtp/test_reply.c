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
	{ "one line", .input = "220 mx1.example ESMTP\r\n", .state = REPLY_DONE, .code = 220,
	    .n_lines = 1, .first = "mx1.example ESMTP", .last = "mx1.example ESMTP" },
	{ "several lines (RFC 5321 4.2.1)",
	    .input = "250-mx1.example\r\n250-SIZE 1000\r\n250 HELP\r\n", .state = REPLY_DONE,
	    .code = 250, .n_lines = 3, .first = "mx1.example", .last = "HELP" },
	{ "code alone (RFC 5321 4.2)", .input = "220\r\n", .state = REPLY_DONE, .code = 220,
	    .n_lines = 1, .first = "", .last = "" },
	{ "code and blank", .input = "220 \r\n", .state = REPLY_DONE, .code = 220, .n_lines = 1,
	    .first = "", .last = "" },
	{ "empty text in the middle", .input = "220-a\r\n220-\r\n220 b\r\n", .state = REPLY_DONE,
	    .code = 220, .n_lines = 3, .first = "a", .last = "b" },
	{ "bare LF is noted", .input = "220 mx\n", .state = REPLY_DONE, .code = 220, .n_lines = 1,
	    .first = "mx", .last = "mx", .notes = SMTP_NOTE_BARE_LF },
	{ "last code counts, mix is noted", .input = "250-a\r\n550 b\r\n", .state = REPLY_DONE,
	    .code = 550, .n_lines = 2, .first = "a", .last = "b", .notes = SMTP_NOTE_MIXED_CODES },
	{ "what follows is left", .input = "220 a\r\n250 b\r\n", .state = REPLY_DONE, .code = 220,
	    .n_lines = 1, .first = "a", .last = "a", .left = 7 },
	{ "bare CR is text", .input = "220 a\rb\r\n", .state = REPLY_DONE, .code = 220,
	    .n_lines = 1, .first = "a\rb", .last = "a\rb" },
	{ "control bytes are text", .input = "554 \x1b[31mno\r\n", .state = REPLY_DONE, .code = 554,
	    .n_lines = 1, .first = "\x1b[31mno", .last = "\x1b[31mno" },
	{ "incomplete line", .input = "220 mx1.exam", .state = REPLY_MORE, .first = "",
	    .last = "" },
	{ "incomplete reply", .input = "220-mx1\r\n", .state = REPLY_MORE, .code = 220,
	    .n_lines = 1, .first = "mx1", .last = "mx1" },
	{ "nothing", .input = "", .state = REPLY_MORE, .first = "", .last = "" },
	{ "no code", .input = "SSH-2.0-OpenSSH\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "empty line", .input = "\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "two digits", .input = "22 x\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "four digits", .input = "2200 x\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "first digit 1", .input = "120 x\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "first digit 6", .input = "620 x\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "second digit 6", .input = "260 x\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "wrong separator", .input = "220_x\r\n", .state = REPLY_BAD, .first = "", .last = "" },
	{ "second line without code", .input = "220-a\r\nb\r\n", .state = REPLY_BAD, .code = 220,
	    .n_lines = 1, .first = "a", .last = "a" },
	{ "rest after a bad line is left", .input = "nonsense\r\n220 a\r\n", .state = REPLY_BAD,
	    .first = "", .last = "", .left = 7 },
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
