/* The limit of the fuzz targets: work that is too slow ends the program, one that waits does not. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cpu_limit.h"

enum { LIMIT_MS = 100 };

/* Takes so much of the processor. */
static void
work(unsigned ms)
{
	struct timespec t = { 0, 0 };

	while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < (long)ms)
		assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
}

/* Waits for so long, and works for nobody. */
static void
wait_for(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	assert_int_equal(nanosleep(&t, NULL), 0);
}

struct row {
	const char *name;
	unsigned works_ms, waits_ms;
	int signal; /* that ends it; 0: none */
};

static const struct row rows[] = {
	{ "quick", 0, 0, 0 },
	{ "slow", 100 * LIMIT_MS, 0, SIGABRT },
	{ "waits, as on a busy machine", 0, 3 * LIMIT_MS, 0 },
};

static void
test_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		fflush(NULL);
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			static const struct rlimit no_core = { 0, 0 };
			(void)setrlimit(RLIMIT_CORE, &no_core);
			(void)signal(SIGABRT, SIG_DFL);
			cpu_limit_start(LIMIT_MS);
			work(rows[i].works_ms);
			wait_for(rows[i].waits_ms);
			_exit(cpu_limit_stop() <= LIMIT_MS ? 0 : 1);
		}
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, rows[i].signal);
		if (rows[i].signal == 0)
			assert_int_equal(WEXITSTATUS(status), 0);
	}
}

/* What is measured is what was worked, and a limit that is behind us does not come back. */
static void
test_measure(void **state)
{
	(void)state;
	cpu_limit_start(60000);
	struct timespec before;
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before), 0);
	work((unsigned)(before.tv_sec * 1000 + before.tv_nsec / 1000000) + 50);
	unsigned took = cpu_limit_stop();
	assert_true(took >= 40);
	cpu_limit_start(20);
	assert_true(cpu_limit_stop() <= 20);
	work((unsigned)(before.tv_sec * 1000 + before.tv_nsec / 1000000) + 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_measure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
