/* The prefix of a network's translators (RFC 7050), and where packets to an address go. */
#include "dns/nat64.h"

#include "test.h"

/* An answer about ipv4only.arpa with up to two addresses; "": none. */
static struct dns_answer
learned(const char *first, const char *second, struct dns_record records[2])
{
	const char *const texts[] = { first, second };
	struct dns_answer answer = *dns_answer_bare(DNS_NODATA);
	answer.records = records;
	for (size_t i = 0; i < 2; i++) {
		if (texts[i][0] == '\0')
			continue;
		records[answer.n_records] = (struct dns_record){ .type = DNS_AAAA };
		assert_true(ip_parse_family(texts[i], 6, &records[answer.n_records++].ip));
		answer.status = DNS_FOUND;
	}
	return answer;
}

static const struct {
	const char *name, *first, *second, *ip;
	const char *from; /* ""; not translated */
	enum nat64_way way;
} rows[] = {
	{ "no translator", "", "", "2a00:64::a00:1", "", NAT64_OPEN },
	{ "96 bits, to a private address", "2a00:64::192.0.0.170", "2a00:64::192.0.0.171",
	    "2a00:64::10.0.0.1", "10.0.0.1", NAT64_INSIDE },
	{ "96 bits, to loopback", "2a00:64::192.0.0.170", "", "2a00:64::127.0.0.1", "127.0.0.1",
	    NAT64_INSIDE },
	{ "96 bits, to a public address", "2a00:64::192.0.0.170", "", "2a00:64::8.8.8.8", "8.8.8.8",
	    NAT64_OPEN },
	{ "another prefix", "2a00:64::192.0.0.170", "", "2a00:65::10.0.0.1", "", NAT64_OPEN },
	{ "the second one shows it", "", "2a00:64::192.0.0.171", "2a00:64::10.0.0.1", "10.0.0.1",
	    NAT64_INSIDE },
	{ "two prefixes", "2a00:64::192.0.0.170", "2a00:65::192.0.0.170", "2a00:65::10.0.0.1",
	    "10.0.0.1", NAT64_INSIDE },
	{ "64 bits", "2a00:64:0:1:c0:0:aa00:0", "", "2a00:64:0:1:a:0:100:0", "10.0.0.1",
	    NAT64_INSIDE },
	{ "56 bits", "2a00:64:0:c0:0:aa::", "", "2a00:64:0:a:0:1::", "10.0.0.1", NAT64_INSIDE },
	{ "48 bits", "2a00:64:0:c000:0:aa00::", "", "2a00:64:0:a00:0:100::", "10.0.0.1",
	    NAT64_INSIDE },
	{ "40 bits", "2a00:64:c0:0:aa::", "", "2a00:64:a:0:1::", "10.0.0.1", NAT64_INSIDE },
	{ "32 bits", "2a00:64:c000:aa::", "", "2a00:64:a00:1::", "10.0.0.1", NAT64_INSIDE },
	{ "an address of another use shows nothing", "2a00:64::192.0.0.172", "",
	    "2a00:64::10.0.0.1", "", NAT64_OPEN },
	{ "the well-known prefix needs no answer", "", "", "64:ff9b::8.8.8.8", "", NAT64_OPEN },
	{ "the well-known prefix, to a private address", "", "", "64:ff9b::10.0.0.1", "",
	    NAT64_INSIDE },
	{ "an address of special use", "", "", "fd00::1", "", NAT64_INSIDE },
	{ "IPv4", "2a00:64::192.0.0.170", "", "8.8.8.8", "", NAT64_OPEN },
	{ "private IPv4", "2a00:64::192.0.0.170", "", "10.0.0.1", "", NAT64_INSIDE },
};

static void
test_prefixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct dns_record records[2];
		struct dns_answer answer = learned(rows[i].first, rows[i].second, records);
		struct ip ip, from;
		char text[IP_TEXT_MAX];
		ROW(rows[i].name);
		assert_true(ip_parse(rows[i].ip, &ip));
		bool translated = nat64_translated_from(&answer, &ip, &from);
		assert_int_equal(translated, rows[i].from[0] != '\0');
		if (translated)
			assert_string_equal(ip_format(&from, text), rows[i].from);
		assert_int_equal(nat64_way(&answer, &ip), rows[i].way);
		/* whoever answered after this network's resolver does not know its prefix */
		struct dns_answer other = *dns_answer_bare(DNS_NODATA);
		other.overruled = &answer;
		assert_int_equal(nat64_way(&other, &ip), rows[i].way);
	}
}

/* Without an answer only what needs none is known. */
static void
test_unknown(void **state)
{
	static const enum dns_status none[] = { DNS_PENDING, DNS_TIMEOUT, DNS_SERVFAIL,
		DNS_REFUSED };
	static const struct {
		const char *ip;
		enum nat64_way way;
	} ways[] = {
		{ "8.8.8.8", NAT64_OPEN },
		{ "10.0.0.1", NAT64_INSIDE },
		{ "64:ff9b::8.8.8.8", NAT64_OPEN },
		{ "fd00::1", NAT64_INSIDE },
		{ "2a00::1", NAT64_UNKNOWN },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(none); i++)
		for (size_t k = 0; k < N_ELEMENTS(ways); k++) {
			struct ip ip;
			ROW(ways[k].ip);
			assert_true(ip_parse(ways[k].ip, &ip));
			assert_int_equal(nat64_way(dns_answer_bare(none[i]), &ip), ways[k].way);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
