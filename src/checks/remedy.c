#include "checks/remedy_priv.h"

#include "base/arena.h"
#include "base/name.h"
#include "checks/authority.h"
#include "checks/ehlo_priv.h"
#include "checks/generic_priv.h"
#include "checks/names.h"
#include "checks/views.h"

static bool
is_worthy(const struct target *t, const char *name, struct arena *a)
{
	if (name_host_fault(name) != NAME_GOOD)
		return false;
	struct generic_name generic;
	generic_name_judge(t->policy->generic, &t->ip, name, false, a, &generic);
	return generic.class == GENERIC_OWN || generic.class == GENERIC_WEAK;
}

static bool
propose(const struct target *t, const char *name, const char *from, struct arena *a,
    struct proposal *out)
{
	if (name[0] == '\0' || !is_worthy(t, name, a))
		return false;
	*out = (struct proposal){ .name = name, .from = from };
	return true;
}

static bool
propose_ehlo(const struct target *t, const struct facts *f, struct arena *a, struct proposal *out)
{
	struct ehlo_view ehlo;
	struct ehlo_syntax syntax;
	ehlo_view(t, f, a, &ehlo);
	ehlo_parse(ehlo.name, &syntax);
	const char *from = ehlo.source == EHLO_GIVEN ? "the EHLO name" : "the name it greets with";
	return propose(t, arena_strdup(a, syntax.host), from, a, out);
}

static bool
propose_host(const struct target *t, struct arena *a, struct proposal *out)
{
	char host[NAME_TEXT_MAX];
	return name_from_user(t->host, host) &&
	    propose(t, arena_strdup(a, host), "the name that you check", a, out);
}

static bool
propose_confirmed(const struct target *t, const struct facts *f, struct arena *a,
    struct proposal *out)
{
	struct iprev_view iprev;
	iprev_view(t, f, a, &iprev);
	for (size_t i = 0; i < iprev.n_confirmed; i++)
		if (propose(t, iprev.confirmed[i], "a PTR name that is confirmed", a, out))
			return true;
	return false;
}

static bool
propose_domain(const struct target *t, struct arena *a, struct proposal *out)
{
	char domain[NAME_TEXT_MAX];
	if (t->domain[0] == '\0' || !name_from_user(t->domain, domain))
		return false;
	return propose(t, arena_printf(a, "mail.%s", domain), "", a, out);
}

void
proposal_make(const struct target *t, const struct facts *f, struct arena *a, struct proposal *out)
{
	*out = (struct proposal){ .name = "", .from = "" };
	if (propose_ehlo(t, f, a, out) || propose_host(t, a, out) ||
	    propose_confirmed(t, f, a, out) || propose_domain(t, a, out))
		out->resolves = dns_answer_has_ip(facts_dns(f, out->name, address_type(&t->ip)),
		    &t->ip);
}

const char *
remedy_publish(const struct target *t, const char *name, struct arena *a)
{
	return arena_printf(a, "Publish the record %s %s %s.", name_shown(name, a),
	    address_type_name(&t->ip), t->address);
}

const char *
remedy_untold(const struct dns_answer *answer, const char *otherwise, struct arena *a)
{
	if (answer->status == DNS_NOT_ASKED)
		return "Put the record into the planned file, or run without --offline.";
	return arena_printf(a, "Try again; if it stays so, %s.", otherwise);
}

static const char *
whom_to_ask(const struct target *t, const struct facts *f, struct arena *a)
{
	char reverse[IP_REVERSE_MAX];
	struct authority_view zone;
	ip_reverse_name(&t->ip, reverse);
	authority_view(t, f, reverse, DNS_PTR, a, &zone);
	if (zone.zone[0] == '\0')
		return "";
	const char *names[AUTHORITY_SERVERS_MAX] = { NULL };
	for (size_t i = 0; i < zone.n_servers; i++)
		names[i] = zone.servers[i].name;
	const char *record = name_equal(zone.name, reverse) ?
	    "" :
	    arena_printf(a, " The record belongs at %s.", zone.name);
	const char *servers = zone.n_servers == 0 ?
	    "" :
	    arena_printf(a, ", served by %s", names_shown(names, zone.n_servers, a));
	const char *contact = zone.mailbox[0] == '\0' ?
	    "" :
	    arena_printf(a, "; its contact is %s", zone.mailbox);
	return arena_printf(a, "%s The zone is %s%s%s.", record, zone.zone, servers, contact);
}

const char *
remedy_set_ptr(const struct target *t, const struct facts *f, struct arena *a)
{
	struct proposal p;
	proposal_make(t, f, a, &p);
	const char *name = p.name[0] == '\0' ? "a name of yours that resolves to the address" :
					       name_shown(p.name, a);
	const char *from = p.from[0] == '\0' ? "" : arena_printf(a, " (%s)", p.from);
	const char *first = p.name[0] == '\0' || p.resolves ?
	    "" :
	    arena_printf(a, " %s", remedy_publish(t, p.name, a));
	if (ip_special(&t->ip) != NULL && !t->policy->allow_special)
		return arena_printf(a,
		    "Set the PTR record of %s to %s%s in the reverse zone that your "
		    "own network keeps for this range.%s",
		    t->address, name, from, first);
	return arena_printf(a,
	    "Ask the holder of the address, usually the hosting or access provider, "
	    "to set the PTR record of %s to %s%s.%s%s",
	    t->address, name, from, whom_to_ask(t, f, a), first);
}
