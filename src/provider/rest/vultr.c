/*
 * Vultr: the main address of an instance, reserved IPs that are attached to one, and single addresses
 * of an instance's IPv6 network, which are written with all digits.  Source: vultr.com/api,
 * vultr/govultr (instance.go, reserved_ip.go).
 */
#include "provider/rest/rest_priv.h"

#define IPV4 "/v2/instances/{id}/ipv4"
#define IPV6 "/v2/instances/{id}/ipv6/reverse"
#define SET_IPV4 \
	{ \
		"POST", IPV4 "/reverse", "{\"ip\":\"{ip}\",\"reverse\":\"{name}\"}" \
	}
#define RESET_IPV4 \
	{ \
		"POST", IPV4 "/reverse/default", "{\"ip\":\"{ip}\"}" \
	}

static const struct rest_kind kinds[] = {
	{ .word = "instances",
	    .title = "instance",
	    .family = 4,
	    .find = "/v2/instances?per_page=500&main_ip={ip}",
	    .list = "instances",
	    .id = "id",
	    .address = "main_ip",
	    .get = IPV4 "?per_page=500",
	    .names = "ipv4s",
	    .entry_ip = "ip",
	    .entry_name = "reverse",
	    .set = SET_IPV4,
	    .unset = RESET_IPV4 },
	{ .word = "reserved",
	    .title = "instance with the reserved IP",
	    .plural = "instances with reserved IPs",
	    .family = 4,
	    .find = "/v2/reserved-ips?per_page=500",
	    .list = "reserved_ips",
	    .id = "instance_id",
	    .address = "subnet",
	    .get = IPV4 "?per_page=500",
	    .names = "ipv4s",
	    .entry_ip = "ip",
	    .entry_name = "reverse",
	    .set = SET_IPV4,
	    .unset = RESET_IPV4 },
	{ .word = "instances6",
	    .title = "instance",
	    .family = 6,
	    .find = "/v2/instances?per_page=500",
	    .list = "instances",
	    .id = "id",
	    .address = "v6_network",
	    .bits = "v6_network_size",
	    .get = IPV6,
	    .names = "reverse_ipv6s",
	    .entry_ip = "ip",
	    .entry_name = "reverse",
	    .set = { "POST", IPV6, "{\"ip\":\"{full}\",\"reverse\":\"{name}\"}" },
	    .unset = { "DELETE", IPV6 "/{full}", NULL } },
};

static const char *const defaults[] = { "{ip}.vultrusercontent.com", "{ip}.vultr.com", NULL };

/* of vultr-cli */
static const struct rest_file file = {
	.format = REST_YAML,
	.paths = { "@/vultr-cli.yaml", "~/.vultr-cli.yaml" },
	.token = "api-key",
};

static const struct rest_api api = {
	.service = "vultr",
	.base = "https://api.vultr.com",
	.version = "/v2",
	.token_variables = { "VULTR_API_KEY" },
	.file = &file,
	.base_variables = { "VULTR_API_URL" },
	.header = "Authorization",
	.scheme = "Bearer ",
	.account = "account",
	.rights = "this machine's address in the access control of the API key",
	.words = { "error" },
	.next = "meta.links.next",
	.page = "cursor",
	.kinds = kinds,
	.n_kinds = sizeof kinds / sizeof kinds[0],
	.defaults = defaults,
	.note = "Vultr publishes a PTR record only after 6 to 12 hours: prove it then with "
		"mailready wait",
};

static bool
configured(const struct provider_options *o)
{
	return rest_configured(&api, o);
}

const struct provider provider_vultr = {
	.name = "vultr",
	.title = "Vultr",
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
	.put = rest_put,
};
