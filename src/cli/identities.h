/* The names that a server's mail bears, as the command line says them. */
#ifndef MAILREADY_CLI_IDENTITIES_H
#define MAILREADY_CLI_IDENTITIES_H

#include "base/err.h"
#include "gather/target.h"

struct settings;

/* Reads the message of --message and takes from it what the options do not say. */
enum err_code identities_read(struct settings *s, struct err *err) MUST_CHECK;

/* Puts them into the names of a target; nothing is copied. */
void identities_put(const struct settings *s, struct target_names *out);

#endif
