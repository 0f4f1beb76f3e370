/* What the servers of a zone say themselves: found, asked and compared. */
#include "views/authority.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/strset.h"
#include "views/authority_priv.h"
#include "views/doubt.h"

/* The zone that holds a name, as far as it is known. */
struct zone {
	const char *name; /* "" while unknown */
	const char *mail; /* rname of its SOA; "" */
	const struct fact *fact;
	bool own_data; /* the resolver has data of its own there, and leads to no zone */
};

bool
authority_may_ask(const struct target *t)
{
	const struct policy *p = t->policy;
	if (p->offline || p->authority == AUTHORITY_NEVER)
		return false;
	return p->allow_special || ip_special(&t->ip) == NULL;
}

/* Nobody's mail goes there: nobody.invalid says that there is no mailbox (RFC 2606 2). */
static bool
takes_no_mail(const char *domain, struct arena *a)
{
	enum name_fault fault = name_host_fault(arena_printf(a, "x.%s", domain));
	return fault == NAME_SPECIAL_TLD || fault == NAME_LOCALHOST;
}

/* RFC 1035 8: the first label of an SOA's rname is the user, dots in it are escaped. */
static const char *
mailbox_of(const char *rname, struct arena *a)
{
	size_t len = 0;
	while (rname[len] != '\0' && rname[len] != '.')
		len += rname[len] == '\\' && rname[len + 1] != '\0' ? 2 : 1;
	if (len == 0 || rname[len] == '\0' || takes_no_mail(rname + len + 1, a))
		return "";
	char *mailbox = arena_strdup(a, rname);
	mailbox[len] = '@';
	for (char *dot = strstr(mailbox, "\\."); dot != NULL && dot < mailbox + len;
	     dot = strstr(mailbox, "\\.")) {
		memmove(dot, dot + 1, strlen(dot));
		len--;
	}
	return mailbox;
}

/* A negative answer names the zone that gives it (RFC 2308 3), if it is one that may. */
static bool
zone_from_denial(const struct dns_answer *answer, const char *end, const struct fact *fact,
    struct zone *out)
{
	if (!dns_is_known(answer->status) || answer->soa_zone[0] == '\0')
		return false;
	if (!name_is_under(end, answer->soa_zone))
		return false;
	*out = (struct zone){ answer->soa_zone, answer->soa_mail, fact, false };
	return true;
}

static struct zone
zone_by_soa(const struct facts *f, const char *name)
{
	const struct dns_answer *soa = facts_dns(f, name, DNS_SOA);
	const struct fact *fact = facts_find_dns(f, name, DNS_SOA);
	struct zone zone = { .name = "", .mail = "", .fact = fact };
	if (soa->status != DNS_FOUND) {
		zone_from_denial(soa, name, fact, &zone);
		return zone;
	}
	const struct dns_record *record = &soa->records[0];
	return (struct zone){ record->owner, record->text, fact, false };
}

/* What the servers are asked about: a chain that the resolver made itself leads nowhere. */
static const char *
owner_of(const struct target *t, const struct dns_answer *answer, const char *name)
{
	return is_doubted(t, name, answer) ? name : dns_answer_end(answer, name);
}

/*
 * Where the resolver has data of its own, it does not say which zone holds the name; or it names one
 * that has no servers but itself.
 */
static bool
leads_nowhere(const struct facts *f, const char *name, const struct zone *zone)
{
	enum dns_status soa = facts_dns(f, name, DNS_SOA)->status;
	if (zone->name[0] == '\0')
		return dns_is_known(soa) || soa == DNS_MALFORMED;
	const struct dns_answer *ns = facts_dns(f, zone->name, DNS_NS);
	for (size_t i = 0; i < ns->n_records; i++)
		if (name_host_fault(ns->records[i].text) != NAME_LOCALHOST)
			return false;
	return dns_is_known(ns->status);
}

/* *asked: the name whose SOA names the zone, or will. */
static struct zone
find_zone(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    const char **asked)
{
	struct zone zone;
	const struct dns_answer *answer = facts_dns(f, name, type);
	const char *end = owner_of(t, answer, name);
	*asked = end;
	if (!is_doubted(t, name, answer) && answer->status != DNS_FOUND &&
	    zone_from_denial(answer, end, facts_find_dns(f, name, type), &zone))
		return zone;
	zone = zone_by_soa(f, end);
	while (leads_nowhere(f, *asked, &zone) && name_labels(*asked) > 2) {
		*asked = name_parent(*asked);
		zone = zone_by_soa(f, *asked);
		zone.own_data = true;
	}
	return zone;
}

/* Those that the zone itself names, and where all are asked, those that the zone above names, too. */
static struct name_set
servers_of(const struct facts *f, const char *zone, const struct delegation *above, struct arena *a)
{
	struct name_set own = names_of_records(facts_dns(f, zone, DNS_NS), a);
	struct name_set all = { .list = arena_array(a, own.n + above->names.n, sizeof *all.list) };
	for (size_t i = 0; i < own.n; i++)
		all.list[all.n++] = own.list[i];
	for (size_t i = 0; i < above->names.n; i++)
		all.list[all.n++] = above->names.list[i];
	all.n = strset_make(all.list, all.n);
	return all;
}

static bool
asks_above(const struct target *t)
{
	return t->policy->authority == AUTHORITY_ALWAYS;
}

void
authority_wants(const struct target *t, struct facts *f, const char *name, uint16_t type)
{
	const struct dns_answer *answer = facts_dns(f, name, type);
	/* a loop has no end to ask about, and a planned record no authority yet */
	if (answer->status == DNS_PENDING || answer->status == DNS_LOOP || answer->planned)
		return;
	const char *end = owner_of(t, answer, name), *asked;
	struct zone zone = find_zone(t, f, name, type, &asked);
	if (zone.name[0] == '\0')
		facts_follow_dns(f, asked, DNS_SOA);
	zone = find_zone(t, f, name, type, &asked);
	if (zone.name[0] == '\0')
		return;

	facts_follow_dns(f, zone.name, DNS_NS);
	struct delegation above = { .above = "" };
	if (asks_above(t)) {
		delegation_want(t, f, zone.name);
		delegation_view(t, f, zone.name, f->arena, &above);
	}
	struct authority_question q = { .target = t,
		.name = end,
		.type = type,
		.servers = servers_of(f, zone.name, &above, f->arena) };
	authority_want_servers(&q, f);
}

void
authority_view(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    struct arena *a, struct authority_view *out)
{
	const char *asked;
	struct zone zone = find_zone(t, f, name, type, &asked);
	*out = (struct authority_view){
		.name = owner_of(t, facts_dns(f, name, type), name),
		.zone = zone.name,
		.mailbox = mailbox_of(zone.mail, a),
		.zone_fact = zone.fact,
		.own_data = zone.own_data,
		.answer = &dns_answer_pending,
	};
	out->above.above = "";
	if (zone.name[0] == '\0')
		return;
	out->ns_fact = facts_find_dns(f, zone.name, DNS_NS);
	if (asks_above(t))
		delegation_view(t, f, zone.name, a, &out->above);
	struct authority_question q = { .target = t,
		.name = out->name,
		.type = type,
		.servers = servers_of(f, zone.name, &out->above, a) };
	authority_view_servers(&q, f, a, out);
}

uint32_t
cached_for_s(const struct dns_answer *answer)
{
	uint32_t longest = 0;
	if (answer->status != DNS_FOUND)
		return answer->soa_negative_ttl_s;
	for (size_t i = 0; i < answer->n_records; i++)
		if (answer->records[i].ttl_s > longest)
			longest = answer->records[i].ttl_s;
	return longest;
}
