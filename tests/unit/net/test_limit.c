/* Descriptors: the soft limit that a shell sets is raised, and what is counted closes again. */
#include "test.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "net/endpoint.h"

enum { SOFT = 200, FEW = 80, MOST = 65536 };

static void
set_soft(rlim_t n)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = n;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void
test_soft_limit_is_raised(void **state)
{
	struct rlimit limit;

	(void)state;
	set_soft(SOFT);
	endpoint_take_limit();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(limit.rlim_cur, limit.rlim_max < MOST ? limit.rlim_max : MOST);
}

/* Without room it is not the system that refuses, and one that is closed makes room. */
static void
test_room(void **state)
{
	struct endpoint e;
	int fds[FEW] = { 0 };
	size_t n = 0;

	(void)state;
	set_soft(FEW);
	assert_true(endpoint_parse("127.0.0.1#9", 53, &e));
	while (endpoint_room()) {
		assert_true(n < N_ELEMENTS(fds));
		fds[n] = endpoint_connect(&e, SOCK_DGRAM);
		assert_true(fds[n++] >= 0);
	}
	assert_true(n > 10);
	assert_false(endpoint_spare());
	assert_int_equal(endpoint_connect(&e, SOCK_DGRAM), -1);
	assert_true(endpoint_starved(errno));
	endpoint_close(fds[--n]);
	assert_true(endpoint_room());
	while (n > 0)
		endpoint_close(fds[--n]);
	assert_true(endpoint_spare());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_soft_limit_is_raised),
		cmocka_unit_test(test_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
