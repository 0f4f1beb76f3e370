/* What the proof and preflight judge: the authority's answers in the place of the resolver's. */
#include "base/arena.h"
#include "fix/now.h"
#include "test.h"

#define REVERSE "1.2.0.192.in-addr.arpa"
#define NAME "mail.example.com"

static void
set(struct facts *f, const char *name, uint16_t type, enum dns_status status)
{
	facts_set_dns(facts_need_dns(f, NULL, name, type), f->arena, dns_answer_bare(status));
}

/* Where no authority is known, each answer of the resolver stays, the first one and the last one too. */
static void
test_unknown_authority(void **state)
{
	(void)state;
	static const char *const wanted[] = { NAME };
	static const uint16_t types[] = { DNS_PTR, DNS_A };
	for (size_t first = 0; first < 2; first++) {
		struct policy policy = { .authority = AUTHORITY_ALWAYS };
		struct target t = { .policy = &policy,
			.names = { .wanted = wanted, .n_wanted = 1 } };
		struct facts heard, now;
		struct arena a;
		arena_init(&a);
		facts_init(&heard, &a);
		facts_init(&now, &a);
		assert_true(ip_parse("192.0.2.1", &t.ip));
		for (size_t i = 0; i < 2; i++) {
			bool ptr = types[(first + i) % 2] == DNS_PTR;
			set(&heard, ptr ? REVERSE : NAME, ptr ? DNS_PTR : DNS_A,
			    ptr ? DNS_NODATA : DNS_SERVFAIL);
		}
		(void)facts_need_dns(&heard, NULL, "late.example", DNS_A); /* not there yet */
		facts_from_authority(&t, &heard, &now);
		assert_int_equal(facts_dns(&now, REVERSE, DNS_PTR)->status, DNS_NODATA);
		assert_int_equal(facts_dns(&now, NAME, DNS_A)->status, DNS_SERVFAIL);
		assert_null(facts_find_dns(&now, "late.example", DNS_A));
		facts_fini(&heard);
		facts_fini(&now);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_authority),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
