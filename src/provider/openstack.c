#include "provider/provider_priv.h"

static bool
configured(const struct provider_options *o)
{
	return o->getenv("OS_CLOUD") != NULL || o->getenv("OS_AUTH_URL") != NULL;
}

const struct provider provider_openstack = { .name = "openstack",
	.title = "OpenStack",
	.max_names = 1,
	.min_ttl_s = 1,
	.max_ttl_s = 2147483647,
	.default_ttl_s = 3600,
	.ip4 = true,
	.configured = configured };
