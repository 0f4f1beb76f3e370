/* Setters of the option table that are about DNS lists. */
#ifndef MAILREADY_CLI_OPTIONS_LISTS_H
#define MAILREADY_CLI_OPTIONS_LISTS_H

#include "options.h"

enum err_code add_lists(struct settings *s, const char *value, struct err *err);
enum err_code add_only_list(struct settings *s, const char *value, struct err *err);
enum err_code add_skip_list(struct settings *s, const char *value, struct err *err);
enum err_code set_lists_direct(struct settings *s, const char *value, struct err *err);
enum err_code set_keys(struct settings *s, const char *value, struct err *err);
enum err_code set_cache(struct settings *s, const char *value, struct err *err);
enum err_code set_test(struct settings *s, const char *value, struct err *err);

#endif
