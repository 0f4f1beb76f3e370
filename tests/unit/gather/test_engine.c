/* The fixpoint of wanting and asking, against a scripted DNS server. */
#include "test.h"

#include "base/arena.h"
#include "dns/stub.h"
#include "fake_dns.h"
#include "gather/engine.h"
#include "lists/catalogue.h"
#include "lists/keyring.h"
#include "net/loop.h"
#include "smtp_server.h"

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

/* ---- one gathering, to its end */

static void
gather_once(const struct target *target, const struct check *check, enum fake_step step,
    struct facts *facts)
{
	struct loop *loop = loop_new();
	struct fake_dns *server = fake_dns_new(loop, &step, 1, 0);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(loop, &config);
	struct gather_job job = { .target = target,
		.checks = &check,
		.n_checks = 1,
		.facts = facts,
		.deadline_us = loop_now_us() + DEADLINE_MS * 1000ull,
		.done = stop,
		.arg = loop };
	(void)gather_start(loop, stub, &job);
	loop_run(loop);
	dns_stub_free(stub);
	fake_dns_free(server);
	loop_free(loop);
}

/* ---- keys */

static void
keyed_wants(const struct target *t, struct facts *f)
{
	(void)t;
	facts_want_dns(f, "host.keyed.example", DNS_PTR);
	facts_want_dns(f, "host.plain.example", DNS_PTR);
}

static const struct check keyed_check = { .id = "keyed", .wants = keyed_wants };

/* The fact has the name without the key, and no answer shows the key, not even as an owner. */
static void
test_keys(void **state)
{
	(void)state;
	static const char lists[] = "[keyed.example]\ncode.127.0.0.2 = low x\nkey = some\n";
	union {
		const char *from;
		char *to; /* as the system's environ has it */
	} variable = { "MAILREADY_KEY_SOME=SecretOfTheTest" };
	char *const environment[] = { variable.to, NULL };
	static const enum fake_step steps[] = { FAKE_GOOD, FAKE_CNAME_OPEN };
	for (size_t i = 0; i < N_ELEMENTS(steps); i++) {
		struct arena a;
		struct err err;
		struct catalogue c = { .n = 0 };
		struct facts facts;
		struct keyring *keys = keyring_new();
		arena_init(&a);
		facts_init(&facts, &a);
		assert_int_equal(catalogue_read_text(&c, &a, "lists", lists, sizeof lists - 1,
				     &err),
		    ERR_NONE);
		assert_int_equal(keyring_read_env(keys, environment, &err), ERR_NONE);
		keyring_serve(keys, &c);
		struct policy policy = { .keys = keys };
		struct target target = { .policy = &policy };
		gather_once(&target, &keyed_check, steps[i], &facts);
		assert_int_equal(facts.n, 2);
		const struct dns_answer *answer = facts_dns(&facts, "host.keyed.example", DNS_PTR);
		assert_true(facts.list[0]->final);
		if (steps[i] == FAKE_GOOD) {
			assert_int_equal(answer->status, DNS_FOUND);
			assert_int_equal(answer->n_records, 1);
			assert_string_equal(answer->records[0].text, "mail.example");
			assert_string_equal(answer->records[0].owner, "host.keyed.example");
		}
		for (size_t k = 0; k < answer->n_chain; k++)
			assert_null(strstr(answer->chain[k], "secretofthetest"));
		facts_fini(&facts);
		keyring_free(keys);
		arena_fini(&a);
	}
}

/* ---- SMTP */

static uint16_t smtp_port;

static void
smtp_wants(const struct target *t, struct facts *f)
{
	struct endpoint server = { .ip = t->ip, .port = smtp_port };
	wants_calls++;
	facts_want_smtp(f, &server);
	const struct smtp_dialogue *d = facts_smtp(f, &server);
	if (d->banner_name[0] != '\0')
		facts_want_dns(f, d->banner_name, DNS_A);
}

static const struct check smtp_check = { .id = "smtp", .wants = smtp_wants };

static void
greet(int fd, const void *arg)
{
	(void)arg;
	server_say(fd, "220 mx.example ESMTP\r\n");
	server_hear(fd);
	server_say(fd, "250 mx.example\r\n");
	server_hear(fd);
	server_say(fd, "221 bye\r\n");
}

static void
test_smtp(void **state)
{
	(void)state;
	struct arena a;
	struct facts facts;
	struct policy policy = { .smtp = true };
	struct target target = { .policy = &policy };
	pid_t pid = server_start(greet, NULL, &smtp_port);
	wants_calls = 0;
	arena_init(&a);
	facts_init(&facts, &a);
	assert_true(ip_parse("127.0.0.1", &target.ip));
	gather_once(&target, &smtp_check, FAKE_GOOD, &facts);
	assert_int_equal(facts.n, 2);
	assert_true(facts.list[0]->final && facts.list[1]->final);
	assert_int_equal(facts.list[0]->smtp->status, SMTP_TALKED);
	assert_string_equal(facts.list[0]->smtp->ehlo_name, "mx.example");
	assert_int_equal(facts_dns(&facts, "mx.example", DNS_A)->status, DNS_FOUND);
	assert_int_equal(wants_calls, 2);
	facts_fini(&facts);
	arena_fini(&a);
	server_stop(pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_smtp),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
