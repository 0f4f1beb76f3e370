/* Work that takes too much of the processor ends the program, where a debugger or a fuzzer sees it. */
#include "cpu_limit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static unsigned limit_ms;

static void
too_slow(int sig)
{
	static const char text[] = "ERROR: too slow: the limit of processor time is passed\n";
	ssize_t n = write(STDERR_FILENO, text, strlen(text));

	(void)sig;
	(void)n;
	abort();
}

void
cpu_limit_start(unsigned ms)
{
	struct sigaction act = { .sa_handler = too_slow };
	struct itimerval timer = { .it_value = { ms / 1000, (suseconds_t)(ms % 1000) * 1000 } };

	if (limit_ms == 0 && sigaction(SIGPROF, &act, NULL) != 0)
		abort();
	limit_ms = ms;
	if (setitimer(ITIMER_PROF, &timer, NULL) != 0)
		abort();
}

unsigned
cpu_limit_stop(void)
{
	struct itimerval none = { .it_value = { 0, 0 } }, left;

	if (setitimer(ITIMER_PROF, &none, &left) != 0)
		abort();
	unsigned left_ms = (unsigned)(left.it_value.tv_sec * 1000 + left.it_value.tv_usec / 1000);
	return left_ms < limit_ms ? limit_ms - left_ms : 0;
}
