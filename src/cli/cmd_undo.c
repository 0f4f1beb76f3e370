/* mailready undo: what a journal says was written is taken back. */
#include "commands.h"
#include "fix_common.h"

static enum err_code
work(struct settings *s, struct fix_result *result, struct err *err)
{
	return fix_undo(&s->fix, s->words[0], result, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (s->n_words == 1)
		return fix_command(s, work);
	err_set(&err, ERR_USAGE, "expected one journal");
	return fix_usage(&err, &command_undo);
}

const struct command command_undo = {
	.name = "undo",
	.id = CMD_UNDO,
	.usage = "JOURNAL",
	.help = "takes back what fix has written",
	.run = run,
};
