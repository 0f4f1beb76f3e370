/* mailready history: when each finding of a watched server came and went. */
#include <string.h>
#include <time.h>

#include "commands.h"
#include "exit.h"
#include "options_watch.h"
#include "output.h"
#include "watch/watch.h"

static enum err_code
read_words(struct settings *s, struct past_options *o, struct err *err)
{
	struct config config;
	if (s->n_words > 1)
		return err_set(err, ERR_USAGE, "expected one address, host name or label, or none");
	if (s->watch.export && strcmp(s->run.renderer->name, "json") == 0)
		return err_set(err, ERR_USAGE, "--export and --json cannot go together");
	if (watch_config(s, &config, err) != ERR_NONE)
		return err->code;
	o->server = s->n_words == 1 ? s->words[0] : NULL;
	o->view = s->watch.export                      ? PAST_EXPORT :
	    strcmp(s->run.renderer->name, "json") == 0 ? PAST_JSON :
							 PAST_TEXT;
	if (s->watch.since_s > 0)
		o->since_s = (int64_t)time(NULL) - s->watch.since_s;
	return watch_history(s, &config, &o->history, err);
}

static int
run(struct settings *s)
{
	struct past_options o = { .since_s = 0 };
	struct output out;
	struct err err = { 0 }, close_err = { 0 };
	if (read_words(s, &o, &err) != ERR_NONE ||
	    output_open(&out, s->output, false, &err) != ERR_NONE)
		return exit_of_error(&err);
	o.out = out.file;
	enum err_code code = history_show(&o, &err);
	if (output_close(&out, code == ERR_NONE, &close_err) != ERR_NONE && code == ERR_NONE)
		return exit_of_error(&close_err);
	return code == ERR_NONE ? 0 : exit_of_error(&err);
}

const struct command command_history = {
	.name = "history",
	.id = CMD_HISTORY,
	.usage = "[ADDR|LABEL]",
	.help = "shows when each finding came and went",
	.run = run,
};
