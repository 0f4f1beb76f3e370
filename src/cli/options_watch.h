/* Setters of the option table that are about what is watched, and its history. */
#ifndef MAILREADY_CLI_OPTIONS_WATCH_H
#define MAILREADY_CLI_OPTIONS_WATCH_H

#include "config/config.h"
#include "options.h"

enum err_code set_config(struct settings *s, const char *value, struct err *err);
enum err_code set_history_file(struct settings *s, const char *value, struct err *err);
enum err_code set_label(struct settings *s, const char *value, struct err *err);
enum err_code set_since_ago(struct settings *s, const char *value, struct err *err);
enum err_code set_dry_run(struct settings *s, const char *value, struct err *err);
enum err_code set_export(struct settings *s, const char *value, struct err *err);
enum err_code set_notify_test(struct settings *s, const char *value, struct err *err);
enum err_code set_wait(struct settings *s, const char *value, struct err *err);
enum err_code set_pending(struct settings *s, const char *value, struct err *err);

/* Reads the configuration, and says its remarks. */
enum err_code watch_config(struct settings *s, struct config *c, struct err *err) MUST_CHECK;

/* The file of --history, else the configuration's or the usual one; in s's arena. */
enum err_code watch_history(struct settings *s, const struct config *c, const char **out,
    struct err *err) MUST_CHECK;

#endif
