/* mailready report: how the watched servers were and are, from the history. */
#include <stdlib.h>

#include "commands.h"
#include "exit.h"

static const char *
default_history(struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state != NULL && state[0] == '/')
		return arena_printf(a, "%s/mailready/history.db", state);
	return arena_printf(a, "%s/.local/state/mailready/history.db", home != NULL ? home : "");
}

/* A report that was written is a success, whatever it says. */
static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	s->past.render = s->run.render;
	s->past.out = s->run.out;
	s->past.names = s->words;
	s->past.n_names = s->n_words;
	if (s->past.history == NULL)
		s->past.history = default_history(&s->arena);
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
