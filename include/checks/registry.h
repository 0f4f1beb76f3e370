/* All checks, in the order of every report.  A new check is one file and one row here. */
#ifndef MAILREADY_CHECKS_REGISTRY_H
#define MAILREADY_CHECKS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "gather/check.h"

extern const struct check *const checks_all[];
extern const size_t checks_n;

/* NULL when there is none of that id. */
const struct check *check_by_id(const char *id);

/* Is it a rule of the check? */
bool check_has_rule(const struct check *c, const struct rule *rule);

extern const struct check check_address, check_ptr, check_iprev, check_generic_ptr, check_ehlo,
    check_dnsbl, check_smtp;

#endif
