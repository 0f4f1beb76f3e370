/* What the servers of a zone say themselves: found, asked and compared. */
#include "views/authority.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/names.h"

/* The zone that holds a name, as far as the facts tell. */
struct zone {
	const char *name; /* "" while unknown */
	const char *mail; /* rname of its SOA; "" */
	const struct fact *fact;
};

bool
authority_may_ask(const struct target *t)
{
	const struct policy *p = t->policy;
	if (p->offline || p->authority == AUTHORITY_NEVER)
		return false;
	return p->allow_special || ip_special(&t->ip) == NULL;
}

/* RFC 1035 8: the first label of an SOA's rname is the user, dots in it are escaped. */
static const char *
mailbox_of(const char *rname, struct arena *a)
{
	size_t len = 0;
	while (rname[len] != '\0' && rname[len] != '.')
		len += rname[len] == '\\' && rname[len + 1] != '\0' ? 2 : 1;
	if (len == 0 || rname[len] == '\0')
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
	if (!dns_told(answer->status) || answer->soa_zone[0] == '\0')
		return false;
	if (!name_is_under(end, answer->soa_zone))
		return false;
	*out = (struct zone){ answer->soa_zone, answer->soa_mail, fact };
	return true;
}

static struct zone
find_zone(const struct facts *f, const char *name, uint16_t type)
{
	struct zone zone = { .name = "", .mail = "" };
	const struct dns_answer *answer = facts_dns(f, name, type);
	const char *end = dns_answer_end(answer, name);
	if (answer->status != DNS_FOUND &&
	    zone_from_denial(answer, end, facts_find_dns(f, name, type), &zone))
		return zone;

	const struct dns_answer *soa = facts_dns(f, end, DNS_SOA);
	const struct fact *fact = facts_find_dns(f, end, DNS_SOA);
	if (soa->status != DNS_FOUND) {
		zone.fact = fact;
		zone_from_denial(soa, end, fact, &zone);
		return zone;
	}
	const struct dns_record *record = &soa->records[0];
	return (struct zone){ record->owner, record->text, fact };
}

/*
 * One address a server, so that which ones are asked does not depend on which answer comes
 * first: the lowest A, and an AAAA only when it is certain that there is no A.
 */
bool
authority_endpoint(const struct target *t, const struct facts *f, const char *server,
    struct endpoint *out)
{
	const struct dns_answer *answer = facts_dns(f, server, DNS_A);
	if (answer->status == DNS_PENDING)
		return false;
	if (answer->status != DNS_FOUND)
		answer = facts_dns(f, server, DNS_AAAA);
	if (answer->status != DNS_FOUND)
		return false;
	const struct ip *lowest = &answer->records[0].ip;
	for (size_t i = 1; i < answer->n_records; i++)
		if (ip_compare(&answer->records[i].ip, lowest) < 0)
			lowest = &answer->records[i].ip;
	/* a zone's owner must not make us send to our own network */
	if (ip_special(lowest) != NULL && !t->policy->allow_special)
		return false;
	*out = (struct endpoint){ .ip = *lowest, .port = t->policy->authority_port };
	return true;
}

static struct name_set
server_names(const struct facts *f, const char *zone, struct arena *a)
{
	struct name_set names = names_of_records(facts_dns(f, zone, DNS_NS), a);
	if (names.n > AUTHORITY_SERVERS_MAX)
		names.n = AUTHORITY_SERVERS_MAX;
	return names;
}

void
authority_wants(const struct target *t, struct facts *f, const char *name, uint16_t type)
{
	const struct dns_answer *answer = facts_dns(f, name, type);
	/* a loop has no end to ask about, and a planned record no authority yet */
	if (answer->status == DNS_PENDING || answer->status == DNS_LOOP || answer->planned)
		return;
	const char *end = dns_answer_end(answer, name);
	struct zone zone = find_zone(f, name, type);
	if (zone.name[0] == '\0')
		facts_follow_dns(f, end, DNS_SOA);
	zone = find_zone(f, name, type);
	if (zone.name[0] == '\0')
		return;

	facts_follow_dns(f, zone.name, DNS_NS);
	struct name_set names = server_names(f, zone.name, f->arena);
	for (size_t i = 0; i < names.n; i++) {
		facts_follow_dns(f, names.list[i], DNS_A);
		facts_follow_dns(f, names.list[i], DNS_AAAA);
		struct endpoint server;
		if (authority_endpoint(t, f, names.list[i], &server))
			facts_follow_dns_at(f, &server, end, type);
	}
}

static enum authority_state
state_of(const struct dns_answer *answer)
{
	if (dns_told(answer->status))
		return answer->authoritative ? AUTHORITY_SERVER_TOLD : AUTHORITY_SERVER_LAME;
	/* RFC 1912 2.8: a server that is named for a zone and does not serve it */
	bool answered = answer->status == DNS_SERVFAIL || answer->status == DNS_REFUSED ||
	    answer->status == DNS_BADRCODE || answer->status == DNS_REFERRAL;
	return answered ? AUTHORITY_SERVER_LAME : AUTHORITY_SERVER_SILENT;
}

static void
view_server(const struct target *t, const struct facts *f, uint16_t type, struct arena *a,
    struct authority_view *out, struct authority_server *server)
{
	struct endpoint endpoint;
	server->answer = &dns_answer_pending;
	server->fact = facts_find_dns(f, server->name, DNS_A);
	if (authority_endpoint(t, f, server->name, &endpoint)) {
		server->answer = facts_dns_at(f, &endpoint, out->name, type);
		server->fact = facts_find_dns_at(f, &endpoint, out->name, type);
	}
	server->state = state_of(server->answer);
	out->n_in_state[server->state]++;
	if (server->state != AUTHORITY_SERVER_TOLD)
		return;
	if (out->word == AUTHORITY_UNKNOWN) {
		out->word = AUTHORITY_ONE;
		out->answer = server->answer;
	} else if (!authority_same_answer(out->answer, server->answer, a)) {
		out->word = AUTHORITY_SPLIT;
	}
}

void
authority_view(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    struct arena *a, struct authority_view *out)
{
	struct zone zone = find_zone(f, name, type);
	*out = (struct authority_view){
		.name = dns_answer_end(facts_dns(f, name, type), name),
		.zone = zone.name,
		.mailbox = mailbox_of(zone.mail, a),
		.zone_fact = zone.fact,
		.answer = &dns_answer_pending,
	};
	if (zone.name[0] == '\0')
		return;
	out->ns_fact = facts_find_dns(f, zone.name, DNS_NS);
	struct name_set names = server_names(f, zone.name, a);
	out->n_servers = names.n;
	for (size_t i = 0; i < names.n; i++) {
		out->servers[i].name = names.list[i];
		view_server(t, f, type, a, out, &out->servers[i]);
	}
}

bool
authority_same_answer(const struct dns_answer *x, const struct dns_answer *y, struct arena *a)
{
	/* whether a name without PTR exists at all depends on its neighbours, and matters to nobody */
	if (x->status != DNS_FOUND && y->status != DNS_FOUND)
		return dns_told(x->status) == dns_told(y->status);
	if (x->status != y->status)
		return false;
	struct name_set xs = names_of_records(x, a), ys = names_of_records(y, a);
	if (xs.n != ys.n)
		return false;
	for (size_t i = 0; i < xs.n; i++)
		if (strcmp(xs.list[i], ys.list[i]) != 0)
			return false;
	return true;
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
