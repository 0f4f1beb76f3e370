/* mailready report: how the watched servers were and are, from the history. */
#include "commands.h"
#include "config/config.h"
#include "options_watch.h"

/* A report that was written is a success, whatever it says. */
static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	struct config config;
	if (watch_config(s, &config, err) != ERR_NONE ||
	    watch_history(s, &config, &s->past.history, err) != ERR_NONE)
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

static const char *
format_name(size_t i)
{
	return i < past_formats_n ? past_formats[i].name : NULL;
}

const struct command command_report = {
	.name = "report",
	.id = CMD_REPORT,
	.usage = "[ADDR|LABEL...]",
	.help = "shows how the watched servers were and are",
	.run = run,
	.format = format_name,
};
