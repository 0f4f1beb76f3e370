#include "test.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "dns/planned.h"
#include "dns/stub.h"
#include "fake_dns.h"
#include "net/loop.h"

enum { STEPS = 4, DEADLINE_MS = 900, MANY = 500 };

/* Stands before the system's: the network that goes away behind a socket that is open already. */
static bool network_is_down;

int
sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	if (!network_is_down)
		return (int)syscall(SYS_sendmmsg, fd, messages, n, flags);
	errno = ENETUNREACH;
	return -1;
}

/* What one lookup came to, copied out of the callback. */
struct outcome {
	struct loop *loop;
	struct arena arena;
	struct dns_answer *answer;
	int calls;
	int wanted; /* calls after which the loop is stopped */
};

static void
note(void *arg, const struct dns_answer *answer)
{
	struct outcome *o = arg;

	o->calls++;
	o->answer = dns_answer_copy(&o->arena, answer);
	if (o->calls == o->wanted)
		loop_stop(o->loop);
}

struct row {
	const char *name; /* the fault */
	enum fake_step steps[STEPS];
	size_t n_steps;
	enum fake_stream stream;
	enum dns_status status;
	unsigned attempts; /* at least */
	bool over_tcp;     /* the stub is to ask so */
	bool tcp, ignored; /* came over TCP; some datagram was not ours */
	size_t n_chain;
};

static const struct row rows[] = {
	{ "no fault", .steps = { FAKE_GOOD }, .n_steps = 1, .status = DNS_FOUND, .attempts = 1 },
	{ "first packet lost", .steps = { FAKE_DROP, FAKE_GOOD }, .n_steps = 2, .status = DNS_FOUND,
	    .attempts = 2 },
	{ "two packets lost", .steps = { FAKE_DROP, FAKE_DROP, FAKE_GOOD }, .n_steps = 3,
	    .status = DNS_FOUND, .attempts = 3 },
	{ "silent server", .steps = { FAKE_DROP }, .n_steps = 1, .status = DNS_TIMEOUT,
	    .attempts = 2 },
	{ "slow server: the late answer counts", .steps = { FAKE_LATE, FAKE_DROP }, .n_steps = 2,
	    .status = DNS_FOUND, .attempts = 2 },
	{ "NXDOMAIN", .steps = { FAKE_NXDOMAIN }, .n_steps = 1, .status = DNS_NXDOMAIN,
	    .attempts = 1 },
	{ "SERVFAIL", .steps = { FAKE_SERVFAIL }, .n_steps = 1, .status = DNS_SERVFAIL,
	    .attempts = 1 },
	{ "REFUSED", .steps = { FAKE_REFUSED }, .n_steps = 1, .status = DNS_REFUSED,
	    .attempts = 1 },
	{ "forged: wrong id only", .steps = { FAKE_WRONG_ID }, .n_steps = 1, .status = DNS_TIMEOUT,
	    .attempts = 2, .ignored = true },
	{ "forged: wrong question only", .steps = { FAKE_WRONG_QUESTION }, .n_steps = 1,
	    .status = DNS_TIMEOUT, .attempts = 2, .ignored = true },
	{ "forged: wrong source port only", .steps = { FAKE_WRONG_PORT }, .n_steps = 1,
	    .status = DNS_TIMEOUT, .attempts = 2 },
	{ "forged first, then the real one", .steps = { FAKE_FORGED_THEN_GOOD }, .n_steps = 1,
	    .status = DNS_FOUND, .attempts = 1, .ignored = true },
	{ "garbage, then an answer", .steps = { FAKE_GARBAGE, FAKE_GOOD }, .n_steps = 2,
	    .status = DNS_FOUND, .attempts = 2, .ignored = true },
	{ "message cut off inside", .steps = { FAKE_BROKEN }, .n_steps = 1, .status = DNS_MALFORMED,
	    .attempts = 1 },
	{ "server without EDNS", .steps = { FAKE_FORMERR_EDNS }, .n_steps = 1, .status = DNS_FOUND,
	    .attempts = 2 },
	{ "FORMERR whatever is asked", .steps = { FAKE_ALWAYS_FORMERR }, .n_steps = 1,
	    .status = DNS_BADRCODE, .attempts = 2 },
	{ "truncated", .steps = { FAKE_TRUNCATED }, .n_steps = 1, .stream = FAKE_STREAM_GOOD,
	    .status = DNS_FOUND, .attempts = 2, .tcp = true },
	{ "truncated, stream byte by byte", .steps = { FAKE_TRUNCATED }, .n_steps = 1,
	    .stream = FAKE_STREAM_SLOW, .status = DNS_FOUND, .attempts = 2, .tcp = true },
	{ "truncated, stream closed", .steps = { FAKE_TRUNCATED }, .n_steps = 1,
	    .stream = FAKE_STREAM_CLOSE, .status = DNS_MALFORMED, .attempts = 2 },
	{ "truncated, stream cut", .steps = { FAKE_TRUNCATED }, .n_steps = 1,
	    .stream = FAKE_STREAM_CUT, .status = DNS_MALFORMED, .attempts = 2 },
	{ "truncated, stream answers another id", .steps = { FAKE_TRUNCATED }, .n_steps = 1,
	    .stream = FAKE_STREAM_WRONG_ID, .status = DNS_MALFORMED, .attempts = 2 },
	{ "truncated, stream silent", .steps = { FAKE_TRUNCATED }, .n_steps = 1,
	    .stream = FAKE_STREAM_SILENT, .status = DNS_TIMEOUT, .attempts = 2 },
	{ "asked over TCP alone", .steps = { FAKE_DROP }, .n_steps = 1, .stream = FAKE_STREAM_GOOD,
	    .over_tcp = true, .status = DNS_FOUND, .attempts = 1, .tcp = true },
	{ "over TCP alone, stream silent", .steps = { FAKE_GOOD }, .n_steps = 1,
	    .stream = FAKE_STREAM_SILENT, .over_tcp = true, .status = DNS_TIMEOUT, .attempts = 1 },
	{ "CNAME left open", .steps = { FAKE_CNAME_OPEN }, .n_steps = 1, .status = DNS_FOUND,
	    .attempts = 1, .n_chain = 1 },
	{ "CNAME loop over several answers", .steps = { FAKE_CNAME_LOOP }, .n_steps = 1,
	    .status = DNS_LOOP, .n_chain = 2 },
};

static void
run_row(const struct row *row)
{
	struct outcome o = { .loop = loop_new(), .wanted = 1 };
	struct fake_dns *server = fake_dns_new(o.loop, row->steps, row->n_steps, row->stream);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e,
		.n_upstreams = 1,
		.over_tcp = row->over_tcp };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);
	struct dns_stub_stats stats;

	ROW(row->name);
	arena_init(&o.arena);
	uint64_t deadline = loop_now_us() + DEADLINE_MS * 1000ull;
	dns_stub_ask(stub, "host.example", DNS_PTR, NULL, deadline, note, &o);
	assert_int_equal(o.calls, 0); /* never from within the call */
	loop_run(o.loop);
	assert_int_equal(o.calls, 1);
	assert_string_equal(enumtab_name(&dns_status_names, (int)o.answer->status),
	    enumtab_name(&dns_status_names, (int)row->status));
	assert_true(o.answer->attempts >= row->attempts);
	assert_int_equal(o.answer->tcp, row->tcp);
	assert_int_equal(o.answer->n_chain, row->n_chain);
	dns_stub_stats(stub, &stats);
	assert_int_equal(stats.ignored > 0, row->ignored);
	if (row->status == DNS_FOUND)
		assert_true(stats.heard_us > 0 && stats.unheard_us == 0);
	assert_true(stats.heard_us > 0 || stats.unheard_us > 0);
	assert_true(!row->over_tcp || stats.datagrams == 0);
	if (row->status == DNS_FOUND)
		assert_string_equal(o.answer->records[0].text, "mail.example");
	if (row->status == DNS_TIMEOUT)
		assert_true(loop_now_us() >= deadline);
	dns_stub_free(stub);
	fake_dns_free(server);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

/* Known at once, without a packet; and a resolver that can be reached is asked in its place. */
static void
test_no_route(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 2; n++) {
		struct outcome o = { .loop = loop_new(), .wanted = 1 };
		enum fake_step step = FAKE_GOOD;
		struct fake_dns *server = fake_dns_new(o.loop, &step, 1, 0);
		struct endpoint e[2] = { { .port = 53 }, fake_dns_endpoint(server) };
		struct dns_stub_config config = { .upstreams = e, .n_upstreams = n };

		assert_true(endpoint_parse("fe80::1%no-such-link", 53, &e[0]));
		struct dns_stub *stub = dns_stub_new(o.loop, &config);
		arena_init(&o.arena);
		uint64_t start = loop_now_us();
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, start + DEADLINE_MS * 1000ull,
		    note, &o);
		loop_run(o.loop);
		assert_int_equal(o.answer->status, n == 1 ? DNS_NO_ROUTE : DNS_FOUND);
		assert_true(loop_now_us() < start + 100000);
		if (n == 1)
			assert_string_equal(dns_answer_reason(o.answer, &o.arena),
			    "this machine has no route to fe80::1%no-such-link");
		dns_stub_free(stub);
		fake_dns_free(server);
		loop_free(o.loop);
		arena_fini(&o.arena);
	}
}

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		run_row(&rows[i]);
}

struct pair_row {
	const char *name;
	enum fake_step first, second;
	enum dns_status status;
};

static const struct pair_row pair_rows[] = {
	{ "first resolver silent", FAKE_DROP, FAKE_GOOD, DNS_FOUND },
	{ "first resolver SERVFAIL", FAKE_SERVFAIL, FAKE_GOOD, DNS_FOUND },
	{ "first resolver REFUSED", FAKE_REFUSED, FAKE_GOOD, DNS_FOUND },
	{ "first resolver broken", FAKE_BROKEN, FAKE_GOOD, DNS_FOUND },
	{ "NXDOMAIN needs no second opinion", FAKE_NXDOMAIN, FAKE_GOOD, DNS_NXDOMAIN },
	{ "both SERVFAIL", FAKE_SERVFAIL, FAKE_SERVFAIL, DNS_SERVFAIL },
	{ "SERVFAIL and silence is SERVFAIL", FAKE_SERVFAIL, FAKE_DROP, DNS_SERVFAIL },
	{ "both silent", FAKE_DROP, FAKE_DROP, DNS_TIMEOUT },
	{ "one failure in two datagrams is one failure", FAKE_SERVFAIL_TWICE, FAKE_GOOD,
	    DNS_FOUND },
	{ "a late failure does not take the second one's turn", FAKE_LATE_REFUSED, FAKE_LATE,
	    DNS_FOUND },
};

/* Two resolvers that answer one question, by a step each. */
struct two {
	struct outcome o;
	enum fake_step steps[2];
	struct fake_dns *at[2];
	struct endpoint e[2];
	struct dns_stub *stub;
};

static void
ask_two(struct two *t, enum fake_step first, enum fake_step second, uint16_t type, bool sparing)
{
	*t = (struct two){ .o = { .loop = loop_new(), .wanted = 1 }, .steps = { first, second } };
	for (size_t i = 0; i < 2; i++) {
		t->at[i] = fake_dns_new(t->o.loop, &t->steps[i], 1, 0);
		t->e[i] = fake_dns_endpoint(t->at[i]);
	}
	struct dns_stub_config config = { .upstreams = t->e, .n_upstreams = 2 };
	t->stub = dns_stub_new(t->o.loop, &config);
	arena_init(&t->o.arena);
	(sparing ? dns_stub_ask_sparingly : dns_stub_ask)(t->stub, "host.example", type, NULL,
	    loop_now_us() + DEADLINE_MS * 1000ull, note, &t->o);
	loop_run(t->o.loop);
}

static void
end_two(struct two *t)
{
	dns_stub_free(t->stub);
	fake_dns_free(t->at[0]);
	fake_dns_free(t->at[1]);
	loop_free(t->o.loop);
	arena_fini(&t->o.arena);
}

static void
test_two_resolvers(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pair_rows); i++) {
		const struct pair_row *row = &pair_rows[i];
		struct two t;
		ROW(row->name);
		ask_two(&t, row->first, row->second, DNS_PTR, false);
		assert_int_equal(t.o.answer->status, row->status);
		end_two(&t);
	}
}

/* Two resolvers, of which the first, or both, may have answers of their own. */
struct doubt_row {
	const char *name;
	enum fake_step first, second;
	bool sparing;
	enum dns_status status;
	size_t asked;        /* questions to the second one, at least */
	bool from_second;    /* whose answer counts */
	bool says_overruled; /* what the first one said is kept */
};

static const struct doubt_row doubt_rows[] = {
	{ "a plain answer needs no second opinion", FAKE_GOOD, FAKE_NXDOMAIN, .status = DNS_FOUND },
	{ "AA", FAKE_OWN, FAKE_GOOD, false, DNS_FOUND, 1, true, true },
	{ "AA, and the world has no such name", FAKE_OWN, FAKE_NXDOMAIN, false, DNS_NXDOMAIN, 1,
	    true, true },
	{ "blocked", FAKE_BLOCKED, FAKE_GOOD, false, DNS_FOUND, 1, true, true },
	{ "an inside address", FAKE_INSIDE, FAKE_GOOD, false, DNS_FOUND, 1, true, true },
	{ "both AA: the first one's", FAKE_OWN, FAKE_OWN, false, DNS_FOUND, 1, false, false },
	{ "AA, and SERVFAIL", FAKE_OWN, FAKE_SERVFAIL, false, DNS_FOUND, 1, false, false },
	{ "AA, and silence", FAKE_OWN, FAKE_DROP, false, DNS_FOUND, 1, false, false },
	{ "SERVFAIL, and AA", FAKE_SERVFAIL, FAKE_OWN, false, DNS_FOUND, 1, true, false },
	{ "a list is not asked again", FAKE_OWN, FAKE_GOOD, .sparing = true, .status = DNS_FOUND },
};

static void
test_doubted_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(doubt_rows); i++) {
		const struct doubt_row *row = &doubt_rows[i];
		struct two t;
		ROW(row->name);
		ask_two(&t, row->first, row->second, DNS_A, row->sparing);
		assert_int_equal(t.o.answer->status, row->status);
		assert_true(fake_dns_queries(t.at[1]) >= row->asked);
		assert_true(row->asked > 0 || fake_dns_queries(t.at[1]) == 0);
		assert_true(endpoint_equal(&t.o.answer->server, &t.e[row->from_second]));
		assert_int_equal(t.o.answer->overruled != NULL, row->says_overruled);
		if (row->says_overruled)
			assert_true(endpoint_equal(&t.o.answer->overruled->server, &t.e[0]));
		end_two(&t);
	}
}

/* Up to three resolvers; the first question of a warm row is not counted, and lets them answer. */
struct sparing_row {
	const char *name;
	bool warm;
	size_t n;
	enum fake_step steps[3][2];
	enum dns_status status;
	size_t least, most; /* datagrams */
};

static const struct sparing_row sparing_rows[] = {
	{ "the first is lost", .n = 1, .steps = { { FAKE_DROP, FAKE_GOOD } }, .status = DNS_FOUND,
	    .least = 2, .most = 2 },
	{ "both are lost", .n = 1, .steps = { { FAKE_DROP, FAKE_DROP } }, .status = DNS_TIMEOUT,
	    .least = 2, .most = 2 },
	{ "the late answer of the first counts", .n = 1, .steps = { { FAKE_LATE, FAKE_DROP } },
	    .status = DNS_FOUND, .least = 2, .most = 2 },
	{ "a resolver that lives, and a question that nobody answers", .warm = true, .n = 1,
	    .steps = { { FAKE_GOOD, FAKE_DROP } }, .status = DNS_TIMEOUT, .least = 2, .most = 2 },
	{ "two of them: one retry in all", .warm = true, .n = 2,
	    .steps = { { FAKE_SERVFAIL, FAKE_DROP }, { FAKE_GOOD, FAKE_DROP } },
	    .status = DNS_TIMEOUT, .least = 2, .most = 2 },
	{ "the first resolver is dead", .n = 2,
	    .steps = { { FAKE_DROP, FAKE_DROP }, { FAKE_DROP, FAKE_GOOD } }, .status = DNS_FOUND,
	    .least = 4, .most = 4 },
	{ "two failures end it, though there is a third resolver", .n = 3,
	    .steps = { { FAKE_SERVFAIL, FAKE_DROP }, { FAKE_SERVFAIL, FAKE_DROP },
		{ FAKE_GOOD, FAKE_GOOD } },
	    .status = DNS_SERVFAIL, .least = 2, .most = 2 },
};

static size_t
count_queries(struct fake_dns *const *servers, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += fake_dns_queries(servers[i]);
	return sum;
}

static void
run_sparing(const struct sparing_row *row)
{
	struct outcome o = { .loop = loop_new(), .wanted = 1 };
	struct fake_dns *servers[3] = { NULL };
	struct endpoint e[3];
	size_t before = 0;

	ROW(row->name);
	for (size_t i = 0; i < row->n; i++) {
		servers[i] = fake_dns_new(o.loop, row->steps[i], 2, 0);
		e[i] = fake_dns_endpoint(servers[i]);
	}
	struct dns_stub_config config = { .upstreams = e, .n_upstreams = row->n };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);
	arena_init(&o.arena);
	if (row->warm) {
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, loop_now_us() + 5000000, note,
		    &o);
		loop_run(o.loop);
		assert_int_equal(o.answer->status, DNS_FOUND);
		before = count_queries(servers, row->n);
		o.calls = 0;
	}
	uint64_t deadline = loop_now_us() + 2 * DEADLINE_MS * 1000ull;
	dns_stub_ask_sparingly(stub, "list.example", DNS_PTR, NULL, deadline, note, &o);
	loop_run(o.loop);
	assert_string_equal(enumtab_name(&dns_status_names, (int)o.answer->status),
	    enumtab_name(&dns_status_names, (int)row->status));
	assert_int_equal(loop_now_us() >= deadline, row->status == DNS_TIMEOUT);
	assert_in_range(count_queries(servers, row->n) - before, row->least, row->most);
	dns_stub_free(stub);
	for (size_t i = 0; i < row->n; i++)
		fake_dns_free(servers[i]);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

static void
test_sparingly(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(sparing_rows); i++)
		run_sparing(&sparing_rows[i]);
}

static void
run_many(enum fake_step step, int n, struct outcome *o, struct dns_stub_stats *stats)
{
	o->loop = loop_new();
	o->wanted = n;
	struct fake_dns *server = fake_dns_new(o->loop, &step, 1, 0);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o->loop, &config);
	char name[64];

	arena_init(&o->arena);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "h%d.example", i);
		dns_stub_ask(stub, name, DNS_PTR, NULL, loop_now_us() + DEADLINE_MS * 1000ull, note,
		    o);
	}
	loop_run(o->loop);
	dns_stub_stats(stub, stats);
	dns_stub_free(stub);
	fake_dns_free(server);
	loop_free(o->loop);
}

/*
 * More questions than the window has places: all are answered, none is lost in the queue.  How the
 * window moves is for test_window.c, which has a clock of its own: a busy machine loses datagrams.
 */
static void
test_window(void **state)
{
	struct outcome o = { .calls = 0 };
	struct dns_stub_stats stats;

	(void)state;
	run_many(FAKE_GOOD, 2000, &o, &stats);
	assert_int_equal(o.calls, 2000);
	assert_int_equal(stats.answers, 2000);
	arena_fini(&o.arena);
}

/* Questions that wait for a place end at their deadline, too. */
static void
test_window_of_a_silent_server(void **state)
{
	struct outcome o = { .calls = 0 };
	struct dns_stub_stats stats;

	(void)state;
	run_many(FAKE_DROP, 2 * DNS_WINDOW_START, &o, &stats);
	assert_int_equal(o.calls, 2 * DNS_WINDOW_START);
	assert_int_equal(o.answer->status, DNS_TIMEOUT);
	/* silence proves no loss: the window stands */
	assert_int_equal(stats.window, DNS_WINDOW_START);
	arena_fini(&o.arena);
}

struct streams_row {
	const char *name;
	enum fake_stream stream;
	unsigned timeout_ms;
	enum dns_status status;
};

/* Those that wait for a stream are not asked for again when their datagram's time is up. */
static const struct streams_row streams_rows[] = {
	{ "streams that answer", FAKE_STREAM_GOOD, 5000, DNS_FOUND },
	{ "streams that stay silent", FAKE_STREAM_SILENT, 600, DNS_TIMEOUT },
};

static void
run_streams(const struct streams_row *row)
{
	struct outcome o = { .loop = loop_new(), .wanted = 300 };
	enum fake_step step = FAKE_TRUNCATED;
	struct fake_dns *server = fake_dns_new(o.loop, &step, 1, row->stream);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);
	uint64_t deadline_us = loop_now_us() + row->timeout_ms * 1000ull;

	ROW(row->name);
	arena_init(&o.arena);
	for (int i = 0; i < o.wanted; i++)
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, deadline_us, note, &o);
	loop_run(o.loop);
	assert_int_equal(o.calls, 300);
	assert_int_equal(o.answer->status, row->status);
	assert_true(fake_dns_max_streams(server) > 1);
	assert_true(fake_dns_max_streams(server) <= 64);
	dns_stub_free(stub);
	fake_dns_free(server);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

/* Every answer truncated: streams are bounded, and every question comes to one end. */
static void
test_streams_are_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(streams_rows); i++)
		run_streams(&streams_rows[i]);
}

/* A resolver that is started anew: the ICMP errors of before must not leave its sockets deaf. */
static void
test_port_closed_for_a_while(void **state)
{
	struct outcome o = { .loop = loop_new(), .wanted = 8 };
	enum fake_step step = FAKE_GOOD;
	struct fake_dns *server = fake_dns_new(o.loop, &step, 1, 0);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);

	(void)state;
	arena_init(&o.arena);
	fake_dns_shut(server);
	for (int i = 0; i < 8; i++)
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, loop_now_us() + 500000, note, &o);
	loop_run(o.loop);
	assert_int_equal(o.answer->status, DNS_UNREACHABLE);
	fake_dns_reopen(server);
	for (int i = 0; i < 40; i++) {
		o.calls = 0;
		o.wanted = 1;
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, loop_now_us() + 500000, note, &o);
		loop_run(o.loop);
		assert_int_equal(o.answer->status, DNS_FOUND);
	}
	dns_stub_free(stub);
	fake_dns_free(server);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

struct planned_row {
	const char *name, *qname;
	uint16_t type;
	enum fake_step step; /* of the DNS below the plan */
	enum dns_status status;
	size_t n_chain;
	const char *text;
};

/* The live CNAME leads to end.example, for which there is a plan. */
static const struct planned_row planned_rows[] = {
	{ "a live CNAME leads into the plan", .qname = "host.example", .type = DNS_PTR,
	    .step = FAKE_CNAME_OPEN, .status = DNS_FOUND, .n_chain = 1, .text = "planned.example" },
	{ "another type of a planned name", .qname = "end.example", .type = DNS_TXT,
	    .step = FAKE_NXDOMAIN, .status = DNS_NODATA },
	{ "a name without a plan", .qname = "other.example", .type = DNS_PTR, .step = FAKE_NXDOMAIN,
	    .status = DNS_NXDOMAIN },
};

static struct planned *
plan(const char *text)
{
	struct planned *p = NULL;
	struct err err;
	assert_int_equal(planned_read("plan", text, strlen(text), NULL, &p, &err), ERR_NONE);
	return p;
}

static void
test_plan_over_live_records(void **state)
{
	static char text[] = "end.example. PTR planned.example.\n";
	struct planned *p = plan(text);

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(planned_rows); i++) {
		const struct planned_row *row = &planned_rows[i];
		struct outcome o = { .loop = loop_new(), .wanted = 1 };
		struct fake_dns *server = fake_dns_new(o.loop, &row->step, 1, 0);
		struct endpoint e = fake_dns_endpoint(server);
		struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1, .planned = p };
		struct dns_stub *stub = dns_stub_new(o.loop, &config);

		ROW(row->name);
		arena_init(&o.arena);
		dns_stub_ask(stub, row->qname, row->type, NULL, loop_now_us() + 500000, note, &o);
		loop_run(o.loop);
		assert_int_equal(o.answer->status, row->status);
		assert_int_equal(o.answer->n_chain, row->n_chain);
		if (row->text != NULL)
			assert_string_equal(o.answer->records[0].text, row->text);
		dns_stub_free(stub);
		fake_dns_free(server);
		loop_free(o.loop);
		arena_fini(&o.arena);
	}
	planned_free(p);
}

/*
 * A live CNAME leads into a plan whose own CNAMEs lead out again: each part is short enough, the whole
 * is not.
 */
static void
test_planned_chain_is_bounded(void **state)
{
	enum fake_step step = FAKE_CNAME_OPEN;

	(void)state;
	for (size_t n = DNS_CHAIN_MAX - 2; n <= DNS_CHAIN_MAX; n++) {
		char text[2048];
		size_t len = 0;
		for (size_t i = 0; i < n; i++) {
			len += (size_t)snprintf(text + len, sizeof text - len,
			    i == 0 ? "end.example. " : "p%zu.example. ", i);
			len += (size_t)snprintf(text + len, sizeof text - len,
			    i + 1 < n ? "CNAME p%zu.example.\n" : "CNAME out.elsewhere.\n", i + 1);
		}
		struct planned *p = plan(text);
		struct outcome o = { .loop = loop_new(), .wanted = 1 };
		struct fake_dns *server = fake_dns_new(o.loop, &step, 1, 0);
		struct endpoint e = fake_dns_endpoint(server);
		struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1, .planned = p };
		struct dns_stub *stub = dns_stub_new(o.loop, &config);

		arena_init(&o.arena);
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, loop_now_us() + 500000, note, &o);
		loop_run(o.loop);
		assert_int_equal(o.answer->status, DNS_LOOP);
		assert_in_range(o.answer->n_chain, 1, DNS_CHAIN_MAX);
		dns_stub_free(stub);
		fake_dns_free(server);
		loop_free(o.loop);
		arena_fini(&o.arena);
		planned_free(p);
	}
}

/* Nothing listens there: the answer is known at once, not at the deadline. */
static void
test_closed_port(void **state)
{
	struct outcome o = { .loop = loop_new(), .wanted = 1 };
	enum fake_step step = FAKE_GOOD;
	struct fake_dns *server = fake_dns_new(o.loop, &step, 1, 0);
	struct endpoint e = fake_dns_endpoint(server);

	(void)state;
	fake_dns_free(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);
	arena_init(&o.arena);
	uint64_t deadline = loop_now_us() + 10000000;
	dns_stub_ask(stub, "host.example", DNS_PTR, NULL, deadline, note, &o);
	loop_run(o.loop);
	assert_int_equal(o.answer->status, DNS_UNREACHABLE);
	assert_true(loop_now_us() < deadline);
	dns_stub_free(stub);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

static void
test_one_server_without_recursion(void **state)
{
	struct outcome o = { .loop = loop_new(), .wanted = 1 };
	enum fake_step good = FAKE_GOOD, silent = FAKE_DROP;
	struct fake_dns *authority = fake_dns_new(o.loop, &good, 1, 0);
	struct fake_dns *resolver = fake_dns_new(o.loop, &silent, 1, 0);
	struct endpoint e = fake_dns_endpoint(resolver), at = fake_dns_endpoint(authority);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);

	(void)state;
	arena_init(&o.arena);
	dns_stub_ask(stub, "host.example", DNS_PTR, &at, loop_now_us() + DEADLINE_MS * 1000ull,
	    note, &o);
	loop_run(o.loop);
	assert_int_equal(o.answer->status, DNS_FOUND);
	assert_true(endpoint_equal(&o.answer->server, &at));
	assert_int_equal(fake_dns_recursive(authority), 0);
	assert_int_equal(fake_dns_queries(resolver), 0);
	dns_stub_free(stub);
	fake_dns_free(authority);
	fake_dns_free(resolver);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

/* Freed with questions on the way: no callback, nothing leaked (the sanitizers watch). */
struct tally {
	struct loop *loop;
	size_t left, found;
};

static void
count(void *arg, const struct dns_answer *answer)
{
	struct tally *t = arg;
	t->found += answer->status == DNS_FOUND;
	if (--t->left == 0)
		loop_stop(t->loop);
}

/* More servers than the process may have descriptors: each has its turn, and none is unreachable. */
static void
test_few_descriptors(void **state)
{
	(void)state;
	enum { SERVERS = 30, QUESTIONS = 4, FREE = 12 };
	static const enum fake_step good = FAKE_GOOD;
	struct tally t = { .loop = loop_new(), .left = SERVERS * QUESTIONS };
	struct fake_dns *servers[SERVERS];
	struct dns_stub_config config = { .n_upstreams = 0 };
	struct dns_stub *stub = dns_stub_new(t.loop, &config);
	struct rlimit before, few;
	for (size_t i = 0; i < SERVERS; i++)
		servers[i] = fake_dns_new(t.loop, &good, 1, FAKE_STREAM_GOOD);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	int next = dup(STDIN_FILENO);
	assert_int_equal(close(next), 0);
	few = (struct rlimit){ (rlim_t)next + FREE, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	uint64_t deadline = loop_now_us() + 20 * 1000000ull;
	for (size_t i = 0; i < SERVERS * QUESTIONS; i++) {
		struct endpoint e = fake_dns_endpoint(servers[i % SERVERS]);
		dns_stub_ask(stub, "host.example", DNS_PTR, &e, deadline, count, &t);
	}
	loop_run(t.loop);
	assert_int_equal(t.found, SERVERS * QUESTIONS);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	dns_stub_free(stub);
	for (size_t i = 0; i < SERVERS; i++)
		fake_dns_free(servers[i]);
	loop_free(t.loop);
}

static void
test_free_in_flight(void **state)
{
	struct outcome o = { .loop = loop_new(), .wanted = 1 };
	enum fake_step step = FAKE_DROP;
	struct fake_dns *server = fake_dns_new(o.loop, &step, 1, 0);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);

	(void)state;
	arena_init(&o.arena);
	struct outcome other = { .loop = o.loop, .wanted = 1 };
	arena_init(&other.arena);
	dns_stub_ask(stub, "long.example", DNS_PTR, NULL, loop_now_us() + 5000000, note, &o);
	dns_stub_ask(stub, "short.example", DNS_PTR, NULL, loop_now_us() + 50000, note, &other);
	loop_run(o.loop);
	assert_int_equal(other.calls, 1);
	dns_stub_free(stub);
	assert_int_equal(o.calls, 0);
	fake_dns_free(server);
	loop_free(o.loop);
	arena_fini(&o.arena);
	arena_fini(&other.arena);
}

struct free_row {
	const char *name;
	enum fake_step step;
	enum fake_stream stream;
	int wanted; /* calls before it is freed; 0: it is freed after a while */
};

static const struct free_row free_rows[] = {
	{ .name = "datagrams on the way, and lookups that wait for a place", .step = FAKE_DROP },
	{ .name = "streams on the way, and lookups that wait for one",
	    .step = FAKE_TRUNCATED,
	    .stream = FAKE_STREAM_SILENT },
	{ .name = "answers that are here, and not acted on", .step = FAKE_GOOD, .wanted = 1 },
};

static void
stop(void *arg)
{
	loop_stop(arg);
}

/* No callback for any of so many, nothing leaked. */
static void
free_many(const struct free_row *row)
{
	struct outcome o = { .loop = loop_new(), .wanted = row->wanted };
	struct fake_dns *server = fake_dns_new(o.loop, &row->step, 1, row->stream);
	struct endpoint e = fake_dns_endpoint(server);
	struct dns_stub_config config = { .upstreams = &e, .n_upstreams = 1 };
	struct dns_stub *stub = dns_stub_new(o.loop, &config);
	struct loop_timer *soon = loop_timer_new(o.loop, stop, o.loop);

	ROW(row->name);
	arena_init(&o.arena);
	for (int i = 0; i < MANY; i++)
		dns_stub_ask(stub, "host.example", DNS_PTR, NULL, loop_now_us() + 5000000, note,
		    &o);
	if (row->wanted == 0)
		loop_timer_at(soon, loop_now_us() + 50000);
	loop_run(o.loop);
	int calls = o.calls;
	assert_true(row->wanted == 0 ? calls == 0 : calls > 0 && calls < MANY);
	/* not even begun */
	dns_stub_ask(stub, "host.example", DNS_PTR, NULL, loop_now_us() + 5000000, note, &o);
	dns_stub_free(stub);
	loop_timer_at(soon, loop_now_us() + 1000);
	loop_run(o.loop);
	assert_int_equal(o.calls, calls);
	loop_timer_free(soon);
	fake_dns_free(server);
	loop_free(o.loop);
	arena_fini(&o.arena);
}

static void
test_free_many(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(free_rows); i++)
		free_many(&free_rows[i]);
}

/* Lookups that fail as soon as they are sent; where on the stack their callbacks run. */
struct failing {
	struct loop *loop;
	struct dns_stub *stub;
	int calls[MANY + 1], n;
	bool asked_again;
	uintptr_t lowest, highest;
};

struct failing_one {
	struct failing *all;
	int i;
};

static void
note_failure(void *arg, const struct dns_answer *answer)
{
	struct failing_one *one = arg;
	struct failing *all = one->all;
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	assert_int_equal(answer->status, DNS_UNREACHABLE);
	assert_true(answer->attempts >= 3); /* every server was tried */
	all->calls[one->i]++;
	all->lowest = all->n == 0 || here < all->lowest ? here : all->lowest;
	all->highest = here > all->highest ? here : all->highest;
	if (++all->n == MANY + 1)
		loop_stop(all->loop);
	if (all->asked_again)
		return;
	/* one more, from within a callback */
	static struct failing_one last;
	last = (struct failing_one){ .all = all, .i = MANY };
	all->asked_again = true;
	dns_stub_ask(all->stub, "last.example", DNS_PTR, NULL, loop_now_us() + 5000000,
	    note_failure, &last);
	assert_int_equal(all->calls[MANY], 0);
}

/* No lookup is lost or answered twice, and none is acted on from inside the sending of another. */
static void
test_every_send_fails(void **state)
{
	struct failing all = { .loop = loop_new() };
	enum fake_step step = FAKE_DROP;
	struct fake_dns *servers[3];
	struct endpoint e[3];
	struct failing_one ones[MANY];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		servers[i] = fake_dns_new(all.loop, &step, 1, 0);
		e[i] = fake_dns_endpoint(servers[i]);
	}
	struct dns_stub_config config = { .upstreams = e, .n_upstreams = 3 };
	all.stub = dns_stub_new(all.loop, &config);
	network_is_down = true;
	for (int i = 0; i < MANY; i++) {
		ones[i] = (struct failing_one){ .all = &all, .i = i };
		dns_stub_ask(all.stub, "host.example", DNS_PTR, NULL, loop_now_us() + 5000000,
		    note_failure, &ones[i]);
	}
	assert_int_equal(all.n, 0);
	loop_run(all.loop);
	network_is_down = false;
	for (int i = 0; i <= MANY; i++)
		assert_int_equal(all.calls[i], 1);
	assert_int_equal(all.lowest, all.highest);
	dns_stub_free(all.stub);
	for (size_t i = 0; i < 3; i++)
		fake_dns_free(servers[i]);
	loop_free(all.loop);
}

/* Two crowds of questions, each on its way to one of two silent resolvers. */
struct crowds {
	struct dns_stub *stub;
	struct loop_timer *second, *sleep;
	struct outcome all;
};

enum { CROWD = 32 }; /* what a server's outbox holds */

static void
ask_many(struct crowds *c, const char *kind, int n)
{
	for (int i = 0; i < n; i++) {
		char name[32];
		snprintf(name, sizeof name, "%s%d.example", kind, i);
		dns_stub_ask(c->stub, name, DNS_PTR, NULL, loop_now_us() + 5000000, note, &c->all);
	}
}

static void
second_crowd(void *arg)
{
	ask_many(arg, "second", CROWD);
}

/* All that was to be sent again meanwhile is to be sent now, the first crowd's to the first server. */
static void
sleep_and_lose_the_network(void *arg)
{
	(void)arg;
	network_is_down = true;
	usleep(500000);
}

/* Full outboxes that fail fill each other. */
static void
test_network_gone_after_a_sleep(void **state)
{
	struct crowds c = { .all = { .loop = loop_new(), .wanted = 2 * CROWD + 1 } };
	enum fake_step step = FAKE_DROP;
	struct fake_dns *a = fake_dns_new(c.all.loop, &step, 1, 0);
	struct fake_dns *b = fake_dns_new(c.all.loop, &step, 1, 0);
	struct endpoint e[] = { fake_dns_endpoint(a), fake_dns_endpoint(b) };
	struct dns_stub_config config = { .upstreams = e, .n_upstreams = 2 };

	(void)state;
	arena_init(&c.all.arena);
	c.stub = dns_stub_new(c.all.loop, &config);
	c.second = loop_timer_new(c.all.loop, second_crowd, &c);
	c.sleep = loop_timer_new(c.all.loop, sleep_and_lose_the_network, &c);
	loop_timer_at(c.second, loop_now_us() + 100000);
	loop_timer_at(c.sleep, loop_now_us() + 200000);
	ask_many(&c, "first", CROWD + 1);
	loop_run(c.all.loop);
	network_is_down = false;
	assert_int_equal(c.all.calls, 2 * CROWD + 1);
	assert_int_equal(c.all.answer->status, DNS_UNREACHABLE);
	loop_timer_free(c.second);
	loop_timer_free(c.sleep);
	dns_stub_free(c.stub);
	fake_dns_free(a);
	fake_dns_free(b);
	loop_free(c.all.loop);
	arena_fini(&c.all.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_route),
		cmocka_unit_test(test_two_resolvers),
		cmocka_unit_test(test_doubted_answers),
		cmocka_unit_test(test_sparingly),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_window_of_a_silent_server),
		cmocka_unit_test(test_streams_are_bounded),
		cmocka_unit_test(test_port_closed_for_a_while),
		cmocka_unit_test(test_plan_over_live_records),
		cmocka_unit_test(test_planned_chain_is_bounded),
		cmocka_unit_test(test_closed_port),
		cmocka_unit_test(test_one_server_without_recursion),
		cmocka_unit_test(test_few_descriptors),
		cmocka_unit_test(test_free_in_flight),
		cmocka_unit_test(test_free_many),
		cmocka_unit_test(test_every_send_fails),
		cmocka_unit_test(test_network_gone_after_a_sleep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
