/* What the commands about watched servers share. */
#ifndef MAILREADY_CLI_WATCH_COMMON_H
#define MAILREADY_CLI_WATCH_COMMON_H

#include "cli/commands.h"
#include "config/config.h"

/* Reads the configuration, and says its remarks. */
enum err_code watch_config(struct settings *s, struct config *c, struct err *err) MUST_CHECK;

/* The file of --history, else the configuration's or the usual one; in s's arena. */
enum err_code watch_history(struct settings *s, const struct config *c, const char **out,
    struct err *err) MUST_CHECK;

#endif
