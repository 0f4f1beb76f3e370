/* All checks, in the order of every report.  A new check is one file and one row here. */
#ifndef MAILREADY_CHECKS_REGISTRY_H
#define MAILREADY_CHECKS_REGISTRY_H

#include <stddef.h>

#include "gather/check.h"

extern const struct check *const checks_all[];
extern const size_t checks_n;

extern const struct check check_address, check_ptr, check_iprev, check_generic_ptr, check_ehlo,
    check_dnsbl, check_sender, check_spf, check_dkim, check_dmarc, check_smtp;

#endif
