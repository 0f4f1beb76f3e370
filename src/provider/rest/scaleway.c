/*
 * Scaleway: the flexible IPv4 addresses of instances, zone by zone.  IPv6 is another API (IPAM), whose
 * write replaces the names of all addresses at once.  Source: scaleway/scaleway-sdk-go (api/instance/v1),
 * scaleway/terraform-provider-scaleway (10 minutes).
 */
#include "provider/rest/rest_priv.h"

#define ADDRESS "/instance/v1/zones/{area}/ips/{id}"

static const struct rest_kind kinds[] = {
	{ .word = "ips",
	    .title = "flexible IP",
	    .family = 4,
	    .find = "/instance/v1/zones/{area}/ips?per_page=100",
	    .list = "ips",
	    .id = "id",
	    .address = "address",
	    .get = ADDRESS,
	    .object = "ip",
	    .same = true,
	    .names = "reverse",
	    .all = "/instance/v1/zones/{area}/ips?per_page=100",
	    .all_list = "ips",
	    .set = { "PATCH", ADDRESS, "{\"reverse\":\"{name}\"}" },
	    .unset = { "PATCH", ADDRESS, "{\"reverse\":null}" } },
};

static const char *const zones[] = { "fr-par-1", "fr-par-2", "fr-par-3", "nl-ams-1", "nl-ams-2",
	"nl-ams-3", "pl-waw-1", "pl-waw-2", "pl-waw-3", "it-mil-1", NULL };

static const char *const defaults[] = { "{dashed}.instances.scw.cloud", NULL };

/* of scw; the profile "default" is what stands beside the profiles */
static const struct rest_file file = {
	.format = REST_YAML,
	.paths = { "@/scw/config.yaml" },
	.path_variable = "SCW_CONFIG_PATH",
	.choice = "profile",
	.choice_variable = "SCW_PROFILE",
	.current = "active_profile",
	.list = "profiles",
	.whole = "default",
	.token = "secret_key",
};

static const struct rest_api api = {
	.service = "scaleway",
	.base = "https://api.scaleway.com",
	.version = "",
	.token_variables = { "SCW_SECRET_KEY" },
	.file = &file,
	.base_variables = { "SCW_API_URL" },
	.header = "X-Auth-Token",
	.scheme = "",
	.account = "account",
	.rights = "the permission set InstancesFullAccess in the address's project",
	.words = { "fields.reverse.0", "details.0.help_message", "message" },
	.unseen = { "must resolve" },
	.unseen_s = 10 * 60,
	.page = "page",
	.page_size = 100,
	.areas = zones,
	.area_variable = "SCW_DEFAULT_ZONE",
	.kinds = kinds,
	.n_kinds = sizeof kinds / sizeof kinds[0],
	.defaults = defaults,
};

static bool
configured(const struct provider_options *o)
{
	return rest_configured(&api, o);
}

const struct provider provider_scaleway = {
	.name = "scaleway",
	.title = "Scaleway",
	.max_names = 1,
	.ip4 = true,
	.has_default = true,
	.rest = &api,
	.check = rest_check_one,
	.configured = configured,
	.open = rest_open,
	.close = rest_close,
	.find = rest_find,
	.get = rest_get,
	.list = rest_list,
	.put = rest_put,
};
