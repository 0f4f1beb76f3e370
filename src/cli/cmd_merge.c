/* mailready merge: reports of several runs or shards as one, sorted by address. */
#include "cli/commands.h"
#include "cli/exit.h"

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	return run_merge(&s->run.out, s->words.at, s->words.n, result, err);
}

static int
run(struct settings *s)
{
	if (s->words.n > 0)
		return command_work(s, 0, work);
	struct err err = { 0 };
	err_set(&err, ERR_USAGE, "expected files that check --format jsonl wrote");
	return command_refuse(s, &err);
}

const struct command command_merge = {
	.name = "merge",
	.usage = "FILE...",
	.help = "joins jsonl reports, sorted, the latest of each",
	.example = "mailready merge part-1.jsonl part-2.jsonl --summary > all.jsonl",
	.rare = true,
	.run = run,
};
