/* Canonical forms: the examples of RFC 6376 3.4.5 and the edges of 3.4. */
#include "mail/canon.h"

#include <openssl/evp.h>

#include "base/buf.h"
#include "test.h"

static const struct {
	const char *name, *field, *relaxed, *simple;
} headers[] = {
	{ "RFC 6376 3.4.5, A", "A: X\r\n", "a:X\r\n", "A: X\r\n" },
	{ "RFC 6376 3.4.5, B", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n", "B : Y\t\r\n\tZ  \r\n" },
	{ "no line end", "A: X", "a:X\r\n", "A: X\r\n" },
	{ "LF alone", "A: X\n  Y\n", "a:X Y\r\n", "A: X\r\n  Y\r\n" },
	{ "nothing", "A:\r\n", "a:\r\n", "A:\r\n" },
	{ "blanks alone", "A:  \r\n \t\r\n", "a:\r\n", "A:  \r\n \t\r\n" },
	{ "CR inside", "A: X\rY\r\n", "a:X\rY\r\n", "A: X\rY\r\n" },
	{ "other bytes stay", "\xc3\x84-B: \xc3\x84\r\n", "\xc3\x84-b:\xc3\x84\r\n",
	    "\xc3\x84-B: \xc3\x84\r\n" },
};

static void
test_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(headers); i++) {
		struct buf out;
		ROW(headers[i].name);
		buf_init(&out, 256);
		canon_header(&out, headers[i].field, strlen(headers[i].field), true);
		assert_string_equal(out.data, headers[i].relaxed);
		buf_reset(&out);
		canon_header(&out, headers[i].field, strlen(headers[i].field), false);
		assert_string_equal(out.data, headers[i].simple);
		buf_fini(&out);
	}
}

static const struct {
	const char *name, *body, *relaxed, *simple;
} bodies[] = {
	{ "RFC 6376 3.4.5", " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n", " C \r\nD \t E\r\n" },
	{ "nothing", "", "", "\r\n" },
	{ "empty lines alone", "\r\n\r\n", "", "\r\n" },
	{ "no line end at the end", "a", "a\r\n", "a\r\n" },
	{ "LF alone", "a\n\nb\n\n", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n" },
	{ "lines of blanks", "a\r\n \t\r\n  \r\n", "a\r\n", "a\r\n \t\r\n  \r\n" },
	{ "blanks without a line end", "a\r\n  ", "a\r\n", "a\r\n  \r\n" },
	{ "CR alone", "a\rb\r\r\n", "a\rb\r\r\n", "a\rb\r\r\n" },
	{ "CR at the end", "a\r", "a\r\r\n", "a\r\r\n" },
	{ "empty lines between", "\r\n\r\na\r\n\r\nb", "\r\n\r\na\r\n\r\nb\r\n",
	    "\r\n\r\na\r\n\r\nb\r\n" },
};

/* The body in pieces of so many bytes, at most limit of them. */
static void
expect_body(const char *body, const char *canonical, bool relaxed, size_t piece, uint64_t limit)
{
	uint8_t expected[CANON_HASH_BYTES], hash[CANON_HASH_BYTES];
	uint64_t length;
	unsigned n;
	size_t len = strlen(body), whole = strlen(canonical);
	struct canon_body *b = canon_body_new(relaxed, limit);
	for (size_t at = 0; at < len; at += piece)
		canon_body_add(b, body + at, len - at < piece ? len - at : piece);
	assert_true(canon_body_end(b, hash, &length));
	assert_int_equal(length, whole);
	EVP_Digest(canonical, whole < limit ? whole : limit, expected, &n, EVP_sha256(), NULL);
	assert_memory_equal(hash, expected, sizeof hash);
}

static void
test_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bodies); i++) {
		ROW(bodies[i].name);
		for (size_t piece = 1; piece < 5; piece++) {
			expect_body(bodies[i].body, bodies[i].relaxed, true, piece, UINT64_MAX);
			expect_body(bodies[i].body, bodies[i].simple, false, piece, UINT64_MAX);
			expect_body(bodies[i].body, bodies[i].relaxed, true, piece, 1);
			expect_body(bodies[i].body, bodies[i].simple, false, piece, 3);
			expect_body(bodies[i].body, bodies[i].simple, false, piece, 0);
		}
	}
}

/* The hashes of empty bodies that RFC 6376 3.4.3 and 3.4.4 print. */
static void
test_empty(void **state)
{
	(void)state;
	static const struct {
		bool relaxed;
		const char *base64;
	} empty[] = {
		{ false, "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=" },
		{ true, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
	};
	for (size_t i = 0; i < N_ELEMENTS(empty); i++) {
		uint8_t hash[CANON_HASH_BYTES];
		unsigned char text[64];
		uint64_t length;
		assert_true(
		    canon_body_end(canon_body_new(empty[i].relaxed, UINT64_MAX), hash, &length));
		EVP_EncodeBlock(text, hash, sizeof hash);
		assert_string_equal((const char *)text, empty[i].base64);
	}
}

/* More than a block, and not a multiple of one. */
static void
test_large(void **state)
{
	(void)state;
	static char body[100003];
	memset(body, 'x', sizeof body - 3);
	memcpy(body + sizeof body - 3, "\r\n", 3);
	expect_body(body, body, false, 70001, UINT64_MAX);
	expect_body(body, body, true, 3, 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
