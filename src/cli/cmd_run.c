/* mailready run: checks everything that is watched; what the timer calls. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/watch_common.h"
#include "explain/mail_log.h"
#include "watch/watch.h"

/* The options of check in [run], as if they were on check's command line. */
static enum err_code
apply_options(struct settings *s, const struct config *c, struct err *err)
{
	for (size_t i = 0; i < c->n_options; i++) {
		const struct config_option *o = &c->options[i];
		if (settings_apply(s, o->name, o->value, err) == ERR_NONE)
			continue;
		err->code = ERR_CONFIG;
		return err_prefix(err, "%s:%d: %s", o->file, o->line, o->name);
	}
	return ERR_NONE;
}

struct scheduled {
	struct settings *s;
	struct config config;
	struct watch_options options;
	struct watch_log log;
	enum err_code log_code; /* of what could not be read */
};

/* Without a history nothing of it was read before. */
static enum err_code
look_up_log(struct scheduled *r, struct err *err)
{
	struct history *h;
	struct history_log *before = &r->log.before;
	enum err_code code = history_open(r->options.history, HISTORY_READ, &h, err);
	*before = (struct history_log){ .path = r->config.log };
	if (code == ERR_NOINPUT)
		return ERR_NONE;
	if (code == ERR_NONE) {
		code = history_log_get(h, r->config.log, &r->s->arena, before, err);
		history_close(h);
	}
	return code;
}

/* A log that cannot be read is said, and no reason to look at nothing. */
static void
read_log(struct scheduled *r, int *interrupted)
{
	struct mail_log_news news = { .unexplained = true };
	struct err err = { 0 };
	if (r->config.log[0] == '\0')
		return;
	r->log.now = (struct history_log){ .path = r->config.log };
	r->log_code = look_up_log(r, &err);
	if (r->log_code == ERR_NONE)
		r->log_code = mail_log_read(&r->s->run, &r->log.before, &r->s->arena, &r->log.now,
		    &news, &err);
	if (r->log_code != ERR_NONE) {
		r->log.trouble = arena_strdup(&r->s->arena, err.text);
		complain(err.text);
	}
	if (news.remark != NULL)
		complain(news.remark);
	r->log.refused = news.refused;
	r->log.others = news.others;
	r->log.left_out = news.left_out;
	r->log.unexplained = news.unexplained;
	*interrupted = news.interrupted;
	r->options.log = &r->log;
}

static enum err_code
prepare(struct scheduled *r, struct err *err)
{
	struct settings *s = r->s;
	if (s->words.n > 0)
		return err_set(err, ERR_USAGE,
		    "'%s' is not expected: the configuration names the servers", s->words.at[0]);
	if (watch_config(s, &r->config, err) != ERR_NONE ||
	    apply_options(s, &r->config, err) != ERR_NONE ||
	    watch_history(s, &r->config, &r->options.history, err) != ERR_NONE)
		return err->code;
	r->options.config = &r->config;
	r->options.wait_s = s->watch.wait_s;
	r->options.dry_run = s->watch.dry_run;
	r->options.quiet = s->run.out.render.quiet;
	r->options.out = stdout;
	s->run.out.ordered = true;
	s->run.look.patience_us = RESOLVER_PATIENCE_US;
	return settings_check(s, err);
}

/*
 * A check that was bad says so; else what kept it from being stored or reported is the status.  That
 * nobody was notified counts more: a bad server is no failure of the service, this is.
 */
static int
status_of(const struct settings *s, const struct run_result *result, const struct err *trouble)
{
	int status = exit_of_result(result, s->fail_on);
	if (trouble->code == ERR_NONE)
		return status;
	int other = exit_of_error(trouble);
	return status == 0 || trouble->code == ERR_UNAVAILABLE ? other : status;
}

static int
run(struct settings *s)
{
	struct scheduled r = { .s = s, .config = { .log = "" } };
	struct run_result result = { 0 };
	struct err err = { 0 }, trouble = { 0 };
	if (prepare(&r, &err) != ERR_NONE)
		return exit_of_error(&err);
	settings_direct(s, stdout);
	read_log(&r, &result.interrupted);
	if (result.interrupted != 0)
		return exit_of_signal(&s->run, &result);
	if (run_watched(&s->run, &r.options, &result, &trouble, &err) != ERR_NONE)
		return exit_of_error(&err);
	if (fflush(stdout) != 0 && trouble.code == ERR_NONE)
		err_set(&trouble, ERR_IO, "standard output: writing failed");
	if (trouble.code == ERR_NONE && r.log_code != ERR_NONE)
		err_set(&trouble, r.log_code, "%s", r.log.trouble);
	return result.interrupted != 0 ? exit_of_signal(&s->run, &result) :
					 status_of(s, &result, &trouble);
}

const struct command command_run = {
	.name = "run",
	.usage = "",
	.help = "checks all watched servers, notifies of changes",
	.example = "mailready run --dry-run",
	.run = run,
};
