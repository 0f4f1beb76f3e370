/* Forward confirmation: the "iprev" method of RFC 8601 section 3. */
#include "base/arena.h"
#include "base/name.h"
#include "checks/authority.h"
#include "checks/finding.h"
#include "checks/iprev_priv.h"
#include "checks/names.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/special_priv.h"
#include "views/views.h"

enum { NAMES_EXPLAINED = 3 };

static const struct enumtab_row result_rows[] = {
	{ "temperror", IPREV_TEMPERROR },
	{ "pass", IPREV_PASS },
	{ "fail", IPREV_FAIL },
	{ "permerror", IPREV_PERMERROR },
};
const struct enumtab iprev_result_names = ENUMTAB(result_rows);

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
	"Gmail answers 421 4.7.23, later 550 5.7.25; Microsoft 550 5.7.25 over IPv6; Postfix " \
	"sites 450 4.7.25; Spectrum AUP#I-1100; GoDaddy 421 IB108; Cox and freenet refuse as " \
	"well."

static const struct rule rules[] = {
	[RULE_FAIL] = { "iprev.fail", SEVERITY_CRITICAL, true, "RFC 8601 3", WHY_UNCONFIRMED },
	[RULE_NAMES_CUT] = { "iprev.names-cut", SEVERITY_LOW, false, "RFC 8601 3",
	    "Receivers look at a few PTR names only, often ten or one; what stands behind is "
	    "ignored." },
	[RULE_NAMES_UNKNOWN] = { "iprev.names-unknown", SEVERITY_LOW, false, "RFC 8601 3",
	    "A receiver that looks at this name alone defers the mail, as Postfix does with 450 "
	    "4.7.25." },
	[RULE_NO_PTR] = { "iprev.no-ptr", SEVERITY_CRITICAL, true, "RFC 8601 3", WHY_UNCONFIRMED },
	[RULE_PARTLY] = { "iprev.partly", SEVERITY_MEDIUM, false, "RFC 8601 3",
	    "Postfix confirms the first PTR name only and answers 450 4.7.25 when it is the wrong "
	    "one; the order of PTR names rotates, so mail is refused now and then." },
	[RULE_PASS] = { "iprev.pass", SEVERITY_INFO, true, "RFC 8601 3",
	    "Gmail, Microsoft over IPv6 and many others accept mail from confirmed addresses "
	    "only." },
	[RULE_UNDECIDED] = { "iprev.undecided", SEVERITY_HIGH, true, "RFC 8601 3",
	    "A receiver that cannot tell either defers the mail, as Postfix does with 450 "
	    "4.7.25." },
};

enum says { SAYS_NOTHING, SAYS_OTHER, SAYS_CONFIRMED };

static enum says
name_says(const struct target *t, const struct facts *f, const char *name)
{
	const struct dns_answer *answer = facts_dns(f, name, address_type(&t->ip));
	if (!dns_told(answer->status))
		return SAYS_NOTHING;
	return dns_answer_has_ip(answer, &t->ip) ? SAYS_CONFIRMED : SAYS_OTHER;
}

void
iprev_view_names(const struct target *t, const struct facts *f, const char *const *names, size_t n,
    struct arena *a, struct iprev_view *out)
{
	*out = (struct iprev_view){
		.result = IPREV_PERMERROR,
		.confirmed = arena_array(a, n, sizeof(char *)),
		.unknown = arena_array(a, n, sizeof(char *)),
	};
	for (size_t i = 0; i < n; i++) {
		enum says says = name_says(t, f, names[i]);
		if (says == SAYS_CONFIRMED)
			out->confirmed[out->n_confirmed++] = names[i];
		else if (says == SAYS_NOTHING)
			out->unknown[out->n_unknown++] = names[i];
	}
	if (n > 0)
		out->result = out->n_unknown > 0 ? IPREV_TEMPERROR : IPREV_FAIL;
	if (out->n_confirmed > 0)
		out->result = IPREV_PASS;
}

void
iprev_view(const struct target *t, const struct facts *f, struct arena *a, struct iprev_view *out)
{
	struct ptr_view ptr;
	ptr_view(t, f, a, &ptr);
	iprev_view_names(t, f, ptr.names, ptr.n_names, a, out);
	if (ptr.status == PTR_TEMPERROR)
		out->result = IPREV_TEMPERROR;
}

bool
iprev_is_settled_unconfirmed(const struct target *t, const struct facts *f, struct arena *a)
{
	struct ptr_view ptr;
	ptr_view(t, f, a, &ptr);
	if (ptr.status != PTR_FOUND || ptr.n_names > IPREV_NAMES_FEW)
		return false;
	for (size_t i = 0; i < ptr.n_names; i++) {
		const struct dns_answer *answer = facts_dns(f, ptr.names[i], address_type(&t->ip));
		if (answer->status == DNS_PENDING || dns_answer_has_ip(answer, &t->ip))
			return false;
	}
	return true;
}

/* Among many targets the other family is asked for only where it has to explain something. */
static void
want_addresses(const struct target *t, struct facts *f, const char *name)
{
	uint16_t own = address_type(&t->ip), other = own == DNS_A ? DNS_AAAA : DNS_A;

	facts_follow_dns(f, name, own);
	if (!t->policy->many || facts_dns(f, name, own)->status == DNS_NODATA)
		facts_want_dns(f, name, other);
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
			facts_want_dns(f, names[i], address_type(&t->ip));
	}
}

static void
iprev_wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	struct ptr_view ptr;
	facts_follow_dns(f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	ptr_view(t, f, f->arena, &ptr);
	iprev_want_names(t, f, ptr.names, ptr.n_names);
}

/* "mail.example has 192.0.2.9", "gone.example does not exist". */
static const char *
explain_name(const struct target *t, const struct facts *f, const char *name, struct arena *a)
{
	const char *shown = name_shown(name, a);
	const struct dns_answer *answer = facts_dns(f, name, address_type(&t->ip));
	if (facts_find_dns(f, name, address_type(&t->ip)) == NULL)
		return arena_printf(a, "%s was not looked up", shown);
	if (!dns_told(answer->status))
		return arena_printf(a, "%s: %s", shown, dns_answer_reason(answer, a));
	if (answer->status == DNS_FOUND)
		return arena_printf(a, "%s has %s", shown, addresses_shown(answer, a));
	if (answer->status == DNS_NXDOMAIN)
		return arena_printf(a, "%s does not exist", shown);
	const struct dns_answer *other = facts_dns(f, name, t->ip.family == 6 ? DNS_A : DNS_AAAA);
	if (other->status == DNS_FOUND)
		return arena_printf(a, "%s has no %s record, only %s", shown,
		    address_type_name(&t->ip), addresses_shown(other, a));
	return arena_printf(a, "%s has no address", shown);
}

const char *
iprev_explain_names(const struct target *t, const struct facts *f, const char *const *names,
    size_t n, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < n && i < NAMES_EXPLAINED; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? "; " : "",
		    explain_name(t, f, names[i], a));
	return n <= NAMES_EXPLAINED ?
	    text :
	    arena_printf(a, "%s; and %zu more", text, n - NAMES_EXPLAINED);
}

static void
add_evidence(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    struct findings *out, struct finding *finding)
{
	finding_evidence(out, finding, ptr->fact);
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_FEW; i++) {
		finding_evidence(out, finding,
		    facts_find_dns(f, ptr->names[i], address_type(&t->ip)));
		finding_evidence(out, finding, facts_find_dns(f, ptr->names[i], DNS_A));
		finding_evidence(out, finding, facts_find_dns(f, ptr->names[i], DNS_AAAA));
	}
	finding_mark_planned(out, finding);
}

/* The names that were looked up, told, and do not hold the address. */
static struct name_set
denying_names(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    struct arena *a)
{
	struct name_set set = { .list = arena_array(a, ptr->n_names, sizeof(char *)) };
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_MAX; i++)
		if (name_says(t, f, ptr->names[i]) == SAYS_OTHER)
			set.list[set.n++] = ptr->names[i];
	return set;
}

static void
judge_pass(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    const struct iprev_view *view, struct findings *out)
{
	struct arena *a = out->arena;
	struct finding *pass = finding_add(out, &rules[RULE_PASS], VERDICT_PASS, t->address,
	    "%s %s back to %s", names_shown(view->confirmed, view->n_confirmed, a),
	    view->n_confirmed == 1 ? "leads" : "lead", t->address);
	add_evidence(t, f, ptr, out, pass);

	struct name_set others = denying_names(t, f, ptr, a);
	if (others.n > 0) {
		struct finding *partly = finding_add(out, &rules[RULE_PARTLY], VERDICT_WARN,
		    t->address, "%zu of %zu PTR names do not lead back to the address: %s",
		    others.n, ptr->n_names, iprev_explain_names(t, f, others.list, others.n, a));
		struct proposal p;
		proposal_make(t, f, a, &p);
		finding_remedy(out, partly, "%s",
		    p.name[0] != '\0' ? remedy_ptr(t, f, a) :
					arena_printf(a, "Remove the PTR records of %s.",
					    names_shown(others.list, others.n, a)));
		add_evidence(t, f, ptr, out, partly);
	}
	if (view->n_unknown > 0 && ptr->n_names <= IPREV_NAMES_MAX) {
		struct finding *unknown = finding_add(out, &rules[RULE_NAMES_UNKNOWN],
		    VERDICT_TEMPERROR, t->address, "could not tell for %zu of %zu PTR names: %s",
		    view->n_unknown, ptr->n_names,
		    iprev_explain_names(t, f, view->unknown, view->n_unknown, a));
		finding_remedy(out, unknown,
		    "See why the name servers of %s do not answer, or remove these "
		    "PTR records.",
		    names_shown(view->unknown, view->n_unknown, a));
		add_evidence(t, f, ptr, out, unknown);
	}
}

static void
judge_fail(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    struct findings *out)
{
	struct arena *a = out->arena;
	struct finding *fail = finding_add(out, &rules[RULE_FAIL], VERDICT_FAIL, t->address,
	    "no PTR name leads back to %s: %s", t->address,
	    iprev_explain_names(t, f, ptr->names, ptr->n_names, a));
	finding_remedy(out, fail, "%s", remedy_ptr(t, f, a));
	add_evidence(t, f, ptr, out, fail);
}

/* The first name that was asked about and not told; NULL when all that are unknown were left out. */
static const char *
first_failed(const struct target *t, const struct facts *f, const struct iprev_view *view)
{
	for (size_t i = 0; i < view->n_unknown; i++)
		if (facts_find_dns(f, view->unknown[i], address_type(&t->ip)) != NULL)
			return view->unknown[i];
	return NULL;
}

static void
judge_too_many(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    const struct iprev_view *view, struct findings *out)
{
	struct finding *undecided = finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
	    t->address,
	    "could not tell whether %s is forward-confirmed: none of the %zu PTR names that were "
	    "looked up leads back to it, %zu more were not looked up",
	    t->address, ptr->n_names - view->n_unknown, view->n_unknown);
	finding_remedy(out, undecided, "%s", remedy_ptr(t, f, out->arena));
	add_evidence(t, f, ptr, out, undecided);
}

static void
judge_undecided(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    const struct iprev_view *view, struct findings *out)
{
	struct arena *a = out->arena;
	if (ptr->status == PTR_TEMPERROR) {
		/* the ptr check has said why, and what to do */
		struct finding *none = finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
		    t->address, "not judged: the PTR record could not be looked up (see ptr)");
		finding_evidence(out, none, ptr->fact);
		return;
	}
	const char *failed = first_failed(t, f, view);
	if (failed == NULL) {
		judge_too_many(t, f, ptr, view, out);
		return;
	}
	struct finding *undecided = finding_add(out, &rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
	    t->address, "could not tell whether %s is forward-confirmed: %s", t->address,
	    iprev_explain_names(t, f, view->unknown, view->n_unknown, a));
	finding_remedy(out, undecided, "%s",
	    remedy_unknown(facts_dns(f, failed, address_type(&t->ip)),
		arena_printf(a, "fix the name servers of %s",
		    names_shown(view->unknown, view->n_unknown, a)),
		a));
	add_evidence(t, f, ptr, out, undecided);
}

static void
judge_no_ptr(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    struct findings *out)
{
	struct finding *none = finding_add(out, &rules[RULE_NO_PTR], VERDICT_PERMERROR, t->address,
	    "%s has no PTR name that could be confirmed", t->address);
	finding_remedy(out, none, "%s", remedy_ptr(t, f, out->arena));
	finding_evidence(out, none, ptr->fact);
}

static void
judge_cut(const struct target *t, const struct facts *f, const struct ptr_view *ptr,
    struct findings *out)
{
	struct finding *cut = finding_add(out, &rules[RULE_NAMES_CUT], VERDICT_WARN, t->address,
	    "%zu PTR names; the addresses of the first %d were looked up", ptr->n_names,
	    IPREV_NAMES_MAX);
	finding_remedy(out, cut, "%s", remedy_ptr(t, f, out->arena));
	finding_evidence(out, cut, ptr->fact);
}

static void
iprev_judge(const struct target *t, const struct facts *f, struct findings *out)
{
	struct ptr_view ptr;
	struct iprev_view view;
	size_t first = out->n;
	ptr_view(t, f, out->arena, &ptr);
	iprev_view(t, f, out->arena, &view);
	if (view.result == IPREV_PASS)
		judge_pass(t, f, &ptr, &view, out);
	else if (view.result == IPREV_FAIL)
		judge_fail(t, f, &ptr, out);
	else if (view.result == IPREV_PERMERROR)
		judge_no_ptr(t, f, &ptr, out);
	else
		judge_undecided(t, f, &ptr, &view, out);
	if (ptr.n_names > IPREV_NAMES_MAX)
		judge_cut(t, f, &ptr, out);
	special_soften(t, out, first);
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
