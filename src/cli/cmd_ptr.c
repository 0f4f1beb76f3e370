/* mailready ptr: what the account holds, and taking a PTR record away. */
#include <string.h>

#include "commands.h"
#include "fix_common.h"

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
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]) && s->n_words > 0; i++) {
		if (strcmp(s->words[0], verbs[i].word) != 0 || s->n_words != verbs[i].n_words)
			continue;
		s->words++;
		s->n_words--;
		if (fix_words(s, &err) != ERR_NONE)
			return fix_usage(&err, &command_ptr);
		return fix_command(s, verbs[i].work);
	}
	err_set(&err, ERR_USAGE, "expected list, show ADDRESS or unset ADDRESS");
	return fix_usage(&err, &command_ptr);
}

const struct command command_ptr = {
	.name = "ptr",
	.id = CMD_PTR,
	.usage = "list|show ADDR|unset ADDR",
	.help = "shows what the account holds, or takes it away",
	.run = run,
};
