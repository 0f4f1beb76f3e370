/* The setters of fix and its companions, for the one table of options. */
#ifndef MAILREADY_CLI_OPTIONS_FIX_PRIV_H
#define MAILREADY_CLI_OPTIONS_FIX_PRIV_H

#include "options.h"

typedef enum err_code option_set_fn(struct settings *s, const char *value, struct err *err);

option_set_fn add_name, add_tag, add_endpoint, set_apply, set_yes, set_no_wait, set_fix_timeout,
    set_replace, set_with_forward, set_force_order, set_ttl, set_description, set_plan_out,
    set_plan_in, set_resume, set_journal, set_provider, set_region, set_project, set_cloud,
    set_ca_file;

#endif
