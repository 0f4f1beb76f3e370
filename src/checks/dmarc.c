/* DMARC: what the domain in From asks of receivers, and whether this server's mail passes. */
#include "views/dmarc.h"

#include "base/arena.h"
#include "base/name.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "dmarc_rules_priv.h"
#include "views/dmarc_reports.h"
#include "views/names.h"
#include "views/world.h"

enum { FAULTS_SHOWN = 4 };

struct dmarc_case {
	struct understanding *k;
	struct findings *out;
	struct arena *a;
	const struct dmarc_view *v;
	const char *from; /* as it is shown */
};

static void
dmarc_wants(const struct target *t, struct facts *f)
{
	dmarc_want(t, f);
	/* whether reports arrive says nothing of mail: of many targets it is not asked */
	if (!t->policy->many)
		dmarc_destinations_want(t, f);
}

static void
add_evidence(const struct dmarc_case *c, struct finding *f, const struct dmarc_walk *w)
{
	for (size_t i = 0; w != NULL && i < w->n; i++) {
		const char *name = dmarc_name(c->a, w->steps[i].domain);
		if (name != NULL)
			finding_evidence(c->out, f,
			    world_fact(c->k->target, c->k->facts, name, DNS_TXT));
	}
}

static struct finding *
add(const struct dmarc_case *c, enum dmarc_rule rule, enum verdict verdict, const char *text)
{
	const char *subject = c->v->from[0] != '\0' ? c->v->from : "From";
	struct finding *f = finding_add(c->out, &dmarc_rules[rule], verdict, subject, "%s", text);
	add_evidence(c, f, c->v->walk);
	finding_mark_planned(c->out, f);
	return f;
}

/* ---- sentences */

/* "p=reject at example.com, taken as quarantine" in words. */
static const char *
policy_words(const struct dmarc_case *c)
{
	static const char *const words[] = {
		[DMARC_NONE] = "is delivered as if there was no DMARC",
		[DMARC_QUARANTINE] = "is put aside as suspicious",
		[DMARC_REJECT] = "is refused",
	};
	return words[c->v->policy];
}

static const char *
where_words(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	if (v->place == DMARC_OWN)
		return "";
	return arena_printf(c->a, " (by the record of %s)", name_shown(v->step->domain, c->a));
}

static const char *
passes_by(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	if (v->aligned_spf != NULL && v->aligned_dkim != NULL)
		return arena_printf(c->a, "SPF (%s) and DKIM (%s)",
		    name_shown(v->aligned_spf, c->a), name_shown(v->aligned_dkim, c->a));
	if (v->aligned_spf != NULL)
		return arena_printf(c->a, "SPF (%s)", name_shown(v->aligned_spf, c->a));
	return arena_printf(c->a, "DKIM (%s)", name_shown(v->aligned_dkim, c->a));
}

/* "SPF passes for bounce.example.net, which is not aligned"; why neither helps. */
static const char *
explain_spf(const struct dmarc_case *c)
{
	const struct dmarc_identifier *id = &c->v->spf;
	if (id->domain[0] == '\0')
		return "SPF does not pass";
	return arena_printf(c->a, "SPF passes for %s, which is not aligned with it%s",
	    name_shown(id->domain, c->a), c->v->record->strict_spf ? " (aspf=s)" : "");
}

static const char *
explain_dkim(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	if (v->n_dkim == 0)
		return "no DKIM signature is good";
	return arena_printf(c->a, "DKIM passes for %s, which is not aligned with it%s",
	    name_shown(v->dkim[0].domain, c->a), v->record->strict_dkim ? " (adkim=s)" : "");
}

static const char *
remedy_align(const struct dmarc_case *c)
{
	return arena_printf(c->a,
	    "Sign with DKIM for %s, and send with a MAIL FROM of that domain or one below it whose "
	    "SPF record "
	    "has the server's address.",
	    c->from);
}

/* ---- the result */

static void
judge_pass(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	add(c, RULE_PASS, VERDICT_PASS,
	    arena_printf(c->a, "mail from %s passes by %s; other mail in its name %s%s", c->from,
		passes_by(c), policy_words(c), where_words(c)));
	if (v->aligned_dkim != NULL || !v->dkim_given)
		return;
	struct finding *f = add(c, RULE_SPF_ALONE, VERDICT_WARN,
	    arena_printf(c->a, "mail from %s passes by SPF alone: %s", c->from, explain_dkim(c)));
	finding_remedy(c->out, f, "Sign with DKIM for %s.", c->from);
}

static void
judge_fail(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	if (!v->dkim_given) {
		struct finding *f = add(c, RULE_NEEDS_DKIM, VERDICT_WARN,
		    arena_printf(c->a,
			"%s: mail from %s passes DMARC only with a good DKIM signature of its "
			"domain; "
			"without one it %s%s",
			explain_spf(c), c->from, policy_words(c), where_words(c)));
		finding_remedy(c->out, f,
		    "Say who signs the mail (--dkim %s/SELECTOR, or --message FILE). If nobody "
		    "does: %s",
		    v->from, remedy_align(c));
		return;
	}
	enum verdict verdict = v->policy == DMARC_NONE ? VERDICT_WARN : VERDICT_FAIL;
	struct finding *f = add(c, RULE_FAIL, verdict,
	    arena_printf(c->a, "mail from %s fails: %s, and %s; such mail %s%s", c->from,
		explain_spf(c), explain_dkim(c), policy_words(c), where_words(c)));
	finding_remedy(c->out, f, "%s", remedy_align(c));
}

/* A record that is not there, or that receivers do not see. */
static void
judge_none(const struct dmarc_case *c)
{
	const struct dmarc_step *first = &c->v->walk->steps[0];
	struct finding *f = add(c, RULE_MISSING, VERDICT_WARN,
	    arena_printf(c->a, "%s has no DMARC record, nor has a domain above it", c->from));
	const char *at = name_org_domain(first->domain);
	finding_remedy(c->out, f,
	    "Publish a TXT record at _dmarc.%s that reads v=DMARC1; p=none, with rua=mailto: and "
	    "an address "
	    "for reports.",
	    at[0] != '\0' ? at : first->domain);
}

/* Nobody said what stands in From. */
static void
judge_nothing(const struct dmarc_case *c)
{
	struct finding *f = finding_add(c->out, &dmarc_rules[RULE_NOT_GIVEN], VERDICT_SKIP,
	    c->k->target->address, "not checked: the domain in From was not given");
	finding_remedy(c->out, f, "Give the domain of the From header: --from DOMAIN.");
}

static void
judge_from(const struct dmarc_case *c)
{
	const struct message *m = c->k->target->names.message;
	const char *text = "the domain in From is not a valid one";
	if (m != NULL && m->n_from == 0)
		text = "the message has no From field";
	else if (m != NULL && m->n_from > 1)
		text = arena_printf(c->a, "the message has %zu From fields", m->n_from);
	else if (m != NULL && m->from.n > 1)
		text = arena_printf(c->a, "the message has From addresses of %zu domains",
		    m->from.n);
	else if (m != NULL)
		text = "the From field of the message has no valid address";
	struct finding *f = add(c, RULE_FROM, VERDICT_FAIL, text);
	finding_remedy(c->out, f,
	    "Make the program that writes the mail put one From field with one address into it.");
}

static void
judge_unknown(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	const char *why = v->unknown != NULL ?
	    arena_printf(c->a, "the record could not be looked up: %s",
		dns_answer_reason(v->unknown, c->a)) :
	    "whether SPF or DKIM passes for an aligned domain is not known";
	struct finding *f = add(c, RULE_UNDECIDED, VERDICT_TEMPERROR,
	    arena_printf(c->a, "DMARC of %s could not be judged: %s", c->from, why));
	if (v->unknown != NULL)
		finding_remedy(c->out, f, "%s",
		    remedy_unknown(v->unknown,
			arena_printf(c->a, "fix the name servers of %s", c->from), c->a));
}

static void
judge_invalid(const struct dmarc_case *c)
{
	struct finding *f = add(c, RULE_INVALID, VERDICT_WARN,
	    arena_printf(c->a,
		"the DMARC record at %s has no valid policy and no address for reports: receivers "
		"pass "
		"over it",
		name_shown(c->v->step->domain, c->a)));
	finding_remedy(c->out, f,
	    "Put p=none, p=quarantine or p=reject into the TXT record of _dmarc.%s.",
	    c->v->step->domain);
}

/* ---- what the records are like */

static void
judge_step(const struct dmarc_case *c, const struct dmarc_step *s)
{
	if (s->n_records > 1) {
		struct finding *f = add(c, RULE_SEVERAL, VERDICT_WARN,
		    arena_printf(c->a,
			"_dmarc.%s has %zu DMARC records; receivers drop all of them", s->domain,
			s->n_records));
		finding_remedy(c->out, f, "Keep one of the TXT records of _dmarc.%s.", s->domain);
	}
	if (s->n_records == 0 && s->near_miss != NULL) {
		struct finding *f = add(c, RULE_NEAR_MISS, VERDICT_WARN,
		    arena_printf(c->a, "the record at _dmarc.%s counts for nothing: it %s",
			s->domain, s->near_miss));
		finding_remedy(c->out, f,
		    "Let the TXT record of _dmarc.%s begin with v=DMARC1; exactly.", s->domain);
	}
}

static void
judge_record(const struct dmarc_case *c)
{
	const struct dmarc_record *r = c->v->record;
	const char *text = "";
	size_t n = r->tags.n_faults;
	for (size_t i = 0; i < n && i < FAULTS_SHOWN; i++)
		text = arena_printf(c->a, "%s%sbyte %zu: %s%s%s", text, i > 0 ? "; " : "",
		    r->tags.faults[i].at + 1, r->tags.faults[i].name,
		    r->tags.faults[i].name[0] != '\0' ? " " : "", r->tags.faults[i].text);
	if (n > 0) {
		struct finding *f = add(c, RULE_FAULT, VERDICT_WARN,
		    arena_printf(c->a, "the record at _dmarc.%s: %s", c->v->step->domain, text));
		finding_remedy(c->out, f, "Correct the TXT record of _dmarc.%s.",
		    c->v->step->domain);
	}
	if (r->removed)
		add(c, RULE_REMOVED, VERDICT_INFO,
		    arena_printf(c->a, "the record at _dmarc.%s has %s, which RFC 9989 took away",
			c->v->step->domain, r->removed_tags));
	if (r->testing)
		add(c, RULE_TESTING, VERDICT_INFO,
		    arena_printf(c->a, "the record at _dmarc.%s has t=y: %s is taken for %s",
			c->v->step->domain,
			enumtab_name(&dmarc_policy_names, (int)dmarc_record_policy(r, c->v->place)),
			enumtab_name(&dmarc_policy_names, (int)c->v->policy)));
}

static void
judge_destination(const struct dmarc_case *c, const struct dmarc_destination *d)
{
	const char *domain = name_shown(d->domain, c->a);
	bool unknown = d->state == DMARC_TAKES_UNKNOWN;
	if (d->state == DMARC_TAKES)
		return;
	const char *text = unknown ?
	    arena_printf(c->a, "whether %s takes reports about %s could not be checked: %s", domain,
		c->v->step->domain, dns_answer_reason(d->answer, c->a)) :
	    arena_printf(c->a,
		"no reports reach the addresses at %s: it does not say at %s that it takes those "
		"about %s",
		domain, d->name, c->v->step->domain);
	struct finding *f = add(c, unknown ? RULE_REPORTS_UNDECIDED : RULE_REPORTS,
	    unknown ? VERDICT_TEMPERROR : VERDICT_INFO, text);
	finding_evidence(c->out, f, facts_find_dns(c->k->facts, d->name, DNS_TXT));
	if (!unknown)
		finding_remedy(c->out, f,
		    "Have the owner of %s publish %s TXT \"v=DMARC1\", or send the reports "
		    "elsewhere "
		    "(rua=).",
		    domain, d->name);
}

static void
judge_destinations(const struct dmarc_case *c)
{
	struct dmarc_destination list[DMARC_DESTINATIONS_MAX];
	size_t n = c->k->target->policy->many ? 0 : dmarc_destinations(c->k, list);
	for (size_t i = 0; i < n; i++)
		judge_destination(c, &list[i]);
}

static void
judge_list(const struct dmarc_case *c)
{
	const struct dmarc_view *v = c->v;
	struct finding *f = add(c, RULE_LIST_DIFFERS, VERDICT_WARN,
	    arena_printf(c->a,
		"receivers that walk the DNS (RFC 9989) get %s, those that use the Public Suffix "
		"List (RFC "
		"7489) %s",
		enumtab_name(&dmarc_result_names, (int)v->result),
		enumtab_name(&dmarc_result_names, (int)v->list_result)));
	finding_remedy(c->out, f,
	    "Publish a DMARC record at the registered domain, %s, so that both find the same.",
	    name_org_domain(v->from)[0] != '\0' ? name_org_domain(v->from) : v->from);
}

static void
dmarc_judge(struct understanding *k, struct findings *out)
{
	static void (*const judges[])(const struct dmarc_case *) = {
		[DMARC_RESULT_TEMPERROR] = judge_unknown,
		[DMARC_RESULT_PASS] = judge_pass,
		[DMARC_RESULT_FAIL] = judge_fail,
		[DMARC_RESULT_NONE] = judge_none,
		[DMARC_RESULT_PERMERROR] = judge_invalid,
	};
	const struct dmarc_view *v = known_dmarc(k);
	struct dmarc_case c = { k, out, out->arena, v, name_shown(v->from, out->arena) };
	const struct target_names *names = &k->target->names;
	if (v->walk == NULL && names->message == NULL && names->from == NULL &&
	    names->domain[0] == '\0') {
		judge_nothing(&c);
		return;
	}
	if (v->walk == NULL) {
		judge_from(&c);
		return;
	}
	judges[v->result](&c);
	for (size_t i = 0; i < v->walk->n; i++)
		judge_step(&c, &v->walk->steps[i]);
	if (v->record != NULL)
		judge_record(&c);
	judge_destinations(&c);
	if (v->list_differs)
		judge_list(&c);
}

const struct check check_dmarc = {
	.id = "dmarc",
	.title = "DMARC of the domain in From",
	.spec = "RFC 9989",
	.rules = dmarc_rules,
	.n_rules = DMARC_RULES,
	.applies = dmarc_applies,
	.wants = dmarc_wants,
	.judge = dmarc_judge,
};
