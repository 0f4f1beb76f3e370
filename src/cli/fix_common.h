/* What fix, ptr, undo and wait share. */
#ifndef MAILREADY_CLI_FIX_COMMON_H
#define MAILREADY_CLI_FIX_COMMON_H

#include "options.h"

/* The words are addresses, each with the names of --name. */
enum err_code fix_words(struct settings *s, struct err *err) MUST_CHECK;

/* Says what is wrong, shows the usage, and returns the status. */
int fix_usage(const struct err *err, const struct command *command);

/* Runs work between opening and closing the output; the exit status. */
int fix_command(struct settings *s,
    enum err_code (*work)(struct settings *s, struct fix_result *result, struct err *err));

#endif
