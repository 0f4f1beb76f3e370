/* mailready wait: the proof alone, for a change that somebody else makes. */
#include "cli/commands.h"
#include "cli/fix_common.h"

static enum err_code
work(struct settings *s, struct fix_result *result, struct err *err)
{
	return fix_wait(&s->fix, result, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (fix_take_names(s, &err) != ERR_NONE)
		return command_refuse(s, &err);
	bool words = s->words.n == 1 && s->names.n > 0 && s->run.in.list == NULL;
	bool list = s->words.n == 0 && s->names.n == 0 && s->run.in.list != NULL;
	if (!words && !list) {
		err_set(&err, ERR_USAGE, "expected an IP address and --name, or --input");
		return command_refuse(s, &err);
	}
	if (fix_words(s, &err) != ERR_NONE)
		return command_refuse(s, &err);
	return fix_command(s, work);
}

const struct command command_wait = {
	.name = "wait",
	.usage = "ADDRESS --name NAME",
	.help = "waits until every server shows the PTR record",
	.example = "mailready wait 203.0.113.25 --name mail.example.com --timeout 3600",
	.run = run,
	.format = plain_format,
};
