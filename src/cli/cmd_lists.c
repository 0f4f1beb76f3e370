/* mailready lists: the catalogue, one list of it, or their health. */
#include <string.h>

#include "commands.h"
#include "exit.h"
#include "output.h"
#include "run/lists.h"

enum { EXIT_UNHEALTHY = 2 };

static enum err_code
read_request(const struct settings *s, struct lists_request *request, struct err *err)
{
	*request = (struct lists_request){
		.action = s->test_lists ? LISTS_TEST : LISTS_TABLE,
		.json = strcmp(s->run.renderer->name, "json") == 0,
	};
	if (s->n_words == 0)
		return ERR_NONE;
	if (strcmp(s->words[0], "show") != 0)
		return err_set(err, ERR_USAGE, "'%s' is nothing that lists can do: expected show",
		    s->words[0]);
	if (s->n_words != 2 || s->test_lists)
		return err_set(err, ERR_USAGE, "expected one zone behind show, and no --test");
	request->action = LISTS_SHOW;
	request->zone = s->words[1];
	return ERR_NONE;
}

static int
run(struct settings *s)
{
	struct lists_request request;
	struct output out;
	struct err err = { 0 }, close_err = { 0 };
	size_t unhealthy = 0;
	if (read_request(s, &request, &err) != ERR_NONE || settings_check(s, &err) != ERR_NONE ||
	    output_open(&out, s->output, false, &err) != ERR_NONE)
		return exit_of_error(&err);
	settings_direct(s, out.file);
	enum err_code code = run_lists(&s->run, &request, &unhealthy, &err);
	if (output_close(&out, code == ERR_NONE, &close_err) != ERR_NONE && code == ERR_NONE)
		return exit_of_error(&close_err);
	if (code != ERR_NONE)
		return exit_of_error(&err);
	return unhealthy > 0 ? EXIT_UNHEALTHY : 0;
}

const struct command command_lists = {
	.name = "lists",
	.id = CMD_LISTS,
	.usage = "[show ZONE]",
	.help = "shows the DNS lists that are known, or tests them",
	.run = run,
};
