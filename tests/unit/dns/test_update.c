#include "dns/update.h"

#include "base/buf.h"
#include "dns/answer.h"
#include "test.h"

static const char *const one[] = { "m.example" };
static const char *const two[] = { "a.example", "b.example" };
static const struct ip ips4[] = { { 4, { 192, 0, 2, 1 } }, { 4, { 192, 0, 2, 2 } } };
static const struct ip ips6[] = { { 6, { 0x20, 1, 0xd, 0xb8 } } };

#define HEADER "\x12\x34\x28\x00\x00\x01"
#define ZONE "\x01z\x00\x00\x06\x00\x01"
#define OWNER "\x01o\xc0\x0c" /* o.z, its zone by a compression pointer */
#define AGAIN "\xc0\x13"
#define BYTES(s) (s), sizeof(s) - 1

struct build_case {
	const char *name;
	struct dns_update update;
	const char *wire;
	size_t len;
};

/* The names m.example and so on share their ends; ldns compresses owners, and names in PTR. */
static const struct build_case cases[] = {
	{ "set where there was nothing: prerequisite class NONE, delete class ANY",
	    { "z", "o.z", DNS_PTR, { .n = 0 }, { .ttl_s = 300, .names = one, .n = 1 }, 0x1234 },
	    BYTES(HEADER "\x00\x01\x00\x02\x00\x00" ZONE OWNER
			 "\x00\x0c\x00\xfe\x00\x00\x00\x00\x00\x00" AGAIN
			 "\x00\x0c\x00\xff\x00\x00\x00\x00\x00\x00" AGAIN
			 "\x00\x0c\x00\x01\x00\x00\x01\x2c\x00\x0b"
			 "\x01m\x07"
			 "example\x00") },
	{ "unset what is there: prerequisite with TTL 0 and the value",
	    { "z", "o.z", DNS_PTR, { .ttl_s = 60, .names = one, .n = 1 }, { .n = 0 }, 0x1234 },
	    BYTES(HEADER "\x00\x01\x00\x01\x00\x00" ZONE OWNER
			 "\x00\x0c\x00\x01\x00\x00\x00\x00\x00\x0b"
			 "\x01m\x07"
			 "example\x00" AGAIN "\x00\x0c\x00\xff\x00\x00\x00\x00\x00\x00") },
	{ "addresses: two A replaced by nothing",
	    { "z", "o.z", DNS_A, { .ips = ips4, .n = 2 }, { .n = 0 }, 0x1234 },
	    BYTES(HEADER "\x00\x02\x00\x01\x00\x00" ZONE OWNER
			 "\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\xc0\x00\x02\x01" AGAIN
			 "\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\xc0\x00\x02\x02" AGAIN
			 "\x00\x01\x00\xff\x00\x00\x00\x00\x00\x00") },
	{ "AAAA at the apex",
	    { "z", "z", DNS_AAAA, { .n = 0 }, { .ttl_s = 1, .ips = ips6, .n = 1 }, 0x1234 },
	    BYTES(HEADER "\x00\x01\x00\x02\x00\x00" ZONE
			 "\xc0\x0c\x00\x1c\x00\xfe\x00\x00\x00\x00\x00\x00"
			 "\xc0\x0c\x00\x1c\x00\xff\x00\x00\x00\x00\x00\x00"
			 "\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x01\x00\x10"
			 "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
};

static void
bytes_are_those_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		struct buf out;
		buf_init(&out, 65535);
		assert_true(dns_update_build(&cases[i].update, &out));
		assert_int_equal(out.len, cases[i].len);
		assert_memory_equal(out.data, cases[i].wire, cases[i].len);
		buf_fini(&out);
	}
}

/* RFC 2136 2.4.1: class ANY, and no update at all. */
static void
a_question_changes_nothing(void **state)
{
	(void)state;
	static const char wire[] = HEADER "\x00\x01\x00\x00\x00\x00" ZONE OWNER
					  "\x00\x0c\x00\xff\x00\x00\x00\x00\x00\x00";
	const struct dns_update u = { .zone = "z", .owner = "o.z", .type = DNS_PTR, .id = 0x1234 };
	const struct dns_update bad = { .zone = "z", .owner = "o..z", .type = DNS_PTR };
	struct buf out;
	buf_init(&out, 65535);
	assert_true(dns_update_build_question(&u, &out));
	assert_int_equal(out.len, sizeof wire - 1);
	assert_memory_equal(out.data, wire, sizeof wire - 1);
	assert_false(dns_update_build_question(&bad, &out));
	buf_fini(&out);
}

static void
several_names(void **state)
{
	(void)state;
	struct dns_update u = { "z", "o.z", DNS_PTR, { .names = one, .n = 1 },
		{ .ttl_s = 300, .names = two, .n = 2 }, 1 };
	struct buf out;
	buf_init(&out, 65535);
	assert_true(dns_update_build(&u, &out));
	assert_int_equal((uint8_t)out.data[7], 1); /* one prerequisite */
	assert_int_equal((uint8_t)out.data[9], 3); /* one deletion, two additions */
	buf_fini(&out);
}

static void
bad_names_are_refused(void **state)
{
	(void)state;
	static const char *const long_label[] = {
		"0123456789012345678901234567890123456789012345678901234567890123.example"
	};
	const struct dns_update bad[] = {
		{ "z", "o..z", DNS_PTR, { .n = 0 }, { .names = one, .n = 1 }, 1 },
		{ "..", "o.z", DNS_PTR, { .n = 0 }, { .names = one, .n = 1 }, 1 },
		{ "z", "o.z", DNS_PTR, { .n = 0 }, { .names = long_label, .n = 1 }, 1 },
		{ "z", "o.z", DNS_PTR, { .names = long_label, .n = 1 }, { .n = 0 }, 1 },
	};
	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		struct buf out;
		buf_init(&out, 65535);
		assert_false(dns_update_build(&bad[i], &out));
		buf_fini(&out);
	}
}

static void
rcode_of_our_reply_only(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
		int rcode;
	} replies[] = {
		{ "NOERROR", BYTES("\x12\x34\xa8\x00\0\0\0\0\0\0\0\0"), 0 },
		{ "NOTAUTH", BYTES("\x12\x34\xa8\x09\0\0\0\0\0\0\0\0"), 9 },
		{ "another id", BYTES("\x12\x35\xa8\x00\0\0\0\0\0\0\0\0"), -1 },
		{ "a query", BYTES("\x12\x34\x28\x00\0\0\0\0\0\0\0\0"), -1 },
		{ "reply to a question", BYTES("\x12\x34\x80\x00\0\0\0\0\0\0\0\0"), -1 },
		{ "too short", BYTES("\x12\x34\xa8\x00\0\0\0\0\0\0\0"), -1 },
		{ "nothing", "", 0, -1 },
	};
	for (size_t i = 0; i < N_ELEMENTS(replies); i++) {
		ROW(replies[i].name);
		assert_int_equal(dns_update_rcode((const uint8_t *)replies[i].bytes, replies[i].len,
				     0x1234),
		    replies[i].rcode);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_those_of_the_rfc),
		cmocka_unit_test(a_question_changes_nothing),
		cmocka_unit_test(several_names),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(rcode_of_our_reply_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
