/*
 * The queue, with the real history and a command as the channel: what it was given stands in files
 * that it writes.  Time is what the test says.
 */
#include "test.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "notify/notify.h"
#include "smtp_server.h"

enum { START_S = 1790000000, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static char dir[] = "/tmp/mailready-notify.XXXXXX";

struct world {
	char db[128], program[128], sent[160], wish[128];
	struct notify_config config;
	struct notify_run run;
	struct notify_result result;
	struct digest digest;
	struct digest_finding finding;
	struct change change;
	struct changes changes;
	struct watched_server server;
	char *said;
	size_t said_len;
	struct err err;
};

static void
write_program(const struct world *w)
{
	FILE *f = fopen(w->program, "we");
	assert_non_null(f);
	fprintf(f,
	    "#!/bin/sh\n[ -e %s ] && . %s\n"
	    "cat >%s.new && cat %s.new >>%s && echo >>%s && rm %s.new\n",
	    w->wish, w->wish, w->sent, w->sent, w->sent, w->sent, w->sent);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(w->program, 0700), 0);
}

/* What the program is to do first: "exit 1"; "" is nothing. */
static void
wish(const struct world *w, const char *what)
{
	FILE *f = fopen(w->wish, "we");
	assert_non_null(f);
	fprintf(f, "%s\n", what);
	assert_int_equal(fclose(f), 0);
}

static void
world_init(struct world *w)
{
	static int number;
	*w = (struct world){ .config = { .ca_file = "", .timeout_us = 20000000 } };
	number++;
	snprintf(w->db, sizeof w->db, "%s/history-%d.db", dir, number);
	snprintf(w->program, sizeof w->program, "%s/program-%d", dir, number);
	snprintf(w->sent, sizeof w->sent, "%s/sent-%d", dir, number);
	snprintf(w->wish, sizeof w->wish, "%s/wish-%d", dir, number);
	write_program(w);
	w->config.command = w->program;
	w->finding = (struct digest_finding){ .rule = "ptr.missing",
		.verdict = VERDICT_FAIL,
		.subject = "192.0.2.1",
		.text = "no PTR",
		.remedy = "",
		.why = "" };
	w->digest = (struct digest){ .label = "out",
		.address = "192.0.2.1",
		.host = "",
		.ehlo = "",
		.domain = "",
		.verdict = VERDICT_FAIL,
		.reason = "no PTR" };
	w->change = (struct change){ CHANGE_NEW, &w->finding, NULL, "no PTR", 0, 0 };
	w->changes = (struct changes){ .list = &w->change,
		.n = 1,
		.verdict = VERDICT_FAIL,
		.before = VERDICT_PASS };
	w->server = (struct watched_server){ &w->digest, &w->changes };
	w->run = (struct notify_run){ .config = &w->config, .now_s = START_S };
	w->run.errors = open_memstream(&w->said, &w->said_len);
	assert_int_equal(history_open(w->db, HISTORY_WRITE, &w->run.history, &w->err), ERR_NONE);
}

static void
world_fini(struct world *w)
{
	history_close(w->run.history);
	fclose(w->run.errors);
	free(w->said);
}

static enum err_code
queue_and_send(struct world *w)
{
	enum err_code code = notify_queue(&w->run, &w->server, 1, &w->err);
	return code == ERR_NONE ? notify_send(&w->run, &w->result, &w->err) : code;
}

/* A run at that time; what it said is in w->said. */
static void
run_at(struct world *w, int64_t now_s, size_t n_changes)
{
	w->run.now_s = now_s;
	w->changes.n = n_changes;
	fflush(w->run.errors);
	rewind(w->run.errors);
	enum err_code code = queue_and_send(w);
	fputc('\0', w->run.errors);
	fflush(w->run.errors);
	if (code != ERR_NONE)
		fail_msg("%s", w->err.text);
}

/* How many messages the program got, and the last one's member. */
static size_t
sent(const struct world *w, const char *key, char *value, size_t size)
{
	struct buf text;
	struct err err;
	size_t n = 0;
	buf_init(&text, 1 << 20);
	if (file_read(w->sent, &text, &err) != ERR_NONE)
		buf_reset(&text);
	for (char *line = text.data; line[0] != '\0'; n++) {
		char *end = strchr(line, '\n');
		assert_non_null(end);
		json_t *one = json_read(line, (size_t)(end - line), &err);
		assert_non_null(one);
		if (key != NULL)
			snprintf(value, size, "%s", json_string_value(json_object_get(one, key)));
		json_decref(one);
		line = end + 1;
	}
	buf_fini(&text);
	return n;
}

static void
assert_sent(const struct world *w, size_t n, size_t queued)
{
	if (sent(w, NULL, NULL, 0) != n || w->result.queued != queued)
		fail_msg("%zu sent and %zu queued: %s", sent(w, NULL, NULL, 0), w->result.queued,
		    w->said);
}

static void
test_change_is_sent(void **state)
{
	(void)state;
	struct world w;
	char kind[20];
	world_init(&w);
	run_at(&w, START_S, 1);
	assert_sent(&w, 1, 0);
	assert_int_equal(w.result.sent, 1);
	assert_string_equal(w.said, "");
	sent(&w, "kind", kind, sizeof kind);
	assert_string_equal(kind, "change");
	world_fini(&w);
}

static void
test_no_change_is_silent(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	for (int i = 0; i < 5; i++)
		run_at(&w, START_S + i * 30 * DAY_S, 0);
	assert_sent(&w, 0, 0);
	world_fini(&w);
}

/* 1, 5, 15, 60 minutes, then every four hours, for seven days. */
static void
test_back_off(void **state)
{
	(void)state;
	static const int64_t after_min[] = { 1, 6, 21, 81, 321, 561 };
	struct world w;
	world_init(&w);
	wish(&w, "echo tried >>$0.tries; exit 3");
	run_at(&w, START_S, 1);
	assert_non_null(strstr(w.said, "ended with status 3; tried again in 1 min"));
	assert_non_null(strstr(w.said, "mailready: command: "));
	for (size_t i = 0; i < N_ELEMENTS(after_min); i++) {
		run_at(&w, START_S + after_min[i] * MINUTE_S - 2, 0);
		if (w.said[0] != '\0')
			fail_msg("%d: tried too early: %s", (int)i, w.said);
		assert_int_equal(w.result.queued, 1);
		run_at(&w, START_S + after_min[i] * MINUTE_S + 2, 0);
		assert_non_null(strstr(w.said, "ended with status 3; tried again in"));
		assert_int_equal(w.result.queued, 1);
		/* the clock counts from the try */
		w.run.now_s = START_S;
	}
	int64_t now_s = START_S + 10 * HOUR_S;
	for (; now_s < START_S + 7 * DAY_S; now_s += 5 * HOUR_S) {
		run_at(&w, now_s, 0);
		assert_int_equal(w.result.queued, 1);
	}
	run_at(&w, now_s, 0);
	assert_non_null(strstr(w.said, "given up after 7 days: [mailready] out"));
	assert_int_equal(w.result.queued, 0);
	world_fini(&w);
}

/* A message is queued, and tried, by clocks that are wrong: it is neither stuck nor given up early. */
static void
test_wrong_clock(void **state)
{
	(void)state;
	enum { YEARS = 3650, WEEK_TRIES = 7 * 24 / 5 };
	static const struct {
		const char *name;
		int64_t queued_s, second_s; /* the first try is at once */
	} rows[] = {
		{ "ten years ahead, then right", START_S + (int64_t)YEARS * DAY_S, START_S },
		{ "not set yet, then right", DAY_S, START_S },
		{ "right, then ten years ahead", START_S, START_S + (int64_t)YEARS * DAY_S },
		{ "a week switched off", START_S, START_S + 8 * DAY_S },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w;
		ROW(rows[i].name);
		world_init(&w);
		wish(&w, "exit 3");
		run_at(&w, rows[i].queued_s, 1);
		assert_int_equal(w.result.queued, 1);
		for (int k = 0; k < WEEK_TRIES; k++) {
			run_at(&w, rows[i].second_s + k * 5 * HOUR_S, 0);
			assert_non_null(strstr(w.said, "ended with status 3; tried again in"));
			assert_int_equal(w.result.queued, 1);
		}
		run_at(&w, rows[i].second_s + 7 * DAY_S + 5 * HOUR_S, 0);
		assert_non_null(strstr(w.said, "given up after 7 days"));
		assert_int_equal(w.result.queued, 0);
		world_fini(&w);
	}
}

/* After a clock that was ahead the next sign of life comes no later than usual. */
static void
test_heartbeat_by_a_wrong_clock(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.config.heartbeat_s = 7 * DAY_S;
	run_at(&w, START_S + (int64_t)3650 * DAY_S, 0);
	assert_sent(&w, 1, 0);
	run_at(&w, START_S, 0);
	assert_sent(&w, 1, 0);
	run_at(&w, START_S + 6 * DAY_S, 0);
	assert_sent(&w, 1, 0);
	run_at(&w, START_S + 7 * DAY_S, 0);
	assert_sent(&w, 2, 0);
	world_fini(&w);
}

static void
test_sent_later_once(void **state)
{
	(void)state;
	struct world w;
	char first[40], second[40];
	world_init(&w);
	wish(&w, "cat >$0.first; exit 1");
	run_at(&w, START_S, 1);
	assert_sent(&w, 0, 1);
	wish(&w, "");
	run_at(&w, START_S + 2 * MINUTE_S, 0);
	assert_sent(&w, 1, 0);
	run_at(&w, START_S + 2 * HOUR_S, 0);
	assert_sent(&w, 1, 0);
	/* the same id at both tries */
	sent(&w, "id", second, sizeof second);
	snprintf(w.sent, sizeof w.sent, "%s.first", w.program);
	FILE *f = fopen(w.sent, "ae");
	assert_non_null(f);
	fputc('\n', f);
	fclose(f);
	sent(&w, "id", first, sizeof first);
	assert_string_equal(first, second);
	assert_int_equal(strlen(first), 32);
	world_fini(&w);
}

static void
test_heartbeat(void **state)
{
	(void)state;
	struct world w;
	char kind[20];
	world_init(&w);
	w.config.heartbeat_s = 7 * DAY_S;
	run_at(&w, START_S, 0);
	assert_sent(&w, 1, 0);
	sent(&w, "kind", kind, sizeof kind);
	assert_string_equal(kind, "heartbeat");
	run_at(&w, START_S + 7 * DAY_S - 60, 0);
	assert_sent(&w, 1, 0);
	run_at(&w, START_S + 7 * DAY_S + 60, 0);
	assert_sent(&w, 2, 0);
	/* a change counts as a sign of life */
	run_at(&w, START_S + 13 * DAY_S, 1);
	assert_sent(&w, 3, 0);
	run_at(&w, START_S + 15 * DAY_S, 0);
	assert_sent(&w, 3, 0);
	/* and one that waits is not doubled */
	wish(&w, "exit 1");
	run_at(&w, START_S + 21 * DAY_S, 0);
	run_at(&w, START_S + 22 * DAY_S, 0);
	assert_sent(&w, 3, 1);
	world_fini(&w);
}

static void
test_unknown(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.finding.verdict = VERDICT_TEMPERROR;
	run_at(&w, START_S, 1);
	assert_sent(&w, 0, 0);
	w.config.unknown = true;
	run_at(&w, START_S, 1);
	assert_sent(&w, 1, 0);
	world_fini(&w);
}

/* A channel that is gone from the configuration takes its messages along. */
static void
test_dropped(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	wish(&w, "exit 1");
	run_at(&w, START_S, 1);
	w.config.command = "";
	run_at(&w, START_S + HOUR_S, 0);
	assert_non_null(strstr(w.said, "not configured; dropped: [mailready] out"));
	assert_sent(&w, 0, 0);
	world_fini(&w);
}

/* Each channel for itself: that one fails does not keep the other from sending. */
static struct notify_webhook
plain_hook(const char *url)
{
	return (struct notify_webhook){ .name = "",
		.url = url,
		.url_file = "",
		.secret_file = "",
		.kind = "",
		.template = "",
		.key_file = "",
		.topic = "",
		.filter = { .groups = "" } };
}

static void
test_channels_apart(void **state)
{
	(void)state;
	struct world w;
	uint16_t port;
	char url[64];
	world_init(&w);
	close(server_listen(1, &port));
	snprintf(url, sizeof url, "http://127.0.0.1:%u/hook", port);
	struct notify_webhook hook = plain_hook(url);
	w.config.webhooks = &hook;
	w.config.n_webhooks = 1;
	run_at(&w, START_S, 1);
	assert_sent(&w, 1, 1);
	assert_non_null(strstr(w.said, "mailready: webhook: http://127.0.0.1:"));
	assert_null(strstr(w.said, "/hook"));
	run_at(&w, START_S + HOUR_S, 1);
	/* the second message to a dead receiver is not even tried, and says nothing */
	assert_sent(&w, 2, 2);
	char *first = strstr(w.said, "webhook");
	assert_non_null(first);
	assert_null(strstr(first + 1, "webhook: "));
	world_fini(&w);
}

static pid_t
run_beside(struct world *w, int64_t now_s, size_t n_changes)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	setpgid(0, 0);
	/* a connection of its own: SQLite's must not cross a fork */
	if (history_open(w->db, HISTORY_WRITE, &w->run.history, &w->err) != ERR_NONE)
		_exit(1);
	w->run.now_s = now_s;
	w->changes.n = n_changes;
	_exit(queue_and_send(w) != ERR_NONE);
}

static void
wait_for_file(const char *path)
{
	for (int i = 0; i < 1000 && access(path, F_OK) != 0; i++)
		usleep(10000);
	assert_int_equal(access(path, F_OK), 0);
}

/* While one run is sending, another one leaves the message to it. */
static void
test_two_at_once(void **state)
{
	(void)state;
	struct world w;
	char began[160];
	world_init(&w);
	history_close(w.run.history);
	w.run.history = NULL;
	snprintf(began, sizeof began, "%s.began", w.program);
	wish(&w, "touch $0.began; sleep 1");
	pid_t first = run_beside(&w, START_S, 1);
	wait_for_file(began);
	pid_t others[3];
	for (size_t i = 0; i < N_ELEMENTS(others); i++)
		others[i] = run_beside(&w, START_S + 1, 0);
	int status;
	for (size_t i = 0; i < N_ELEMENTS(others); i++) {
		assert_int_equal(waitpid(others[i], &status, 0), others[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(waitpid(first, &status, 0), first);
	assert_int_equal(status, 0);
	assert_int_equal(history_open(w.db, HISTORY_WRITE, &w.run.history, &w.err), ERR_NONE);
	run_at(&w, START_S + HOUR_S, 0);
	assert_sent(&w, 1, 0);
	world_fini(&w);
}

/* A run that is killed while it sends: the message waits for the lease, and is sent then. */
static void
test_killed(void **state)
{
	(void)state;
	struct world w;
	char began[160];
	int status;
	world_init(&w);
	history_close(w.run.history);
	w.run.history = NULL;
	snprintf(began, sizeof began, "%s.began", w.program);
	wish(&w, "touch $0.began; exec sleep 3");
	pid_t pid = run_beside(&w, START_S, 1);
	wait_for_file(began);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	wish(&w, "");
	assert_int_equal(history_open(w.db, HISTORY_WRITE, &w.run.history, &w.err), ERR_NONE);
	run_at(&w, START_S + 5, 0);
	assert_sent(&w, 0, 1);
	run_at(&w, START_S + 2 * MINUTE_S, 0);
	assert_sent(&w, 1, 0);
	run_at(&w, START_S + HOUR_S, 0);
	assert_sent(&w, 1, 0);
	world_fini(&w);
}

/* Stays until the program takes it: in a second, for the queue's clock is a minute ahead then. */
static void
test_wait(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	wish(&w, "[ -e $0.tried ] || { touch $0.tried; exit 1; }");
	run_at(&w, START_S, 1);
	assert_sent(&w, 0, 1);
	w.run.now_s = START_S + MINUTE_S - 1;
	assert_int_equal(notify_wait(&w.run, 20, &w.result, &w.err), ERR_NONE);
	assert_sent(&w, 1, 0);
	assert_int_equal(w.result.sent, 1);
	/* and no longer than it may */
	wish(&w, "exit 1");
	run_at(&w, START_S + HOUR_S, 1);
	assert_int_equal(notify_wait(&w.run, 1, &w.result, &w.err), ERR_NONE);
	assert_sent(&w, 1, 1);
	world_fini(&w);
}

static void
test_pending(void **state)
{
	(void)state;
	struct world w;
	char *out;
	size_t len;
	world_init(&w);
	FILE *f = open_memstream(&out, &len);
	assert_int_equal(notify_pending(&w.run, f, &w.err), ERR_NONE);
	fflush(f);
	assert_string_equal(out, "no message is waiting\n");
	wish(&w, "printf 'no \\033[1mway\\n' >&2; exit 1");
	run_at(&w, START_S, 1);
	rewind(f);
	assert_int_equal(notify_pending(&w.run, f, &w.err), ERR_NONE);
	fputc('\0', f);
	fflush(f);
	assert_non_null(strstr(out, "command: tried 1 time, due in 1 min\n"));
	assert_non_null(strstr(out, "\n  [mailready] out FAIL: no PTR\n"));
	assert_non_null(strstr(out, "ended with status 1: no \\x1b[1mway\n"));
	w.run.now_s = START_S + HOUR_S;
	rewind(f);
	assert_int_equal(notify_pending(&w.run, f, &w.err), ERR_NONE);
	fflush(f);
	assert_non_null(strstr(out, "due now"));
	fclose(f);
	free(out);
	world_fini(&w);
}

static void
test_test(void **state)
{
	(void)state;
	struct world w;
	char *out;
	size_t len;
	world_init(&w);
	FILE *f = open_memstream(&out, &len);
	assert_int_equal(notify_test(&w.run, f, &w.err), ERR_NONE);
	fflush(f);
	assert_non_null(strstr(out, "command: a test message was accepted ("));
	assert_int_equal(sent(&w, NULL, NULL, 0), 1);
	wish(&w, "echo broken >&2; exit 1");
	struct notify_webhook hook = plain_hook("ftp://example.com/");
	w.config.webhooks = &hook;
	w.config.n_webhooks = 1;
	assert_int_equal(notify_test(&w.run, f, &w.err), ERR_CONFIG);
	assert_non_null(strstr(w.err.text, "webhook: a URL must start with https://"));
	fflush(w.run.errors);
	assert_non_null(strstr(w.said, "mailready: command: "));
	assert_non_null(strstr(w.said, "broken"));
	w.config.n_webhooks = 0;
	w.config.command = "";
	assert_int_equal(notify_test(&w.run, f, &w.err), ERR_CONFIG);
	assert_non_null(strstr(w.err.text, "no channel is configured"));
	fclose(f);
	free(out);
	world_fini(&w);
}

static bool
empty_dir(void)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	return rmdir(dir) == 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_change_is_sent),
		cmocka_unit_test(test_no_change_is_silent),
		cmocka_unit_test(test_back_off),
		cmocka_unit_test(test_sent_later_once),
		cmocka_unit_test(test_wrong_clock),
		cmocka_unit_test(test_heartbeat),
		cmocka_unit_test(test_heartbeat_by_a_wrong_clock),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_channels_apart),
		cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_test),
	};
	if (mkdtemp(dir) == NULL)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	return !empty_dir() || failed;
}
