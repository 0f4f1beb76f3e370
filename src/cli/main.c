#include <signal.h>

#include "commands.h"
#include "output.h"

/* A first word that is no command belongs to check: mailready 203.0.113.25 */
int
main(int argc, char **argv)
{
	output_guard();
	/* a reader that went away, or a limit reached, is an error of writing with its exit status */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	char **rest = argc > 0 ? argv + 1 : argv;
	const struct command *command = *rest != NULL ? command_by_name(*rest) : NULL;
	if (command == NULL)
		return command_main(&command_check, rest);
	return command_main(command, rest + 1);
}
