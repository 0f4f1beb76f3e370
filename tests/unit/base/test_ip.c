#include "base/ip.h"

#include <stdlib.h>

#include "test.h"

static const struct {
	const char *text, *formatted;
} good[] = {
	{ "203.0.113.25", "203.0.113.25" },
	{ "0.0.0.0", "0.0.0.0" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "2001:DB8:0:0:0:0:0:25", "2001:db8::25" },
	{ "2001:0db8::0025", "2001:db8::25" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" }, /* RFC 5952 4.2.2 */
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },          /* RFC 5952 4.2.3 */
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "::FFFF:c000:201", "192.0.2.1" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "::ffff:0:0:0", "::ffff:0:0:0" },
};

static void
test_parse_and_format(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(good); i++) {
		ROW(good[i].text);
		struct ip ip, again;
		char text[IP_TEXT_MAX];
		assert_true(ip_parse(good[i].text, &ip));
		assert_ptr_equal(ip_format(&ip, text), text);
		assert_string_equal(text, good[i].formatted);
		assert_true(ip_parse(text, &again));
		assert_true(ip_equal(&ip, &again));
	}
}

static const char *const bad[] = { "", " ", "192.0.2", "192.0.2.1.", "192.0.2.256", "192.0.2.01",
	"192.0.2.1 ", " 192.0.2.1", "192.0.2.1/32", "0x7f.1", "2130706433", "127.1", "192.0.2.-1",
	"192.0.2.1\n", "fe80::1%eth0", "2001:db8::/32", "[::1]", "1::2::3", "1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:8:9", "12345::", "g::", ":::", ":1", "1:", "::1.2.3", "::1.2.3.256",
	"::01.2.3.4", "mail.example.com", "192.0.2.1.example.com" };

static void
test_parse_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		ROW(bad[i]);
		struct ip ip = { .family = 6, .bytes = { 1 } };
		assert_false(ip_parse(bad[i], &ip));
		assert_int_equal(ip.family, 0);
	}
}

static const struct {
	const char *text, *labels, *name;
} reverse[] = {
	{ "203.0.113.25", "25.113.0.203", "25.113.0.203.in-addr.arpa" },
	{ "255.255.255.255", "255.255.255.255", "255.255.255.255.in-addr.arpa" },
	{ "::ffff:192.0.2.1", "1.2.0.192", "1.2.0.192.in-addr.arpa" },
	/* the example of RFC 3596 2.5 */
	{ "4321:0:1:2:3:4:567:89ab",
	    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4",
	    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa" },
};

static void
test_reverse_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(reverse); i++) {
		ROW(reverse[i].text);
		struct ip ip;
		char out[IP_REVERSE_MAX];
		assert_true(ip_parse(reverse[i].text, &ip));
		assert_string_equal(ip_reverse_labels(&ip, out), reverse[i].labels);
		assert_string_equal(ip_reverse_name(&ip, out), reverse[i].name);
		struct ip back;
		assert_true(ip_from_reverse_name(out, &back));
		assert_true(ip_equal(&back, &ip));
	}
}

static const char *const no_reverse[] = { "", "in-addr.arpa", "113.0.203.in-addr.arpa",
	"25.113.0.203", "025.113.0.203.in-addr.arpa", "256.113.0.203.in-addr.arpa",
	"259.113.0.203.in-addr.arpa", "*.113.0.203.in-addr.arpa", "-1.113.0.203.in-addr.arpa",
	"+1.113.0.203.in-addr.arpa", "1.25.113.0.203.in-addr.arpa", "25.113.0.203.in-addr.arpa.",
	"25.24/29.113.0.203.in-addr.arpa", "25.113.0.203.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa",
	"*.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
	"g.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
	"b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.test",
	"ba..9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa" };

static void
test_no_reverse_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(no_reverse); i++) {
		ROW(no_reverse[i]);
		struct ip ip;
		assert_false(ip_from_reverse_name(no_reverse[i], &ip));
	}
}

static void
test_no_address(void **state)
{
	(void)state;
	struct ip none = { 0 };
	char text[IP_TEXT_MAX], name[IP_REVERSE_MAX];
	assert_string_equal(ip_format(&none, text), "");
	assert_string_equal(ip_reverse_labels(&none, name), "");
	assert_string_equal(ip_reverse_name(&none, name), "");
	assert_null(ip_special(&none));
}

static void
test_order(void **state)
{
	(void)state;
	static const char *const sorted[] = { "0.0.0.1", "1.0.0.0", "9.255.0.0", "10.0.0.0",
		"255.0.0.0", "::", "::2", "::1:0", "2001:db8::", "ff00::" };
	for (size_t i = 0; i < N_ELEMENTS(sorted); i++) {
		for (size_t j = 0; j < N_ELEMENTS(sorted); j++) {
			struct ip a, b;
			assert_true(ip_parse(sorted[i], &a));
			assert_true(ip_parse(sorted[j], &b));
			int order = ip_compare(&a, &b);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
			assert_int_equal(ip_equal(&a, &b), i == j);
		}
	}
}

/* kind "" = an ordinary public address */
static const struct {
	const char *text, *kind, *source;
} special[] = {
	{ "8.8.8.8", "", "" },
	{ "0.0.0.0", "unspecified", "RFC 1122" },
	{ "0.1.2.3", "unspecified", "RFC 791" },
	{ "1.0.0.0", "", "" },
	{ "9.255.255.255", "", "" },
	{ "10.0.0.0", "private", "RFC 1918" },
	{ "10.255.255.255", "private", "RFC 1918" },
	{ "11.0.0.0", "", "" },
	{ "100.63.255.255", "", "" },
	{ "100.64.0.0", "cgnat", "RFC 6598" },
	{ "100.127.255.255", "cgnat", "RFC 6598" },
	{ "100.128.0.0", "", "" },
	{ "127.0.0.1", "loopback", "RFC 1122" },
	{ "127.255.255.255", "loopback", "RFC 1122" },
	{ "128.0.0.0", "", "" },
	{ "169.254.0.1", "link-local", "RFC 3927" },
	{ "169.255.0.0", "", "" },
	{ "172.15.255.255", "", "" },
	{ "172.16.0.0", "private", "RFC 1918" },
	{ "172.31.255.255", "private", "RFC 1918" },
	{ "172.32.0.0", "", "" },
	{ "192.0.0.1", "protocol", "RFC 7335" },
	{ "192.0.0.8", "protocol", "RFC 7600" },
	{ "192.0.0.9", "", "" },
	{ "192.0.0.10", "", "" },
	{ "192.0.0.11", "protocol", "RFC 6890" },
	{ "192.0.0.170", "protocol", "RFC 7050" },
	{ "192.0.0.171", "protocol", "RFC 7050" },
	{ "192.0.0.255", "protocol", "RFC 6890" },
	{ "192.0.1.0", "", "" },
	{ "192.0.2.1", "documentation", "RFC 5737" },
	{ "192.31.196.1", "", "" },
	{ "192.52.193.1", "", "" },
	{ "192.88.99.1", "tunnel", "RFC 7526" },
	{ "192.88.99.2", "tunnel", "RFC 6751" },
	{ "192.168.255.255", "private", "RFC 1918" },
	{ "192.175.48.6", "", "" },
	{ "198.17.255.255", "", "" },
	{ "198.18.0.0", "benchmark", "RFC 2544" },
	{ "198.19.255.255", "benchmark", "RFC 2544" },
	{ "198.20.0.0", "", "" },
	{ "198.51.100.7", "documentation", "RFC 5737" },
	{ "203.0.113.25", "documentation", "RFC 5737" },
	{ "203.0.114.0", "", "" },
	{ "223.255.255.255", "", "" },
	{ "224.0.0.1", "multicast", "RFC 5771" },
	{ "233.252.0.1", "documentation", "RFC 6676" },
	{ "239.255.255.255", "multicast", "RFC 5771" },
	{ "240.0.0.0", "reserved", "RFC 1112" },
	{ "255.255.255.254", "reserved", "RFC 1112" },
	{ "255.255.255.255", "broadcast", "RFC 919" },

	{ "2607:f8b0::1", "", "" },
	{ "2a01:4f8::25", "", "" },
	{ "::", "unspecified", "RFC 4291" },
	{ "::1", "loopback", "RFC 4291" },
	{ "::2", "reserved", "RFC 4291" },
	{ "1::1", "reserved", "RFC 4291" },
	{ "1fff:ffff::", "reserved", "RFC 4291" },
	{ "4000::1", "reserved", "RFC 4291" },
	{ "64:ff9b::192.0.2.1", "translated", "RFC 6052" },
	{ "64:ff9b:0:1::", "reserved", "RFC 4291" },
	{ "64:ff9b:1::1", "translated", "RFC 8215" },
	{ "64:ff9b:2::1", "reserved", "RFC 4291" },
	{ "100::1", "discard", "RFC 6666" },
	{ "100:0:0:1::1", "discard", "RFC 9780" },
	{ "100:0:0:2::1", "reserved", "RFC 4291" },
	{ "2001::1", "tunnel", "RFC 4380" },
	{ "2001:1::", "protocol", "RFC 2928" },
	{ "2001:1::1", "", "" },
	{ "2001:1::2", "", "" },
	{ "2001:1::3", "", "" },
	{ "2001:1::4", "protocol", "RFC 2928" },
	{ "2001:2::1", "benchmark", "RFC 5180" },
	{ "2001:2:1::1", "protocol", "RFC 2928" },
	{ "2001:3::1", "", "" },
	{ "2001:4:112::1", "", "" },
	{ "2001:4:113::1", "protocol", "RFC 2928" },
	{ "2001:10::1", "protocol", "RFC 4843" },
	{ "2001:20::1", "", "" },
	{ "2001:3f::1", "", "" },
	{ "2001:1ff::1", "protocol", "RFC 2928" },
	{ "2001:200::1", "", "" },
	{ "2001:db8::25", "documentation", "RFC 3849" },
	{ "2001:db7::25", "", "" },
	{ "2002:c000:201::1", "tunnel", "RFC 3056" },
	{ "2003::1", "", "" },
	{ "2620:4f:8000::1", "", "" },
	{ "3ffe::1", "", "" },
	{ "3fff::1", "documentation", "RFC 9637" },
	{ "3fff:fff:ffff::1", "documentation", "RFC 9637" },
	{ "3fff:1000::1", "", "" },
	{ "5f00::1", "protocol", "RFC 9602" },
	{ "5f01::1", "reserved", "RFC 4291" },
	{ "fbff::1", "reserved", "RFC 4291" },
	{ "fc00::1", "private", "RFC 4193" },
	{ "fdff::1", "private", "RFC 4193" },
	{ "fe00::1", "reserved", "RFC 4291" },
	{ "fe80::1", "link-local", "RFC 4291" },
	{ "febf::1", "link-local", "RFC 4291" },
	{ "fec0::1", "private", "RFC 3879" },
	{ "ff02::1", "multicast", "RFC 4291" },
};

static void
test_special(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(special); i++) {
		ROW(special[i].text);
		struct ip ip;
		assert_true(ip_parse(special[i].text, &ip));
		const struct ip_range *range = ip_special(&ip);
		if (special[i].kind[0] == '\0') {
			assert_null(range);
			continue;
		}
		assert_non_null(range);
		assert_string_equal(range->kind, special[i].kind);
		assert_string_equal(range->source, special[i].source);
	}
}

static void
test_mapped_as_ipv6(void **state)
{
	(void)state;
	/* an AAAA record may hold what ip_parse() turns into IPv4 */
	struct ip ip = { .family = 6, .bytes = { [10] = 0xff, [11] = 0xff, [12] = 8, [15] = 8 } };
	const struct ip_range *range = ip_special(&ip);
	assert_non_null(range);
	assert_string_equal(range->prefix, "::ffff:0:0/96");
}

static bool
is_one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

/* "BASE/BITS" in the shortest form, without bits behind the prefix */
static void
assert_prefix_is_sound(const char *prefix)
{
	/* the address of ::ffff:0:0/96 is read as IPv4 */
	if (strncmp(prefix, "::ffff:", 7) == 0)
		return;
	char text[IP_TEXT_MAX], again[IP_TEXT_MAX];
	size_t len = strcspn(prefix, "/");
	assert_true(len < sizeof text);
	memcpy(text, prefix, len);
	text[len] = '\0';
	struct ip ip;
	assert_true(ip_parse(text, &ip));
	assert_string_equal(ip_format(&ip, again), text);
	assert_int_equal(prefix[len], '/');
	char *end;
	long bits = strtol(prefix + len + 1, &end, 10);
	assert_string_equal(end, "");
	assert_in_range(bits, 0, ip.family == 4 ? 32 : 128);
	for (long bit = bits; bit < 128; bit++)
		assert_int_equal(ip.bytes[bit / 8] >> (7 - bit % 8) & 1, 0);
}

/* RFC 6052 2.4 has these for 192.0.2.33. */
static const struct {
	const char *ip;
	int bits;
	const char *inner; /* "": none */
} embedded[] = {
	{ "2001:db8:c000:221::", 32, "192.0.2.33" },
	{ "2001:db8:1c0:2:21::", 40, "192.0.2.33" },
	{ "2001:db8:122:c000:2:2100::", 48, "192.0.2.33" },
	{ "2001:db8:122:3c0:0:221::", 56, "192.0.2.33" },
	{ "2001:db8:122:344:c0:2:2100::", 64, "192.0.2.33" },
	{ "2001:db8:122:344::192.0.2.33", 96, "192.0.2.33" },
	{ "64:ff9b::192.0.2.33", 96, "192.0.2.33" },
	{ "64:ff9b::192.0.2.33", 24, "" },
	{ "64:ff9b::192.0.2.33", 72, "" },
	{ "64:ff9b::192.0.2.33", 33, "" },
	{ "64:ff9b::192.0.2.33", 104, "" },
	{ "192.0.2.33", 96, "" },
};

static void
test_embedded(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(embedded); i++) {
		ROW(embedded[i].ip);
		struct ip ip, inner;
		char text[IP_TEXT_MAX];
		assert_true(ip_parse(embedded[i].ip, &ip));
		bool holds = ip_embedded(&ip, embedded[i].bits, &inner);
		assert_int_equal(holds, embedded[i].inner[0] != '\0');
		if (holds)
			assert_string_equal(ip_format(&inner, text), embedded[i].inner);
	}
}

static void
test_translated(void **state)
{
	(void)state;
	static const struct {
		const char *ip, *from; /* from: by the well-known prefix; "": not one of it */
		bool translated, inside;
	} rows[] = {
		{ "64:ff9b::192.0.2.33", "192.0.2.33", true, false },
		{ "64:ff9b::10.0.0.1", "10.0.0.1", true, false },
		{ "64:ff9b:1::1", "", true, false },
		{ "64:ff9b:2::1", "", false, false },
		{ "64:ff9b::1:192.0.2.33", "", false, false },
		{ "192.0.2.33", "", false, false },
		{ "0.100.255.155", "", false, true }, /* its bytes begin like the prefix */
		{ "fd00::1", "", false, true },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].ip);
		struct ip ip, from;
		char text[IP_TEXT_MAX];
		assert_true(ip_parse(rows[i].ip, &ip));
		assert_int_equal(ip_is_translated(&ip), rows[i].translated);
		assert_int_equal(ip_is_inside(&ip), rows[i].inside);
		assert_int_equal(ip_translated_from(&ip, &from), rows[i].from[0] != '\0');
		if (rows[i].from[0] != '\0')
			assert_string_equal(ip_format(&from, text), rows[i].from);
	}
}

static void
test_table_is_sound(void **state)
{
	(void)state;
	static const char *const kinds[] = { "private", "loopback", "link-local", "cgnat",
		"documentation", "benchmark", "multicast", "broadcast", "reserved", "unspecified",
		"protocol", "tunnel", "translated", "discard", "global" };
	size_t n;
	const struct ip_range *rows = ip_special_table(&n);
	assert_true(n > 50);
	for (size_t i = 0; i < n; i++) {
		ROW(rows[i].prefix);
		assert_prefix_is_sound(rows[i].prefix);
		assert_true(strlen(rows[i].name) > 2);
		assert_true(is_one_of(rows[i].kind, kinds, N_ELEMENTS(kinds)));
		assert_int_equal(strncmp(rows[i].source, "RFC ", 4), 0);
		assert_true(strtol(rows[i].source + 4, NULL, 10) > 0);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rows[i].prefix, rows[j].prefix);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_and_format),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_reverse_names),
		cmocka_unit_test(test_no_reverse_names),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_mapped_as_ipv6),
		cmocka_unit_test(test_embedded),
		cmocka_unit_test(test_translated),
		cmocka_unit_test(test_table_is_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
