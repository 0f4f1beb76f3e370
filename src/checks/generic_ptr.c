/* Is the PTR name one that a mail administrator chose, or a provider's default? */
#include "base/arena.h"
#include "base/name.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/repaired_priv.h"
#include "checks/special_priv.h"
#include "views/names.h"
#include "views/understanding.h"
#include "views/world.h"

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
	"also does; SpamAssassin and rspamd add points.  Gmail does not mind."

static const struct rule rules[] = {
	[RULE_ADDRESS] = { "generic_ptr.address", &topic_ptr,
	    "generic PTR name: it holds the address", SEVERITY_MEDIUM, false, "", WHY_GENERIC },
	[RULE_DYNAMIC] = { "generic_ptr.dynamic", &topic_ptr, "generic PTR name: it looks dynamic",
	    SEVERITY_MEDIUM, false, "", WHY_GENERIC },
	[RULE_NO_NAME] = { "generic_ptr.no-name", &topic_ptr, "no PTR name to judge", SEVERITY_INFO,
	    false, "", "Without a PTR name there is nothing to check; see the ptr check." },
	[RULE_OWN] = { "generic_ptr.own", &topic_ptr, "PTR name chosen for the server",
	    SEVERITY_INFO, false, "", WHY_GENERIC },
	[RULE_PROVIDER] = { "generic_ptr.provider", &topic_ptr, "generic PTR name of a provider",
	    SEVERITY_MEDIUM, false, "", WHY_GENERIC },
	[RULE_UNDECIDED] = { "generic_ptr.undecided", &topic_ptr, "PTR name could not be looked up",
	    SEVERITY_LOW, false, "", WHY_GENERIC },
	[RULE_WEAK] = { "generic_ptr.weak", &topic_ptr, "PTR name looks a little generic",
	    SEVERITY_LOW, false, "",
	    "Filters differ: one takes the name for a customer's line, another accepts it." },
};

static const enum generic_rule rule_of_class[] = {
	[GENERIC_OWN] = RULE_OWN,
	[GENERIC_WEAK] = RULE_WEAK,
	[GENERIC_ADDRESS] = RULE_ADDRESS,
	[GENERIC_DYNAMIC] = RULE_DYNAMIC,
	[GENERIC_PROVIDER] = RULE_PROVIDER,
};

static void
generic_wants(const struct target *t, struct facts *f)
{
	world_follow(t, f, known_ptr(understanding_so_far(t, f))->reverse_name, DNS_PTR);
}

static const char *
describe(const struct generic_view *v, struct arena *a)
{
	if (v->class == GENERIC_PROVIDER)
		return arena_printf(a, "is a default name (%s)", v->provider);
	return arena_printf(a, "%s: \"%s\"%s", v->rule, v->match,
	    v->class == GENERIC_WEAK ? "; a few filters mind" : "");
}

/* A remark on a generic name in this case. */
static const char *
remarks(struct understanding *k, const struct generic_view *v)
{
	const struct ehlo_view *ehlo = known_ehlo(k);
	char said[NAME_TEXT_MAX];
	bool greets = ehlo->name[0] != '\0' && name_from_user(ehlo->name, said) &&
	    name_equal(said, v->name);
	const char *others = v->n_generic < v->n_judged ?
	    arena_printf(k->arena,
		"; %zu of %zu PTR names are generic, and receivers see one at random", v->n_generic,
		v->n_judged) :
	    "";
	return arena_printf(k->arena, "%s%s", others,
	    greets ? "; using the same name in EHLO does not help" : "");
}

static void
judge_generic(struct understanding *k, const struct generic_view *v, struct findings *out)
{
	struct arena *a = out->arena;
	struct finding *generic = finding_add(out, &rules[rule_of_class[v->class]], VERDICT_WARN,
	    v->name, "%s %s%s", name_shown(v->name, a), describe(v, a), remarks(k, v));
	if (v->class == GENERIC_PROVIDER)
		finding_headline(out, generic, "generic PTR name of %s", v->provider);
	finding_evidence(out, generic, known_ptr(k)->fact);
	finding_remedy(out, generic, "%s", remedy_ptr(k));
}

static void
judge_harmless(struct understanding *k, const struct generic_view *v, struct findings *out)
{
	struct arena *a = out->arena;
	struct finding *f = v->class == GENERIC_WEAK ?
	    finding_add(out, &rules[RULE_WEAK], VERDICT_PASS, v->name, "%s %s",
		name_shown(v->name, a), describe(v, a)) :
	    finding_add(out, &rules[RULE_OWN], VERDICT_PASS, v->name, "%s does not look generated",
		name_shown(v->name, a));
	finding_evidence(out, f, known_ptr(k)->fact);
}

static void
judge_nothing(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	struct finding *f = known_ptr(k)->status == PTR_TEMPERROR ?
	    finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR, t->address,
		"not checked: the PTR record could not be looked up (see ptr)") :
	    finding_add(out, &rules[RULE_NO_NAME], VERDICT_SKIP, t->address,
		"not checked: %s has no PTR name", t->address);
	finding_evidence(out, f, known_ptr(k)->fact);
}

static void
generic_judge(struct understanding *k, struct findings *out)
{
	const struct generic_view *v = known_generic(k);
	size_t first = out->n;
	if (!v->judged)
		judge_nothing(k, out);
	else if (v->is_generic)
		judge_generic(k, v, out);
	else
		judge_harmless(k, v, out);
	repaired_mark(k, out, first);
	special_soften(k, out, first);
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
