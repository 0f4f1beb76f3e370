/* The form of credentials, from any source. */
#ifndef MAILREADY_PROVIDER_CREDS_CHECK_PRIV_H
#define MAILREADY_PROVIDER_CREDS_CHECK_PRIV_H

#include "provider/creds/creds_priv.h"

/* What each field is called where it comes from: a variable, a key of a file. */
struct creds_names {
	const char *of[CREDS_FIELDS];
};

/* ERR_CONFIG, by name, when a value cannot be what it is said to be. */
enum err_code creds_check_value(enum creds_field field, const char *name, const char *value,
    struct err *err) MUST_CHECK;

/* All values; finds the kind, too, and what is missing for it. */
enum err_code creds_check(struct creds *c, const struct creds_names *names,
    struct err *err) MUST_CHECK;

#endif
