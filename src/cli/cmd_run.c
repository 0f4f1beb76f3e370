/* mailready run: checks everything that is watched; what the timer calls. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/watch_common.h"
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
};

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
	struct scheduled r = { .s = s };
	struct run_result result = { 0 };
	struct err err = { 0 }, trouble = { 0 };
	if (prepare(&r, &err) != ERR_NONE)
		return exit_of_error(&err);
	settings_direct(s, stdout);
	if (run_watched(&s->run, &r.options, &result, &trouble, &err) != ERR_NONE)
		return exit_of_error(&err);
	if (fflush(stdout) != 0 && trouble.code == ERR_NONE)
		err_set(&trouble, ERR_IO, "standard output: writing failed");
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
