/* What fix, ptr, undo and wait share. */
#ifndef MAILREADY_CLI_FIX_COMMON_H
#define MAILREADY_CLI_FIX_COMMON_H

#include "cli/commands.h"

/*
 * "fix ADDRESS NAME...": words after one address become names, as if said by --name.  ERR_USAGE when
 * names are said in both ways, or before the address.
 */
enum err_code fix_take_names(struct settings *s, struct err *err) MUST_CHECK;

/* The words are addresses, each with the names of --name. */
enum err_code fix_words(struct settings *s, struct err *err) MUST_CHECK;

/* Fills in what the options of s leave open. */
void fix_complete(struct settings *s);

/* Runs work between opening and closing the output; the exit status. */
int fix_command(struct settings *s,
    enum err_code (*work)(struct settings *s, struct fix_result *result, struct err *err));

#endif
