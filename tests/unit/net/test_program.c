/* Programs that do as they should, and others, as shell scripts in files. */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/loop.h"
#include "net/program.h"

static char dir[] = "/tmp/mailready-program.XXXXXX";
static char path[128], left[128];

static const char *const env[] = { "PATH=/usr/bin:/bin", "A=b", NULL };

static enum err_code
run_with(const char *script, const char *input, uint64_t timeout_us, const char *const *args,
    struct buf *output, struct err *err)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\nD=%s\n%s\n", dir, script);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0700), 0);
	const struct program p = { .path = path,
		.env = env,
		.input = input,
		.input_len = strlen(input),
		.args = args,
		.output = output,
		.timeout_us = timeout_us };
	*err = (struct err){ 0 };
	return program_run(&p, err);
}

static enum err_code
run(const char *script, const char *input, uint64_t timeout_us, struct err *err)
{
	return run_with(script, input, timeout_us, NULL, NULL, err);
}

static const struct {
	const char *name, *script;
	enum err_code code;
	const char *part;
} rows[] = {
	{ "all is well", "exit 0", ERR_NONE, "" },
	{ "reads its input", "test \"$(cat)\" = '{\"a\": 1}'", ERR_NONE, "" },
	{ "no arguments", "test $# -eq 0", ERR_NONE, "" },
	{ "the environment that is given", "test \"$A\" = b && test -z \"$HOME$USER$SECRET\"",
	    ERR_NONE, "" },
	{ "in the root directory", "test \"$(pwd)\" = /", ERR_NONE, "" },
	{ "its output goes nowhere", "echo noise; head -c 300000 /dev/zero", ERR_NONE, "" },
	{ "a status", "exit 7", ERR_TEMP, "ended with status 7" },
	{ "the last line of its complaint", "echo first >&2; echo last >&2; exit 1", ERR_TEMP,
	    "status 1: last" },
	{ "a complaint that would act on a terminal", "printf '\\033[31mred\\007\\n' >&2; exit 1",
	    ERR_TEMP, "\\x1b[31mred\\x07" },
	{ "a complaint without end", "head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 2", ERR_TEMP,
	    "ended with status 2: xxx" },
	{ "a signal", "kill -9 $$", ERR_TEMP, "ended by signal 9" },
	{ "no descriptor but three",
	    "for f in /proc/self/fd/*; do case ${f##*/} in 0|1|2|3|10) ;; *) exit 1 ;; esac; done",
	    ERR_NONE, "" },
	{ "its keeper is killed", "kill -9 $PPID; exec sleep 60", ERR_TEMP, "ended by signal 9" },
	{ "a signal that kills is not ignored", "kill -PIPE $$; exit 0", ERR_TEMP,
	    "ended by signal 13" },
	{ "what it leaves behind holds nothing up", "sleep 3 & exit 0", ERR_NONE, "" },
};

static void
test_rows(void **state)
{
	(void)state;
	assert_int_equal(setenv("SECRET", "x", 1), 0);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct err err;
		ROW(rows[i].name);
		uint64_t before = loop_now_us();
		enum err_code code = run(rows[i].script, "{\"a\": 1}", 20000000, &err);
		if (code != rows[i].code || strstr(err.text, rows[i].part) == NULL)
			fail_msg("code %d: %s", (int)code, err.text);
		if (strstr(rows[i].script, "sleep") != NULL)
			assert_true(loop_now_us() - before < 2500000);
		for (const char *c = err.text; *c != '\0'; c++)
			assert_true(*c >= ' ' && *c != 0x7f);
	}
}

/* More than a pipe holds, to a program that does not read. */
static void
test_input_unread(void **state)
{
	(void)state;
	enum { MUCH = 1 << 20 };
	char *much = malloc(MUCH + 1);
	struct err err;
	assert_non_null(much);
	memset(much, 'x', MUCH);
	much[MUCH] = '\0';
	assert_int_equal(run("exit 0", much, 20000000, &err), ERR_NONE);
	assert_int_equal(run("test $(wc -c) -eq 1048576", much, 20000000, &err), ERR_NONE);
	free(much);
}

static bool
is_alive(const char *file)
{
	FILE *f = fopen(file, "re");
	int pid = 0;
	if (f == NULL)
		return false;
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	fclose(f);
	return pid > 0 && kill(pid, 0) == 0;
}

static const char *const stuck[] = {
	"sleep 60 & echo $! >$D/left; wait",
	"trap '' TERM; sleep 60 & echo $! >$D/left; echo stuck >&2; while :; do sleep 1; done",
};

static void
assert_all_gone(void)
{
	for (int k = 0; k < 100 && is_alive(left); k++)
		usleep(20000);
	assert_int_equal(access(left, F_OK), 0);
	assert_false(is_alive(left));
}

/* The whole process group goes, also one that does not listen to SIGTERM. */
static void
test_timeout(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(stuck); i++) {
		struct err err;
		uint64_t before = loop_now_us();
		ROW(stuck[i]);
		unlink(left);
		assert_int_equal(run(stuck[i], "", 500000, &err), ERR_TEMP);
		assert_non_null(strstr(err.text, "did not end within 0.5 s"));
		assert_true(loop_now_us() - before < 8000000);
		assert_all_gone();
	}
}

static volatile sig_atomic_t caught;

static void
note_signal(int number)
{
	caught = number;
}

/* What runs a stuck program in a process of its own; 1: it went on after the signal. */
static pid_t
run_elsewhere(const char *script, int number, void (*handler)(int))
{
	struct err err;
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	signal(number, handler);
	enum err_code code = run(script, "", 3000000, &err);
	if (handler == SIG_DFL)
		_exit(1);
	if (handler == SIG_IGN)
		_exit(code == ERR_TEMP && strstr(err.text, "did not end") != NULL ? 0 : 2);
	_exit(code == ERR_TEMP && caught == number && strstr(err.text, "by a signal") != NULL ? 0 :
												3);
}

/*
 * A signal that ends us, or that is caught, ends the program first; one that we ignore does nothing.  What
 * nobody can catch ends it right after us.
 */
static void
test_interrupted(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int number;
		void (*handler)(int);
		size_t script;
	} rows_of[] = {
		{ "an interrupt", SIGINT, SIG_DFL, 0 },
		{ "a termination that the program ignores", SIGTERM, SIG_DFL, 1 },
		{ "a hangup", SIGHUP, SIG_DFL, 0 },
		{ "a kill", SIGKILL, SIG_DFL, 0 },
		{ "a kill, and the program ignores what it gets", SIGKILL, SIG_DFL, 1 },
		{ "a hangup that is ignored, as with nohup", SIGHUP, SIG_IGN, 0 },
		{ "an interrupt that is caught", SIGINT, note_signal, 0 },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows_of); i++) {
		int status;
		ROW(rows_of[i].name);
		unlink(left);
		pid_t pid = run_elsewhere(stuck[rows_of[i].script], rows_of[i].number,
		    rows_of[i].handler);
		for (int k = 0; k < 250 && !is_alive(left); k++)
			usleep(20000);
		assert_int_equal(kill(pid, rows_of[i].number), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (rows_of[i].handler == SIG_DFL)
			assert_int_equal(WTERMSIG(status), rows_of[i].number);
		else
			assert_int_equal(status, 0);
		assert_all_gone();
	}
}

static void
test_not_started(void **state)
{
	(void)state;
	static const char *const paths[] = { "/nonexistent/program", "/tmp", "relative", "" };
	for (size_t i = 0; i < N_ELEMENTS(paths); i++) {
		struct err err;
		const struct program p = { .path = paths[i],
			.env = env,
			.input = "",
			.timeout_us = 1000000 };
		ROW(paths[i]);
		assert_int_equal(program_run(&p, &err), ERR_CONFIG);
	}
}

static const struct {
	const char *name, *script;
	const char *args[3];
	enum err_code code;
	const char *output, *part;
} output_rows[] = {
	{ "its output", "printf 'one\\n\\ntwo'", .output = "one\n\ntwo" },
	{ "its arguments, as they are", "printf '%s|' \"$@\"", .args = { "a b", "$HOME;" },
	    .output = "a b|$HOME;|" },
	{ "no output", "exit 0", .output = "" },
	{ "output and a complaint", "echo no >&2; echo yes", .output = "yes\n" },
	{ "output of one that fails", "echo part; echo why >&2; exit 3", .code = ERR_TEMP,
	    .output = "part\n", .part = "ended with status 3: why" },
	{ "as much as is taken", "head -c 64 /dev/zero | tr '\\0' x",
	    .output = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	{ "output without end", "head -c 3000000 /dev/zero", .code = ERR_TEMP,
	    .part = "wrote more than 64 bytes" },
};

static void
test_output(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(output_rows); i++) {
		struct buf output;
		struct err err;
		ROW(output_rows[i].name);
		buf_init(&output, 64);
		enum err_code code = run_with(output_rows[i].script, "", 20000000,
		    output_rows[i].args, &output, &err);
		if (code != output_rows[i].code ||
		    (code != ERR_NONE && strstr(err.text, output_rows[i].part) == NULL))
			fail_msg("code %d: %s", (int)code, err.text);
		if (output_rows[i].output != NULL)
			assert_string_equal(output.data != NULL ? output.data : "",
			    output_rows[i].output);
		buf_fini(&output);
	}
}

/* Run after run leaves no descriptor and no child behind. */
static void
test_nothing_left(void **state)
{
	(void)state;
	struct err err;
	int before = dup(0);
	close(before);
	for (int i = 0; i < 5; i++)
		assert_int_equal(run("exit 1", "", 20000000, &err), ERR_TEMP);
	int after = dup(0);
	close(after);
	assert_int_equal(after, before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_input_unread),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_not_started),
		cmocka_unit_test(test_nothing_left),
	};
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/program", dir);
	snprintf(left, sizeof left, "%s/left", dir);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	unlink(left);
	rmdir(dir);
	return failed;
}
