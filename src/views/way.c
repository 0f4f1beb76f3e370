/* Where packets to an address that a stranger's record leads to would go. */
#include "views/way.h"

enum nat64_way
way_to(const struct target *t, const struct facts *f, const struct ip *ip)
{
	return t->policy->allow_special ? NAT64_OPEN :
					  nat64_way(facts_dns(f, nat64_discovery, DNS_AAAA), ip);
}

void
way_want(const struct target *t, struct facts *f, const struct ip *ip)
{
	if (way_to(t, f, ip) == NAT64_UNKNOWN)
		facts_follow_dns(f, nat64_discovery, DNS_AAAA);
}

bool
way_is_awaited(const struct facts *f)
{
	return facts_find_dns(f, nat64_discovery, DNS_AAAA) != NULL &&
	    facts_dns(f, nat64_discovery, DNS_AAAA)->status == DNS_PENDING;
}
