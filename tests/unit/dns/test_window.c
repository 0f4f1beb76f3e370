/* The window on a clock of its own: rounds of questions that a made-up path answers. */
#include "dns/window_priv.h"

#include "dns/stub.h"
#include "test.h"

enum { RTT_US = 40000 };

struct path {
	struct window w;
	uint64_t now_us;
};

static void
begin(struct path *p, unsigned ceiling)
{
	*p = (struct path){ .now_us = 1000000 };
	window_init(&p->w, ceiling);
}

/* Sends n questions at once; answered of them are answered rtt later, in a row. */
static void
round_trip(struct path *p, unsigned n, unsigned answered, unsigned rtt_us)
{
	uint64_t sent_us = p->now_us;

	for (unsigned i = 0; i < n; i++)
		window_take(&p->w, false, sent_us);
	p->now_us += rtt_us;
	for (unsigned i = 0; i < n; i++)
		window_give_back(&p->w, false);
	for (unsigned i = 0; i < answered; i++)
		window_answered(&p->w, 1, sent_us, p->now_us);
}

static void
test_doubles_while_it_is_full(void **state)
{
	(void)state;
	struct path p;
	unsigned want = DNS_WINDOW_START;

	begin(&p, 0);
	for (int i = 0; i < 6; i++, want *= 2) {
		assert_int_equal(p.w.size, want);
		round_trip(&p, p.w.size, p.w.size, RTT_US);
	}
}

static void
test_stands_while_there_is_room(void **state)
{
	(void)state;
	struct path p;

	begin(&p, 0);
	for (int i = 0; i < 6; i++)
		round_trip(&p, p.w.size - 1, p.w.size - 1, RTT_US);
	assert_int_equal(p.w.size, DNS_WINDOW_START);
}

/* A round trip of more than twice the shortest: what is sent on top would wait in a buffer. */
static void
test_stands_behind_a_queue(void **state)
{
	(void)state;
	struct path p;

	begin(&p, 0);
	round_trip(&p, 1, 1, RTT_US);
	for (int i = 0; i < 6; i++)
		round_trip(&p, p.w.size, p.w.size, 3 * RTT_US);
	assert_in_range(p.w.size, DNS_WINDOW_START, 2 * DNS_WINDOW_START);
}

/* What was lost together is one sign, not a hundred. */
static void
test_one_burst_halves(void **state)
{
	(void)state;
	struct path p;

	begin(&p, 0);
	for (int i = 0; i < 4; i++)
		round_trip(&p, p.w.size, p.w.size, RTT_US);
	unsigned before = p.w.size;
	for (int i = 0; i < 500; i++)
		window_answered(&p.w, 2, p.now_us - RTT_US, p.now_us);
	assert_int_equal(p.w.size, before / 2);
	p.now_us += 200000;
	for (int i = 0; i < 500; i++)
		window_answered(&p.w, 2, p.now_us - RTT_US, p.now_us);
	assert_int_equal(p.w.size, before / 4);
}

/* A buffer of 300: what it drops is known only when the retransmission is answered, far too late. */
static void
test_stands_before_an_overflow(void **state)
{
	(void)state;
	struct path p;
	unsigned dropped = 0;

	begin(&p, 0);
	for (int i = 0; i < 8; i++) {
		unsigned sent = p.w.size, answered = sent < 300 ? sent : 300;
		dropped += sent - answered;
		round_trip(&p, sent, answered, RTT_US);
	}
	assert_in_range(p.w.size, 300, 5 * 300);
	assert_in_range(dropped, 0, 8 * 4 * 300);
}

static void
test_shrinks_on_loss(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned percent;
		bool grows;
	} cases[] = {
		{ "none", 0, true },
		{ "by chance", 1, true },
		{ "much by chance", 3, true },
		{ "flooded", 10, false },
		{ "flooded badly", 40, false },
	};

	for (size_t c = 0; c < N_ELEMENTS(cases); c++) {
		struct path p;
		begin(&p, 0);
		for (int i = 0; i < 8; i++) {
			unsigned n = p.w.size, lost = n * cases[c].percent / 100;
			round_trip(&p, n, n - lost, RTT_US);
			for (unsigned l = 0; l < lost; l++)
				window_answered(&p.w, 2, p.now_us - RTT_US, p.now_us);
		}
		ROW(cases[c].name);
		if (cases[c].grows ? p.w.size <= 2 * DNS_WINDOW_START :
				     p.w.size >= DNS_WINDOW_START)
			fail_msg("%s: %u places", cases[c].name, p.w.size);
	}
}

/* A late answer to a question that was sent twice proves no loss: the zone's servers were slow. */
static void
test_slowness_is_no_loss(void **state)
{
	(void)state;
	struct path p;

	begin(&p, 0);
	round_trip(&p, 1, 1, RTT_US);
	for (int i = 0; i < 20; i++)
		window_answered(&p.w, 2, p.now_us - 10 * RTT_US, p.now_us);
	assert_int_equal(p.w.size, DNS_WINDOW_START);
}

/* Silent zones: what is asked again and again leaves places to what is asked for the first time. */
static void
test_again_gets_half(void **state)
{
	(void)state;
	static const unsigned ceilings[] = { 2, 3, 10, 0 };

	for (size_t c = 0; c < N_ELEMENTS(ceilings); c++) {
		struct path p;
		unsigned n = 0;
		begin(&p, ceilings[c]);
		for (; window_has_place(&p.w, true); n++)
			window_take(&p.w, true, p.now_us);
		assert_int_equal(n, (p.w.size + 1) / 2);
		for (; window_has_place(&p.w, false); n++)
			window_take(&p.w, false, p.now_us);
		assert_int_equal(n, p.w.size);
		window_give_back(&p.w, false);
		assert_false(window_has_place(&p.w, true));
		window_give_back(&p.w, true);
		assert_true(window_has_place(&p.w, true));
	}
	struct path one;
	begin(&one, 1);
	assert_true(window_has_place(&one.w, true));
}

static void
test_keeps_to_the_ceiling(void **state)
{
	(void)state;
	static const unsigned ceilings[] = { 1, 10, 200, 1000 };

	for (size_t c = 0; c < N_ELEMENTS(ceilings); c++) {
		struct path p;
		begin(&p, ceilings[c]);
		for (int i = 0; i < 8; i++) {
			assert_in_range(p.w.size, 1, ceilings[c]);
			round_trip(&p, p.w.size, p.w.size, RTT_US);
			window_answered(&p.w, 2, p.now_us - RTT_US, p.now_us);
		}
	}
	struct path p;
	begin(&p, 0);
	for (int i = 0; i < 12; i++)
		round_trip(&p, p.w.size, p.w.size, RTT_US);
	assert_int_equal(p.w.size, DNS_WINDOW_MAX);
}

static void
test_timeouts(void **state)
{
	(void)state;
	struct path p;

	begin(&p, 0);
	assert_int_equal(window_timeout_us(&p.w, 0), 150000);
	assert_int_equal(window_timeout_us(&p.w, 1), 300000);
	for (int i = 0; i < 50; i++)
		round_trip(&p, 1, 1, 200000);
	assert_in_range(window_timeout_us(&p.w, 0), 200000, 220000);
	assert_int_equal(window_timeout_us(&p.w, 9), 2000000);
	for (int i = 0; i < 100; i++)
		round_trip(&p, 1, 1, 100);
	assert_int_equal(window_timeout_us(&p.w, 0), 100000);
}

/* A loss is proven by an answer right after a retransmission, and forgotten after some seconds. */
static void
test_loses(void **state)
{
	struct window w;
	uint64_t now = 1000000;

	(void)state;
	window_init(&w, 0);
	assert_false(window_loses(&w, now));
	window_take(&w, true, now);
	window_answered(&w, 1, now, now + 40000);
	assert_false(window_loses(&w, now + 40000));
	window_answered(&w, 2, now, now + 200000);
	assert_false(window_loses(&w, now + 200000)); /* too late to be about the second one */
	window_answered(&w, 2, now, now + 41000);
	assert_true(window_loses(&w, now + 41000));
	assert_true(window_loses(&w, now + 2000000));
	assert_false(window_loses(&w, now + 4000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loses),
		cmocka_unit_test(test_doubles_while_it_is_full),
		cmocka_unit_test(test_stands_while_there_is_room),
		cmocka_unit_test(test_stands_behind_a_queue),
		cmocka_unit_test(test_stands_before_an_overflow),
		cmocka_unit_test(test_one_burst_halves),
		cmocka_unit_test(test_shrinks_on_loss),
		cmocka_unit_test(test_slowness_is_no_loss),
		cmocka_unit_test(test_again_gets_half),
		cmocka_unit_test(test_keeps_to_the_ceiling),
		cmocka_unit_test(test_timeouts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
