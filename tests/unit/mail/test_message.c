/* Whole messages: the signatures of RFC 8463 A.3 verify, and each change to the message shows. */
#include "mail/message.h"

#include "base/arena.h"
#include "mail/dkim_key.h"
#include "test.h"

#define ED_KEY "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define RSA_KEY \
	"v=DKIM1; k=rsa; " \
	"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6w" \
	"y5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/" \
	"8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9" \
	"PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

#define SIGNATURES \
	"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n" \
	" d=football.example.com; i=@football.example.com;\r\n" \
	" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n" \
	" subject : date : message-id : from : subject : date;\r\n" \
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n" \
	" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n" \
	" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n" \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n" \
	" d=football.example.com; i=@football.example.com;\r\n" \
	" q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n" \
	" date : message-id : from : subject : date;\r\n" \
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n" \
	" b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n" \
	" DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n" \
	" dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
#define FROM "From: Joe SixPack <joe@football.example.com>\r\n"
#define TO "To: Suzie Q <suzie@shopping.example.net>\r\n"
#define REST \
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n" \
	"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
#define SUBJECT "Subject: Is dinner ready?\r\n"
#define HEADER SIGNATURES FROM TO SUBJECT REST
#define BODY "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"

static const struct {
	const char *name, *text;
	bool header_same;
	enum message_body body;
} rows[] = {
	{ "as it was", HEADER "\r\n" BODY, true, MESSAGE_BODY_SAME },
	{ "blanks changed, which relaxed allows",
	    SIGNATURES FROM TO
	    "SUBJECT:Is   dinner\r\n\tready?  \r\n" REST
	    "\r\nHi. \r\n\r\nWe lost the game. Are you  hungry yet?\r\n\r\nJoe.\r\n\r\n\r\n",
	    true, MESSAGE_BODY_SAME },
	{ "a field that is not signed", HEADER "X-Spam: no\r\n\r\n" BODY, true, MESSAGE_BODY_SAME },
	{ "a field above", "Received: by x\r\n" HEADER "\r\n" BODY, true, MESSAGE_BODY_SAME },
	{ "another subject",
	    SIGNATURES FROM TO "Subject: [list] Is dinner ready?\r\n" REST "\r\n" BODY, false,
	    MESSAGE_BODY_SAME },
	{ "a second subject", HEADER SUBJECT "\r\n" BODY, false, MESSAGE_BODY_SAME },
	{ "another recipient",
	    SIGNATURES FROM "To: Suzie Q <suzie@shopping.example.com>\r\n" SUBJECT REST "\r\n" BODY,
	    false, MESSAGE_BODY_SAME },
	{ "no recipient", SIGNATURES FROM SUBJECT REST "\r\n" BODY, false, MESSAGE_BODY_SAME },
	{ "a line below the body", HEADER "\r\n" BODY "-- \r\nlist\r\n", true,
	    MESSAGE_BODY_CHANGED },
	{ "no body", HEADER "\r\n", true, MESSAGE_BODY_CHANGED },
	{ "no end of the header", HEADER, true, MESSAGE_BODY_CHANGED },
};

static void
read_text(struct arena *a, const char *text, size_t piece, struct message *m)
{
	struct err err;
	struct message_reader *r = message_begin(a);
	for (size_t at = 0, len = strlen(text); at < len; at += piece)
		assert_int_equal(message_add(r, text + at, len - at < piece ? len - at : piece,
				     &err),
		    ERR_NONE);
	assert_int_equal(message_end(r, m, &err), ERR_NONE);
}

static void
expect_signatures(struct arena *a, const struct message *m, bool same, enum message_body body)
{
	static const char *const keys[] = { ED_KEY, RSA_KEY };
	assert_int_equal(m->n_signatures, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct message_signature *s = &m->signatures[i];
		struct dkim_key key;
		dkim_key_read(a, keys[i], &key);
		assert_int_equal(key.status, DKIM_KEY_GOOD);
		assert_string_equal(s->dkim.fault, "");
		assert_int_equal(dkim_key_verifies(&key, s->digest, s->dkim.signature,
				     s->dkim.signature_len),
		    same);
		assert_int_equal(s->body, body);
	}
}

static void
test_rfc8463(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		for (size_t piece = 1; piece < 4000; piece = piece * 7 + 3) {
			struct arena a;
			struct message m;
			ROW(rows[i].name);
			arena_init(&a);
			read_text(&a, rows[i].text, piece, &m);
			expect_signatures(&a, &m, rows[i].header_same, rows[i].body);
			assert_int_equal(m.size, strlen(rows[i].text));
			arena_fini(&a);
		}
}

/* Stored with LF alone it verifies, too. */
static void
test_stored(void **state)
{
	(void)state;
	struct arena a;
	struct message m;
	static char text[sizeof(HEADER "\r\n" BODY)];
	size_t n = 0;
	for (const char *c = HEADER "\r\n" BODY; *c != '\0'; c++)
		if (*c != '\r')
			text[n++] = *c;
	arena_init(&a);
	read_text(&a, text, 1000, &m);
	expect_signatures(&a, &m, true, MESSAGE_BODY_SAME);
	assert_int_equal(m.n_crlf, 0);
	assert_true(m.n_lf > 20);
	arena_fini(&a);
}

static const struct {
	const char *name, *text;
	size_t n_fields, n_from, bad_line;
	const char *from, *return_path; /* domains; return_path "<>": none in it, NULL: no field */
	uint64_t n_lf, n_cr;
} forms[] = {
	{ "small", "From: a@example.com\r\n\r\n", 1, 1, 0, "example.com", NULL, 0, 0 },
	{ "no From", "To: a@example.com\r\n\r\nbody", 1, 0, 0, "", NULL, 0, 0 },
	{ "two", "From: a@example.com\r\nfrom: b@example.net\r\n\r\n", 2, 2, 0,
	    "example.com example.net", NULL, 0, 0 },
	{ "a return path", "Return-Path: <b@bounce.example>\r\nFrom: a@example.com\r\n\r\n", 2, 1,
	    0, "example.com", "bounce.example", 0, 0 },
	{ "the null return path", "Return-Path: <>\r\nFrom: a@example.com\r\n\r\n", 2, 1, 0,
	    "example.com", "<>", 0, 0 },
	{ "LF alone", "From: a@example.com\n\nbody\n", 1, 1, 0, "example.com", NULL, 3, 0 },
	{ "CR alone", "From: a@example.com\r\rbody\r", 1, 1, 0, "", NULL, 0, 3 },
	{ "CR in the body", "From: a@example.com\r\n\r\nbo\rdy\r\n", 1, 1, 0, "example.com", NULL,
	    0, 1 },
	{ "a line that is no field", "From: a@example.com\r\nHello there\r\nTo: x\r\n\r\n", 2, 1, 2,
	    "example.com", NULL, 0, 0 },
	{ "a line of a mailbox file", "From a@example.com Mon Nov 30\nFrom: a@example.com\n\n", 1,
	    1, 0, "example.com", NULL, 3, 0 },
	{ "a fold at the beginning", " x\r\nFrom: a@example.com\r\n\r\n", 1, 1, 1, "example.com",
	    NULL, 0, 0 },
	{ "broken MIME",
	    "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--x\r\n", 2, 1,
	    0, "example.com", NULL, 0, 0 },
};

static void
test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(forms); i++) {
		struct arena a;
		struct message m;
		char from[128] = "";
		ROW(forms[i].name);
		arena_init(&a);
		read_text(&a, forms[i].text, 5, &m);
		for (size_t n = 0; n < m.from.n; n++)
			snprintf(from + strlen(from), sizeof from - strlen(from), "%s%s",
			    n > 0 ? " " : "", m.from.list[n]);
		assert_string_equal(from, forms[i].from);
		assert_int_equal(m.n_fields, forms[i].n_fields);
		assert_int_equal(m.n_from, forms[i].n_from);
		assert_int_equal(m.bad_line, forms[i].bad_line);
		assert_int_equal(m.has_return_path, forms[i].return_path != NULL);
		if (m.has_return_path)
			assert_string_equal(m.return_path.n > 0 ? m.return_path.list[0] : "<>",
			    forms[i].return_path);
		assert_int_equal(m.n_lf, forms[i].n_lf);
		assert_int_equal(m.n_cr, forms[i].n_cr);
		arena_fini(&a);
	}
}

static const struct {
	const char *name, *line;
	size_t times;
	const char *end;
	const char *error; /* ""; part of it */
} sizes[] = {
	{ "10,000 fields", "X: y\r\n", 10000, "\r\n", "" },
	{ "20,001 fields", "X: y\r\n", 20001, "\r\n", "has over 20000 fields" },
	{ "a header that does not end", "X: 0123456789012345678901234567890123456789\r\n", 30000,
	    "", "has over 1024 KiB before the first empty line" },
	{ "one long field", "0123456789", 200000, "", "has over 1024 KiB" },
	{ "nothing", "", 0, "", "does not begin with header fields" },
	{ "a body alone", "\r\n", 1, "text", "does not begin with header fields" },
	{ "text", "Hello world\n", 3, "", "does not begin with header fields" },
	{ "many signatures", "DKIM-Signature: v=1\r\n", 40, "\r\n", "" },
};

static void
test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(sizes); i++) {
		struct arena a;
		struct message m = { .n_fields = 0 };
		struct err err = { .code = ERR_NONE };
		enum err_code code = ERR_NONE;
		ROW(sizes[i].name);
		arena_init(&a);
		struct message_reader *r = message_begin(&a);
		for (size_t n = 0; n < sizes[i].times && code == ERR_NONE; n++)
			code = message_add(r, sizes[i].line, strlen(sizes[i].line), &err);
		if (code == ERR_NONE)
			code = message_add(r, sizes[i].end, strlen(sizes[i].end), &err);
		if (code == ERR_NONE)
			code = message_end(r, &m, &err);
		else
			message_drop(r);
		assert_int_equal(code, sizes[i].error[0] == '\0' ? ERR_NONE : ERR_DATA);
		if (code != ERR_NONE)
			assert_non_null(strstr(err.text, sizes[i].error));
		else
			assert_int_equal(m.n_fields, sizes[i].times);
		assert_true(m.n_signatures <= MESSAGE_SIGNATURES_MAX);
		if (m.n_more > 0)
			assert_int_equal(m.n_signatures + m.n_more, sizes[i].times);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc8463),
		cmocka_unit_test(test_stored),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
