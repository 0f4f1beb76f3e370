/* The words for an answer that is not there, and copies of one that is. */
#include "base/arena.h"
#include "dns/answer.h"
#include "test.h"

static const struct {
	const char *name;
	enum dns_status status;
	int rcode, ede;
	const char *ede_text;
	unsigned attempts;
	bool asked; /* a server is known */
	const char *text;
} rows[] = {
	{ "no extended error", DNS_SERVFAIL, 2, -1, "", 1, true, "SERVFAIL from 192.0.2.53" },
	{ "the extended error of no other", DNS_SERVFAIL, 2, 0, "", 1, true,
	    "SERVFAIL from 192.0.2.53 (other error)" },
	{ "an extended error", DNS_SERVFAIL, 2, 6, "", 1, true,
	    "SERVFAIL from 192.0.2.53 (DNSSEC bogus)" },
	{ "with a text from outside", DNS_REFUSED, 5, 18, "go\033[31m away", 1, true,
	    "REFUSED from 192.0.2.53 (prohibited: go\\x1b[31m away)" },
	{ "one that nobody knows", DNS_SERVFAIL, 2, 4711, "", 1, true,
	    "SERVFAIL from 192.0.2.53 (unknown)" },
	{ "another rcode", DNS_BADRCODE, 4, -1, "", 1, true, "rcode 4 from 192.0.2.53" },
	{ "unreachable", DNS_UNREACHABLE, -1, -1, "", 1, true, "192.0.2.53 is not reachable" },
	{ "silence", DNS_TIMEOUT, -1, -1, "", 3, true, "no answer in 1.5 s (3 attempts)" },
	{ "silence after one", DNS_TIMEOUT, -1, -1, "", 1, true, "no answer in 1.5 s (1 attempt)" },
	{ "silence expected", DNS_TIMEOUT, -1, -1, "", 0, true,
	    "no answer; not asked, because the server answers too few questions" },
	{ "no time to begin", DNS_PENDING, -1, -1, "", 0, false,
	    "no answer in 1.5 s (0 attempts)" },
	{ "no server", DNS_UNREACHABLE, -1, 23, "", 0, false, "not reachable (network error)" },
};

static struct dns_answer
answer_of(size_t i)
{
	struct dns_answer answer = dns_answer_pending;
	answer.status = rows[i].status;
	answer.rcode = rows[i].rcode;
	answer.ede = rows[i].ede;
	answer.ede_text = rows[i].ede_text;
	answer.attempts = rows[i].attempts;
	answer.time_us = 1500000;
	if (rows[i].asked)
		assert_true(endpoint_parse("192.0.2.53", 53, &answer.server));
	return answer;
}

static void
test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct dns_answer answer = answer_of(i);
		ROW(rows[i].name);
		arena_init(&a);
		assert_string_equal(dns_answer_reason(&answer, &a), rows[i].text);
		arena_fini(&a);
	}
}

/* Nothing of a copy points into what it was made of. */
static void
test_copy(void **state)
{
	(void)state;
	char owner[] = "a.example", other[] = "b.example", text[] = "192.0.2.1", zone[] = "example",
	     mail[] = "m.example", why[] = "why", at[] = "ns.example", end[] = "end.example";
	const char *chain[] = { end };
	struct dns_record records[] = {
		{ .owner = owner, .type = DNS_A, .text = text, .ttl_s = 7 },
		{ .owner = owner, .type = DNS_A, .text = text },
		{ .owner = other, .type = DNS_SOA, .text = mail, .primary = at },
	};
	struct dns_answer answer = dns_answer_pending;
	struct arena a;
	answer.chain = chain;
	answer.n_chain = 1;
	answer.records = records;
	answer.n_records = N_ELEMENTS(records);
	answer.soa_zone = zone;
	answer.soa_mail = mail;
	answer.ede_text = why;
	answer.referral = at;
	arena_init(&a);
	struct dns_answer *copy = dns_answer_copy(&a, &answer);
	char *given[] = { owner, other, text, zone, mail, why, at, end };
	for (size_t i = 0; i < N_ELEMENTS(given); i++)
		memset(given[i], '!', strlen(given[i]));
	assert_string_equal(dns_answer_end(copy, "q.example"), "end.example");
	assert_string_equal(copy->soa_zone, "example");
	assert_string_equal(copy->soa_mail, "m.example");
	assert_string_equal(copy->ede_text, "why");
	assert_string_equal(copy->referral, "ns.example");
	assert_int_equal(copy->n_records, 3);
	assert_string_equal(copy->records[0].owner, "a.example");
	assert_string_equal(copy->records[0].text, "192.0.2.1");
	assert_int_equal(copy->records[0].ttl_s, 7);
	assert_string_equal(copy->records[1].owner, "a.example");
	assert_string_equal(copy->records[2].owner, "b.example");
	assert_string_equal(copy->records[2].primary, "ns.example");
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_copy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
