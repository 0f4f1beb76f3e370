/* The table of providers. */
#include <string.h>

#include "provider/provider_priv.h"

/* In the order in which they are tried when nobody names one. */
const struct provider *const providers_all[] = {
	&provider_huawei,
	&provider_openstack,
	&provider_hetzner,
	&provider_robot,
	&provider_aws,
	&provider_ovh,
	&provider_linode,
	&provider_vultr,
	&provider_scaleway,
	&provider_powerdns,
	&provider_rfc2136,
	&provider_program,
};
const size_t providers_n = sizeof providers_all / sizeof providers_all[0];

const struct provider *
provider_by_name(const char *name)
{
	for (size_t i = 0; i < providers_n; i++)
		if (strcmp(providers_all[i]->name, name) == 0)
			return providers_all[i];
	return NULL;
}
