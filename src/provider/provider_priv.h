/* The rows of the table of providers. */
#ifndef MAILREADY_PROVIDER_PROVIDER_PRIV_H
#define MAILREADY_PROVIDER_PROVIDER_PRIV_H

#include "provider/provider.h"

extern const struct provider provider_huawei, provider_openstack, provider_rfc2136;

/* Adds a sentence to the session's warnings, once. */
void provider_warn(struct provider_session *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
