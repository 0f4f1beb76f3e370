/* What the zone above says of a zone's servers: found by its SOA, then asked at one of its servers. */
#include "views/delegation.h"

#include "base/name.h"
#include "views/authority.h"

/* One referral is enough; a server that gives none must not cost much. */
enum { SERVERS_MAX = 3 };

/* The zone that holds the name above; "" while unknown, and for the root, which has no name here. */
static const char *
zone_above(const struct facts *f, const char *zone)
{
	const char *name = name_parent(zone);
	const struct dns_answer *soa = facts_dns(f, name, DNS_SOA);
	if (soa->status == DNS_FOUND)
		return soa->records[0].owner;
	return dns_is_known(soa->status) && name_is_under(name, soa->soa_zone) ? soa->soa_zone : "";
}

static struct name_set
servers_above(const struct facts *f, const char *above, struct arena *a)
{
	struct name_set set = names_of_records(facts_dns(f, above, DNS_NS), a);
	if (set.n > SERVERS_MAX)
		set.n = SERVERS_MAX;
	return set;
}

/*
 * The fact of the first server that said something; NULL while none has.  *next is then the address to ask
 * next, of family 0 without one.
 */
static const struct fact *
find_word(const struct target *t, const struct facts *f, const struct name_set *servers,
    const char *zone, struct endpoint *next)
{
	static const uint8_t families[] = { 4, 6 };
	next->ip.family = 0;
	for (size_t i = 0; i < servers->n * 2; i++) {
		struct endpoint e;
		/* which server is asked must not depend on when this answer comes */
		if (families[i % 2] == 6 && authority_awaits_way(t, f, servers->list[i / 2]))
			return NULL;
		if (!authority_endpoint(t, f, servers->list[i / 2], families[i % 2], &e))
			continue;
		const struct fact *fact = facts_find_dns_at(f, &e, zone, DNS_NS);
		if (fact == NULL)
			*next = e;
		if (fact == NULL || fact->dns->status == DNS_PENDING)
			return NULL;
		if (fact->dns->status == DNS_REFERRAL || dns_is_known(fact->dns->status))
			return fact;
	}
	return NULL;
}

void
delegation_want(const struct target *t, struct facts *f, const char *zone)
{
	struct endpoint next;
	if (name_labels(zone) < 2)
		return;
	facts_follow_dns(f, name_parent(zone), DNS_SOA);
	const char *above = zone_above(f, zone);
	if (above[0] == '\0')
		return;
	facts_follow_dns(f, above, DNS_NS);
	struct name_set servers = servers_above(f, above, f->arena);
	for (size_t i = 0; i < servers.n; i++) {
		facts_follow_dns(f, servers.list[i], DNS_A);
		facts_follow_dns(f, servers.list[i], DNS_AAAA);
		authority_want_way(t, f, servers.list[i]);
	}
	if (find_word(t, f, &servers, zone, &next) == NULL && next.ip.family != 0)
		facts_follow_dns_at(f, &next, zone, DNS_NS);
}

void
delegation_view(const struct target *t, const struct facts *f, const char *zone, struct arena *a,
    struct delegation *out)
{
	struct endpoint next;
	*out = (struct delegation){ .above = "" };
	if (name_labels(zone) < 2)
		return;
	out->above = zone_above(f, zone);
	if (out->above[0] == '\0')
		return;
	struct name_set servers = servers_above(f, out->above, a);
	const struct fact *fact = find_word(t, f, &servers, zone, &next);
	if (fact == NULL || fact->dns->status != DNS_REFERRAL)
		return;
	out->fact = fact;
	out->names = names_of_records(fact->dns, a);
}
