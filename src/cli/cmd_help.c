/* mailready help and mailready version. */
#include "cli/commands.h"
#include "cli/exit.h"

/* Help that nobody could read is an error like any other lost output. */
static int
finish(void)
{
	struct output out = { .file = stdout };
	struct err err = { 0 };
	return output_close(&out, &err) == ERR_NONE ? 0 : exit_of_error(&err);
}

static int
run_help(struct settings *s)
{
	const struct command *command = s->about;
	if (s->words.n > 0)
		command = command_by_name(s->words.at[0]);
	if (s->words.n > 1 || (s->words.n > 0 && command == NULL)) {
		struct err err = { 0 };
		err_set(&err, ERR_USAGE, "'%s' is not a command: see mailready --help",
		    s->words.at[s->words.n - 1]);
		return exit_of_error(&err);
	}
	if (command != NULL)
		help_print(stdout, command, s->words.n > 0);
	else
		help_overview(stdout);
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
	.usage = "[COMMAND]",
	.help = "shows the options of a command",
	.example = "mailready help fix",
	.rare = true,
	.run = run_help,
};

const struct command command_version = {
	.name = "version",
	.usage = "",
	.help = "shows the version",
	.example = "mailready version",
	.rare = true,
	.run = run_version,
};
