/* What the servers of a zone say themselves: found, asked and compared. */
#include "views/authority.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/authority_priv.h"

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
	struct authority_question q = { .target = t,
		.name = end,
		.type = type,
		.servers = names_of_records(facts_dns(f, zone.name, DNS_NS), f->arena) };
	authority_want_servers(&q, f);
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
	struct authority_question q = { .target = t,
		.name = out->name,
		.type = type,
		.servers = names_of_records(facts_dns(f, zone.name, DNS_NS), a) };
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
