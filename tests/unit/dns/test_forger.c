/* What somebody who is not on the path must guess to forge an answer: ports, and the case of letters. */
#include "test.h"

#include <dirent.h>

#include "base/arena.h"
#include "dns/stub.h"
#include "fake_dns.h"
#include "net/loop.h"

enum { DEADLINE_MS = 5000, QUESTIONS = 200, CROWD = 500, BULK = 5000 };

/* A server, and what it is asked. */
struct world {
	struct loop *loop;
	struct fake_dns *server;
	struct endpoint e;
	struct dns_stub *stub;
	struct arena arena;
	const struct dns_answer *last;
	size_t left, found;
	bool counts;      /* open files */
	size_t most_open; /* at the time of an answer */
};

static size_t
open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static void
note(void *arg, const struct dns_answer *answer)
{
	struct world *w = arg;

	w->last = dns_answer_copy(&w->arena, answer);
	w->found += answer->status == DNS_FOUND;
	size_t n = w->counts ? open_files() : 0;
	w->most_open = n > w->most_open ? n : w->most_open;
	if (--w->left == 0)
		loop_stop(w->loop);
}

static void
begin(struct world *w, const enum fake_step *steps, size_t n, enum fake_stream stream)
{
	*w = (struct world){ .loop = loop_new() };
	arena_init(&w->arena);
	w->server = fake_dns_new(w->loop, steps, n, stream);
	w->e = fake_dns_endpoint(w->server);
	struct dns_stub_config config = { .upstreams = &w->e, .n_upstreams = 1 };
	w->stub = dns_stub_new(w->loop, &config);
}

static void
end(struct world *w)
{
	dns_stub_free(w->stub);
	fake_dns_free(w->server);
	loop_free(w->loop);
	arena_fini(&w->arena);
}

/* direct: that server as an authority, else as a resolver; n questions at a time. */
static void
ask(struct world *w, bool direct, size_t n)
{
	w->left = n;
	for (size_t i = 0; i < n; i++)
		dns_stub_ask(w->stub, "a-name-of-many-letters.example", DNS_PTR,
		    direct ? &w->e : NULL, loop_now_us() + DEADLINE_MS * 1000ull, note, w);
	loop_run(w->loop);
}

struct port_row {
	const char *name;
	bool direct;
	size_t questions, at_a_time;
	size_t least, most; /* ports; two questions may well draw the same */
	size_t sockets;     /* at a time, at most */
};

static const struct port_row port_rows[] = {
	{ "each question to an authority has its own", true, QUESTIONS, 1, QUESTIONS - 20,
	    QUESTIONS, 2 },
	{ "so has each of a few at a time", true, QUESTIONS, 10, QUESTIONS - 20, QUESTIONS, 20 },
	{ "a crowd shares a pool", true, CROWD, CROWD, 40, CROWD, 64 },
	{ "a resolver is asked through few", false, QUESTIONS, 1, 2, 4, 4 },
	{ "which are renewed", false, BULK, 50, 5, 64, 4 },
};

/* And no socket is left open behind a question that is answered. */
static void
test_ports(void **state)
{
	static const enum fake_step good = FAKE_GOOD;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(port_rows); i++) {
		const struct port_row *row = &port_rows[i];
		struct world w;
		ROW(row->name);
		begin(&w, &good, 1, FAKE_STREAM_GOOD);
		size_t before = open_files();
		w.counts = true;
		for (size_t n = 0; n < row->questions; n += row->at_a_time)
			ask(&w, row->direct, row->at_a_time);
		assert_int_equal(w.found, row->questions);
		assert_in_range(fake_dns_ports(w.server), row->least, row->most);
		assert_in_range(w.most_open, before + 1, before + row->sockets);
		ask(&w, row->direct, 1); /* and a turn of the loop in which others are closed */
		assert_in_range(open_files(), before, before + (row->direct ? 1 : 4));
		end(&w);
	}
}

struct case_row {
	const char *name;
	bool direct;
	size_t mixed, repeated; /* of QUESTIONS, at least and at most */
};

static const struct case_row case_rows[] = {
	{ "to an authority they are drawn anew", true, QUESTIONS, 20 },
	{ "to a resolver they are small", false, 0, QUESTIONS },
};

static void
test_letters(void **state)
{
	static const enum fake_step good = FAKE_GOOD;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(case_rows); i++) {
		const struct case_row *row = &case_rows[i];
		struct world w;
		ROW(row->name);
		begin(&w, &good, 1, FAKE_STREAM_GOOD);
		for (size_t n = 0; n < QUESTIONS; n++)
			ask(&w, row->direct, 1);
		assert_int_equal(w.found, QUESTIONS);
		assert_true(fake_dns_mixed(w.server) <= QUESTIONS);
		assert_int_equal(fake_dns_mixed(w.server) > QUESTIONS / 2, row->mixed > 0);
		assert_true(fake_dns_repeated(w.server) <= row->repeated);
		assert_int_equal(fake_dns_repeated(w.server) > QUESTIONS / 2, !row->direct);
		end(&w);
	}
}

struct fault_row {
	const char *name;
	enum fake_step steps[2];
	enum fake_stream stream;
	bool direct;
	enum dns_status status;
	bool tcp;
	size_t repeated; /* datagrams with the letters of the one before */
};

static const struct fault_row fault_rows[] = {
	{ "other letters are no answer: the stream counts", { FAKE_FOLDED, FAKE_FOLDED },
	    FAKE_STREAM_GOOD, true, DNS_FOUND, true, 0 },
	{ "and where there is none, nothing is known", { FAKE_FOLDED, FAKE_FOLDED },
	    FAKE_STREAM_CLOSE, true, DNS_MALFORMED, false, 0 },
	{ "a resolver may repeat the question in its own way", { FAKE_FOLDED, FAKE_FOLDED },
	    FAKE_STREAM_GOOD, false, DNS_NXDOMAIN, false, 0 },
	{ "letters stay the same: the late answer counts", { FAKE_LATE, FAKE_DROP },
	    FAKE_STREAM_GOOD, true, DNS_FOUND, false, 1 },
	{ "a server without EDNS", { FAKE_FORMERR_EDNS, FAKE_FORMERR_EDNS }, FAKE_STREAM_GOOD, true,
	    DNS_FOUND, false, 0 },
	{ "truncated", { FAKE_TRUNCATED, FAKE_TRUNCATED }, FAKE_STREAM_GOOD, true, DNS_FOUND, true,
	    0 },
};

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(fault_rows); i++) {
		const struct fault_row *row = &fault_rows[i];
		struct world w;
		ROW(row->name);
		begin(&w, row->steps, N_ELEMENTS(row->steps), row->stream);
		ask(&w, row->direct, 1);
		assert_string_equal(enumtab_name(&dns_status_names, (int)w.last->status),
		    enumtab_name(&dns_status_names, (int)row->status));
		assert_int_equal(w.last->tcp, row->tcp);
		assert_true(fake_dns_repeated(w.server) >= row->repeated);
		end(&w);
	}
}

/* Its next questions are spared the way by datagram; one that is merely truncated is not. */
static void
test_server_that_folds_is_remembered(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		enum fake_step step = i == 0 ? FAKE_FOLDED : FAKE_TRUNCATED;
		struct world w;
		ROW(i == 0 ? "folded" : "truncated");
		begin(&w, &step, 1, FAKE_STREAM_GOOD);
		ask(&w, true, 1);
		size_t before = fake_dns_queries(w.server);
		ask(&w, true, 20);
		assert_int_equal(w.found, 21);
		assert_true(w.last->tcp);
		size_t more = fake_dns_queries(w.server) - before;
		assert_true(i == 0 ? more == 0 : more >= 20);
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_server_that_folds_is_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
