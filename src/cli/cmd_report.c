/* mailready report: how the watched servers were and are, from the history. */
#include "cli/commands.h"
#include "cli/watch_common.h"
#include "config/config.h"

/* A report that was written is a success, whatever it says. */
static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	struct config config;
	if (watch_config(s, &config, err) != ERR_NONE ||
	    watch_history(s, &config, &s->past.history, err) != ERR_NONE)
		return err->code;
	s->past.render = s->run.out.render;
	s->past.out = s->run.out.file;
	s->past.names = s->words.at;
	s->past.format = &past_formats[s->format];
	s->past.n_names = s->words.n;
	result->n[VERDICT_PASS] = 1;
	return report_write(&s->past, err);
}

static int
run(struct settings *s)
{
	return command_work(s, 0, work);
}

static const char *
format(size_t i)
{
	return i < past_formats_n ? past_formats[i].name : NULL;
}

const struct command command_report = {
	.name = "report",
	.usage = "[ADDR|LABEL...]",
	.help = "shows the watched servers over time",
	.example = "mailready report --since 30d --format html --output month.html",
	.run = run,
	.format = format,
};
