/* A check without a target: of this machine. */
#ifndef MAILREADY_CLI_CHECK_HERE_H
#define MAILREADY_CLI_CHECK_HERE_H

#include "cli/settings.h"

/*
 * Makes targets of the addresses that this machine's mail leaves from, with the EHLO name of its mail server,
 * and says what was assumed.  *n_hidden: how many more there are whose public address is not known
 * here.  ERR_CONFIG: there is none to check.
 */
enum err_code check_here(struct settings *s, size_t *n_hidden, struct err *err) MUST_CHECK;

#endif
