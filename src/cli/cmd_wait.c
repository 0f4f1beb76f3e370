/* mailready wait: the proof alone, for a change that somebody else makes. */
#include "commands.h"
#include "fix_common.h"

static enum err_code
work(struct settings *s, struct fix_result *result, struct err *err)
{
	return fix_wait(&s->fix, result, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	bool words = s->n_words == 1 && s->n_names > 0 && s->run.input == NULL;
	bool list = s->n_words == 0 && s->n_names == 0 && s->run.input != NULL;
	if (!words && !list) {
		err_set(&err, ERR_USAGE, "expected an IP address and --name, or --input");
		return fix_usage(&err, &command_wait);
	}
	if (fix_words(s, &err) != ERR_NONE)
		return fix_usage(&err, &command_wait);
	return fix_command(s, work);
}

const struct command command_wait = {
	.name = "wait",
	.id = CMD_WAIT,
	.usage = "ADDRESS --name NAME",
	.help = "waits until every server shows the PTR record",
	.run = run,
};
