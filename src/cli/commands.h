/* What the commands share. */
#ifndef MAILREADY_CLI_COMMANDS_H
#define MAILREADY_CLI_COMMANDS_H

#include "options.h"

extern const struct command command_check, command_judge, command_lists, command_merge,
    command_help, command_version, command_fix, command_ptr, command_undo, command_wait,
    command_watch, command_run_watched, command_history, command_notify;

/* Parses argv (what follows the command's name), runs the command; the exit status. */
int command_main(const struct command *command, char *const *argv);

/*
 * Runs work between opening and closing the output, and turns what came of it into the exit
 * status.  bad_words: targets on the command line that were none.
 */
int command_run(struct settings *s, size_t bad_words,
    enum err_code (*work)(struct settings *s, struct run_result *result, struct err *err));

#endif
