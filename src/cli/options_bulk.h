/* Setters of the option table's rows that are about many addresses. */
#ifndef MAILREADY_CLI_OPTIONS_BULK_H
#define MAILREADY_CLI_OPTIONS_BULK_H

#include "options.h"

enum err_code set_huge(struct settings *s, const char *value, struct err *err);
enum err_code set_shard(struct settings *s, const char *value, struct err *err);
enum err_code set_qps(struct settings *s, const char *value, struct err *err);
enum err_code set_window(struct settings *s, const char *value, struct err *err);
enum err_code set_ordered(struct settings *s, const char *value, struct err *err);
enum err_code set_progress(struct settings *s, const char *value, struct err *err);
enum err_code set_summary(struct settings *s, const char *value, struct err *err);
enum err_code set_state(struct settings *s, const char *value, struct err *err);

#endif
