/* What the resolver says of its own, beside what the world gets: one finding for all the names. */
#include "base/arena.h"
#include "base/name.h"
#include "checks/ptr_rules_priv.h"
#include "views/authority.h"
#include "views/ehlo.h"
#include "views/iprev.h"
#include "views/names.h"
#include "views/world.h"

enum { SAID_MAX = 3 };

struct telling {
	struct understanding *k;
	struct arena *a;
	const char *text; /* the differences so far, as parts of a sentence */
	size_t n;
	const struct fact *heard[SAID_MAX], *checked[SAID_MAX];
};

/* "PTR a, b", "A 127.0.1.1", "that there is no A record". */
static const char *
said(const struct dns_answer *answer, uint16_t type, struct arena *a)
{
	const char *word = enumtab_name(&dns_type_names, type);
	struct name_set set = names_of_records(answer, a);
	return answer->status == DNS_FOUND ?
	    arena_printf(a, "%s %s", word, names_shown(set.list, set.n, a)) :
	    arena_printf(a, "that there is no %s record", word);
}

/* TTL 0 at a resolver of this machine: nothing else answers so (dnsmasq(8), systemd-resolved(8)). */
static bool
is_hosts_file(const struct dns_answer *heard)
{
	if (dns_doubt(heard) != DNS_OWN_DATA || heard->server.ip.family == 0 ||
	    !ip_is_inside(&heard->server.ip))
		return false;
	for (size_t i = 0; i < heard->n_records; i++)
		if (heard->records[i].ttl_s != 0)
			return false;
	return heard->n_records > 0;
}

static bool
is_dns64(const struct dns_answer *heard, const struct dns_answer *world)
{
	return dns_doubt(heard) == DNS_SURE && !world->checked;
}

static const char *
how(const struct dns_answer *heard, const struct dns_answer *world)
{
	enum dns_doubt doubt = dns_doubt(heard);
	if (is_dns64(heard, world))
		return "made from an IPv4 address, DNS64";
	if (is_hosts_file(heard))
		return "from a hosts file";
	/* a plain answer that the zone's servers contradict */
	return dns_doubt_phrase(doubt == DNS_SURE ? DNS_OWN_DATA : doubt);
}

static const char *
who(const struct dns_answer *world, struct arena *a)
{
	char server[ENDPOINT_TEXT_MAX];
	if (world->checked)
		return "the zone's name servers say";
	return world->server.ip.family == 0 ?
	    "there is" :
	    arena_printf(a, "%s says", endpoint_format(&world->server, server));
}

/* Adds what is said of one name, when the world gets something else. */
static void
tell(struct telling *out, const char *name, uint16_t type)
{
	struct arena *a = out->a;
	char server[ENDPOINT_TEXT_MAX];
	const struct understanding *k = out->k;
	const struct dns_answer *world = world_dns(k->target, k->facts, name, type);
	const struct dns_answer *heard = world->overruled;
	if (heard == NULL || !dns_is_known(world->status) || authority_same_answer(heard, world, a))
		return;
	out->n++;
	if (out->n > SAID_MAX)
		return;
	out->heard[out->n - 1] = facts_find_dns(k->facts, name, type);
	out->checked[out->n - 1] = world_fact(k->target, k->facts, name, type);
	const char *truth = is_dns64(heard, world) ?
	    "" :
	    arena_printf(a, "; %s %s", who(world, a), said(world, type, a));
	out->text = arena_printf(a, "%s%s%s says %s for %s (%s)%s", out->text,
	    out->n > 1 ? "; " : "", endpoint_format(&heard->server, server), said(heard, type, a),
	    name_shown(name, a), how(heard, world), truth);
}

static void
tell_addresses(struct telling *out, const char *name)
{
	tell(out, name, DNS_A);
	tell(out, name, DNS_AAAA);
}

static void
tell_ehlo(struct telling *out, const struct ptr_view *ptr)
{
	struct ehlo_syntax syntax;
	const struct ehlo_view *ehlo = known_ehlo(out->k);
	if (ehlo->source == EHLO_NONE)
		return;
	ehlo_parse(ehlo->name, &syntax);
	if (syntax.form == EHLO_FQDN && !names_hold(ptr->names, ptr->n_names, syntax.host))
		tell_addresses(out, syntax.host);
}

void
ptr_resolver_judge(struct understanding *k, struct findings *out)
{
	struct telling told = { .k = k, .a = out->arena, .text = "" };
	const struct ptr_view *ptr = known_ptr(k);
	tell(&told, ptr->reverse_name, DNS_PTR);
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_FEW; i++)
		tell_addresses(&told, ptr->names[i]);
	tell_ehlo(&told, ptr);
	if (told.n == 0)
		return;
	const char *more = told.n <= SAID_MAX ?
	    "" :
	    arena_printf(out->arena, "; and %zu more", told.n - SAID_MAX);
	struct finding *f = finding_add(out, &ptr_rules[RULE_RESOLVER_OWN], VERDICT_INFO,
	    k->target->address, "%s%s", told.text, more);
	for (size_t i = 0; i < told.n && i < SAID_MAX; i++) {
		finding_evidence(out, f, told.heard[i]);
		finding_evidence(out, f, told.checked[i]);
	}
}
