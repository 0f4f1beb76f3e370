/* Ending early, by signal. */
#include "net/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
enum { N_SIGNALS = sizeof signals / sizeof signals[0] };

struct interrupt {
	struct loop_signal *of[N_SIGNALS]; /* NULL: ignored */
};

static bool
is_ignored(int number)
{
	struct sigaction now;

	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

struct interrupt *
interrupt_new(struct loop *loop, loop_signal_fn *fn, void *arg)
{
	struct interrupt *i = mem_zalloc(1, sizeof *i);

	for (size_t k = 0; k < N_SIGNALS; k++)
		if (signals[k] != SIGHUP || !is_ignored(SIGHUP))
			i->of[k] = loop_signal_new(loop, signals[k], fn, arg);
	return i;
}

void
interrupt_free(struct interrupt *i)
{
	for (size_t k = 0; i != NULL && k < N_SIGNALS; k++)
		loop_signal_free(i->of[k]);
	free(i);
}

struct sleeper {
	struct loop *loop;
	int signal;
};

static void
woken(void *arg, int signal)
{
	struct sleeper *s = arg;

	s->signal = signal;
	loop_stop(s->loop);
}

static void
slept(void *arg)
{
	woken(arg, 0);
}

int
interrupt_sleep(uint64_t us)
{
	struct sleeper s = { .loop = loop_new() };
	struct interrupt *i = interrupt_new(s.loop, woken, &s);
	struct loop_timer *timer = loop_timer_new(s.loop, slept, &s);

	loop_timer_at(timer, loop_now_us() + us);
	loop_run(s.loop);
	loop_timer_free(timer);
	interrupt_free(i);
	loop_free(s.loop);
	return s.signal;
}
