/* mailready history: when each finding of a watched server came and went. */
#include <time.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/watch_common.h"
#include "watch/watch.h"

static enum err_code
read_words(struct settings *s, struct past_options *o, struct err *err)
{
	struct config config;
	if (s->words.n > 1)
		return err_set(err, ERR_USAGE, "expected one address, host name or label, or none");
	if (s->watch.export && s->format == FORMAT_JSON)
		return err_set(err, ERR_USAGE, "--export and --format json cannot go together");
	if (watch_config(s, &config, err) != ERR_NONE)
		return err->code;
	o->server = s->words.n == 1 ? s->words.at[0] : NULL;
	o->view = s->watch.export ? PAST_EXPORT : s->format == FORMAT_JSON ? PAST_JSON : PAST_TEXT;
	if (s->watch.since_s > 0)
		o->since_s = (int64_t)time(NULL) - s->watch.since_s;
	return watch_history(s, &config, &o->history, err);
}

static int
run(struct settings *s)
{
	struct past_options o = { .since_s = 0 };
	struct output out;
	struct err err = { 0 };
	if (read_words(s, &o, &err) != ERR_NONE || command_begin(s, &out, &err) != ERR_NONE)
		return exit_of_error(&err);
	o.out = out.file;
	err.code = history_show(&o, &err);
	return output_close(&out, &err) == ERR_NONE ? 0 : exit_of_error(&err);
}

const struct command command_history = {
	.name = "history",
	.usage = "[ADDR|LABEL]",
	.help = "shows when each finding came and went",
	.example = "mailready history out1 --since 30d",
	.run = run,
	.format = plain_format,
};
