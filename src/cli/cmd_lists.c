/* mailready lists: the catalogue, one list of it, or their health. */
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "run/lists.h"

enum { EXIT_UNHEALTHY = 2 };

static enum err_code
read_request(const struct settings *s, struct lists_request *request, struct err *err)
{
	*request = (struct lists_request){
		.action = s->test_lists ? LISTS_TEST : LISTS_TABLE,
		.json = s->format == FORMAT_JSON,
	};
	if (s->words.n == 0)
		return ERR_NONE;
	if (strcmp(s->words.at[0], "show") != 0) {
		request->words = s->words.at;
		request->n_words = s->words.n;
		return ERR_NONE;
	}
	if (s->words.n != 2 || s->test_lists)
		return err_set(err, ERR_USAGE, "expected one zone after show, and no --test");
	request->action = LISTS_SHOW;
	request->zone = s->words.at[1];
	return ERR_NONE;
}

static int
run(struct settings *s)
{
	struct lists_request request;
	struct output out;
	struct err err = { 0 };
	size_t unhealthy = 0;
	if (read_request(s, &request, &err) != ERR_NONE || command_begin(s, &out, &err) != ERR_NONE)
		return exit_of_error(&err);
	err.code = run_lists(&s->run, &request, &unhealthy, &err);
	if (output_close(&out, &err) != ERR_NONE)
		return exit_of_error(&err);
	return unhealthy > 0 ? EXIT_UNHEALTHY : 0;
}

const struct command command_lists = {
	.name = "lists",
	.usage = "[WORD...|show ZONE]",
	.help = "shows the known DNS lists, or tests them",
	.example = "mailready lists show zen.spamhaus.org",
	.run = run,
	.format = plain_format,
};
