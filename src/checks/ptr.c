/* The PTR record: is there one, and is its name of use? */
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "checks/ptr_rules_priv.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/repaired_priv.h"
#include "checks/special_priv.h"
#include "views/names.h"
#include "views/ptr.h"
#include "views/world.h"

enum { TTL_LONG_S = 86400, TTL_SHORT_S = 300 };

/* Why a fault of the name matters; NULL: as the rule says. */
static const char *const why_of_fault[] = {
	[NAME_NUMERIC_TLD] = NULL,
	[NAME_UNDERSCORE] =
	    "No host name has an underscore.  Postfix accepts it; Exim refuses it in EHLO by "
	    "default (helo_allow_chars), so the server cannot use the same name there.",
	[NAME_ADDRESS] = "Postfix and others do not accept an address as a name and answer 450 "
			 "4.7.25, or 450 4.7.1; it can never lead back to the address.",
	[NAME_LOCALHOST] =
	    "It resolves to the receiver itself, never to the address: Postfix sites answer 450 "
	    "4.7.25, Gmail 550 5.7.25.",
};

/* The remedy says whether the name that it proposes has the address already. */
static void
want_proposed(struct understanding *k, struct facts *f, const struct ptr_view *view)
{
	struct proposal p;
	if (view->status != PTR_NXDOMAIN && view->status != PTR_NODATA)
		return;
	proposal_make(k, &p);
	if (p.name[0] != '\0')
		world_want(k->target, f, p.name, address_type(&k->target->ip));
}

static void
ptr_wants(const struct target *t, struct facts *f)
{
	struct understanding *k = understanding_so_far(t, f);
	const struct ptr_view *view = known_ptr(k);
	world_follow_closely(t, f, view->reverse_name, DNS_PTR);
	ptr_authority_wants(t, f, k);
	for (size_t i = 0; i < view->n_names; i++) {
		const char *meant = ptr_name_meant(view, view->names[i], f->arena);
		if (meant == NULL)
			continue;
		world_want(t, f, meant, address_type(&t->ip));
		return;
	}
	want_proposed(k, f, view);
}

static void
judge_chain(const struct ptr_view *view, struct findings *out)
{
	if (view->n_chain == 0)
		return;
	struct arena *a = out->arena;
	struct finding *f = finding_add(out, &ptr_rules[RULE_CNAME_CHAIN], VERDICT_INFO,
	    view->reverse_name, "%s leads by CNAME to %s", view->reverse_name,
	    names_shown(view->chain, view->n_chain, a));
	finding_evidence(out, f, view->fact);
}

/* Has the resolver answered any other question of this run? */
static bool
resolver_works(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *one = f->list[i];
		if (one->kind == FACT_DNS && !one->at_server && !one->dns->planned &&
		    dns_is_known(one->dns->status))
			return true;
	}
	return false;
}

static void
judge_undecided(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct ptr_view *view = known_ptr(k);
	struct arena *a = out->arena;
	struct finding *f = finding_add(out, &ptr_rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
	    t->address, "could not look up the PTR record of %s: %s", t->address,
	    dns_answer_reason(view->answer, a));
	finding_evidence(out, f, view->fact);
	finding_remedy(out, f, "%s",
	    view->answer->status == DNS_LOOP ?
		"The holder of the zone must fix the CNAME records: they form a loop, or a chain "
		"that is too long." :
		remedy_unknown(view->answer,
		    resolver_works(k->facts) ?
			"the holder of the reverse zone must fix its name servers" :
			"your resolver is at fault, or the name servers of the reverse zone",
		    a));
	judge_chain(view, out);
}

static void
judge_missing(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct ptr_view *view = known_ptr(k);
	struct arena *a = out->arena;
	const char *end = name_shown(dns_answer_end(view->answer, view->reverse_name), a);
	struct finding *missing = view->status == PTR_NXDOMAIN ?
	    finding_add(out, &ptr_rules[RULE_MISSING], VERDICT_FAIL, t->address,
		"%s has no PTR record: %s does not exist (NXDOMAIN)", t->address, end) :
	    finding_add(out, &ptr_rules[RULE_MISSING], VERDICT_FAIL, t->address,
		"%s has no PTR record (NODATA)", t->address);
	finding_evidence(out, missing, view->fact);
	finding_remedy(out, missing, "%s", remedy_ptr(k));
	judge_chain(view, out);
}

static void
judge_forgotten_dots(struct understanding *k, enum verdict bad, struct findings *out)
{
	const struct ptr_view *view = known_ptr(k);
	uint16_t type = address_type(&k->target->ip);
	struct arena *a = out->arena;
	for (size_t i = 0; i < view->n_names; i++) {
		const char *meant = ptr_name_meant(view, view->names[i], a);
		if (meant == NULL)
			continue;
		const char *name = view->names[i], *place = ptr_place(view, name);
		struct finding *f = finding_add(out, &ptr_rules[RULE_FORGOTTEN_DOT], bad, name,
		    "the PTR name %s ends in its own zone: the final dot is missing%s%s", name,
		    place[0] != '\0' ? " in " : "", place);
		finding_remedy(out, f, "%s", remedy_ptr(k));
		finding_evidence(out, f, view->fact);
		finding_evidence(out, f, facts_find_dns(k->facts, meant, type));
		return;
	}
}

/* How many names are no use; *faults: a bit for each kind of fault that any of them has. */
static size_t
count_broken(const struct ptr_view *view, unsigned *faults, struct arena *a)
{
	size_t broken = 0;
	*faults = 0;
	for (size_t i = 0; i < view->n_names; i++) {
		enum name_fault fault = name_host_fault(view->names[i]);
		*faults |= 1U << fault;
		broken += fault != NAME_GOOD || ptr_name_meant(view, view->names[i], a) != NULL;
	}
	return broken;
}

static void
judge_fault(struct understanding *k, enum name_fault fault, enum verdict bad, struct findings *out)
{
	const struct ptr_view *view = known_ptr(k);
	struct arena *a = out->arena;
	struct name_set faulty = { .list = arena_array(a, view->n_names, sizeof(char *)) };
	for (size_t i = 0; i < view->n_names; i++)
		if (name_host_fault(view->names[i]) == fault &&
		    ptr_name_meant(view, view->names[i], a) == NULL)
			faulty.list[faulty.n++] = view->names[i];
	if (faulty.n == 0)
		return;
	/* a host name has no underscore, but the name resolves, and many receivers accept it */
	enum verdict verdict = fault == NAME_UNDERSCORE ? VERDICT_WARN : bad;
	struct finding *found = finding_add(out, &ptr_rules[RULE_NOT_HOST_NAME], verdict,
	    k->target->address, "the PTR name %s %s", names_shown(faulty.list, faulty.n, a),
	    name_fault_text(fault));
	finding_remedy(out, found, "%s", remedy_ptr(k));
	finding_evidence(out, found, view->fact);
	if (why_of_fault[fault] != NULL)
		found->why = why_of_fault[fault];
}

static void
judge_several(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct ptr_view *view = known_ptr(k);
	struct arena *a = out->arena;
	if (view->n_names < 2)
		return;
	struct finding *several = finding_add(out, &ptr_rules[RULE_SEVERAL], VERDICT_WARN,
	    t->address, "%zu PTR names: %s", view->n_names,
	    names_shown(view->names, view->n_names, a));
	finding_evidence(out, several, view->fact);
	finding_remedy(out, several, "%s", remedy_ptr(k));
}

static void
judge_ttl(const struct ptr_view *view, struct findings *out)
{
	struct arena *a = out->arena;
	const struct dns_answer *answer = view->answer;
	uint32_t ttl_s = answer->records[0].ttl_s;
	for (size_t i = 1; i < answer->n_records; i++)
		if (answer->records[i].ttl_s < ttl_s)
			ttl_s = answer->records[i].ttl_s;
	struct finding *f = NULL;
	if (ttl_s > TTL_LONG_S)
		f = finding_add(out, &ptr_rules[RULE_TTL_LONG], VERDICT_INFO, view->reverse_name,
		    "the PTR record may be cached for %s", duration_shown(ttl_s, a));
	/* a cache counts down: only the authority can show that a TTL is short */
	else if (ttl_s < TTL_SHORT_S && answer->authoritative)
		f = finding_add(out, &ptr_rules[RULE_TTL_SHORT], VERDICT_INFO, view->reverse_name,
		    "the PTR record may be cached for %s only", duration_shown(ttl_s, a));
	if (f != NULL)
		finding_evidence(out, f, view->fact);
}

static void
judge_found(struct understanding *k, struct findings *out)
{
	const struct ptr_view *view = known_ptr(k);
	struct arena *a = out->arena;
	unsigned faults;
	size_t broken = count_broken(view, &faults, a);
	if (broken < view->n_names) {
		struct finding *found = finding_add(out, &ptr_rules[RULE_FOUND], VERDICT_PASS,
		    k->target->address, "PTR %s", names_shown(view->names, view->n_names, a));
		finding_evidence(out, found, view->fact);
		finding_mark_planned(out, found);
	}
	judge_several(k, out);
	/* beside a good name, a broken one does harm only when a receiver happens to see it */
	enum verdict bad = broken < view->n_names ? VERDICT_WARN : VERDICT_FAIL;
	judge_forgotten_dots(k, bad, out);
	for (int fault = NAME_GOOD + 1; fault <= NAME_NUMERIC_TLD; fault++)
		if (faults & 1U << fault)
			judge_fault(k, (enum name_fault)fault, bad, out);
	judge_chain(view, out);
	judge_ttl(view, out);
}

static void
ptr_judge(struct understanding *k, struct findings *out)
{
	size_t first = out->n;
	if (known_ptr(k)->status == PTR_FOUND)
		judge_found(k, out);
	else if (known_ptr(k)->status == PTR_TEMPERROR)
		judge_undecided(k, out);
	else
		judge_missing(k, out);
	ptr_authority_judge(k, out);
	ptr_resolver_judge(k, out);
	repaired_mark(k, out, first);
	special_soften(k, out, first);
}

const struct check check_ptr = {
	.id = "ptr",
	.title = "PTR record",
	.spec = "RFC 1912 section 2.1",
	.rules = ptr_rules,
	.n_rules = PTR_RULES,
	.wants = ptr_wants,
	.judge = ptr_judge,
};
