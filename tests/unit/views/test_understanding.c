/* Whether an understanding lasts exactly as long as facts keep their values. */
#include "views/understanding.h"

#include "base/arena.h"
#include "test.h"

static void
test_so_far(void **state)
{
	(void)state;
	struct arena a;
	struct facts facts;
	struct policy policy = { .many = true };
	struct target target = { .ip = { 4, { 192, 0, 2, 1 } },
		.address = "192.0.2.1",
		.policy = &policy };
	arena_init(&a);
	facts_init(&facts, &a);

	/* outside of a turn a value may arrive at any time */
	const struct understanding *first = understanding_so_far(&target, &facts);
	assert_ptr_not_equal(first, understanding_so_far(&target, &facts));

	/* a turn of the engine, as gather/engine.c begins it */
	facts.turn++;
	struct understanding *k = understanding_so_far(&target, &facts);
	assert_ptr_equal(k, understanding_so_far(&target, &facts));
	assert_int_equal(known_ptr(k)->status, PTR_TEMPERROR);
	assert_ptr_equal(k->target, &target);

	struct dns_answer nothing = *dns_answer_bare(DNS_NXDOMAIN);
	facts_set_dns(facts_need_dns(&facts, NULL, known_ptr(k)->reverse_name, DNS_PTR), &a,
	    &nothing);
	facts.turn++;
	facts.so_far = NULL;
	assert_int_equal(known_ptr(understanding_so_far(&target, &facts))->status, PTR_NXDOMAIN);

	facts_fini(&facts);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_so_far),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
