/* mailready merge: reports of several runs or shards as one, sorted by address. */
#include "commands.h"
#include "exit.h"

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	return run_merge(&s->run, s->words, s->n_words, result, err);
}

static int
run(struct settings *s)
{
	if (s->n_words > 0)
		return command_run(s, 0, work);
	struct err err = { 0 };
	err_set(&err, ERR_USAGE, "expected files that check --format jsonl wrote");
	int status = exit_of_error(&err);
	usage_say(&command_merge);
	return status;
}

const struct command command_merge = {
	.name = "merge",
	.id = CMD_MERGE,
	.usage = "FILE...",
	.help = "joins jsonl reports, sorted, the latest of each",
	.run = run,
};
