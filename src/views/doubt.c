/* Which answers of a resolver are not taken for what receivers get. */
#include "views/doubt.h"

#include "base/name.h"

/*
 * TTLs that resolvers give to data of their own without AA: Knot Resolver's module hints, dnsdist's
 * SpoofAction(), and PowerDNS Recursor's export-etc-hosts, whose packet cache counts down for a while.
 */
enum { TTL_HINTS_S = 5, TTL_SPOOFED_S = 60, TTL_HOSTS_MIN_S = 82801, TTL_HOSTS_S = 86400 };

bool
target_faces_world(const struct target *t)
{
	if (ip_special(&t->ip) == NULL)
		return true;
	return t->policy->allow_special && !ip_is_inside(&t->ip);
}

bool
is_doubted(const struct target *t, const char *name, const struct dns_answer *answer)
{
	return dns_doubt(answer) != DNS_SURE && target_faces_world(t) &&
	    name_host_fault(name) != NAME_LOCALHOST;
}

static bool
is_from_inside(const struct dns_answer *heard)
{
	return heard->server.ip.family != 0 && ip_is_inside(&heard->server.ip);
}

static bool
has_ttl(const struct dns_answer *heard, uint32_t min_s, uint32_t max_s)
{
	for (size_t i = 0; i < heard->n_records; i++)
		if (heard->records[i].ttl_s < min_s || heard->records[i].ttl_s > max_s)
			return false;
	return heard->n_records > 0 && is_from_inside(heard);
}

/* Among many targets, only where the TTL is a sign. */
static bool
is_worth_a_question(const struct target *t, const struct dns_answer *heard)
{
	return !t->policy->many || has_ttl(heard, TTL_HINTS_S, TTL_HINTS_S) ||
	    has_ttl(heard, TTL_HOSTS_MIN_S, TTL_HOSTS_S);
}

bool
doubt_takes_soa(const struct target *t, const struct dns_answer *heard)
{
	return is_worth_a_question(t, heard) && !heard->planned && target_faces_world(t);
}

/*
 * Every name that exists is in a zone, and RFC 2308 3 has the SOA record name it.  Data of a resolver's own
 * are in none, or in one of their own.
 */
static bool
is_in_no_zone(const struct dns_answer *soa)
{
	if (soa->status == DNS_FOUND)
		return soa->records[0].primary != NULL &&
		    name_host_fault(soa->records[0].primary) == NAME_LOCALHOST;
	return soa->status == DNS_NXDOMAIN || soa->status == DNS_MALFORMED ||
	    (soa->status == DNS_NODATA && soa->soa_zone[0] == '\0');
}

bool
is_suspected(const struct target *t, const struct facts *f, const char *name,
    const struct dns_answer *heard)
{
	if (heard->status != DNS_FOUND || heard->planned || heard->checked)
		return false;
	/* the TTL comes first: among many answers it says most often that there is no sign */
	bool sign = has_ttl(heard, TTL_SPOOFED_S, TTL_SPOOFED_S) ||
	    (is_worth_a_question(t, heard) && is_in_no_zone(facts_dns(f, name, DNS_SOA)));
	return sign && target_faces_world(t);
}
