#include "provider/provider_priv.h"

static bool
configured(const struct provider_options *o)
{
	return o->getenv("HUAWEICLOUD_SDK_AK") != NULL || o->getenv("HW_ACCESS_KEY") != NULL;
}

const struct provider provider_huawei = {
	.name = "huawei",
	.title = "Huawei Cloud",
	.max_names = PROVIDER_NAMES_MAX,
	.min_ttl_s = 1,
	.max_ttl_s = 2147483647,
	.default_ttl_s = 300,
	.ip4 = true,
	.configured = configured,
};
