/* systemd-resolved: its stub answers from this machine's names, its upstreams do not. */
#include "dns/stub.h"

/* systemd-resolved.service(8): the second one resolves without local names, but still for its links. */
static bool
is_stub(const struct endpoint *e)
{
	static const char *const stubs[] = { "127.0.0.53", "127.0.0.54" };
	struct endpoint stub;
	for (size_t i = 0; i < sizeof stubs / sizeof stubs[0]; i++)
		if (endpoint_parse(stubs[i], 53, &stub) && endpoint_equal(e, &stub))
			return true;
	return false;
}

static size_t
add_new(struct endpoint *list, size_t n, size_t max, const struct endpoint *e)
{
	for (size_t i = 0; i < n; i++)
		if (endpoint_equal(&list[i], e))
			return n;
	if (n < max)
		list[n++] = *e;
	return n;
}

/* Those of the file that are not a stub again; none when it cannot be read. */
static size_t
read_upstreams(const char *path, struct endpoint out[DNS_UPSTREAMS_MAX])
{
	struct resolv_conf all;
	struct err err;
	size_t n = 0;
	if (dns_read_resolv_conf(path, &all, &err) != ERR_NONE)
		return 0;
	for (size_t i = 0; i < all.n; i++)
		if (!is_stub(&all.servers[i]))
			n = add_new(out, n, DNS_UPSTREAMS_MAX, &all.servers[i]);
	return n;
}

bool
dns_pass_by_resolved(const char *path, struct resolv_conf *conf)
{
	struct endpoint behind[DNS_UPSTREAMS_MAX];
	const struct resolv_conf old = *conf;
	size_t n_behind = 0;
	bool any = false;
	for (size_t i = 0; i < old.n; i++)
		any |= is_stub(&old.servers[i]);
	if (any)
		n_behind = read_upstreams(path, behind);
	if (n_behind == 0)
		return false;
	conf->n = 0;
	for (size_t i = 0; i < old.n; i++) {
		const struct endpoint *from = is_stub(&old.servers[i]) ? behind : &old.servers[i];
		size_t n_from = is_stub(&old.servers[i]) ? n_behind : 1;
		for (size_t j = 0; j < n_from; j++)
			conf->n = add_new(conf->servers, conf->n, DNS_UPSTREAMS_MAX, &from[j]);
	}
	return true;
}
