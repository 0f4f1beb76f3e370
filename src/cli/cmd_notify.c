/* mailready notify: sends what waits, shows it, or tries the set-up. */
#include <time.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/watch_common.h"
#include "notify/notify.h"

enum { EXIT_WAITING = 2 };

struct errand {
	struct config config;
	const char *history;
	size_t queued, given_up; /* what is left, and what nobody will get */
};

static enum err_code
read_request(struct settings *s, struct errand *r, struct err *err)
{
	if (s->words.n > 0)
		return err_set(err, ERR_USAGE, "'%s' is not expected: notify takes no words",
		    s->words.at[0]);
	if (s->watch.test && s->watch.pending)
		return err_set(err, ERR_USAGE, "--test and --pending cannot be joined");
	if (watch_config(s, &r->config, err) != ERR_NONE)
		return err->code;
	return s->watch.test ? ERR_NONE : watch_history(s, &r->config, &r->history, err);
}

static enum err_code
send_due(const struct settings *s, const struct notify_run *run, struct errand *r, struct err *err)
{
	struct notify_result result;
	if (notify_wait(run, s->watch.wait_s, &result, err) != ERR_NONE)
		return err->code;
	r->queued = result.queued;
	r->given_up = result.given_up;
	if (!s->run.out.render.quiet || result.sent + result.queued > 0)
		printf("%zu sent, %zu left\n", result.sent, result.queued);
	return ERR_NONE;
}

static enum err_code
work(const struct settings *s, struct errand *r, struct err *err)
{
	struct notify_run notify = { .config = &r->config.notify,
		.now_s = (int64_t)time(NULL),
		.errors = stderr };
	if (s->watch.test)
		return notify_test(&notify, stdout, err);
	enum history_mode mode = s->watch.pending ? HISTORY_READ : HISTORY_WRITE;
	if (history_open(r->history, mode, &notify.history, err) != ERR_NONE)
		return err->code;
	enum err_code code = s->watch.pending ? notify_pending(&notify, stdout, err) :
						send_due(s, &notify, r, err);
	history_close(notify.history);
	return code;
}

static int
run(struct settings *s)
{
	struct errand r = { .history = NULL };
	struct err err = { 0 };
	if (read_request(s, &r, &err) != ERR_NONE || work(s, &r, &err) != ERR_NONE)
		return exit_of_error(&err);
	if (fflush(stdout) != 0) {
		err_set(&err, ERR_IO, "standard output: writing failed");
		return exit_of_error(&err);
	}
	if (r.given_up > 0) {
		err_set(&err, ERR_UNAVAILABLE, "%zu message%s given up: nobody was notified",
		    r.given_up, r.given_up == 1 ? " is" : "s are");
		return exit_of_error(&err);
	}
	return r.queued > 0 ? EXIT_WAITING : 0;
}

const struct command command_notify = {
	.name = "notify",
	.usage = "",
	.help = "sends messages that wait, or a test",
	.example = "mailready notify --test",
	.run = run,
};
