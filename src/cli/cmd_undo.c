/* mailready undo: what a journal says was written is taken back. */
#include "cli/commands.h"
#include "cli/fix_common.h"

static enum err_code
work(struct settings *s, struct fix_result *result, struct err *err)
{
	return fix_undo(&s->fix, s->words.at[0], result, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (s->words.n == 1)
		return fix_command(s, work);
	err_set(&err, ERR_USAGE, "expected one journal");
	return command_refuse(s, &err);
}

const struct command command_undo = {
	.name = "undo",
	.usage = "JOURNAL",
	.help = "reverts what fix has written",
	.example = "mailready undo ~/.local/state/mailready/JOURNAL",
	.run = run,
	.format = plain_format,
};
