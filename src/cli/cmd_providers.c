/* mailready providers: what is configured here, what each can do, and whether its credentials work. */
#include "cli/commands.h"
#include "cli/fix_common.h"

static enum err_code
show(struct settings *s, struct fix_result *result, struct err *err)
{
	(void)result;
	return providers_show(&s->fix, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (s->words.n <= 1 && fix_words(s, &err) == ERR_NONE)
		return fix_command(s, show);
	if (err.code == ERR_NONE)
		err_set(&err, ERR_USAGE, "expected one address, or none");
	return command_refuse(s, &err);
}

const struct command command_providers = {
	.name = "providers",
	.usage = "[ADDR]",
	.help = "shows the providers here, and tests their credentials",
	.rare = true,
	.example = "mailready providers 203.0.113.25",
	.run = run,
	.format = plain_format,
};
