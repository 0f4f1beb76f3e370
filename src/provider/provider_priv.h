/* The rows of the table of providers. */
#ifndef MAILREADY_PROVIDER_PROVIDER_PRIV_H
#define MAILREADY_PROVIDER_PROVIDER_PRIV_H

#include "provider/provider.h"

extern const struct provider provider_huawei;

#endif
