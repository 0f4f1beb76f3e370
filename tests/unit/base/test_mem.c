#include "base/mem.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "test.h"

/* the address sanitizer would stop the program itself before we see NULL */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
test_zalloc_is_zeroed_and_never_null(void **state)
{
	(void)state;
	unsigned char *p = mem_zalloc(100, 7);
	for (size_t i = 0; i < 700; i++)
		assert_int_equal(p[i], 0);
	free(p);
	void *nothing = mem_zalloc(0, 0);
	assert_non_null(nothing);
	free(nothing);
}

static void
test_realloc_keeps_content(void **state)
{
	(void)state;
	char *p = mem_strdup("abc");
	p = mem_realloc(p, 1000, 8);
	assert_string_equal(p, "abc");
	p = mem_realloc(p, 0, 8);
	assert_non_null(p);
	free(p);
}

static volatile size_t huge = SIZE_MAX / 2;

static void
zalloc_overflow(void)
{
	free(mem_zalloc(huge, 3));
}

static void
zalloc_too_much(void)
{
	free(mem_zalloc(huge, 1));
}

static void
alloc_too_much(void)
{
	free(mem_alloc(huge));
}

static void
realloc_overflow(void)
{
	free(mem_realloc(NULL, huge, 3));
}

static void
arena_overflow(void)
{
	struct arena a;
	arena_init(&a);
	arena_array(&a, huge, 3);
	arena_fini(&a);
}

static void
arena_too_much(void)
{
	struct arena a;
	arena_init(&a);
	arena_alloc(&a, SIZE_MAX - (huge & 1));
	arena_fini(&a);
}

static const struct {
	const char *name;
	void (*act)(void);
} refusals[] = {
	{ "n * size overflows", zalloc_overflow },
	{ "more than there is", zalloc_too_much },
	{ "alloc of more than there is", alloc_too_much },
	{ "realloc overflows", realloc_overflow },
	{ "arena_array overflows", arena_overflow },
	{ "arena_alloc near SIZE_MAX", arena_too_much },
};

static void
run_child(void (*act)(void), int err_fd)
{
	dup2(err_fd, STDERR_FILENO);
	act();
	_exit(0);
}

static void
test_refusal_ends_the_program(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(refusals); i++) {
		ROW(refusals[i].name);
		char said[4096] = "";
		size_t len = 0;
		int fds[2];
		assert_int_equal(pipe(fds), 0);
		fflush(NULL);
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			run_child(refusals[i].act, fds[1]);
		close(fds[1]);
		ssize_t got;
		while ((got = read(fds[0], said + len, sizeof said - 1 - len)) > 0)
			len += (size_t)got;
		close(fds[0]);
		int status;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 70);
		assert_non_null(strstr(said, "mailready: out of memory\n"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zalloc_is_zeroed_and_never_null),
		cmocka_unit_test(test_realloc_keeps_content),
		cmocka_unit_test(test_refusal_ends_the_program),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
