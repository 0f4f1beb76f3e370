/* Is the PTR name one that a mail administrator chose, or a provider's default? */
#include "base/arena.h"
#include "base/name.h"
#include "checks/finding.h"
#include "checks/generic_priv.h"
#include "checks/names.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/special_priv.h"

static const struct enumtab_row class_rows[] = {
	{ "own", GENERIC_OWN },
	{ "weak", GENERIC_WEAK },
	{ "address", GENERIC_ADDRESS },
	{ "dynamic", GENERIC_DYNAMIC },
	{ "provider", GENERIC_PROVIDER },
};
const struct enumtab generic_class_names = ENUMTAB(class_rows);

enum generic_rule {
	RULE_ADDRESS,
	RULE_DYNAMIC,
	RULE_NO_NAME,
	RULE_OWN,
	RULE_PROVIDER,
	RULE_UNDECIDED,
	RULE_WEAK
};

#define WHY_GENERIC \
	"Virgin Media, GMX and web.de (554) and MagicSpam sites (550) refuse generic or dynamic " \
	"names, t-online answers 554 (DIAL); Abusix lists them with 127.0.0.11, SpamRATS Dyna " \
	"too; SpamAssassin and rspamd add points.  Gmail does not mind."

static const struct rule rules[] = {
	[RULE_ADDRESS] = { "generic_ptr.address", SEVERITY_MEDIUM, false, "", WHY_GENERIC },
	[RULE_DYNAMIC] = { "generic_ptr.dynamic", SEVERITY_MEDIUM, false, "", WHY_GENERIC },
	[RULE_NO_NAME] = { "generic_ptr.no-name", SEVERITY_INFO, false, "",
	    "Without a PTR name there is nothing to judge; the ptr check says what that means." },
	[RULE_OWN] = { "generic_ptr.own", SEVERITY_INFO, false, "", WHY_GENERIC },
	[RULE_PROVIDER] = { "generic_ptr.provider", SEVERITY_MEDIUM, false, "", WHY_GENERIC },
	[RULE_UNDECIDED] = { "generic_ptr.undecided", SEVERITY_LOW, false, "", WHY_GENERIC },
	[RULE_WEAK] = { "generic_ptr.weak", SEVERITY_LOW, false, "",
	    "Name filters differ: what one takes for a customer's line, another lets pass." },
};

static const enum generic_rule rule_of_class[] = {
	[GENERIC_OWN] = RULE_OWN,
	[GENERIC_WEAK] = RULE_WEAK,
	[GENERIC_ADDRESS] = RULE_ADDRESS,
	[GENERIC_DYNAMIC] = RULE_DYNAMIC,
	[GENERIC_PROVIDER] = RULE_PROVIDER,
};

/* All names of a target, judged. */
struct judged_names {
	size_t n_judged, n_generic;
	const char *worst_name;
	struct generic_name worst;
};

static bool is_generic(enum generic_class class)
{
	return class >= GENERIC_ADDRESS;
}

/* A name of the user's that shares the registered domain; the very name judged proves nothing. */
static bool
shares_domain(const char *theirs, const char *name)
{
	char mine[NAME_TEXT_MAX];
	const char *org = name_org_domain(name);
	return theirs[0] != '\0' && org[0] != '\0' && name_from_user(theirs, mine) &&
	    !name_equal(mine, name) && name_equal(name_org_domain(mine), org);
}

static bool
is_own_domain(const struct target *t, const struct ehlo_view *ehlo, const char *name)
{
	return shares_domain(t->domain, name) || shares_domain(ehlo->name, name) ||
	    shares_domain(t->host, name);
}

static void
judge_names(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    struct arena *a, struct judged_names *out)
{
	struct ehlo_view ehlo;
	ehlo_view(t, f, a, &ehlo);
	*out = (struct judged_names){ .worst_name = "" };
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_MAX; i++) {
		const char *name = ptr->names[i];
		/* what is no host name is broken, not generic: the ptr check says so */
		if (name_host_fault(name) != NAME_GOOD)
			continue;
		struct generic_name judged;
		generic_name_judge(t->policy->generic, &t->ip, name, is_own_domain(t, &ehlo, name),
		    a, &judged);
		out->n_generic += is_generic(judged.class);
		if (out->n_judged++ > 0 && judged.class <= out->worst.class)
			continue;
		out->worst = judged;
		out->worst_name = name;
	}
}

void
generic_view(const struct target *t, const struct facts *f, struct arena *a,
    struct generic_view *out)
{
	struct ptr_view ptr;
	struct judged_names names;
	*out = (struct generic_view){ .name = "", .provider = "", .match = "" };
	ptr_view(t, f, a, &ptr);
	judge_names(t, f, &ptr, a, &names);
	if (names.n_judged == 0)
		return;
	*out = (struct generic_view){
		.judged = true,
		.is_generic = is_generic(names.worst.class),
		.class = names.worst.class,
		.name = names.worst_name,
		.provider = names.worst.provider,
		.match = names.worst.match,
	};
}

static void
generic_wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	facts_follow_dns(f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
}

static const char *
describe(const struct judged_names *names, struct arena *a)
{
	const struct generic_name *worst = &names->worst;
	if (worst->class == GENERIC_PROVIDER)
		return arena_printf(a, "is a default name (%s)", worst->provider);
	return arena_printf(a, "%s: \"%s\"%s", worst->rule, worst->match,
	    worst->class == GENERIC_WEAK ? "; a few filters mind" : "");
}

/* What else is to be said about a generic name in this case. */
static const char *
remarks(const struct target *t, const struct facts *f, const struct judged_names *names,
    struct arena *a)
{
	struct ehlo_view ehlo;
	char said[NAME_TEXT_MAX];
	ehlo_view(t, f, a, &ehlo);
	bool greets = ehlo.name[0] != '\0' && name_from_user(ehlo.name, said) &&
	    name_equal(said, names->worst_name);
	const char *others = names->n_generic < names->n_judged ?
	    arena_printf(a, "; %zu of %zu PTR names are generic, and receivers see one by chance",
		names->n_generic, names->n_judged) :
	    "";
	return arena_printf(a, "%s%s", others,
	    greets ? "; saying the same name in EHLO does not make it better" : "");
}

static void
judge_generic(const struct target *t, const struct facts *f, const struct judged_names *names,
    const struct fact *fact, struct findings *out)
{
	struct arena *a = out->arena;
	struct finding *generic = finding_add(out, &rules[rule_of_class[names->worst.class]],
	    VERDICT_WARN, names->worst_name, "%s %s%s", name_shown(names->worst_name, a),
	    describe(names, a), remarks(t, f, names, a));
	finding_evidence(out, generic, fact);
	finding_remedy(out, generic, "%s", remedy_ptr(t, f, a));
}

static void
judge_harmless(const struct judged_names *names, const struct fact *fact, struct findings *out)
{
	struct arena *a = out->arena;
	bool weak = names->worst.class == GENERIC_WEAK;
	struct finding *f = weak ?
	    finding_add(out, &rules[RULE_WEAK], VERDICT_PASS, names->worst_name, "%s %s",
		name_shown(names->worst_name, a), describe(names, a)) :
	    finding_add(out, &rules[RULE_OWN], VERDICT_PASS, names->worst_name,
		"%s does not look generated", name_shown(names->worst_name, a));
	finding_evidence(out, f, fact);
}

static void
judge_nothing(const struct target *t, const struct ptr_view *ptr, struct findings *out)
{
	bool unknown = ptr->status == PTR_TEMPERROR;
	struct finding *f = unknown ?
	    finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR, t->address,
		"not judged: the PTR record could not be looked up (see ptr)") :
	    finding_add(out, &rules[RULE_NO_NAME], VERDICT_SKIP, t->address,
		"%s has no PTR name that could be judged", t->address);
	finding_evidence(out, f, ptr->fact);
}

static void
generic_judge(const struct target *t, const struct facts *f, struct findings *out)
{
	struct ptr_view ptr;
	struct judged_names names;
	size_t first = out->n;
	ptr_view(t, f, out->arena, &ptr);
	judge_names(t, f, &ptr, out->arena, &names);
	if (names.n_judged == 0)
		judge_nothing(t, &ptr, out);
	else if (is_generic(names.worst.class))
		judge_generic(t, f, &names, ptr.fact, out);
	else
		judge_harmless(&names, ptr.fact, out);
	special_soften(t, out, first);
}

const struct check check_generic_ptr = {
	.id = "generic_ptr",
	.title = "Name chosen for mail",
	.spec = "",
	.rules = rules,
	.n_rules = sizeof rules / sizeof rules[0],
	.wants = generic_wants,
	.judge = generic_judge,
};
