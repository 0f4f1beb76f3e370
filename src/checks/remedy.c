/* The name that a server should have, and the sentences that say how to get it. */
#include "checks/remedy_priv.h"

#include <ctype.h>

#include "base/arena.h"
#include "base/name.h"
#include "checks/postfix.h"
#include "checks/repaired_priv.h"
#include "checks/special_priv.h"
#include "views/authority.h"
#include "views/ehlo.h"
#include "views/generic.h"
#include "views/hoster.h"
#include "views/names.h"
#include "views/ptr.h"
#include "views/world.h"

static bool
propose(const struct target *t, const char *name, const char *from, struct arena *a,
    struct proposal *out)
{
	if (name[0] == '\0' || !generic_is_chosen(t, name, a))
		return false;
	*out = (struct proposal){ .name = name, .from = from };
	return true;
}

static const char *
ehlo_host(struct understanding *k, const char **from)
{
	struct ehlo_syntax syntax;
	const struct ehlo_view *ehlo = known_ehlo(k);
	ehlo_parse(ehlo->name, &syntax);
	*from = ehlo->source == EHLO_GIVEN ? "the EHLO name" : "the name it greets with";
	return arena_strdup(k->arena, syntax.host);
}

static const char *
host_name(const struct target *t, struct arena *a)
{
	char host[NAME_TEXT_MAX];
	return name_from_user(t->names.host, host) ? arena_strdup(a, host) : "";
}

/*
 * Its owner has chosen an EHLO name that leads to the address, and a PTR record of another domain is
 * the hoster's: it is the one to change.
 */
static bool
propose_chosen(struct understanding *k, const char *said, const char *from, struct proposal *out)
{
	const struct ehlo_view *ehlo = known_ehlo(k);
	return ehlo->resolves && ehlo->ptr_match == EHLO_PTR_OTHER &&
	    propose(k->target, said, from, k->arena, out);
}

/* A name that works already needs the fewest changes: one that is said in EHLO, before others. */
static bool
propose_confirmed(struct understanding *k, const char *const *first, size_t n_first,
    struct proposal *out)
{
	const struct ptr_next *next = known_next(k);
	const struct iprev_view *iprev = next->differs && next->iprev.n_confirmed > 0 ?
	    &next->iprev :
	    known_iprev(k);
	bool found = false;
	for (size_t i = 0; i < n_first && !found; i++)
		found = names_hold(iprev->confirmed, iprev->n_confirmed, first[i]) &&
		    propose(k->target, first[i], "", k->arena, out);
	for (size_t i = 0; i < iprev->n_confirmed && !found; i++)
		found = propose(k->target, iprev->confirmed[i], "", k->arena, out);
	out->confirmed = found;
	return found;
}

static bool
propose_domain(const struct target *t, struct arena *a, struct proposal *out)
{
	char domain[NAME_TEXT_MAX];
	if (t->names.domain[0] == '\0' || !name_from_user(t->names.domain, domain))
		return false;
	return propose(t, arena_printf(a, "mail.%s", domain), "", a, out);
}

/* The only PTR name, unless it is known to lead elsewhere. */
static bool
propose_ptr(struct understanding *k, struct proposal *out)
{
	const struct ptr_view *ptr = known_ptr(k);
	return ptr->n_names == 1 && known_iprev(k)->n_unknown == 1 &&
	    ptr_name_meant(ptr, ptr->names[0], k->arena) == NULL &&
	    propose(k->target, ptr->names[0], "the PTR name", k->arena, out);
}

/* Of a name whose address is in doubt nobody is advised to publish it. */
static bool
seems_to_resolve(const struct understanding *k, const char *name)
{
	const struct ip *ip = &k->target->ip;
	const struct dns_answer *answer = world_dns(k->target, k->facts, name, address_type(ip));
	return !dns_is_known(answer->status) || dns_answer_has_ip(answer, ip);
}

void
proposal_make(struct understanding *k, struct proposal *out)
{
	const char *from;
	const struct target *t = k->target;
	struct arena *a = k->arena;
	const char *const said[] = { ehlo_host(k, &from), host_name(t, a) };
	const char *found = t->names.mx_of != NULL ? "its name in the MX record" :
						     "the name that you check";
	*out = (struct proposal){ .name = "", .from = "" };
	if (propose_chosen(k, said[0], from, out) || propose_confirmed(k, said, 2, out) ||
	    propose(t, said[0], from, a, out) || propose(t, said[1], found, a, out) ||
	    propose_ptr(k, out) || propose_domain(t, a, out))
		/* the address was found by that host name */
		out->resolves = name_equal(out->name, said[1]) || seems_to_resolve(k, out->name);
}

const char *
remedy_publish(const struct understanding *k, const char *name)
{
	const struct target *t = k->target;
	struct arena *a = k->arena;
	const char *type = address_type_name(&t->ip);
	if (special_is_hidden(t))
		return "";
	const struct dns_answer *now = world_dns(t, k->facts, name, address_type(&t->ip));
	const char *owner = name_shown(dns_answer_end(now, name), a);
	if (now->status != DNS_FOUND)
		return arena_printf(a, "Publish the record %s %s %s.", owner, type, t->address);
	const char *addresses = addresses_shown(now, a);
	return now->n_records == 1 ?
	    arena_printf(a, "Change the %s record of %s from %s to %s.", type, owner, addresses,
		t->address) :
	    arena_printf(a, "Add the record %s %s %s to the present ones (%s).", owner, type,
		t->address, addresses);
}

/* What the remedy for PTR records is made of. */
struct advice {
	struct understanding *k;
	const struct target *t;
	struct arena *a;
	const struct ptr_view *ptr;
	const struct authority_view *zone;
	struct proposal proposal;
	const char *name;    /* the proposed one, for a sentence */
	const char *publish; /* what must be published first; "" */
	/* PTR names that hold now, or will when caches have run out */
	const char *const *names;
	size_t n_names;
	enum iprev_result result; /* theirs */
};

static void
make_advice(struct understanding *k, struct advice *out)
{
	struct arena *a = k->arena;
	const struct ptr_next *next = known_next(k);
	*out = (struct advice){ .k = k,
		.t = k->target,
		.a = a,
		.ptr = known_ptr(k),
		.zone = known_authority(k) };
	out->names = next->differs ? next->names : out->ptr->names;
	out->n_names = next->differs ? next->n_names : out->ptr->n_names;
	out->result = next->differs ? next->iprev.result : known_iprev(k)->result;

	const struct proposal *p = &out->proposal;
	proposal_make(k, &out->proposal);
	out->name = "a name of yours that resolves to the address";
	out->publish = "";
	if (p->name[0] == '\0')
		return;
	out->name = name_shown(p->name, a);
	if (p->from[0] != '\0')
		out->name = arena_printf(a, "%s (%s)", out->name, p->from);
	if (!p->resolves)
		out->publish = remedy_publish(k, p->name);
}

/* A PTR name is refused until it leads back: its record stands before all else. */
static const char *
after(const struct advice *p, const char *publish, const char *text)
{
	if (publish[0] == '\0')
		return text;
	return arena_printf(p->a, "%s Then %c%s", publish, tolower((unsigned char)text[0]),
	    text + 1);
}

/* Whom the holder of the address may have to turn to. */
static const char *
zone_of(const struct authority_view *zone, struct arena *a)
{
	if (zone->zone[0] == '\0')
		return "";
	const char *servers = zone->n_names == 0 ?
	    "" :
	    arena_printf(a, ", served by %s", names_shown(zone->names, zone->n_names, a));
	const char *contact = zone->mailbox[0] == '\0' ?
	    "" :
	    arena_printf(a, "; its contact is %s", zone->mailbox);
	return arena_printf(a, " The zone is %s%s%s.", zone->zone, servers, contact);
}

/* Where the provider whose default name the address has lets its customers set the PTR record. */
static const char *
provider_note(const struct advice *p)
{
	for (size_t i = 0; i < p->n_names && i < IPREV_NAMES_MAX; i++) {
		struct generic_name generic;
		if (name_host_fault(p->names[i]) != NAME_GOOD)
			continue;
		generic_name_judge(p->t->policy->generic, &p->t->ip, p->names[i], false, p->a,
		    &generic);
		if (generic.note[0] != '\0')
			return generic.note;
	}
	return "";
}

/* RFC 2317: the record is in the zone that the CNAME record leads to. */
static const char *
remedy_behind_cname(const struct advice *p)
{
	const struct authority_view *zone = p->zone;
	const char *contact = zone->mailbox[0] == '\0' ?
	    "" :
	    arena_printf(p->a, "; contact: %s", zone->mailbox);
	return arena_printf(p->a,
	    "The holder of the zone %s (perhaps you%s) must set the record %s PTR to %s, or the "
	    "provider of the address must change the CNAME record of %s.",
	    zone->zone[0] == '\0' ? "that holds it" : zone->zone, contact,
	    name_shown(zone->name, p->a), p->name, p->ptr->reverse_name);
}

static const char *
remedy_set(const struct advice *p)
{
	const struct target *t = p->t;
	const char *note = provider_note(p);
	if (special_is_hidden(t))
		return "";
	if (special_has_own_zone(t))
		return arena_printf(p->a,
		    "In your own network's reverse zone for this range, set the PTR record of %s "
		    "to %s.",
		    t->address, p->name);
	if (p->ptr->n_chain > 0)
		return after(p, p->publish, remedy_behind_cname(p));
	const char *own = hoster_advice(p->k, p->name);
	if (own[0] != '\0')
		return after(p, hoster_sets(p->k) ? p->publish : "", own);
	if (note[0] != '\0')
		return after(p, p->publish,
		    arena_printf(p->a, "Have the PTR record of %s set to %s. %s", t->address,
			p->name, note));
	return after(p, p->publish,
	    arena_printf(p->a,
		"Ask the holder of the address, usually the hosting or access provider, "
		"to set the PTR record of %s to %s.%s",
		t->address, p->name, zone_of(p->zone, p->a)));
}

/* written: without its final dot. */
static const char *
remedy_dot(const struct advice *p, const char *written)
{
	const char *meant = ptr_name_meant(p->ptr, written, p->a);
	const char *place = ptr_place(p->ptr, written);
	const struct dns_answer *answer = world_dns(p->t, p->k->facts, meant,
	    address_type(&p->t->ip));
	const char *publish = "", *known = "";
	if (dns_answer_has_ip(answer, &p->t->ip))
		known = arena_printf(p->a, " That name resolves to %s.", p->t->address);
	else if (dns_is_known(answer->status))
		publish = remedy_publish(p->k, meant);
	return after(p, publish,
	    arena_printf(p->a, "In %s, write the name with a final dot: PTR %s.%s",
		place[0] != '\0' ? place : "the zone file", meant, known));
}

/* The first name whose final dot was forgotten; NULL without one. */
static const char *
name_without_dot(const struct advice *p)
{
	for (size_t i = 0; i < p->n_names; i++)
		if (ptr_name_meant(p->ptr, p->names[i], p->a) != NULL)
			return p->names[i];
	return NULL;
}

/* One of the names is the proposed one. */
static const char *
remedy_keep(const struct advice *p)
{
	const char *publish = p->result == IPREV_FAIL ? p->publish : "";
	const char **others = arena_array(p->a, p->n_names, sizeof *others);
	size_t n = 0;
	if (p->n_names == 1)
		return publish;
	for (size_t i = 0; i < p->n_names; i++)
		if (!name_equal(p->names[i], p->proposal.name))
			others[n++] = p->names[i];
	return after(p, publish,
	    arena_printf(p->a, "Keep one PTR record, %s, and remove the others: %s.",
		name_shown(p->proposal.name, p->a), names_shown(others, n, p->a)));
}

static const char *
sentences(const struct advice *p)
{
	const struct target *t = p->t;
	const char *dotless = name_without_dot(p);
	bool proposed = p->proposal.name[0] != '\0';
	if (proposed && names_hold(p->names, p->n_names, p->proposal.name))
		return remedy_keep(p);
	if (dotless != NULL)
		return remedy_dot(p, dotless);
	if (proposed || p->n_names == 0)
		return remedy_set(p);
	if (p->result == IPREV_FAIL && generic_is_chosen(t, p->names[0], p->a) &&
	    !special_is_hidden(t))
		return arena_printf(p->a, "If %s is your server's name: %s Otherwise: %s",
		    name_shown(p->names[0], p->a), remedy_publish(p->k, p->names[0]),
		    remedy_set(p));
	return p->n_names > 1 ?
	    "Keep one PTR record: that of the name that the server says in EHLO." :
	    remedy_set(p);
}

/* A name that nobody would give on purpose is overwritten without --replace. */
static bool
must_replace(const struct advice *p, const char *name)
{
	if (p->n_names == 0 || (p->n_names == 1 && name_equal(p->names[0], name)))
		return false;
	return !known_generic(p->k)->is_generic;
}

/* The command that shows what it would change, and writes the request where it cannot. */
static const char *
command(const struct advice *p, const char *name)
{
	bool known = name[0] != '\0';
	bool resolves = !known || p->proposal.resolves || seems_to_resolve(p->k, name);
	return arena_printf(p->a, "`mailready fix %s --name %s%s%s%s`", p->t->address,
	    known ? name : "NAME", resolves ? "" : " --with-forward",
	    must_replace(p, name) ? " --replace" : "",
	    ip_special(&p->t->ip) != NULL ? " --allow-special" : "");
}

static const char *
remedy_split(struct understanding *k)
{
	const struct authority_view *zone = known_authority(k);
	struct arena *a = k->arena;
	struct proposal p;
	proposal_make(k, &p);
	return arena_printf(a,
	    "Wait for the zone transfer; if that does not help, the holder of %s must find out why "
	    "its secondary servers have another version%s%s. This waits until all servers show the "
	    "same: `mailready wait %s --name %s`",
	    zone->zone, zone->mailbox[0] == '\0' ? "" : "; write to ", zone->mailbox,
	    k->target->address, p.name[0] == '\0' ? "NAME" : p.name);
}

static const char *
remedy_wait(struct understanding *k, const struct ptr_next *next)
{
	return arena_printf(k->arena,
	    "PTR %s is already set at the authority: wait %s, until %s, when caches have expired%s",
	    names_shown(next->names, next->n_names, k->arena), next->wait, repaired_when(k),
	    next->iprev.result == IPREV_PASS ?
		". Then have the mail that waits tried again. In Postfix: " POSTFIX_RETRY :
		", and check again.");
}

/* What to do when the authority's state alone decides it; "" otherwise. */
static const char *
remedy_by_authority(struct understanding *k)
{
	const struct ptr_next *next = known_next(k);
	if (known_authority(k)->word == AUTHORITY_SPLIT)
		return remedy_split(k);
	if (!next->differs || next->n_names == 0 || next->iprev.result == IPREV_FAIL)
		return "";
	return remedy_wait(k, next);
}

/* The name for a command: the proposed one, or one that was meant; "". */
static const char *
name_to_give(const struct advice *p)
{
	const char *dotless = name_without_dot(p);
	if (p->proposal.name[0] != '\0' || dotless == NULL)
		return p->proposal.name;
	return ptr_name_meant(p->ptr, dotless, p->a);
}

/* What follows the sentences: the command, and what else would cure it. */
static const char *
ways(const struct advice *p)
{
	const char *name = name_to_give(p);
	bool named = names_hold(p->names, p->n_names, name);
	bool forward = named && p->n_names == 1;
	const char *plan = arena_printf(p->a, "%s: %s",
	    forward ? "Where your account holds its zone" : "For the plan, or the request to send",
	    command(p, name));
	if (forward)
		return arena_printf(p->a,
		    "%s Or, if the name is another server's now, choose another for this one: %s",
		    plan, command(p, ""));
	return p->n_names == 0 && p->t->ip.family == 6 && !special_has_own_zone(p->t) ?
	    arena_printf(p->a, "%s %s", plan, SEND_OVER_IPV4) :
	    plan;
}

const char *
remedy_ptr(struct understanding *k)
{
	struct advice p;
	if (k->target->policy->no_remedies)
		return "";
	const char *decided = remedy_by_authority(k);
	if (decided[0] != '\0')
		return decided;
	make_advice(k, &p);
	const char *text = sentences(&p);
	if (text[0] == '\0' || special_is_hidden(k->target))
		return text;
	return arena_printf(k->arena, "%s %s", text, ways(&p));
}
