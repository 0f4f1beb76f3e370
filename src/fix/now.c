/* What DNS says now of an address and its names: the authority first, then the resolver. */
#include "fix/now.h"

#include "base/arena.h"
#include "base/name.h"
#include "base/safe.h"
#include "views/names.h"
#include "views/world.h"

static void
wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	world_follow(t, f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	for (size_t i = 0; i < t->names.n_wanted; i++)
		world_follow(t, f, t->names.wanted[i], address_type(&t->ip));
	if (!authority_may_ask(t))
		return;
	authority_wants(t, f, world_owner(t, f, reverse, DNS_PTR), DNS_PTR);
	for (size_t i = 0; i < t->names.n_wanted; i++) {
		uint16_t type = address_type(&t->ip);
		authority_wants(t, f, world_owner(t, f, t->names.wanted[i], type), type);
	}
}

static void
judge(struct understanding *k, struct findings *out)
{
	(void)k, (void)out;
}

const struct check fix_wants = { .id = "fix",
	.title = "",
	.spec = "",
	.wants = wants,
	.judge = judge };

static const struct dns_answer *
first_hand(const struct authority_view *zone, const struct dns_answer *heard)
{
	return zone->word == AUTHORITY_UNKNOWN ? heard : zone->answer;
}

void
ptr_now(struct understanding *k, struct ptr_now *out)
{
	*out = (struct ptr_now){ .zone = known_authority(k) };
	const struct dns_answer *answer = first_hand(out->zone, known_ptr(k)->answer);
	out->known = dns_is_known(answer->status);
	out->split = out->zone->word == AUTHORITY_SPLIT;
	out->cached_s = cached_for_s(answer);
	if (answer->status != DNS_FOUND)
		return;
	struct name_set names = names_of_records(answer, k->arena);
	out->names = names.list;
	out->n_names = names.n;
}

static bool
shows(const struct authority_server *server, const struct ip *ip)
{
	return server->state == AUTHORITY_ANSWERED && dns_answer_has_ip(server->answer, ip);
}

static enum forward_state
state_by_authority(const struct authority_view *zone, const struct ip *ip)
{
	size_t n = 0;
	for (size_t i = 0; i < zone->n_servers; i++)
		n += shows(&zone->servers[i], ip);
	if (n == 0)
		return FORWARD_MISSING;
	return n == zone->n_in_state[AUTHORITY_ANSWERED] ? FORWARD_GOOD : FORWARD_LATE;
}

void
forward_now(const struct target *t, const struct facts *f, const char *name, struct arena *a,
    struct forward_now *out)
{
	uint16_t type = address_type(&t->ip);
	const struct dns_answer *heard = world_dns(t, f, name, type);
	*out = (struct forward_now){ .answer = heard, .alias = heard->n_chain > 0 };
	authority_view(t, f, world_owner(t, f, name, type), type, a, &out->zone);
	if (out->zone.word != AUTHORITY_UNKNOWN) {
		out->answer = out->zone.answer;
		out->state = state_by_authority(&out->zone, &t->ip);
	} else if (dns_is_known(heard->status)) {
		out->state = dns_answer_has_ip(heard, &t->ip) ? FORWARD_GOOD : FORWARD_MISSING;
	}
	out->cached_s = cached_for_s(out->answer);
}

const char *
forward_reason(const struct target *t, const struct forward_now *now, const char *name,
    struct arena *a)
{
	const char *shown = name_shown(name, a);
	if (now->state == FORWARD_UNKNOWN)
		return arena_printf(a, "the address of %s could not be looked up: %s", shown,
		    dns_answer_reason(now->answer, a));
	if (now->state == FORWARD_LATE)
		return arena_printf(a, "not every name server of %s shows %s for %s yet",
		    now->zone.zone, t->address, shown);
	if (now->answer->status == DNS_FOUND)
		return arena_printf(a, "%s resolves to %s, not to %s", shown,
		    addresses_shown(now->answer, a), t->address);
	if (now->answer->status == DNS_NXDOMAIN)
		return arena_printf(a, "%s does not exist", shown);
	return arena_printf(a, "%s has no %s record", shown, address_type_name(&t->ip));
}

/* The authority's answer as the resolver would give it: at the end of the same chain. */
static void
overlay(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    struct facts *out)
{
	const struct dns_answer *heard = world_dns(t, f, name, type);
	struct authority_view zone;
	authority_view(t, f, world_owner(t, f, name, type), type, out->arena, &zone);
	if (zone.word == AUTHORITY_UNKNOWN)
		return;
	struct dns_answer now = *zone.answer;
	now.chain = heard->chain;
	now.n_chain = heard->n_chain;
	now.checked = true;
	facts_set_dns(facts_need_dns(out, NULL, name, type), out->arena, &now);
}

void
facts_from_authority(const struct target *t, const struct facts *f, struct facts *out)
{
	char reverse[IP_REVERSE_MAX];
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *fact = f->list[i];
		if (fact->kind != FACT_DNS || !fact->final || fact->at_server)
			continue;
		const struct dns_answer *answer = fact->sparing ?
		    fact->dns :
		    world_dns(t, f, fact->name, fact->type);
		facts_set_dns(facts_need_dns(out, NULL, fact->name, fact->type), out->arena,
		    answer);
	}
	overlay(t, f, ip_reverse_name(&t->ip, reverse), DNS_PTR, out);
	for (size_t i = 0; i < t->names.n_wanted; i++)
		overlay(t, f, t->names.wanted[i], address_type(&t->ip), out);
}

/* Providers that see wildcards as such have a note of their own. */
const char *
forward_wildcard_note(const struct forward_now *now, const struct provider_set *own,
    const char *name, struct arena *a)
{
	if (own->n > 0 || own->note != NULL || now->answer == NULL ||
	    now->answer->status != DNS_FOUND)
		return NULL;
	return arena_printf(a,
	    "The DNS gives %s other addresses, though its zone has no such record of that name: a "
	    "wildcard, it seems. With a record of its own, the name loses all that the wildcard "
	    "gives it, also AAAA, MX and TXT.",
	    name);
}
