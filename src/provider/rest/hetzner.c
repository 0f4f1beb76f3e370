/*
 * Hetzner Cloud: an address is a primary IP, a floating IP, or that of a load balancer; servers have
 * addresses of their own where they are older than primary IPs.  Source: docs.hetzner.cloud, and
 * hetznercloud/hcloud-go (hcloud/schema).
 */
#include "provider/rest/rest_priv.h"

#define CHANGE(kind) \
	{ \
		"POST", "/v1/" kind "/{id}/actions/change_dns_ptr", \
		    "{\"ip\":\"{ip}\",\"dns_ptr\":\"{name}\"}" \
	}
#define RESET(kind) \
	{ \
		"POST", "/v1/" kind "/{id}/actions/change_dns_ptr", \
		    "{\"ip\":\"{ip}\",\"dns_ptr\":null}" \
	}

static const struct rest_kind kinds[] = {
	{ .word = "primary_ips",
	    .title = "primary IP",
	    .find = "/v1/primary_ips?ip={ip}",
	    .list = "primary_ips",
	    .id = "id",
	    .address = "ip",
	    .get = "/v1/primary_ips/{id}",
	    .object = "primary_ip",
	    .same = true,
	    .names = "dns_ptr",
	    .entry_ip = "ip",
	    .entry_name = "dns_ptr",
	    .all = "/v1/primary_ips?per_page=50",
	    .all_list = "primary_ips",
	    .set = CHANGE("primary_ips"),
	    .unset = RESET("primary_ips") },
	/* the filter knows whole networks by their first address alone */
	{ .word = "primary_networks",
	    .title = "primary IPv6 network",
	    .family = 6,
	    .find = "/v1/primary_ips?per_page=50",
	    .list = "primary_ips",
	    .id = "id",
	    .address = "ip",
	    .get = "/v1/primary_ips/{id}",
	    .object = "primary_ip",
	    .same = true,
	    .names = "dns_ptr",
	    .entry_ip = "ip",
	    .entry_name = "dns_ptr",
	    .set = CHANGE("primary_ips"),
	    .unset = RESET("primary_ips") },
	{ .word = "floating_ips",
	    .title = "floating IP",
	    .find = "/v1/floating_ips?per_page=50",
	    .list = "floating_ips",
	    .id = "id",
	    .address = "ip",
	    .get = "/v1/floating_ips/{id}",
	    .object = "floating_ip",
	    .same = true,
	    .names = "dns_ptr",
	    .entry_ip = "ip",
	    .entry_name = "dns_ptr",
	    .all = "/v1/floating_ips?per_page=50",
	    .all_list = "floating_ips",
	    .set = CHANGE("floating_ips"),
	    .unset = RESET("floating_ips") },
	{ .word = "servers",
	    .title = "server",
	    .family = 4,
	    .find = "/v1/servers?per_page=50",
	    .list = "servers",
	    .id = "id",
	    .address = "public_net.ipv4.ip",
	    .get = "/v1/servers/{id}",
	    .object = "server",
	    .same = true,
	    .names = "public_net.ipv4.dns_ptr",
	    .all = "/v1/servers?per_page=50",
	    .all_list = "servers",
	    .set = CHANGE("servers"),
	    .unset = RESET("servers") },
	{ .word = "servers6",
	    .title = "server",
	    .family = 6,
	    .find = "/v1/servers?per_page=50",
	    .list = "servers",
	    .id = "id",
	    .address = "public_net.ipv6.ip",
	    .get = "/v1/servers/{id}",
	    .object = "server",
	    .same = true,
	    .names = "public_net.ipv6.dns_ptr",
	    .entry_ip = "ip",
	    .entry_name = "dns_ptr",
	    .all = "/v1/servers?per_page=50",
	    .all_list = "servers",
	    .set = CHANGE("servers"),
	    .unset = RESET("servers") },
	{ .word = "load_balancers",
	    .title = "load balancer",
	    .family = 4,
	    .find = "/v1/load_balancers?per_page=50",
	    .list = "load_balancers",
	    .id = "id",
	    .address = "public_net.ipv4.ip",
	    .get = "/v1/load_balancers/{id}",
	    .object = "load_balancer",
	    .same = true,
	    .names = "public_net.ipv4.dns_ptr",
	    .all = "/v1/load_balancers?per_page=50",
	    .all_list = "load_balancers",
	    .set = CHANGE("load_balancers"),
	    .unset = RESET("load_balancers") },
	{ .word = "load_balancers6",
	    .title = "load balancer",
	    .family = 6,
	    .find = "/v1/load_balancers?per_page=50",
	    .list = "load_balancers",
	    .id = "id",
	    .address = "public_net.ipv6.ip",
	    .get = "/v1/load_balancers/{id}",
	    .object = "load_balancer",
	    .same = true,
	    .names = "public_net.ipv6.dns_ptr",
	    .all = "/v1/load_balancers?per_page=50",
	    .all_list = "load_balancers",
	    .set = CHANGE("load_balancers"),
	    .unset = RESET("load_balancers") },
};

static const char *const defaults[] = { "static.{reversed}.clients.your-server.de", NULL };

/* of the hcloud CLI */
static const struct rest_file file = {
	.format = REST_TOML,
	.paths = { "~/.config/hcloud/cli.toml" },
	.path_variable = "HCLOUD_CONFIG",
	.choice = "context",
	.choice_variable = "HCLOUD_CONTEXT",
	.current = "active_context",
	.current_section = "",
	.list = "[contexts",
	.token = "token",
};

static const struct rest_api api = {
	.service = "hetzner",
	.base = "https://api.hetzner.cloud",
	.version = "/v1",
	.token_variables = { "HCLOUD_TOKEN" },
	.file = &file,
	.base_variables = { "HCLOUD_ENDPOINT" },
	.header = "Authorization",
	.scheme = "Bearer ",
	.account = "project",
	.rights = "a token for reading and writing",
	.words = { "error.message", "error.code" },
	.next = "meta.pagination.next_page",
	.page = "page",
	.kinds = kinds,
	.n_kinds = sizeof kinds / sizeof kinds[0],
	.defaults = defaults,
	.action = "action.id",
	.action_path = "/v1/actions/{action}",
	.action_state = "action.status",
	.action_error = "action.error.message",
};

static bool
configured(const struct provider_options *o)
{
	return rest_configured(&api, o);
}

const struct provider provider_hetzner = {
	.name = "hetzner",
	.title = "Hetzner Cloud",
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
	.poll = rest_poll,
	.forward_get = hetzner_forward_get,
	.forward_put = hetzner_forward_put,
	.forward_poll = hetzner_forward_poll,
};
