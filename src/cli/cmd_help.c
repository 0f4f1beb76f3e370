/* mailready help and mailready version. */
#include "commands.h"
#include "exit.h"
#include "output.h"

/* Help that nobody could read is an error like any other lost output. */
static int
finish(void)
{
	struct output out = { .file = stdout };
	struct err err = { 0 };
	return output_close(&out, true, &err) == ERR_NONE ? 0 : exit_of_error(&err);
}

static int
run_help(struct settings *s)
{
	const struct command *command = s->about != NULL ? s->about : &command_check;
	if (s->n_words > 0)
		command = command_by_name(s->words[0]);
	if (command == NULL || s->n_words > 1) {
		struct err err = { 0 };
		err_set(&err, ERR_USAGE, "'%s' is no command: see mailready --help",
		    s->words[s->n_words - 1]);
		return exit_of_error(&err);
	}
	help_print(stdout, command, s->n_words > 0);
	return finish();
}

static int
run_version(struct settings *s)
{
	(void)s;
	puts("mailready " MAILREADY_VERSION);
	return finish();
}

const struct command command_help = {
	.name = "help",
	.id = CMD_HELP,
	.usage = "[COMMAND]",
	.help = "shows the options of a command",
	.run = run_help,
};

const struct command command_version = {
	.name = "version",
	.id = CMD_VERSION,
	.usage = "",
	.help = "shows the version",
	.run = run_version,
};
