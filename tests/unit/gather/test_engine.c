/* The fixpoint of wanting and asking, against a scripted DNS server. */
#include "test.h"

#include <unistd.h>

#include "base/arena.h"
#include "dns/stub.h"
#include "fake_dns.h"
#include "gather/engine.h"
#include "gather/pace.h"
#include "gather/shared.h"
#include "lists/catalogue.h"
#include "lists/keyring.h"
#include "net/loop.h"
#include "smtp_server.h"

enum {
	DEADLINE_MS = 1100, /* time for three datagrams of one question, were they allowed */
	LATE_MS = 1300,
	TALK_MS = 5000,
};

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

/* A list of one question a second: the third cannot be asked in time, but its neighbours can. */
static void
paced_wants(const struct target *t, struct facts *f)
{
	static const char *const names[] = { "a.slow.example", "b.slow.example", "c.slow.example" };
	(void)t;
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		facts_spare_dns(f, NULL, names[i], DNS_A, FACTS_LEAF);
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		facts_want_dns(f, names[i], DNS_TXT);
}

static const struct check paced_check = { .id = "paced", .wants = paced_wants };
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
	{ "a list has its pace, whoever is not the list does not", .step = FAKE_GOOD,
	    .checks = { &paced_check }, .n_checks = 1, .n_facts = 6, .n_queries = 5,
	    .a = DNS_PENDING },
	{ "silence ends at the deadline", .step = FAKE_DROP, .checks = { &chain_check },
	    .n_checks = 1, .n_facts = 2, .a = DNS_PENDING },
};

static const char slow_list[] = "[slow.example]\nrate = 1\ncode.127.0.0.2 = low x\n";

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
	struct catalogue lists = { .n = 0 };
	struct facts facts;
	struct arena a;
	struct err err;

	ROW(row->name);
	wants_calls = 0;
	arena_init(&a);
	facts_init(&facts, &a);
	assert_int_equal(catalogue_read_text(&lists, &a, "f", slow_list, strlen(slow_list), &err),
	    ERR_NONE);
	struct pace *pace = pace_new(&lists, &a);
	struct gather_job job = { .target = &target,
		.checks = row->checks,
		.n_checks = row->n_checks,
		.facts = &facts,
		.pace = pace,
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
	pace_free(pace);
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
		.talk_deadline_us = loop_now_us() + TALK_MS * 1000ull,
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
	char variable[] = "MAILREADY_KEY_SOME=SecretOfTheTest";
	char *const environment[] = { variable, NULL };
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
greet_late(int fd, const void *arg)
{
	usleep(LATE_MS * 1000);
	greet(fd, arg);
}

static void
try_smtp(server_fn *serve)
{
	struct arena a;
	struct facts facts;
	struct policy policy = { .smtp = true };
	struct target target = { .policy = &policy };
	pid_t pid = server_start(serve, NULL, &smtp_port);
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

static void
test_smtp(void **state)
{
	(void)state;
	try_smtp(greet);
}

/* What a late greeting leads to is asked all the same. */
static void
test_smtp_late(void **state)
{
	(void)state;
	try_smtp(greet_late);
}

static void
refuse_tls(int fd, const void *arg)
{
	(void)arg;
	server_offer_starttls(fd);
	server_say(fd, "220 go\r\n");
	server_hear(fd);
}

/* The names that the user gave: the server's, for its certificate, and ours. */
static void
test_smtp_by_name(void **state)
{
	(void)state;
	struct arena a;
	struct facts facts;
	struct policy policy = { .smtp = true, .ehlo_as = "us.example" };
	struct target target = { .names = { .host = "mail.customer.example" }, .policy = &policy };
	pid_t pid = server_start(refuse_tls, NULL, &smtp_port);
	arena_init(&a);
	facts_init(&facts, &a);
	assert_true(ip_parse("127.0.0.1", &target.ip));
	gather_once(&target, &smtp_check, FAKE_GOOD, &facts);
	assert_int_equal(facts.list[0]->smtp->tls, SMTP_TLS_FAILED);
	assert_string_equal(facts.list[0]->smtp->tls_name, "mail.customer.example");
	assert_string_equal(facts.list[0]->smtp->our_name, "us.example");
	facts_fini(&facts);
	arena_fini(&a);
	server_stop(pid);
}

/* ---- what is cancelled */

enum { QUESTIONS = 40, SERVERS = 30, GATHERS = 3, CANCEL_MS = 50, SERVER_BACKLOG = 200 };

/* Everything that can be on the way: questions of its own and common ones, those that wait for their
 * turn or for a place at a list, and SMTP dialogues. */
static void
many_wants(const struct target *t, struct facts *f)
{
	char own[IP_REVERSE_MAX], name[IP_REVERSE_MAX + 32];

	ip_reverse_labels(&t->ip, own);
	for (int i = 0; i < QUESTIONS; i++) {
		snprintf(name, sizeof name, "common%d.example", i);
		facts_follow_dns(f, name, DNS_A);
		snprintf(name, sizeof name, "%s.own%d.example", own, i);
		facts_follow_dns(f, name, DNS_A);
		snprintf(name, sizeof name, "%s.x%d.slow.example", own, i);
		facts_spare_dns(f, NULL, name, DNS_A, FACTS_LEAF);
		snprintf(name, sizeof name, "%s.x%d.unsure.example", own, i);
		facts_spare_dns(f, NULL, name, DNS_A, FACTS_LEAF);
	}
	for (int i = 1; i <= SERVERS; i++) {
		/* the first is silent, nothing listens at the others */
		struct endpoint e = { .ip = { .family = 4, .bytes = { 127, 0, 0, (uint8_t)i } },
			.port = smtp_port };
		facts_want_smtp(f, &e);
	}
}

static const struct check many_check = { .id = "many", .wants = many_wants };

struct cancel_row {
	const char *name;
	enum fake_step step;
	unsigned after_ms; /* 0: before the loop has run */
	bool arrived;      /* some facts have */
};

static const struct cancel_row cancel_rows[] = {
	{ .name = "before anything is asked", .step = FAKE_DROP },
	{ .name = "while nothing is answered", .step = FAKE_DROP, .after_ms = CANCEL_MS },
	{ .name = "while answers arrive", .step = FAKE_GOOD, .after_ms = 20, .arrived = true },
};

static void
must_not_be_done(void *arg)
{
	(void)arg;
	fail_msg("a gathering that was cancelled is done");
}

/* What several gatherings of a run use. */
struct world {
	struct loop *loop;
	struct fake_dns *server;
	struct dns_stub *stub;
	struct arena arena;
	struct catalogue lists;
	struct pace *pace;
	struct shared *shared;
	struct loop_timer *timer;
};

static void
world_open(struct world *w, const enum fake_step *step)
{
	static const char lists[] = "[slow.example]\nrate = 1\ncode.127.0.0.2 = low x\n"
				    "[unsure.example]\ncode.127.0.0.2 = low x\n";
	struct err err;

	*w = (struct world){ .loop = loop_new() };
	arena_init(&w->arena);
	w->server = fake_dns_new(w->loop, step, 1, 0);
	struct endpoint e = fake_dns_endpoint(w->server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	w->stub = dns_stub_new(w->loop, &config);
	assert_int_equal(catalogue_read_text(&w->lists, &w->arena, "f", lists, strlen(lists), &err),
	    ERR_NONE);
	w->pace = pace_new(&w->lists, &w->arena);
	w->shared = shared_new(w->stub);
	w->timer = loop_timer_new(w->loop, stop, w->loop);
}

/* Lets the loop run once more: whatever were left on the way would call back now. */
static void
world_close(struct world *w)
{
	dns_stub_free(w->stub);
	shared_free(w->shared);
	pace_free(w->pace);
	loop_timer_at(w->timer, loop_now_us() + 20000);
	loop_run(w->loop);
	loop_timer_free(w->timer);
	fake_dns_free(w->server);
	loop_free(w->loop);
}

static size_t
n_final(const struct facts *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->list[i]->final;
	return n;
}

static void
cancel_row(const struct cancel_row *row)
{
	static const struct check *const checks[] = { &many_check };
	struct world w;
	struct policy policy = { .now_s = 0 };
	struct target targets[GATHERS];
	struct facts facts[GATHERS];
	struct gather *gathers[GATHERS];

	ROW(row->name);
	world_open(&w, &row->step);
	for (int i = 0; i < GATHERS; i++) {
		targets[i] = (struct target){ .policy = &policy,
			.ip = { .family = 4, .bytes = { 192, 0, 2, (uint8_t)i } } };
		facts_init(&facts[i], &w.arena);
		struct gather_job job = { .target = &targets[i],
			.checks = checks,
			.n_checks = 1,
			.facts = &facts[i],
			.pace = w.pace,
			.shared = w.shared,
			.deadline_us = loop_now_us() + 20000000,
			.done = must_not_be_done };
		gathers[i] = gather_start(w.loop, w.stub, &job);
	}
	if (row->after_ms > 0) {
		loop_timer_at(w.timer, loop_now_us() + row->after_ms * 1000);
		loop_run(w.loop);
		assert_int_equal(facts[0].n, 4 * QUESTIONS + SERVERS);
	}
	for (size_t i = 0; i < GATHERS; i++)
		gather_cancel(gathers[i]);
	size_t final = n_final(&facts[0]);
	if (row->arrived)
		assert_true(final > 0);
	assert_true(row->after_ms == 0 || final < facts[0].n);
	world_close(&w);
	assert_int_equal(n_final(&facts[0]), final);
	for (size_t i = 0; i < GATHERS; i++)
		facts_fini(&facts[i]);
	arena_fini(&w.arena);
}

/* No callback, no fact that arrives afterwards, nothing left (the sanitizers look). */
static void
test_cancel(void **state)
{
	/* takes connections, says nothing */
	int fd = server_listen(SERVER_BACKLOG, &smtp_port);

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cancel_rows); i++)
		cancel_row(&cancel_rows[i]);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_smtp),
		cmocka_unit_test(test_smtp_late),
		cmocka_unit_test(test_smtp_by_name),
		cmocka_unit_test(test_cancel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
