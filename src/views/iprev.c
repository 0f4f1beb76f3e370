/* Forward confirmation of PTR names: which addresses it takes, and what they say. */
#include "views/iprev.h"

#include "base/arena.h"
#include "views/names.h"
#include "views/world.h"

enum { NAMES_EXPLAINED = 3 };

static const struct enumtab_row result_rows[] = {
	{ "temperror", IPREV_TEMPERROR },
	{ "pass", IPREV_PASS },
	{ "fail", IPREV_FAIL },
	{ "permerror", IPREV_PERMERROR },
};
const struct enumtab iprev_result_names = ENUMTAB(result_rows);

/* Among many targets the other family is asked for only where it has to explain something. */
static void
want_addresses(const struct target *t, struct facts *f, const char *name)
{
	uint16_t own = address_type(&t->ip), other = own == DNS_A ? DNS_AAAA : DNS_A;

	world_follow_closely(t, f, name, own);
	if (!t->policy->many || world_dns(t, f, name, own)->status == DNS_NODATA)
		world_follow(t, f, name, other); /* A and AAAA together tell what DNS64 made */
}

void
iprev_want_names(const struct target *t, struct facts *f, const char *const *names, size_t n)
{
	bool few = n <= IPREV_NAMES_FEW;
	for (size_t i = 0; i < n && i < IPREV_NAMES_MAX; i++) {
		/* an unconfirmed name makes the ptr check ask the authority, too */
		if (few)
			want_addresses(t, f, names[i]);
		else
			world_want(t, f, names[i], address_type(&t->ip));
	}
}

static const struct dns_answer *
addresses_of(const struct understanding *k, const char *name)
{
	return world_dns(k->target, k->facts, name, address_type(&k->target->ip));
}

void
iprev_view_names(const struct understanding *k, const char *const *names, size_t n,
    struct iprev_view *out)
{
	*out = (struct iprev_view){
		.result = IPREV_PERMERROR,
		.confirmed = arena_array(k->arena, n, sizeof(char *)),
		.others = arena_array(k->arena, n, sizeof(char *)),
		.unknown = arena_array(k->arena, n, sizeof(char *)),
	};
	for (size_t i = 0; i < n; i++) {
		const struct dns_answer *answer = addresses_of(k, names[i]);
		if (!dns_is_known(answer->status))
			out->unknown[out->n_unknown++] = names[i];
		else if (dns_answer_has_ip(answer, &k->target->ip))
			out->confirmed[out->n_confirmed++] = names[i];
		else
			out->others[out->n_others++] = names[i];
	}
	if (n > 0)
		out->result = out->n_unknown > 0 ? IPREV_TEMPERROR : IPREV_FAIL;
	if (out->n_confirmed > 0)
		out->result = IPREV_PASS;
}

const struct iprev_view *
known_iprev(struct understanding *k)
{
	if (k->iprev != NULL)
		return k->iprev;
	const struct ptr_view *ptr = known_ptr(k);
	struct iprev_view *v = arena_alloc(k->arena, sizeof *v);
	iprev_view_names(k, ptr->names, ptr->n_names, v);
	if (ptr->status == PTR_TEMPERROR)
		v->result = IPREV_TEMPERROR;
	return k->iprev = v;
}

bool
iprev_is_settled_unconfirmed(struct understanding *k)
{
	const struct ptr_view *ptr = known_ptr(k);
	if (ptr->status != PTR_FOUND || ptr->n_names > IPREV_NAMES_FEW)
		return false;
	for (size_t i = 0; i < ptr->n_names; i++) {
		const struct dns_answer *answer = addresses_of(k, ptr->names[i]);
		if (answer->status == DNS_PENDING || dns_answer_has_ip(answer, &k->target->ip))
			return false;
	}
	return true;
}

/* "mail.example has 192.0.2.9", "gone.example does not exist". */
static const char *
explain_name(const struct understanding *k, const char *name)
{
	struct arena *a = k->arena;
	const struct ip *ip = &k->target->ip;
	const char *shown = name_shown(name, a);
	const struct dns_answer *answer = addresses_of(k, name);
	if (facts_find_dns(k->facts, name, address_type(ip)) == NULL)
		return arena_printf(a, "%s was not looked up", shown);
	if (!dns_is_known(answer->status))
		return arena_printf(a, "%s: %s", shown, dns_answer_reason(answer, a));
	if (answer->status == DNS_FOUND)
		return arena_printf(a, "%s resolves to %s", shown, addresses_shown(answer, a));
	if (answer->status == DNS_NXDOMAIN)
		return arena_printf(a, "%s does not exist", shown);
	const struct dns_answer *other = world_dns(k->target, k->facts, name,
	    ip->family == 6 ? DNS_A : DNS_AAAA);
	if (other->status == DNS_FOUND)
		return arena_printf(a, "%s has no %s record, only %s", shown, address_type_name(ip),
		    addresses_shown(other, a));
	return arena_printf(a, "%s has no address", shown);
}

const char *
iprev_explain_names(const struct understanding *k, const char *const *names, size_t n)
{
	const char *text = "";
	for (size_t i = 0; i < n && i < NAMES_EXPLAINED; i++)
		text = arena_printf(k->arena, "%s%s%s", text, i > 0 ? "; " : "",
		    explain_name(k, names[i]));
	return n <= NAMES_EXPLAINED ?
	    text :
	    arena_printf(k->arena, "%s; and %zu more", text, n - NAMES_EXPLAINED);
}
