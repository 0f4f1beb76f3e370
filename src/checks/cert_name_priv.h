/* Does a certificate stand for a host name?  RFC 6125 6.4; pure. */
#ifndef MAILREADY_CHECKS_CERT_NAME_PRIV_H
#define MAILREADY_CHECKS_CERT_NAME_PRIV_H

#include <stdbool.h>
#include <stddef.h>

/*
 * presented: a name of the certificate as it stands there, untrusted, any case.  name: the
 * internal form.  A wildcard counts as the whole first label only, stands for exactly one label,
 * and needs two labels below it (RFC 6125 6.4.3, 7.2).
 */
bool cert_name_matches(const char *presented, const char *name);

/* Does any of the presented names match any of the names? */
bool cert_names_match(const char *const *presented, size_t n_presented, const char *const *names,
    size_t n_names);

#endif
