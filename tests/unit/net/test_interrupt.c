/* What ends a run early, and a sleep. */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/interrupt.h"

enum { LONG_US = 60000000, SHORT_US = 20000 };

/* Does the process catch it?  A signal that comes earlier would end it. */
static bool
catches(pid_t pid, int number)
{
	char path[64], line[256];
	unsigned long long caught = 0;

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	FILE *f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "SigCgt: %llx", &caught) == 1)
			break;
	if (f != NULL)
		fclose(f);
	return (caught >> (number - 1) & 1) != 0;
}

/* A process that sends these to the one that sleeps. */
static void
send_from_elsewhere(const int *signals, size_t n)
{
	pid_t sleeper = getpid();

	if (fork() != 0)
		return;
	while (!catches(sleeper, signals[n - 1]))
		usleep(1000);
	for (size_t i = 0; i < n; i++)
		kill(sleeper, signals[i]);
	_exit(0);
}

static void
test_signals_wake(void **state)
{
	(void)state;
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < N_ELEMENTS(signals); i++) {
		send_from_elsewhere(&signals[i], 1);
		assert_int_equal(interrupt_sleep(LONG_US), signals[i]);
		wait(NULL);
	}
	assert_int_equal(interrupt_sleep(SHORT_US), 0);
}

/* nohup: what the process was started to ignore does not end it. */
static void
test_ignored_hangup(void **state)
{
	(void)state;
	static const int signals[] = { SIGHUP, SIGTERM };

	signal(SIGHUP, SIG_IGN);
	send_from_elsewhere(signals, 2);
	assert_int_equal(interrupt_sleep(LONG_US), SIGTERM);
	wait(NULL);
	signal(SIGHUP, SIG_DFL);
	interrupt_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_wake),
		cmocka_unit_test(test_ignored_hangup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
