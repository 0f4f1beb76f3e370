/* mailready judge: the same checks over facts that an earlier run wrote; asks nobody. */
#include "cli/commands.h"
#include "cli/exit.h"

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	/* how many runs the file holds is not known before it is read */
	s->run.out.render.many = true;
	return run_judge(&s->run, s->words.at[0], result, err);
}

static int
run(struct settings *s)
{
	if (s->words.n == 1)
		return command_work(s, 0, work);
	struct err err = { 0 };
	err_set(&err, ERR_USAGE, "expected one file of --dump-facts, or - for standard input");
	return command_refuse(s, &err);
}

const struct command command_judge = {
	.name = "judge",
	.usage = "FILE",
	.help = "judges what check --dump-facts wrote, offline",
	.example = "mailready judge case.json -v",
	.rare = true,
	.run = run,
	.format = report_format,
};
