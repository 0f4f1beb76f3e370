/* Questions of many targets, counted by the server that answers them. */
#include "test.h"

#include "dns/stub.h"
#include "fake_dns.h"
#include "gather/shared.h"
#include "net/loop.h"

enum { ASKERS_MAX = 8, DEADLINE_US = 400000, LONG_US = 1000000 };

struct asker {
	struct fact fact;
	char key[64];
	unsigned calls;
	enum dns_status status;
	uint64_t at_us;
};

struct world {
	struct loop *loop;
	struct fake_dns *server;
	struct dns_stub *stub;
	struct shared *shared;
	unsigned wanted, calls;
	struct asker askers[ASKERS_MAX];
};

static struct world *world;

static void
open_world(const enum fake_step *steps, size_t n)
{
	static struct world w;
	struct endpoint e;

	w = (struct world){ .loop = loop_new() };
	world = &w;
	w.server = fake_dns_new(w.loop, steps, n, FAKE_STREAM_GOOD);
	e = fake_dns_endpoint(w.server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	w.stub = dns_stub_new(w.loop, &config);
	w.shared = shared_new(w.stub);
}

static void
close_world(void)
{
	shared_free(world->shared);
	dns_stub_free(world->stub);
	fake_dns_free(world->server);
	loop_free(world->loop);
}

static void
note(void *arg, const struct dns_answer *answer)
{
	struct asker *a = arg;

	a->calls++;
	a->status = answer->status;
	a->at_us = loop_now_us();
	if (++world->calls == world->wanted)
		loop_stop(world->loop);
}

static void
ask(size_t i, const char *name, uint64_t deadline_us)
{
	struct asker *a = &world->askers[i];

	snprintf(a->key, sizeof a->key, "dns A %s", name);
	*a = (struct asker){ .fact = { .kind = FACT_DNS, .name = name, .type = DNS_A } };
	snprintf(a->key, sizeof a->key, "dns A %s", name);
	a->fact.key = a->key;
	shared_ask(world->shared, &a->fact, deadline_us, note, a);
	assert_int_equal(a->calls, 0);
	world->wanted++;
}

static const struct dns_answer *
known(const char *name, uint64_t later_us)
{
	char key[64];
	struct fact fact = { .kind = FACT_DNS, .name = name, .key = key, .type = DNS_A };

	snprintf(key, sizeof key, "dns A %s", name);
	return shared_get(world->shared, &fact, loop_now_us() + later_us);
}

/* One question, however many ask while it is on its way; its answer is there for those behind. */
static void
test_asked_once(void **state)
{
	(void)state;
	enum fake_step step = FAKE_GOOD;

	open_world(&step, 1);
	assert_null(known("mail.example", 0));
	for (size_t i = 0; i < 5; i++)
		ask(i, "mail.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(world->askers[i].calls, 1);
		assert_int_equal(world->askers[i].status, DNS_FOUND);
	}
	assert_int_equal(fake_dns_queries(world->server), 1);
	assert_non_null(known("mail.example", 0));
	assert_null(known("other.example", 0));
	close_world();
}

/* Those with less time than the one on its way share a question too: a long list has hundreds. */
static void
test_less_time_is_asked_once_more(void **state)
{
	(void)state;
	enum fake_step step = FAKE_GOOD;
	uint64_t now = loop_now_us();

	open_world(&step, 1);
	ask(0, "mail.example", now + LONG_US);
	for (size_t i = 1; i < ASKERS_MAX; i++)
		ask(i, "mail.example", now + DEADLINE_US + i);
	loop_run(world->loop);
	for (size_t i = 0; i < ASKERS_MAX; i++) {
		assert_int_equal(world->askers[i].calls, 1);
		assert_int_equal(world->askers[i].status, DNS_FOUND);
	}
	assert_int_equal(fake_dns_queries(world->server), 2);
	assert_non_null(known("mail.example", 0));
	close_world();
}

/* An answer is not older than it may be, and its TTL says so. */
static void
test_ages(void **state)
{
	(void)state;
	enum fake_step step = FAKE_GOOD;

	open_world(&step, 1);
	ask(0, "mail.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	const struct dns_answer *now = known("mail.example", 0);
	assert_non_null(now);
	uint32_t ttl_s = now->records[0].ttl_s;
	assert_true(ttl_s > 20);
	const struct dns_answer *later = known("mail.example", 10500000);
	assert_non_null(later);
	assert_int_equal(later->records[0].ttl_s, ttl_s - 10);
	later = known("mail.example", 11200000);
	assert_int_equal(later->records[0].ttl_s, ttl_s - 11);
	assert_null(known("mail.example", ttl_s * 1000000ULL));
	close_world();
}

/* Nobody knows how long the records of a chain may be kept. */
static void
test_chains_are_kept_shorter(void **state)
{
	(void)state;
	static const enum fake_step steps[] = { FAKE_CNAME_OPEN, FAKE_GOOD };

	open_world(steps, 2);
	ask(0, "alias.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	const struct dns_answer *now = known("alias.example", 0);
	assert_non_null(now);
	assert_int_equal(now->n_chain, 1);
	assert_non_null(known("alias.example", 29000000));
	assert_null(known("alias.example", 31000000));
	close_world();
}

/* A failure goes to those who wait for it, and is no answer for those who come later. */
static void
test_failures_are_not_kept(void **state)
{
	(void)state;
	static const enum fake_step steps[] = { FAKE_SERVFAIL, FAKE_GOOD };

	open_world(steps, 2);
	ask(0, "mail.example", loop_now_us() + DEADLINE_US);
	ask(1, "mail.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	assert_int_equal(world->askers[0].status, DNS_SERVFAIL);
	assert_int_equal(world->askers[1].status, DNS_SERVFAIL);
	assert_null(known("mail.example", 0));
	ask(2, "mail.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	assert_int_equal(world->askers[2].status, DNS_FOUND);
	close_world();
}

/* Two questions of a name: the failure of one does not take the answer of the other away. */
static void
test_failure_beside_an_answer(void **state)
{
	(void)state;
	static const enum fake_step steps[] = { FAKE_GOOD, FAKE_SERVFAIL };

	open_world(steps, 2);
	ask(0, "mail.example", loop_now_us() + LONG_US);
	ask(1, "mail.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	assert_int_equal(world->askers[0].status, DNS_FOUND);
	assert_int_equal(world->askers[1].status, DNS_SERVFAIL);
	assert_non_null(known("mail.example", 0));
	close_world();
}

/* The silence that ends the time of one is not the answer of another who has time left. */
static void
test_each_has_its_time(void **state)
{
	(void)state;
	enum fake_step step = FAKE_DROP;
	uint64_t now = loop_now_us();

	open_world(&step, 1);
	ask(0, "mail.example", now + DEADLINE_US);
	ask(1, "mail.example", now + LONG_US);
	ask(2, "mail.example", now + DEADLINE_US + 1000); /* hardly more: not worth a question */
	ask(3, "mail.example", now + DEADLINE_US / 2);    /* has less than the one on its way */
	ask(4, "mail.example", now + LONG_US);            /* waits with that one */
	loop_run(world->loop);
	static const unsigned due_us[] = { DEADLINE_US, LONG_US, DEADLINE_US, DEADLINE_US / 2,
		LONG_US };
	for (size_t i = 0; i < N_ELEMENTS(due_us); i++) {
		assert_int_equal(world->askers[i].status, DNS_TIMEOUT);
		assert_int_equal(world->askers[i].calls, 1);
		assert_true(world->askers[i].at_us >= now + due_us[i]);
	}
	assert_true(world->askers[3].at_us <= world->askers[0].at_us);
	assert_true(world->askers[0].at_us <= world->askers[1].at_us);
	close_world();
}

/* More names than are kept: what is wanted again and again stays, the rest is forgotten. */
static void
test_is_bounded(void **state)
{
	(void)state;
	enum fake_step step = FAKE_GOOD;
	static char names[3 * SHARED_ENTRIES][24];

	open_world(&step, 1);
	ask(0, "mail.example", loop_now_us() + DEADLINE_US);
	loop_run(world->loop);
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		snprintf(names[i], sizeof names[i], "h%zu.example", i);
		ask(1, names[i], loop_now_us() + 10 * DEADLINE_US);
		loop_run(world->loop);
		if (i % 1000 == 0)
			assert_non_null(known("mail.example", 0));
	}
	assert_null(known("h0.example", 0));
	assert_non_null(known(names[N_ELEMENTS(names) - 1], 0));
	assert_true(fake_dns_queries(world->server) >= N_ELEMENTS(names) + 1);
	close_world();
}

/* A generation is turned while a question is on its way, more than once. */
static void
test_turns_in_flight(void **state)
{
	(void)state;
	static enum fake_step steps[2 * SHARED_ENTRIES + 2];
	static char names[2 * SHARED_ENTRIES + 2][24];

	steps[0] = FAKE_DROP;
	for (size_t i = 1; i < N_ELEMENTS(steps); i++)
		steps[i] = FAKE_GOOD;
	open_world(steps, N_ELEMENTS(steps));
	ask(0, "slow.example", loop_now_us() + 20 * DEADLINE_US);
	for (size_t i = 0; i < N_ELEMENTS(names) && world->askers[0].calls == 0; i++) {
		snprintf(names[i], sizeof names[i], "h%zu.example", i);
		world->wanted = world->calls;
		ask(1, names[i], loop_now_us() + 10 * DEADLINE_US);
		loop_run(world->loop);
	}
	world->wanted = 0;
	while (world->askers[0].calls == 0) {
		world->wanted = world->calls + 1;
		loop_run(world->loop);
	}
	assert_int_equal(world->askers[0].status, DNS_FOUND);
	close_world();
}

/* Freed while questions are on their way: nobody is called. */
static void
test_free_in_flight(void **state)
{
	(void)state;
	enum fake_step step = FAKE_DROP;

	open_world(&step, 1);
	ask(0, "mail.example", loop_now_us() + DEADLINE_US);
	ask(1, "mail.example", loop_now_us() + DEADLINE_US);
	close_world();
	assert_int_equal(world->calls, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked_once),
		cmocka_unit_test(test_less_time_is_asked_once_more),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_chains_are_kept_shorter),
		cmocka_unit_test(test_failures_are_not_kept),
		cmocka_unit_test(test_failure_beside_an_answer),
		cmocka_unit_test(test_each_has_its_time),
		cmocka_unit_test(test_is_bounded),
		cmocka_unit_test(test_turns_in_flight),
		cmocka_unit_test(test_free_in_flight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
