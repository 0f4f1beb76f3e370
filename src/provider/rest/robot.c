/*
 * Hetzner Robot, the API of dedicated servers: the address is the key, bodies are forms.  Source:
 * robot.hetzner.com/doc/webservice, and ansible-collections/community.hrobot (reverse_dns.py); the names of the
 * variables are those of hetznercloud/hcloud-cloud-controller-manager.
 */
#include "provider/rest/rest_priv.h"

#define ADDRESS "/rdns/{ip}"

static const struct rest_kind kinds[] = {
	{ .word = "rdns",
	    .title = "address",
	    .plural = "addresses",
	    .find = ADDRESS,
	    .address = "rdns.ip",
	    .get = ADDRESS,
	    .same = true,
	    .absent = "RDNS_NOT_FOUND",
	    .names = "rdns.ptr",
	    .all = "/rdns",
	    .all_list = "",
	    /* makes a record or changes it; PUT would only make one */
	    .set = { "POST", ADDRESS, "ptr={name}" },
	    .unset = { "DELETE", ADDRESS, NULL } },
};

static const char *const defaults[] = { "static.{reversed}.clients.your-server.de", NULL };

static const struct rest_api api = {
	.service = "robot",
	.base = "https://robot-ws.your-server.de",
	.version = "",
	.token_variables = { "ROBOT_PASSWORD" },
	.user_variables = { "ROBOT_USER" },
	.base_variables = { "ROBOT_ENDPOINT" },
	.header = "Authorization",
	.scheme = "Basic ",
	.account = "account",
	.rights = "a web service user, which Robot's settings make",
	.words = { "error.message", "error.code" },
	.busy = "RATE_LIMIT_EXCEEDED",
	.kinds = kinds,
	.n_kinds = sizeof kinds / sizeof kinds[0],
	.defaults = defaults,
};

static bool
configured(const struct provider_options *o)
{
	return rest_configured(&api, o);
}

const struct provider provider_robot = {
	.name = "robot",
	.title = "Hetzner Robot",
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
