/* Which answers may be ones that only the users of a resolver get. */
#include "dns/answer.h"
#include "test.h"

static const struct {
	const char *name;
	enum dns_status status;
	bool aa;
	int ede;
	const char *addresses[3]; /* none: a PTR record, when found */
	enum dns_doubt doubt;
} rows[] = {
	{ "plain", DNS_FOUND, false, -1, { 0 }, DNS_SURE },
	{ "plain address", DNS_FOUND, false, -1, { "203.0.113.25" }, DNS_SURE },
	{ "AA", DNS_FOUND, true, -1, { 0 }, DNS_OWN_DATA },
	{ "AA, NODATA", DNS_NODATA, true, -1, { 0 }, DNS_OWN_DATA },
	{ "AA, NXDOMAIN", DNS_NXDOMAIN, true, -1, { 0 }, DNS_OWN_DATA },
	{ "AA, SERVFAIL: unknown anyway", DNS_SERVFAIL, true, -1, { 0 }, DNS_SURE },
	{ "stale", DNS_FOUND, false, 3, { 0 }, DNS_SURE },
	{ "forged", DNS_FOUND, false, 4, { 0 }, DNS_BLOCKED },
	{ "indeterminate", DNS_FOUND, false, 5, { 0 }, DNS_SURE },
	{ "not ready", DNS_NXDOMAIN, false, 14, { 0 }, DNS_SURE },
	{ "blocked", DNS_NXDOMAIN, false, 15, { 0 }, DNS_BLOCKED },
	{ "censored", DNS_NXDOMAIN, false, 16, { 0 }, DNS_BLOCKED },
	{ "filtered, AA", DNS_NXDOMAIN, true, 17, { 0 }, DNS_BLOCKED },
	{ "prohibited", DNS_NODATA, false, 18, { 0 }, DNS_BLOCKED },
	{ "stale NXDOMAIN", DNS_NXDOMAIN, false, 19, { 0 }, DNS_SURE },
	{ "private", DNS_FOUND, false, -1, { "10.1.2.3", "fd00::1" }, DNS_INSIDE },
	{ "shared", DNS_FOUND, false, -1, { "100.64.0.1" }, DNS_INSIDE },
	{ "loopback", DNS_FOUND, false, -1, { "127.0.1.1" }, DNS_INSIDE },
	{ "unspecified", DNS_FOUND, false, -1, { "0.0.0.0" }, DNS_INSIDE },
	{ "unspecified, IPv6", DNS_FOUND, false, -1, { "::" }, DNS_INSIDE },
	{ "link-local", DNS_FOUND, false, -1, { "169.254.1.1", "fe80::1" }, DNS_INSIDE },
	{ "one of them public", DNS_FOUND, false, -1, { "10.1.2.3", "203.0.113.25" }, DNS_SURE },
	{ "documentation", DNS_FOUND, false, -1, { "2001:db8::25" }, DNS_SURE },
};

static void
test_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		struct dns_record records[3] = { { .text = "mail.example" } };
		struct dns_answer answer = *dns_answer_bare(rows[i].status);
		answer.authoritative = rows[i].aa;
		answer.ede = rows[i].ede;
		answer.records = records;
		answer.n_records = rows[i].status == DNS_FOUND;
		for (size_t j = 0; rows[i].addresses[j] != NULL; j++) {
			assert_true(ip_parse(rows[i].addresses[j], &records[j].ip));
			answer.n_records = j + 1;
		}
		assert_int_equal(dns_doubt(&answer), rows[i].doubt);
		answer.planned = true;
		assert_int_equal(dns_doubt(&answer), DNS_SURE);
		answer.planned = false;
		answer.checked = true;
		assert_int_equal(dns_doubt(&answer), DNS_SURE);
	}
}

static void
test_bogus(void **state)
{
	(void)state;
	struct dns_answer answer = *dns_answer_bare(DNS_SERVFAIL);
	for (answer.ede = -1; answer.ede < 25; answer.ede++)
		assert_int_equal(dns_is_bogus(&answer), answer.ede >= 6 && answer.ede <= 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_bogus),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
