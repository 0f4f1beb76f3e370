/* At which addresses a server is asked: not where a stranger's record leads into our own network. */
#include "base/arena.h"
#include "views/authority_priv.h"

bool
authority_may_send(const struct target *t, const struct facts *f, const struct ip *ip)
{
	return way_to(t, f, ip) == NAT64_OPEN;
}

/* The lowest, so that which one is asked does not depend on the order of an answer. */
bool
authority_endpoint(const struct target *t, const struct facts *f, const char *server,
    uint8_t family, struct endpoint *out)
{
	const struct dns_answer *answer = facts_dns(f, server, family == 4 ? DNS_A : DNS_AAAA);
	const struct ip *lowest = NULL;
	for (size_t i = 0; i < answer->n_records; i++) {
		const struct ip *ip = &answer->records[i].ip;
		if (authority_may_send(t, f, ip) && (lowest == NULL || ip_compare(ip, lowest) < 0))
			lowest = ip;
	}
	if (lowest == NULL)
		return false;
	*out = (struct endpoint){ .ip = *lowest, .port = t->policy->authority_port };
	return true;
}

const struct ip *
authority_on_way(const struct target *t, const struct facts *f, const char *server,
    enum nat64_way way)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };
	for (size_t i = 0; i < 2; i++) {
		const struct dns_answer *answer = facts_dns(f, server, types[i]);
		for (size_t k = 0; k < answer->n_records; k++)
			if (way_to(t, f, &answer->records[k].ip) == way)
				return &answer->records[k].ip;
	}
	return NULL;
}

const struct ip *
authority_private(const struct target *t, const struct facts *f, const char *server)
{
	return authority_on_way(t, f, server, NAT64_INSIDE);
}

void
authority_want_way(const struct target *t, struct facts *f, const char *server)
{
	const struct ip *ip = authority_on_way(t, f, server, NAT64_UNKNOWN);
	if (ip != NULL)
		way_want(t, f, ip);
}

bool
authority_awaits_way(const struct target *t, const struct facts *f, const char *server)
{
	return way_is_awaited(f) && authority_on_way(t, f, server, NAT64_UNKNOWN) != NULL;
}

const char *
authority_kept(const struct authority_server *server, struct arena *a)
{
	char ip[IP_TEXT_MAX], text[IP_TEXT_MAX];
	const struct ip_range *range = ip_special(&server->ip);
	struct ip inner;
	ip_format(&server->ip, ip);
	if (range != NULL)
		return arena_printf(a, "%s is a special-use address (%s) and is not asked", ip,
		    range->name);
	if (nat64_translated_from(server->answer, &server->ip, &inner))
		return arena_printf(a,
		    "%s leads to %s in this network (NAT64), a special-use address, and is not "
		    "asked",
		    ip, ip_format(&inner, text));
	return arena_printf(a,
	    "%s is not asked: it is unknown whether it leads into this network, because %s could "
	    "not be looked up: %s",
	    ip, nat64_discovery, dns_answer_reason(server->answer, a));
}
