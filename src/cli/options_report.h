/* Setters of the option table that are about the history. */
#ifndef MAILREADY_CLI_OPTIONS_REPORT_H
#define MAILREADY_CLI_OPTIONS_REPORT_H

#include "options.h"

enum err_code set_since(struct settings *s, const char *value, struct err *err);
enum err_code set_past_format(struct settings *s, const char *value, struct err *err);
enum err_code set_past_json(struct settings *s, const char *value, struct err *err);

#endif
