/* Setters of the option table that are about checking, judging and showing. */
#ifndef MAILREADY_CLI_OPTIONS_CHECK_H
#define MAILREADY_CLI_OPTIONS_CHECK_H

#include "options.h"

enum err_code add_family4(struct settings *s, const char *value, struct err *err);
enum err_code add_family6(struct settings *s, const char *value, struct err *err);
enum err_code add_hostname(struct settings *s, const char *value, struct err *err);
enum err_code add_resolver(struct settings *s, const char *value, struct err *err);
enum err_code add_verbose(struct settings *s, const char *value, struct err *err);
enum err_code set_allow_special(struct settings *s, const char *value, struct err *err);
enum err_code set_authority(struct settings *s, const char *value, struct err *err);
enum err_code set_authority_port(struct settings *s, const char *value, struct err *err);
enum err_code set_color(struct settings *s, const char *value, struct err *err);
enum err_code set_domain(struct settings *s, const char *value, struct err *err);
enum err_code set_dump(struct settings *s, const char *value, struct err *err);
enum err_code set_fail_on(struct settings *s, const char *value, struct err *err);
enum err_code set_format(struct settings *s, const char *value, struct err *err);
enum err_code set_helo(struct settings *s, const char *value, struct err *err);
enum err_code set_help(struct settings *s, const char *value, struct err *err);
enum err_code set_input(struct settings *s, const char *value, struct err *err);
enum err_code set_json(struct settings *s, const char *value, struct err *err);
enum err_code set_no_smtp(struct settings *s, const char *value, struct err *err);
enum err_code set_offline(struct settings *s, const char *value, struct err *err);
enum err_code set_only(struct settings *s, const char *value, struct err *err);
enum err_code set_output(struct settings *s, const char *value, struct err *err);
enum err_code set_planned(struct settings *s, const char *value, struct err *err);
enum err_code set_quiet(struct settings *s, const char *value, struct err *err);
enum err_code set_skip(struct settings *s, const char *value, struct err *err);
enum err_code set_smtp_port(struct settings *s, const char *value, struct err *err);
enum err_code set_timeout(struct settings *s, const char *value, struct err *err);
enum err_code set_version(struct settings *s, const char *value, struct err *err);

#endif
