/* mailready ptr: what the account holds, and taking a PTR record away. */
#include <string.h>

#include "cli/commands.h"
#include "cli/fix_common.h"

static enum err_code
list(struct settings *s, struct fix_result *result, struct err *err)
{
	(void)result;
	return ptr_list(&s->fix, err);
}

static enum err_code
show(struct settings *s, struct fix_result *result, struct err *err)
{
	(void)result;
	return ptr_show(&s->fix, err);
}

static enum err_code
unset(struct settings *s, struct fix_result *result, struct err *err)
{
	s->fix.wish.unset = true;
	s->fix.apply = true;
	return fix_run(&s->fix, result, err);
}

static const struct verb {
	const char *word;
	size_t n_words; /* with the verb */
	enum err_code (*work)(struct settings *s, struct fix_result *result, struct err *err);
} verbs[] = {
	{ "list", 1, list },
	{ "show", 2, show },
	{ "unset", 2, unset },
};

static int
run(struct settings *s)
{
	struct err err = { 0 };
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && s->words.n > 0; i++) {
		if (strcmp(s->words.at[0], verbs[i].word) != 0 || s->words.n != verbs[i].n_words)
			continue;
		s->words.at++;
		s->words.n--;
		if (fix_words(s, &err) != ERR_NONE)
			return command_refuse(s, &err);
		return fix_command(s, verbs[i].work);
	}
	err_set(&err, ERR_USAGE, "expected list, show ADDRESS or unset ADDRESS");
	return command_refuse(s, &err);
}

const struct command command_ptr = {
	.name = "ptr",
	.usage = "list|show ADDR|unset ADDR",
	.help = "shows or removes PTR records of the account",
	.example = "mailready ptr show 203.0.113.25",
	.run = run,
	.format = plain_format,
};
