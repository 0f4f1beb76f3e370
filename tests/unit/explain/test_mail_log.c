/* What stands after a look at the mail log: how much of it is kept, and what when nothing can be explained. */
#include "explain/mail_log.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "own_dir.h"
#include "test.h"

static char data[PATH_MAX];

/* Where the program's data is, and a directory of its own. */
static int
enter(void **state)
{
	char here[PATH_MAX - 8];
	assert_non_null(getcwd(here, sizeof here));
	snprintf(data, sizeof data, "%s/data", here);
	return own_dir_enter(state);
}

/* Lines of Postfix: so many addresses without a PTR record, each refused twice. */
static void
write_log(int n)
{
	char when[32];
	time_t now = time(NULL);
	struct tm tm;
	FILE *f = fopen("mail.log", "w");
	assert_non_null(f);
	assert_non_null(gmtime_r(&now, &tm));
	assert_true(strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S+00:00", &tm) > 0);
	for (int i = 0; i < 2 * n; i++)
		fprintf(f,
		    "%s mx postfix/smtp[1]: 4X: to=<b@b.example>, "
		    "relay=mx.b.example[192.0.2.26]:25, "
		    "dsn=4.7.25, status=deferred (host mx.b.example[192.0.2.26] said: 450 4.7.25 "
		    "Client "
		    "host rejected: cannot find your hostname, [203.0.%d.%d] (in reply to RCPT TO "
		    "command))\n",
		    when, 100 + i / 2 / 200, 1 + i / 2 % 200);
	assert_int_equal(fclose(f), 0);
}

static enum err_code
look(const struct history_log *before, struct arena *a, struct history_log *now,
    struct mail_log_news *news)
{
	struct err err;
	const struct run_options run = { .look.policy.offline = true, .out.errors = stderr };
	return mail_log_read(&run, before, a, now, news, &err);
}

static void
test_kept(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int in_log;
		size_t kept, left_out;
	} rows[] = {
		{ "none", 0, 0, 0 },
		{ "a few", 3, 3, 0 },
		{ "as many as are kept", HISTORY_REFUSALS_MAX, HISTORY_REFUSALS_MAX, 0 },
		{ "more: the rest is counted", HISTORY_REFUSALS_MAX + 57, HISTORY_REFUSALS_MAX,
		    57 },
	};
	assert_int_equal(setenv("MAILREADY_DATA", data, 1), 0);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct history_log now, again, before = { .path = "mail.log" };
		struct mail_log_news news;
		ROW(rows[i].name);
		arena_init(&a);
		write_log(rows[i].in_log);
		assert_int_equal(look(&before, &a, &now, &news), ERR_NONE);
		assert_int_equal(now.n, rows[i].kept);
		assert_int_equal(news.left_out, rows[i].left_out);
		assert_false(news.unexplained);
		/* those that stand come before what is new */
		assert_int_equal(look(&now, &a, &again, &news), ERR_NONE);
		assert_int_equal(again.n, rows[i].kept);
		assert_int_equal(news.left_out, 0);
		arena_fini(&a);
	}
}

/* Nothing is known then: what stood before is neither repaired nor stored anew. */
static void
test_unexplained(void **state)
{
	(void)state;
	struct arena a;
	struct history_log now, before = { .path = "mail.log" };
	struct mail_log_news news;
	arena_init(&a);
	write_log(3);
	assert_int_equal(setenv("MAILREADY_DATA", "/nowhere", 1), 0);
	assert_int_equal(look(&before, &a, &now, &news), ERR_CONFIG);
	assert_true(news.unexplained);
	assert_false(now.read);
	assert_int_equal(now.n, 0);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kept, enter, own_dir_leave),
		cmocka_unit_test_setup_teardown(test_unexplained, enter, own_dir_leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
