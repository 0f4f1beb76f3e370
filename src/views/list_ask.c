/* Questions to lists: through the resolver, or at the servers of their zones. */
#include <string.h>

#include "base/arena.h"
#include "views/authority.h"
#include "views/list_priv.h"
#include "views/names.h"

enum { SERVERS_MAX = 2, SERVER_NAMES_MAX = 4 };

struct place {
	struct endpoint at;
	const char *name; /* of the server */
	bool second;      /* the IPv6 address of a server whose IPv4 address is the place before */
};

/* The servers of a list's zone, as far as they are known. */
struct servers {
	struct place list[2 * SERVER_NAMES_MAX];
	size_t n;
	bool complete;                    /* no further server will become known */
	bool with_private;                /* one has an address that must not be asked */
	const struct dns_answer *failure; /* why there is none */
};

static bool
is_direct(const struct target *t, const struct list *l)
{
	return t->policy->lists_direct && !t->policy->offline && *l->key == '\0';
}

/* A list may be a name in a zone, not a zone: then the denial says which (RFC 2308 3). */
static const char *
zone_of(const struct facts *f, const struct list *l)
{
	const struct dns_answer *ns = facts_dns(f, l->zone, DNS_NS);
	bool denied = ns->status == DNS_NODATA || ns->status == DNS_NXDOMAIN;
	if (denied && ns->soa_zone[0] != '\0' && name_is_under(l->zone, ns->soa_zone))
		return ns->soa_zone;
	return l->zone;
}

static struct name_set
server_names(const struct facts *f, const struct list *l, struct arena *a)
{
	struct name_set names = names_of_records(facts_dns(f, zone_of(f, l), DNS_NS), a);
	if (names.n > SERVER_NAMES_MAX)
		names.n = SERVER_NAMES_MAX;
	return names;
}

static void
want_servers(const struct target *t, struct facts *f, const struct list *l)
{
	struct arena a;
	facts_follow_dns(f, l->zone, DNS_NS);
	facts_follow_dns(f, zone_of(f, l), DNS_NS);
	arena_init(&a);
	struct name_set names = server_names(f, l, &a);
	for (size_t i = 0; i < names.n; i++) {
		facts_follow_dns(f, names.list[i], DNS_A);
		if (facts_dns(f, names.list[i], DNS_A)->status == DNS_NODATA)
			facts_follow_dns(f, names.list[i], DNS_AAAA);
		authority_want_way(t, f, names.list[i]);
	}
	arena_fini(&a);
}

static bool
is_awaited(const struct facts *f, const char *server, uint16_t type)
{
	return facts_find_dns(f, server, type) != NULL &&
	    facts_dns(f, server, type)->status == DNS_PENDING;
}

static void
add_places(const struct target *t, const struct facts *f, const char *server, struct servers *out)
{
	struct place *place = &out->list[out->n];
	bool by_ipv4 = authority_endpoint(t, f, server, 4, &place->at);
	if (by_ipv4) {
		place->name = server;
		place->second = false;
		place = &out->list[++out->n];
	}
	if (!authority_endpoint(t, f, server, 6, &place->at))
		return;
	place->name = server;
	place->second = by_ipv4;
	out->n++;
}

/* In the order of their names, and not before all before them are known: which servers are asked
 * must not depend on which answer comes first. */
static struct servers
find_servers(const struct target *t, const struct facts *f, const struct list *l)
{
	struct servers out = { .failure = facts_dns(f, zone_of(f, l), DNS_NS) };
	struct arena a;
	if (out.failure->status == DNS_PENDING)
		return out;
	out.complete = true;
	arena_init(&a);
	struct name_set names = server_names(f, l, &a);
	for (size_t i = 0; i < names.n && out.complete; i++) {
		const char *server = names.list[i];
		out.complete = facts_dns(f, server, DNS_A)->status != DNS_PENDING &&
		    !is_awaited(f, server, DNS_AAAA) && !authority_awaits_way(t, f, server);
		if (facts_dns(f, server, DNS_A)->status != DNS_PENDING)
			add_places(t, f, server, &out);
		out.with_private |= authority_private(t, f, server) != NULL;
	}
	if (!out.complete)
		out.failure = &dns_answer_pending;
	else if (dns_is_known(out.failure->status))
		out.failure = dns_answer_bare(out.with_private ? DNS_PRIVATE : DNS_SERVFAIL);
	arena_fini(&a);
	return out;
}

/* Is the place to be passed over, after that answer of the one before? */
static bool
is_needless(const struct place *place, const struct dns_answer *before)
{
	return place->second && before->status != DNS_NO_ROUTE;
}

/* Answered by a server that serves the zone? */
static bool
is_served(const struct dns_answer *answer)
{
	return dns_is_known(answer->status) && answer->referral[0] == '\0';
}

const struct dns_answer *
list_want(const struct target *t, struct facts *f, const struct list *l, const char *name,
    uint16_t type, enum facts_lead lead)
{
	if (!is_direct(t, l))
		return facts_spare_dns(f, NULL, name, type, lead);
	want_servers(t, f, l);
	struct servers servers = find_servers(t, f, l);
	const struct dns_answer *answer = &dns_answer_pending;
	for (size_t i = 0, n = 0; i < servers.n && n < SERVERS_MAX; i++) {
		const struct place *place = &servers.list[i];
		if (is_needless(place, answer))
			continue;
		/* a failure leads on, too: to the next server */
		answer = facts_spare_dns(f, &place->at, name, type, FACTS_LEAD);
		if (answer->status == DNS_PENDING || is_served(answer))
			break;
		n += answer->status != DNS_NO_ROUTE;
		if (answer->status == DNS_NO_ROUTE)
			facts_follow_dns(f, place->name, DNS_AAAA);
		if (is_awaited(f, place->name, DNS_AAAA))
			break;
	}
	return list_answer(t, f, l, name, type, NULL);
}

static const struct dns_answer *
find_answer(const struct facts *f, const struct endpoint *server, const char *name, uint16_t type,
    const struct fact **fact)
{
	const struct fact *found = facts_find_dns_at(f, server, name, type);
	if (fact != NULL)
		*fact = found;
	return found != NULL ? found->dns : &dns_answer_pending;
}

const struct dns_answer *
list_answer(const struct target *t, const struct facts *f, const struct list *l, const char *name,
    uint16_t type, const struct fact **fact)
{
	if (!is_direct(t, l))
		return find_answer(f, NULL, name, type, fact);
	struct servers servers = find_servers(t, f, l);
	const struct dns_answer *answer = servers.failure;
	if (fact != NULL)
		*fact = facts_find_dns(f, zone_of(f, l), DNS_NS);
	for (size_t i = 0, n = 0; i < servers.n && n < SERVERS_MAX; i++) {
		if (is_needless(&servers.list[i], answer))
			continue;
		answer = find_answer(f, &servers.list[i].at, name, type, fact);
		if (is_served(answer))
			return answer;
		n += answer->status != DNS_NO_ROUTE;
		/* a server that only points elsewhere does not say that the name does not exist */
		if (dns_is_known(answer->status))
			answer = dns_answer_bare(DNS_SERVFAIL);
	}
	return answer->status == DNS_NO_ROUTE && !servers.complete ? &dns_answer_pending : answer;
}
