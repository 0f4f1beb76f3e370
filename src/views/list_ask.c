/* Questions to lists: through the resolver, or at the servers of their zones. */
#include <string.h>

#include "base/arena.h"
#include "views/authority.h"
#include "views/list_priv.h"
#include "views/names.h"

enum { SERVERS_MAX = 2, SERVER_NAMES_MAX = 4 };

/* The servers of a list's zone, as far as the facts tell. */
struct servers {
	struct endpoint list[SERVERS_MAX];
	size_t n;
	bool complete;                    /* no further server will become known */
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
want_servers(struct facts *f, const struct list *l)
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
	}
	arena_fini(&a);
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
	for (size_t i = 0; i < names.n && out.n < SERVERS_MAX && out.complete; i++) {
		out.complete = facts_dns(f, names.list[i], DNS_A)->status != DNS_PENDING;
		if (out.complete && authority_endpoint(t, f, names.list[i], &out.list[out.n]))
			out.n++;
	}
	if (!out.complete)
		out.failure = &dns_answer_pending;
	else if (dns_told(out.failure->status))
		out.failure = dns_answer_bare(DNS_SERVFAIL);
	arena_fini(&a);
	return out;
}

/* Answered by a server that serves the zone? */
static bool
is_served(const struct dns_answer *answer)
{
	return dns_told(answer->status) && answer->referral[0] == '\0';
}

const struct dns_answer *
list_want(const struct target *t, struct facts *f, const struct list *l, const char *name,
    uint16_t type, enum facts_lead lead)
{
	if (!is_direct(t, l))
		return facts_spare_dns(f, NULL, name, type, lead);
	want_servers(f, l);
	struct servers servers = find_servers(t, f, l);
	for (size_t i = 0; i < servers.n; i++) {
		/* a failure leads on, too: to the next server */
		const struct dns_answer *answer = facts_spare_dns(f, &servers.list[i], name, type,
		    FACTS_LEAD);
		if (answer->status == DNS_PENDING || is_served(answer))
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
	for (size_t i = 0; i < servers.n; i++) {
		answer = find_answer(f, &servers.list[i], name, type, fact);
		if (is_served(answer))
			return answer;
		/* a server that only points elsewhere has not told that the name does not exist */
		if (dns_told(answer->status))
			answer = dns_answer_bare(DNS_SERVFAIL);
	}
	return answer;
}
