#include "test.h"

#include <ldns/ldns.h>

#include "base/arena.h"
#include "dns/msg.h"
#include "dns/record_priv.h"

/* Lines of a zone file, which ldns puts into a message with names compressed, and what we read. */
static const struct {
	const char *line, *owner, *text;
	const char *primary; /* of SOA */
} rows[] = {
	{ "mail.example.org. 300 IN A 192.0.2.25", "mail.example.org", "192.0.2.25", NULL },
	{ "mail.example.org. 4294967295 IN AAAA 2001:db8::25", "mail.example.org", "2001:db8::25",
	    NULL },
	{ "25.2.0.192.in-addr.arpa. 0 IN PTR MAIL.Example.ORG.", "25.2.0.192.in-addr.arpa",
	    "mail.example.org", NULL },
	{ "25.2.0.192.in-addr.arpa. 60 IN PTR .", "25.2.0.192.in-addr.arpa", "", NULL },
	{ "a\\.b.example.org. 60 IN CNAME c\\032d.example.org.", "a\\.b.example.org",
	    "c\\032d.example.org", NULL },
	{ "example.org. 60 IN NS ns.example.org.", "example.org", "ns.example.org", NULL },
	{ "example.org. 60 IN MX 10 mx.example.org.", "example.org", "mx.example.org", NULL },
	{ "example.org. 60 IN SOA ns.example.org. post\\.master.example.org. 1 2 3 4 5",
	    "example.org", "post\\.master.example.org", "ns.example.org" },
	{ "example.org. 60 IN TXT \"listed, \" \"\" \"see x\"", "example.org", "listed, see x",
	    NULL },
	{ "example.org. 60 IN TXT \"\"", "example.org", "", NULL },
	{ "example.org. 60 IN SRV 0 0 25 mail.example.org.", "example.org", "", NULL },
	{ ". 60 IN NS a.root.example.", "", "a.root.example", NULL },
};

/* One message with all rows, made by ldns; the caller frees it. */
static uint8_t *
make_message(size_t *len)
{
	ldns_pkt *pkt = ldns_pkt_new();
	uint8_t *wire = NULL;

	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ldns_rr *rr = NULL;
		assert_int_equal(ldns_rr_new_frm_str(&rr, rows[i].line, 0, NULL, NULL),
		    LDNS_STATUS_OK);
		assert_true(ldns_pkt_push_rr(pkt, LDNS_SECTION_ANSWER, rr));
	}
	assert_int_equal(ldns_pkt2wire(&wire, pkt, len), LDNS_STATUS_OK);
	ldns_pkt_free(pkt);
	return wire;
}

static void
test_read(void **state)
{
	size_t len, at = DNS_HEADER;
	uint8_t *msg = make_message(&len);
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct rr rr;
		struct dns_record record = { .text = NULL };
		char owner[NAME_TEXT_MAX] = "?";
		ROW(rows[i].line);
		assert_true(rr_read(msg, len, &at, &rr));
		assert_true(rr_owner(&rr, owner));
		assert_true(record_read(&rr, &a, &record));
		assert_string_equal(owner, rows[i].owner);
		assert_string_equal(record.text, rows[i].text);
		assert_int_equal(record.primary != NULL, rows[i].primary != NULL);
		if (record.primary == NULL)
			continue;
		assert_string_equal(record.primary, rows[i].primary);
		assert_int_equal(rr_negative_ttl_s(&rr), 5);
	}
	assert_int_equal(at, len);
	arena_fini(&a);
	free(msg);
}

/* Reads all that can be read; how many records that is. */
static size_t
read_all(const uint8_t *msg, size_t len, size_t *bad)
{
	struct arena a;
	struct rr rr;
	size_t at = DNS_HEADER, n = 0;

	arena_init(&a);
	*bad = 0;
	for (; n < N_ELEMENTS(rows) && rr_read(msg, len, &at, &rr); n++) {
		struct dns_record record;
		char owner[NAME_TEXT_MAX];
		*bad += !rr_owner(&rr, owner) || !record_read(&rr, &a, &record);
		assert_true(at <= len);
	}
	arena_fini(&a);
	return n;
}

/* A message that ends anywhere, or has any one byte wrong, is read within its bounds: the sanitizers
 * and a copy of just its size see to that. */
static void
test_broken(void **state)
{
	size_t len, bad;
	uint8_t *msg = make_message(&len);

	(void)state;
	for (size_t cut = DNS_HEADER; cut < len; cut++) {
		uint8_t *copy = malloc(cut);
		assert_non_null(copy);
		memcpy(copy, msg, cut);
		assert_true(read_all(copy, cut, &bad) < N_ELEMENTS(rows));
		free(copy);
	}
	for (size_t i = DNS_HEADER; i < len; i++) {
		static const uint8_t values[] = { 0, 1, 0x3f, 0x40, 0xc0, 0xff };
		uint8_t was = msg[i];
		for (size_t v = 0; v < sizeof values; v++) {
			msg[i] = values[v];
			(void)read_all(msg, len, &bad);
		}
		msg[i] = was;
	}
	assert_int_equal(read_all(msg, len, &bad), N_ELEMENTS(rows));
	assert_int_equal(bad, 0);
	free(msg);
}

/* Data that is not what the type says; behind the root as owner, class IN and a TTL. */
static void
test_malformed(void **state)
{
	static const struct {
		const char *what;
		uint16_t type;
		const char *data;
		size_t len;
	} cases[] = {
		{ "A of three bytes", DNS_A, "\300\0\2", 3 },
		{ "A of five bytes", DNS_A, "\300\0\2\1\0", 5 },
		{ "AAAA of four bytes", DNS_AAAA, "\300\0\2\1", 4 },
		{ "PTR of nothing", DNS_PTR, "", 0 },
		{ "PTR with more behind its name", DNS_PTR, "\1a\0\0", 4 },
		{ "PTR that does not end", DNS_PTR, "\1a", 2 },
		{ "PTR that points at itself", DNS_PTR, "\300\27", 2 },
		{ "PTR that points forward", DNS_PTR, "\300\40", 2 },
		{ "PTR with a reserved label", DNS_PTR, "\100a\0", 3 },
		{ "MX without name", DNS_MX, "\0\12", 2 },
		{ "MX of one byte", DNS_MX, "\0", 1 },
		{ "SOA without numbers", DNS_SOA, "\0\0", 2 },
		{ "SOA with a number missing", DNS_SOA, "\0\0abcdefghijklmnop", 18 },
		{ "TXT whose string is longer than the data", DNS_TXT, "\5abc", 4 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		uint8_t msg[64] = { 0 };
		size_t at = DNS_HEADER;
		struct arena a;
		struct rr rr;
		struct dns_record record;
		ROW(cases[i].what);
		msg[DNS_HEADER + 2] = (uint8_t)cases[i].type;
		msg[DNS_HEADER + 4] = 1;
		msg[DNS_HEADER + 10] = (uint8_t)cases[i].len;
		memcpy(msg + DNS_HEADER + 11, cases[i].data, cases[i].len);
		arena_init(&a);
		assert_true(rr_read(msg, DNS_HEADER + 11 + cases[i].len, &at, &rr));
		assert_int_equal(rr.type, cases[i].type);
		assert_false(record_read(&rr, &a, &record));
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_malformed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
