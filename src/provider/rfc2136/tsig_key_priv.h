/*
 * Files with one TSIG key, in the two forms that name servers' own tools write: BIND's
 * key "name" { algorithm ...; secret "..."; }; and Knot's list under "key:".
 */
#ifndef MAILREADY_PROVIDER_RFC2136_TSIG_KEY_PRIV_H
#define MAILREADY_PROVIDER_RFC2136_TSIG_KEY_PRIV_H

#include <stddef.h>

#include "base/err.h"
#include "dns/tsig.h"

/*
 * name is the file's, for errors, which read "NAME:LINE: text" and never quote the content.
 * ERR_CONFIG: wrong syntax, no or more than one key, an algorithm or secret that is not usable.
 */
enum err_code tsig_key_parse(const char *name, const char *text, size_t len, struct tsig_key *out,
    struct err *err) MUST_CHECK;

#endif
