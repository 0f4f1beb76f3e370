/* Timers of the loop: in order, never before their time, and free to be armed again. */
#include "test.h"

#include <signal.h>

#include "net/loop.h"

enum { TIMERS = 40 };

struct alarm {
	struct loop_timer *timer;
	uint64_t due_us, fired_us;
	struct alarm *cancels;
};

static void
ring(void *arg)
{
	struct alarm *a = arg;
	a->fired_us = loop_now_us();
	if (a->cancels != NULL)
		loop_timer_stop(a->cancels->timer);
}

static void
arm(struct alarm *a, uint64_t due_us)
{
	a->due_us = due_us;
	loop_timer_at(a->timer, due_us);
}

/* Steps of some 300 us meet every position inside a millisecond. */
static void
test_never_early(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	struct alarm alarms[TIMERS] = { 0 };
	uint64_t start_us = loop_now_us();
	for (size_t i = 0; i < TIMERS; i++) {
		alarms[i].timer = loop_timer_new(loop, ring, &alarms[i]);
		arm(&alarms[i], start_us + 5000 + i * 317);
	}
	loop_run(loop);
	for (size_t i = 0; i < TIMERS; i++) {
		assert_true(alarms[i].fired_us >= alarms[i].due_us);
		assert_true(i == 0 || alarms[i].fired_us >= alarms[i - 1].fired_us);
		loop_timer_free(alarms[i].timer);
	}
	loop_free(loop);
}

static void
test_stop_and_past(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	struct alarm past = { 0 }, stopped = { 0 };
	past.timer = loop_timer_new(loop, ring, &past);
	stopped.timer = loop_timer_new(loop, ring, &stopped);
	past.cancels = &stopped;
	arm(&past, 1);
	arm(&stopped, loop_now_us() + 20000);
	loop_run(loop);
	assert_true(past.fired_us != 0);
	assert_int_equal(stopped.fired_us, 0);
	loop_timer_free(past.timer);
	loop_timer_free(stopped.timer);
	loop_free(loop);
}

static void
got_signal(void *arg, int signal)
{
	*(int *)arg = signal;
}

static void
raise_it(void *arg)
{
	(void)arg;
	raise(SIGTERM);
}

static void
stop_it(void *arg)
{
	loop_stop(arg);
}

/* The signal is told from the loop, and does nothing else. */
static void
test_signal(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	int got = 0;
	struct loop_signal *s = loop_signal_new(loop, SIGTERM, got_signal, &got);
	struct loop_timer *raises = loop_timer_new(loop, raise_it, NULL);
	struct loop_timer *stops = loop_timer_new(loop, stop_it, loop);
	loop_timer_at(raises, loop_now_us() + 1000);
	loop_timer_at(stops, loop_now_us() + 50000);
	loop_run(loop);
	assert_int_equal(got, SIGTERM);
	loop_timer_free(raises);
	loop_timer_free(stops);
	loop_signal_free(s);
	loop_free(loop);
}

struct work {
	struct loop_defer *defer;
	char *log;
	char name;
	int again; /* how often it wakes itself */
	struct work *frees;
};

static void
do_work(void *arg)
{
	struct work *w = arg;
	w->log[strlen(w->log)] = w->name;
	if (w->again-- > 0)
		loop_defer_wake(w->defer);
	if (w->frees != NULL) {
		loop_defer_free(w->frees->defer);
		w->frees->defer = NULL;
	}
}

/* In the order they were woken; what wakes itself comes after the others; the freed one never. */
static void
test_deferred_work(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	char log[16] = "";
	struct work c = { .log = log, .name = 'c' };
	struct work b = { .log = log, .name = 'b' };
	struct work a = { .log = log, .name = 'a', .again = 2, .frees = &c };
	struct work *all[] = { &a, &b, &c };
	for (size_t i = 0; i < N_ELEMENTS(all); i++) {
		all[i]->defer = loop_defer_new(loop, do_work, all[i]);
		loop_defer_wake(all[i]->defer);
		loop_defer_wake(all[i]->defer);
	}
	loop_run(loop);
	assert_string_equal(log, "abaa");
	loop_defer_free(a.defer);
	loop_defer_free(b.defer);
	loop_free(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_early),
		cmocka_unit_test(test_stop_and_past),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_deferred_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
