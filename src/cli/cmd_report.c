/* mailready report: how the watched servers were and are, from the history. */
#include <limits.h>

#include "app/config.h"
#include "base/arena.h"
#include "commands.h"
#include "exit.h"

static enum err_code
find_history(struct settings *s, struct err *err)
{
	struct config config;
	char path[PATH_MAX];

	if (config_read(s->config, &s->arena, &config, err) != ERR_NONE)
		return err->code;
	if (!config_history_path(&config, path, sizeof path))
		return err_set(err, ERR_CONFIG,
		    "where the history is cannot be told: set HOME, or history in the "
		    "configuration");
	s->past.history = arena_strdup(&s->arena, path);
	return ERR_NONE;
}

/* A report that was written is a success, whatever it says. */
static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	if (find_history(s, err) != ERR_NONE)
		return err->code;
	s->past.render = s->run.render;
	s->past.out = s->run.out;
	s->past.names = s->words;
	s->past.n_names = s->n_words;
	result->n[VERDICT_PASS] = 1;
	return report_write(&s->past, err);
}

static int
run(struct settings *s)
{
	return command_run(s, 0, work);
}

const struct command command_report = {
	.name = "report",
	.id = CMD_REPORT,
	.usage = "[ADDR|LABEL...]",
	.help = "shows how the watched servers were and are",
	.run = run,
};
