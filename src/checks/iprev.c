/* Forward confirmation: the "iprev" method of RFC 8601 section 3. */
#include "views/iprev.h"
#include "base/arena.h"
#include "base/name.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/repaired_priv.h"
#include "checks/special_priv.h"
#include "views/names.h"
#include "views/world.h"

enum iprev_rule {
	RULE_FAIL,
	RULE_NAMES_CUT,
	RULE_NAMES_UNKNOWN,
	RULE_NO_PTR,
	RULE_PARTLY,
	RULE_PASS,
	RULE_UNDECIDED
};

#define WHY_UNCONFIRMED \
	"Gmail answers 451 4.7.23, later 550 5.7.25; Microsoft 550 5.7.25 over IPv6; Postfix " \
	"sites 450 4.7.25; Spectrum AUP#I-1100; GoDaddy 421 IB108; Cox and freenet also refuse."

static const struct rule rules[] = {
	[RULE_FAIL] = { "iprev.fail", &topic_ptr, "PTR name does not lead back to the address",
	    SEVERITY_CRITICAL, true, "RFC 8601 3", WHY_UNCONFIRMED },
	[RULE_NAMES_CUT] = { "iprev.names-cut", &topic_ptr, "too many PTR names", SEVERITY_LOW,
	    false, "RFC 8601 3",
	    "Receivers look at only a few PTR names, often ten or one, and ignore the rest." },
	[RULE_NAMES_UNKNOWN] = { "iprev.names-unknown", &topic_ptr,
	    "some PTR names could not be checked", SEVERITY_LOW, false, "RFC 8601 3",
	    "A receiver that looks at only this name defers the mail, as Postfix does with 450 "
	    "4.7.25." },
	[RULE_NO_PTR] = { "iprev.no-ptr", &topic_ptr, "no PTR name to confirm", SEVERITY_CRITICAL,
	    true, "RFC 8601 3", WHY_UNCONFIRMED },
	[RULE_PARTLY] = { "iprev.partly", &topic_ptr, "some PTR names do not lead back",
	    SEVERITY_MEDIUM, false, "RFC 8601 3",
	    "Postfix confirms only the first PTR name and answers 450 4.7.25 when it is the wrong "
	    "one; the order of PTR names rotates, so mail is sometimes refused." },
	[RULE_PASS] = { "iprev.pass", &topic_ptr, "forward-confirmed", SEVERITY_INFO, true,
	    "RFC 8601 3",
	    "Gmail, Microsoft over IPv6 and many others accept mail only from confirmed "
	    "addresses." },
	[RULE_UNDECIDED] = { "iprev.undecided", &topic_ptr, "forward confirmation is unknown",
	    SEVERITY_HIGH, true, "RFC 8601 3",
	    "A receiver that also gets no answer defers the mail, as Postfix does with 450 "
	    "4.7.25." },
};

static void
iprev_wants(const struct target *t, struct facts *f)
{
	const struct ptr_view *ptr = known_ptr(understanding_so_far(t, f));
	world_follow_closely(t, f, ptr->reverse_name, DNS_PTR);
	iprev_want_names(t, f, ptr->names, ptr->n_names);
}

static void
add_evidence(struct understanding *k, struct findings *out, struct finding *finding)
{
	const struct ptr_view *ptr = known_ptr(k);
	const struct facts *f = k->facts;
	uint16_t own = address_type(&k->target->ip), other = own == DNS_A ? DNS_AAAA : DNS_A;
	finding_evidence(out, finding, ptr->fact);
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_FEW; i++) {
		finding_evidence(out, finding, world_fact(k->target, f, ptr->names[i], own));
		finding_evidence(out, finding, world_fact(k->target, f, ptr->names[i], other));
	}
	finding_mark_planned(out, finding);
}

static void
judge_pass(struct understanding *k, const struct iprev_view *view, struct findings *out)
{
	struct arena *a = out->arena;
	const struct target *t = k->target;
	const struct ptr_view *ptr = known_ptr(k);
	struct finding *pass = finding_add(out, &rules[RULE_PASS], VERDICT_PASS, t->address,
	    "%s %s back to %s", names_shown(view->confirmed, view->n_confirmed, a),
	    view->n_confirmed == 1 ? "leads" : "lead", t->address);
	add_evidence(k, out, pass);

	if (view->n_others > 0) {
		struct finding *partly = finding_add(out, &rules[RULE_PARTLY], VERDICT_WARN,
		    t->address, "%zu of %zu PTR names do not lead back to the address: %s",
		    view->n_others, ptr->n_names,
		    iprev_explain_names(k, view->others, view->n_others));
		struct proposal p;
		proposal_make(k, &p);
		finding_remedy(out, partly, "%s",
		    p.name[0] != '\0' ? remedy_ptr(k) :
					arena_printf(a, "Remove the PTR records of %s.",
					    names_shown(view->others, view->n_others, a)));
		add_evidence(k, out, partly);
	}
	if (view->n_unknown > 0 && ptr->n_names <= IPREV_NAMES_MAX) {
		struct finding *unknown = finding_add(out, &rules[RULE_NAMES_UNKNOWN],
		    VERDICT_TEMPERROR, t->address, "unknown for %zu of %zu PTR names: %s",
		    view->n_unknown, ptr->n_names,
		    iprev_explain_names(k, view->unknown, view->n_unknown));
		finding_remedy(out, unknown,
		    "Find out why the name servers of %s do not answer, or remove these PTR "
		    "records.",
		    names_shown(view->unknown, view->n_unknown, a));
		add_evidence(k, out, unknown);
	}
}

static void
judge_fail(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct ptr_view *ptr = known_ptr(k);
	struct finding *fail = finding_add(out, &rules[RULE_FAIL], VERDICT_FAIL, t->address,
	    "no PTR name leads back to %s: %s", t->address,
	    iprev_explain_names(k, ptr->names, ptr->n_names));
	finding_remedy(out, fail, "%s", remedy_ptr(k));
	add_evidence(k, out, fail);
}

/* The first unknown name that was asked; NULL when none of the unknown ones was asked. */
static const char *
first_failed(const struct understanding *k, const struct iprev_view *view)
{
	uint16_t type = address_type(&k->target->ip);
	for (size_t i = 0; i < view->n_unknown; i++)
		if (facts_find_dns(k->facts, view->unknown[i], type) != NULL)
			return view->unknown[i];
	return NULL;
}

static void
judge_too_many(struct understanding *k, const struct iprev_view *view, struct findings *out)
{
	const struct target *t = k->target;
	struct finding *undecided = finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
	    t->address,
	    "it is unknown whether %s is forward-confirmed: none of the %zu PTR names that were "
	    "looked up leads back to it, and %zu more were not looked up",
	    t->address, known_ptr(k)->n_names - view->n_unknown, view->n_unknown);
	finding_remedy(out, undecided, "%s", remedy_ptr(k));
	add_evidence(k, out, undecided);
}

static void
judge_undecided(struct understanding *k, const struct iprev_view *view, struct findings *out)
{
	struct arena *a = out->arena;
	const struct target *t = k->target;
	const struct ptr_view *ptr = known_ptr(k);
	if (ptr->status == PTR_TEMPERROR) {
		/* the ptr check gives the reason and the remedy */
		struct finding *none = finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
		    t->address, "not checked: the PTR record could not be looked up (see ptr)");
		finding_evidence(out, none, ptr->fact);
		return;
	}
	const char *failed = first_failed(k, view);
	if (failed == NULL) {
		judge_too_many(k, view, out);
		return;
	}
	struct finding *undecided = finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
	    t->address, "it is unknown whether %s is forward-confirmed: %s", t->address,
	    iprev_explain_names(k, view->unknown, view->n_unknown));
	finding_remedy(out, undecided, "%s",
	    remedy_unknown(world_dns(k->target, k->facts, failed, address_type(&t->ip)),
		arena_printf(a, "fix the name servers of %s",
		    names_shown(view->unknown, view->n_unknown, a)),
		a));
	add_evidence(k, out, undecided);
}

static void
judge_no_ptr(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	struct finding *none = finding_add(out, &rules[RULE_NO_PTR], VERDICT_PERMERROR, t->address,
	    "not checked: %s has no PTR name", t->address);
	finding_remedy(out, none, "%s", remedy_ptr(k));
	finding_evidence(out, none, known_ptr(k)->fact);
}

static void
judge_cut(struct understanding *k, struct findings *out)
{
	const struct ptr_view *ptr = known_ptr(k);
	struct finding *cut = finding_add(out, &rules[RULE_NAMES_CUT], VERDICT_WARN,
	    k->target->address, "%zu PTR names; the addresses of the first %d were looked up",
	    ptr->n_names, IPREV_NAMES_MAX);
	finding_remedy(out, cut, "%s", remedy_ptr(k));
	finding_evidence(out, cut, ptr->fact);
}

static void
iprev_judge(struct understanding *k, struct findings *out)
{
	const struct iprev_view *view = known_iprev(k);
	size_t first = out->n;
	if (view->result == IPREV_PASS)
		judge_pass(k, view, out);
	else if (view->result == IPREV_FAIL)
		judge_fail(k, out);
	else if (view->result == IPREV_PERMERROR)
		judge_no_ptr(k, out);
	else
		judge_undecided(k, view, out);
	if (known_ptr(k)->n_names > IPREV_NAMES_MAX)
		judge_cut(k, out);
	repaired_mark(k, out, first);
	special_soften(k, out, first);
}

const struct check check_iprev = {
	.id = "iprev",
	.title = "Forward confirmation",
	.spec = "RFC 8601 section 3",
	.rules = rules,
	.n_rules = sizeof rules / sizeof rules[0],
	.wants = iprev_wants,
	.judge = iprev_judge,
};
