/* mailready fix: the plan, and with --apply the change and its proof. */
#include "cli/commands.h"
#include "cli/fix_common.h"

static enum err_code
work(struct settings *s, struct fix_result *result, struct err *err)
{
	if (s->resume != NULL)
		return fix_resume(&s->fix, s->resume, result, err);
	return fix_run(&s->fix, result, err);
}

/* Exactly one says what is to be done: words with --name, a list, a saved plan, or a journal. */
static enum err_code
check_sources(const struct settings *s, struct err *err)
{
	int n = (s->words.n > 0) + (s->run.in.list != NULL) + (s->fix.plan_in != NULL) +
	    (s->resume != NULL);
	if (n == 0)
		return err_set(err, ERR_USAGE,
		    "expected an IP address and --name, or --input, --plan or --resume");
	if (n > 1)
		return err_set(err, ERR_USAGE,
		    "addresses, --input, --plan and --resume: only one of them");
	if (s->words.n > 0 && s->names.n == 0)
		return err_set(err, ERR_USAGE, "expected --name: the PTR name for %s",
		    s->words.at[0]);
	if (s->words.n == 0 && s->names.n > 0)
		return err_set(err, ERR_USAGE, "--name is for addresses of the command line");
	if (s->words.n > 1)
		return err_set(err, ERR_USAGE,
		    "one address at a time, or --input with a line for each: each address has its "
		    "own names");
	return ERR_NONE;
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (fix_take_names(s, &err) != ERR_NONE || check_sources(s, &err) != ERR_NONE)
		return command_refuse(s, &err);
	if (fix_words(s, &err) != ERR_NONE)
		return command_refuse(s, &err);
	return fix_command(s, work);
}

const struct command command_fix = {
	.name = "fix",
	.usage = "ADDRESS --name NAME",
	.help = "plans the PTR record, sets it, and proves it",
	.example = "mailready fix 203.0.113.25 --name mail.example.com --apply",
	.run = run,
	.format = fix_format,
};
