/*
 * Akamai (Linode): the address is the key.  The API looks the name up before it takes it.  Source:
 * techdocs.akamai.com/linode-api, linode/linodego, linode/terraform-provider-linode (15 minutes).
 */
#include "provider/rest/rest_priv.h"

#define ADDRESS "/v4/networking/ips/{ip}"

static const struct rest_kind kinds[] = {
	{ .word = "ips",
	    .title = "address",
	    .plural = "addresses",
	    .find = ADDRESS,
	    .address = "address",
	    .get = ADDRESS,
	    .same = true,
	    .names = "rdns",
	    .all = "/v4/networking/ips?page_size=500",
	    .all_list = "data",
	    .set = { "PUT", ADDRESS, "{\"rdns\":\"{name}\"}" },
	    .unset = { "PUT", ADDRESS, "{\"rdns\":null}" } },
};

static const char *const defaults[] = { "{dashed}.ip.linodeusercontent.com", NULL };

/* of linode-cli */
static const struct rest_file file = {
	.format = REST_INI,
	.paths = { "~/.linode-cli", "@/linode-cli" },
	.path_variable = "LINODE_CLI_CONFIG",
	.choice = "user",
	.current = "default-user",
	.current_section = "DEFAULT",
	.token = "token",
};

static const struct rest_api api = {
	.service = "linode",
	.base = "https://api.linode.com",
	.version = "/v4",
	.token_variables = { "LINODE_TOKEN", "LINODE_CLI_TOKEN" },
	.file = &file,
	.base_variables = { "LINODE_URL" },
	.header = "Authorization",
	.scheme = "Bearer ",
	.account = "account",
	.rights = "the scopes ips:read_write and linodes:read_write",
	.words = { "errors.0.reason" },
	.unseen = { "matching forward entry", "a lookup for" },
	.unseen_s = 15 * 60,
	.page = "page",
	.pages = "pages",
	.kinds = kinds,
	.n_kinds = sizeof kinds / sizeof kinds[0],
	.defaults = defaults,
};

static bool
configured(const struct provider_options *o)
{
	return rest_configured(&api, o);
}

const struct provider provider_linode = {
	.name = "linode",
	.title = "Akamai (Linode)",
	.max_names = 1,
	.ip4 = true,
	.ip6 = true,
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
