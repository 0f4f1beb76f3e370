/* What the servers of the reverse zone say themselves, beside what the resolver says. */
#include "base/arena.h"
#include "base/name.h"
#include "base/strset.h"
#include "checks/ptr_rules_priv.h"
#include "checks/remedy_priv.h"
#include "views/authority.h"
#include "views/iprev.h"
#include "views/names.h"
#include "views/world.h"

/* A name of no use is often one that the resolver alone knows: "vm7.local". */
static bool
is_faulty(const struct ptr_view *view)
{
	for (size_t i = 0; i < view->n_names; i++)
		if (name_host_fault(view->names[i]) == NAME_GOOD)
			return false;
	return true;
}

static bool
asks_authority(struct understanding *k)
{
	const struct target *t = k->target;
	const struct ptr_view *view = known_ptr(k);
	enum dns_status status = view->answer->status;
	if (!authority_may_ask(t) || status == DNS_PENDING || status == DNS_LOOP ||
	    view->answer->planned)
		return false;
	if (t->policy->authority == AUTHORITY_ALWAYS || view->status != PTR_FOUND)
		return true;
	return is_faulty(view) || iprev_is_settled_unconfirmed(k);
}

void
ptr_authority_wants(const struct target *t, struct facts *f, struct understanding *k)
{
	if (!asks_authority(k))
		return;
	authority_wants(t, f, world_owner(t, f, known_ptr(k)->reverse_name, DNS_PTR), DNS_PTR);
	const struct ptr_next *next = known_next(k);
	if (next->differs && next->n_names <= IPREV_NAMES_FEW)
		iprev_want_names(t, f, next->names, next->n_names);
}

/* The answers that an authority finding rests on. */
static void
add_evidence(const struct ptr_view *view, const struct authority_view *zone, struct findings *out,
    struct finding *finding)
{
	finding_evidence(out, finding, view->fact);
	finding_evidence(out, finding, zone->zone_fact);
	finding_evidence(out, finding, zone->ns_fact);
	for (size_t i = 0; i < zone->n_servers; i++)
		finding_evidence(out, finding, zone->servers[i].fact);
}

static const char *
servers_in_state(const struct authority_view *zone, enum authority_state state, struct arena *a)
{
	const char **shown = arena_array(a, zone->n_servers + 1, sizeof *shown);
	size_t n = 0;
	for (size_t i = 0; i < zone->n_servers; i++)
		if (zone->servers[i].state == state)
			shown[n++] = zone->servers[i].shown;
	return names_shown(shown, n, a);
}

/* "; no answer from ns2.example"; "" when none is in that state. */
static const char *
clause(const struct authority_view *zone, enum authority_state state, const char *words,
    struct arena *a)
{
	if (zone->n_in_state[state] == 0)
		return "";
	return arena_printf(a, "; %s %s", words, servers_in_state(zone, state, a));
}

static struct finding *
judge_zone(const struct target *t, const struct authority_view *zone, struct findings *out)
{
	struct arena *a = out->arena;
	if (zone->zone[0] == '\0')
		return finding_add(out, &ptr_rules[RULE_AUTHORITY_UNKNOWN], VERDICT_TEMPERROR,
		    t->address, "the zone of %s is unknown", zone->name);
	const char *silent = zone->word == AUTHORITY_UNKNOWN ?
	    "" :
	    clause(zone, AUTHORITY_SILENT, "no answer from", a);
	const char *contact = zone->mailbox[0] == '\0' ?
	    "" :
	    arena_printf(a, "; its contact is %s", zone->mailbox);
	const char *left_out = zone->n_left_out == 0 ?
	    "" :
	    arena_printf(a, "; not asked, because there are so many: %s",
		authority_left_out(zone, a));
	return finding_add(out, &ptr_rules[RULE_AUTHORITY], VERDICT_INFO, zone->zone,
	    "the zone %s is served by %s%s%s%s%s%s", zone->zone,
	    zone->n_names == 0 ? "unknown name servers" :
				 names_shown(zone->names, zone->n_names, a),
	    contact, silent, clause(zone, AUTHORITY_AWAY, "not reachable from this machine:", a),
	    clause(zone, AUTHORITY_PRIVATE,
		"not asked, because its address is not known to be public:", a),
	    left_out);
}

/* Can any server still be one that serves the zone? */
static bool
is_hopeless(const struct authority_view *zone)
{
	return zone->n_servers > 0 &&
	    zone->n_in_state[AUTHORITY_LAME] + zone->n_in_state[AUTHORITY_GONE] == zone->n_servers;
}

static struct finding *
judge_unknown(const struct authority_view *zone, struct findings *out)
{
	if (zone->zone[0] == '\0' || zone->word != AUTHORITY_UNKNOWN || is_hopeless(zone))
		return NULL;
	if (zone->n_servers > 0 && zone->n_in_state[AUTHORITY_AWAY] == zone->n_servers)
		return finding_add(out, &ptr_rules[RULE_AUTHORITY_UNKNOWN], VERDICT_TEMPERROR,
		    zone->zone, "this machine has no route to any name server of %s", zone->zone);
	return finding_add(out, &ptr_rules[RULE_AUTHORITY_UNKNOWN], VERDICT_TEMPERROR, zone->zone,
	    "the answers of the name servers of %s are unknown", zone->zone);
}

/* How many of the names have an address in that state. */
static size_t
count_names(const struct authority_view *zone, enum authority_state state)
{
	const char *last = NULL;
	size_t n = 0;
	for (size_t i = 0; i < zone->n_servers; i++) {
		const struct authority_server *s = &zone->servers[i];
		if (s->state != state || s->name == last)
			continue;
		last = s->name;
		n++;
	}
	return n;
}

static const char *
write_to(const struct authority_view *zone, struct arena *a)
{
	return zone->mailbox[0] == '\0' ? "" : arena_printf(a, "; write to %s", zone->mailbox);
}

static struct finding *
judge_lame(const struct authority_view *zone, struct findings *out)
{
	size_t n = count_names(zone, AUTHORITY_LAME);
	if (n == 0)
		return NULL;
	const char *lame = servers_in_state(zone, AUTHORITY_LAME, out->arena);
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_LAME], VERDICT_WARN,
	    zone->zone, "%zu of %zu name servers of %s do not serve it: %s", n, zone->n_names,
	    zone->zone, lame);
	finding_remedy(out, f,
	    "The holder of %s must make %s serve the zone, or remove the NS records%s.", zone->zone,
	    lame, write_to(zone, out->arena));
	return f;
}

static struct finding *
judge_gone(const struct authority_view *zone, struct findings *out)
{
	struct arena *a = out->arena;
	if (zone->n_in_state[AUTHORITY_GONE] == 0)
		return NULL;
	const char *text = "";
	for (size_t i = 0; i < zone->n_servers; i++) {
		const struct authority_server *s = &zone->servers[i];
		if (s->state == AUTHORITY_GONE)
			text = arena_printf(a, "%s%s%s: %s", text, text[0] == '\0' ? "" : "; ",
			    s->shown, authority_reason(s, a));
	}
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_GONE], VERDICT_WARN,
	    zone->zone, "%zu of %zu name servers of %s cannot be found: %s",
	    zone->n_in_state[AUTHORITY_GONE], zone->n_names, zone->zone, text);
	finding_remedy(out, f,
	    "The holder of %s must publish an address of %s, or remove the NS records%s.",
	    zone->zone, servers_in_state(zone, AUTHORITY_GONE, a), write_to(zone, a));
	return f;
}

/* The machine reaches this family, and the server at another address: this one is at fault. */
static struct finding *
judge_silent(const struct authority_view *zone, struct findings *out)
{
	struct arena *a = out->arena;
	const char **shown = arena_array(a, zone->n_servers + 1, sizeof *shown);
	size_t n = 0;
	for (size_t i = 0; i < zone->n_servers; i++)
		if (zone->servers[i].elsewhere)
			shown[n++] = zone->servers[i].shown;
	if (n == 0)
		return NULL;
	const char *where = names_shown(shown, n, a);
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_SILENT], VERDICT_WARN,
	    zone->zone, "name servers of %s do not answer at one address, and do at another: %s",
	    zone->zone, where);
	finding_remedy(out, f,
	    "The holder of %s must make it answer there, or remove the address: %s%s.", zone->zone,
	    where, write_to(zone, a));
	return f;
}

/* Servers that serve the zone are no fault, whoever names them; those that do not are judged as lame. */
static struct finding *
judge_delegation(const struct authority_view *zone, struct findings *out)
{
	struct arena *a = out->arena;
	const struct delegation *above = &zone->above;
	if (above->names.n == 0 || zone->ns_fact == NULL || zone->ns_fact->dns->status != DNS_FOUND)
		return NULL;
	struct name_set own = names_of_records(zone->ns_fact->dns, a);
	if (strset_equal(own.list, own.n, above->names.list, above->names.n))
		return NULL;
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_DELEGATION], VERDICT_INFO,
	    zone->zone, "%s delegates %s to %s; the zone itself names %s", above->above, zone->zone,
	    names_shown(above->names.list, above->names.n, a), names_shown(own.list, own.n, a));
	finding_evidence(out, f, above->fact);
	return f;
}

static struct finding *
judge_ipv6_alone(const struct authority_view *zone, struct findings *out)
{
	if (!zone->ipv6_alone)
		return NULL;
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_IPV6_ALONE], VERDICT_WARN,
	    zone->zone, "none of the name servers of %s can be asked over IPv4", zone->zone);
	finding_remedy(out, f,
	    "The holder of %s must give at least one of its name servers an IPv4 address%s.",
	    zone->zone, write_to(zone, out->arena));
	return f;
}

static struct finding *
judge_split(struct understanding *k, struct findings *out)
{
	const struct authority_view *zone = known_authority(k);
	if (zone->word != AUTHORITY_SPLIT)
		return NULL;
	struct arena *a = out->arena;
	const char *text = "";
	for (size_t i = 0; i < zone->n_servers; i++) {
		const struct authority_server *s = &zone->servers[i];
		if (s->state == AUTHORITY_ANSWERED)
			text = arena_printf(a, "%s%s%s says %s", text, text[0] == '\0' ? "" : "; ",
			    s->shown, ptr_answer_shown(s->answer, a));
	}
	struct finding *split = finding_add(out, &ptr_rules[RULE_AUTHORITY_SPLIT], VERDICT_WARN,
	    zone->name, "the name servers of %s contradict each other: %s", zone->zone, text);
	finding_remedy(out, split, "%s", remedy_ptr(k));
	return split;
}

/* The state once the resolver's answer has expired, as the end of a sentence. */
static const char *
outlook(struct understanding *k, const struct ptr_next *next)
{
	const char *each = iprev_explain_names(k, next->names, next->n_names);
	const struct iprev_view *iprev = &next->iprev;
	if (next->n_names == 0)
		return "";
	if (iprev->result == IPREV_PASS)
		return arena_printf(k->arena, "; %s",
		    iprev_explain_names(k, iprev->confirmed, iprev->n_confirmed));
	return iprev->result == IPREV_FAIL ?
	    arena_printf(k->arena, "; in at most %s no PTR name leads back to %s: %s", next->wait,
		k->target->address, each) :
	    arena_printf(k->arena, "; it is unknown whether it leads back (%s)", each);
}

/* max-records-per-type of BIND since 9.18.28: beyond it, it answers SERVFAIL. */
enum { BIND_RECORDS_MAX = 100 };

/* Why the resolver has no answer where the zone's servers have one, and what to do. */
static const char *
remedy_unheard(const struct dns_answer *heard, const struct dns_answer *own, struct arena *a)
{
	if (own->n_records > BIND_RECORDS_MAX)
		return arena_printf(a,
		    "Keep one PTR record of the %zu: BIND, which many receivers use, answers "
		    "SERVFAIL where a name has more than %d records of a type.",
		    own->n_records, BIND_RECORDS_MAX);
	if (dns_is_bogus(heard))
		return remedy_unknown(heard, "", a);
	return "Find out why the resolver does not reach them, or rejects their answer (DNSSEC); "
	       "other resolvers may do the same.";
}

static struct finding *
judge_unheard(const struct dns_answer *heard, const struct authority_view *zone,
    struct findings *out)
{
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_DIFFERS], VERDICT_WARN,
	    zone->name, "the name servers of %s say %s, but the resolver has no answer", zone->zone,
	    ptr_answer_shown(zone->answer, out->arena));
	finding_remedy(out, f, "%s", remedy_unheard(heard, zone->answer, out->arena));
	return f;
}

static struct finding *
judge_difference(struct understanding *k, struct findings *out)
{
	struct arena *a = out->arena;
	const struct authority_view *zone = known_authority(k);
	const struct dns_answer *heard = known_ptr(k)->answer;
	const struct ptr_next *next = known_next(k);
	if (zone->word != AUTHORITY_ONE)
		return NULL;
	if (!dns_is_known(heard->status))
		return judge_unheard(heard, zone, out);
	if (!next->differs)
		return NULL;
	struct finding *differs = finding_add(out, &ptr_rules[RULE_AUTHORITY_DIFFERS], VERDICT_WARN,
	    zone->name, "the authority already says %s; the resolver still says %s%s",
	    ptr_answer_shown(zone->answer, a), ptr_answer_shown(heard, a), outlook(k, next));
	finding_remedy(out, differs, "%s", remedy_ptr(k));
	for (size_t i = 0; i < next->n_names && i < IPREV_NAMES_FEW; i++)
		finding_evidence(out, differs,
		    facts_find_dns(k->facts, next->names[i], address_type(&k->target->ip)));
	return differs;
}

void
ptr_authority_judge(struct understanding *k, struct findings *out)
{
	if (!asks_authority(k))
		return;
	const struct authority_view *zone = known_authority(k);
	struct finding *made[] = {
		judge_difference(k, out),
		judge_split(k, out),
		judge_ipv6_alone(zone, out),
		judge_lame(zone, out),
		judge_gone(zone, out),
		judge_silent(zone, out),
		judge_delegation(zone, out),
		judge_unknown(zone, out),
		judge_zone(k->target, zone, out),
	};
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
		if (made[i] != NULL)
			add_evidence(known_ptr(k), zone, out, made[i]);
}
