#include "test.h"

#include "dns/stub.h"
#include "fake_dns.h"
#include "gather/engine.h"
#include "net/loop.h"

enum { DEADLINE_MS = 1100 }; /* time for three datagrams of one question, were they allowed */

static size_t wants_calls;

/* PTR -> A of each name, and one leaf that leads nowhere. */
static void
chain_wants(const struct target *t, struct facts *f)
{
	(void)t;
	wants_calls++;
	facts_follow_dns(f, "host.example", DNS_PTR);
	facts_want_dns(f, "host.example", DNS_TXT);
	const struct dns_answer *ptr = facts_dns(f, "host.example", DNS_PTR);
	for (size_t i = 0; i < ptr->n_records; i++)
		facts_want_dns(f, ptr->records[i].text, DNS_A);
}

static void
none_wants(const struct target *t, struct facts *f)
{
	(void)t, (void)f;
}

static void
sparing_wants(const struct target *t, struct facts *f)
{
	(void)t;
	facts_want_dns(f, "host.example", DNS_A);
	facts_spare_dns(f, NULL, "host.example", DNS_A, FACTS_LEAF);
}

static const struct check sparing_check = { .id = "sparing", .wants = sparing_wants };
static const struct check chain_check = { .id = "chain", .wants = chain_wants };
static const struct check same_check = { .id = "same", .wants = chain_wants };
static const struct check none_check = { .id = "none", .wants = none_wants };

struct row {
	const char *name;
	enum fake_step step;
	const struct check *checks[2];
	size_t n_checks;
	size_t n_facts, n_queries; /* queries: 0 = not looked at */
	enum dns_status a;         /* of mail.example */
};

static const struct row rows[] = {
	{ "a followed fact leads on", .step = FAKE_GOOD, .checks = { &chain_check }, .n_checks = 1,
	    .n_facts = 3, .n_queries = 3, .a = DNS_FOUND },
	{ "two checks share their questions", .step = FAKE_GOOD,
	    .checks = { &chain_check, &same_check }, .n_checks = 2, .n_facts = 3, .n_queries = 3,
	    .a = DNS_FOUND },
	{ "nothing wanted ends at once", .step = FAKE_GOOD, .checks = { &none_check },
	    .n_checks = 1, .a = DNS_PENDING },
	{ "NXDOMAIN leads nowhere", .step = FAKE_NXDOMAIN, .checks = { &chain_check },
	    .n_checks = 1, .n_facts = 2, .n_queries = 2, .a = DNS_PENDING },
	{ "silence of a burdened server ends at the deadline, after one retry", .step = FAKE_DROP,
	    .checks = { &sparing_check }, .n_checks = 1, .n_facts = 1, .n_queries = 2,
	    .a = DNS_PENDING },
	{ "silence ends at the deadline", .step = FAKE_DROP, .checks = { &chain_check },
	    .n_checks = 1, .n_facts = 2, .a = DNS_PENDING },
};

static void
stop(void *arg)
{
	loop_stop(arg);
}

static void
run_row(const struct row *row)
{
	struct loop *loop = loop_new();
	struct fake_dns *server = fake_dns_new(loop, &row->step, 1, 0);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(loop, &config);
	struct policy policy = { .now_s = 0 };
	struct target target = { .policy = &policy };
	struct facts facts;
	struct arena a;

	ROW(row->name);
	wants_calls = 0;
	arena_init(&a);
	facts_init(&facts, &a);
	struct gather_job job = { .target = &target,
		.checks = row->checks,
		.n_checks = row->n_checks,
		.facts = &facts,
		.deadline_us = loop_now_us() + DEADLINE_MS * 1000ull,
		.done = stop,
		.arg = loop };
	(void)gather_start(loop, stub, &job);
	loop_run(loop);
	assert_int_equal(facts.n, row->n_facts);
	for (size_t i = 0; i < facts.n; i++)
		assert_true(facts.list[i]->final);
	if (row->n_queries > 0)
		assert_int_equal(fake_dns_queries(server), row->n_queries);
	assert_int_equal(facts_dns(&facts, "mail.example", DNS_A)->status, row->a);
	/* only followed facts make the checks speak again: the first turn and the PTR */
	assert_true(wants_calls <= 2 * row->n_checks);
	facts_fini(&facts);
	arena_fini(&a);
	dns_stub_free(stub);
	fake_dns_free(server);
	loop_free(loop);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		run_row(&rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
