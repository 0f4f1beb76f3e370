/* The program: picks the command. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "explain/reply.h"
#include "net/endpoint.h"

/* As monitoring knows its plug-ins: check_mailready -H ADDRESS */
static bool
is_plugin(const char *program)
{
	const char *slash = strrchr(program, '/');

	return strcmp(slash != NULL ? slash + 1 : program, "check_mailready") == 0;
}

static const char *
plugin_format(void)
{
	size_t i = 0;

	while (renderers_all[i]->trouble == NULL)
		i++;
	return renderers_all[i]->name;
}

/* The words of a plug-in after its format, which they may change. */
static int
plugin_main(int argc, char *const *words)
{
	char option[40];
	char **with_format = mem_zalloc((size_t)argc + 1, sizeof *with_format);

	snprintf(option, sizeof option, "--format=%s", plugin_format());
	with_format[0] = option;
	for (size_t i = 0; words[i] != NULL; i++)
		with_format[i + 1] = words[i];
	int status = command_main(&command_check, true, with_format);
	free(with_format);
	return status;
}

/*
 * A reply among the words, which no target can be: mailready --json '550 5.7.25 ...'; or one that was not
 * quoted: mailready 550 5.7.25 ...
 */
static bool
holds_reply(char *const *words)
{
	if (words[0] != NULL && words[1] != NULL && reply_is_code(words[0]))
		return true;
	for (; *words != NULL && strcmp(*words, "--") != 0; words++)
		if (reply_is_in(*words))
			return true;
	return false;
}

/* A first word that is not a command is a refusal to explain, or belongs to check: mailready 203.0.113.25 */
int
main(int argc, char **argv)
{
	mem_return_large();
	endpoint_take_limit();
	output_guard();
	/* a reader that went away, or a limit reached, is an error of writing with its exit status */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	json_use_mem();
	char **rest = argc > 0 ? argv + 1 : argv;
	if (argc > 0 && is_plugin(argv[0]))
		return plugin_main(argc, rest);
	const struct command *command = *rest != NULL ? command_by_name(*rest) : NULL;
	if (command == NULL && holds_reply(rest))
		return command_main(&command_explain, false, rest);
	if (command == NULL)
		return command_main(&command_check, false, rest);
	return command_main(command, true, rest + 1);
}
