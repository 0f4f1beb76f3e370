/* The options that need a function of their own; option_row.set says how they are called. */
#ifndef MAILREADY_CLI_OPTION_FUNCTIONS_H
#define MAILREADY_CLI_OPTION_FUNCTIONS_H

#include "cli/settings.h"

typedef enum err_code option_fn(struct settings *s, const char *value, struct err *err);

option_fn set_helo, set_domain, set_ip, set_mx, set_listen_address, set_mail_from, set_from,
    add_dkim, set_origin, set_input, set_shard, set_timeout, set_ehlo_as, add_resolver, add_lists,
    mark_only, mark_skip, set_format, set_json, set_provider, set_description, add_tag,
    add_endpoint, add_address, set_ttl, set_warning, set_critical;

#endif
