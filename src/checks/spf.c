/* SPF: does the domain that the mail is from allow the address (RFC 7208)? */
#include "base/arena.h"
#include "base/safe.h"
#include "checks/registry.h"
#include "checks/special_priv.h"
#include "checks/spf_priv.h"
#include "views/names.h"
#include "views/understanding.h"

/* One judgement: what every part of it needs. */
struct spf_case {
	struct understanding *k;
	const struct target *t;
	struct findings *out;
	struct arena *a;
	const struct spf_view *view;
};

/* How a result is judged where it decides, and where the EHLO name is judged beside a sender. */
static const struct {
	enum spf_rule rule;
	enum verdict verdict;
	enum spf_rule helo_rule;
	enum verdict helo_verdict;
} results[] = {
	[SPF_NONE] = { SPF_RULE_MISSING, VERDICT_WARN, SPF_RULE_HELO_NONE, VERDICT_INFO },
	[SPF_NEUTRAL] = { SPF_RULE_NEUTRAL, VERDICT_WARN, SPF_RULE_HELO, VERDICT_INFO },
	[SPF_PASS] = { SPF_RULE_GOOD, VERDICT_PASS, SPF_RULE_GOOD, VERDICT_PASS },
	[SPF_FAIL] = { SPF_RULE_FAIL, VERDICT_FAIL, SPF_RULE_HELO, VERDICT_WARN },
	[SPF_SOFTFAIL] = { SPF_RULE_SOFTFAIL, VERDICT_WARN, SPF_RULE_HELO, VERDICT_INFO },
	[SPF_TEMPERROR] = { SPF_RULE_UNDECIDED, VERDICT_TEMPERROR, SPF_RULE_HELO_UNDECIDED,
	    VERDICT_TEMPERROR },
	[SPF_PERMERROR] = { SPF_RULE_INVALID, VERDICT_PERMERROR, SPF_RULE_HELO, VERDICT_WARN },
};

/* "in its record", or in whose; with the term that decided. */
static const char *
decided(const struct spf_check *c, struct arena *a)
{
	if (c->decided == NULL)
		return "nothing in its record matches it";
	const char *term = safe_text(a, c->decided->text);
	if (name_equal(c->decided_in, c->domain))
		return arena_printf(a, "\"%s\" in its record matches it", term);
	return arena_printf(a, "\"%s\" matches it in the record of %s, to which its own redirects",
	    term, name_shown(c->decided_in, a));
}

/* "(3 of 10 look-ups)" */
static const char *
cost(const struct spf_check *c, struct arena *a)
{
	return arena_printf(a, "%u of %d look-ups", c->lookups, SPF_TERMS_MAX);
}

static const char *
sentence_of(const struct spf_case *s, const struct spf_check *c)
{
	const char *domain = name_shown(c->domain, s->a);
	if (c->domain[0] == '\0')
		return arena_printf(s->a, "%s has no domain that could have an SPF record",
		    c->sender);
	switch (c->result) {
	case SPF_NONE:
		return arena_printf(s->a, "%s has no SPF record", domain);
	case SPF_PASS:
		return arena_printf(s->a, "%s allows %s: %s (%s)", domain, s->t->address,
		    decided(c, s->a), cost(c, s->a));
	case SPF_FAIL:
		return arena_printf(s->a, "%s does not allow %s: %s", domain, s->t->address,
		    decided(c, s->a));
	case SPF_SOFTFAIL:
		return arena_printf(s->a, "%s probably does not allow %s: %s", domain,
		    s->t->address, decided(c, s->a));
	case SPF_NEUTRAL:
		return arena_printf(s->a, "%s does not say whether %s is allowed: %s", domain,
		    s->t->address, decided(c, s->a));
	case SPF_TEMPERROR:
	case SPF_PERMERROR:
		break;
	}
	return c->problem_text;
}

static struct finding *
add(const struct spf_case *s, const struct spf_check *c, enum spf_rule rule, enum verdict verdict)
{
	const char *about = c == s->view->mail_from ? "" : "EHLO name: ";
	struct finding *f = finding_add(s->out, &spf_rules[rule], verdict,
	    c->domain[0] != '\0' ? c->domain : c->sender, "%s%s", about, sentence_of(s, c));
	for (size_t i = 0; i < c->n_facts; i++)
		finding_evidence(s->out, f, c->facts[i]);
	f->story = spf_story(c, s->a);
	finding_mark_planned(s->out, f);
	return f;
}

static void
judge_main(const struct spf_case *s)
{
	const struct spf_check *c = s->view->main;
	struct finding *f = add(s, c, results[c->result].rule, results[c->result].verdict);
	finding_remedy(s->out, f, "%s", spf_remedy(s->t, c, s->a));
	f->sums_up = true;
	spf_remark(s->t, c, s->k->facts, s->out);
}

/* What the EHLO name says beside a sender that decides: of bounces. */
static void
judge_helo(const struct spf_case *s)
{
	const struct spf_check *c = s->view->helo;
	bool given = s->t->names.ehlo[0] != '\0';
	enum verdict verdict = results[c->result].helo_verdict;
	if (c->domain[0] == '\0')
		return;
	struct finding *f = add(s, c, results[c->result].helo_rule,
	    given || !verdict_is_bad(verdict) ? verdict : VERDICT_WARN);
	if (c->result != SPF_PASS)
		finding_remedy(s->out, f, "%s", spf_remedy(s->t, c, s->a));
}

static void
judge_nobody(const struct spf_case *s)
{
	struct finding *f = finding_add(s->out, &spf_rules[SPF_RULE_NO_SENDER], VERDICT_SKIP,
	    s->t->address, "not checked: no sender and no EHLO name is known");
	finding_remedy(s->out, f,
	    "Give the domain that the mail is from: --from DOMAIN; or the sender: --mail-from "
	    "ADDRESS.");
}

static void
spf_judge(struct understanding *k, struct findings *out)
{
	struct spf_case s = {
		.k = k,
		.t = k->target,
		.out = out,
		.a = out->arena,
		.view = known_spf(k),
	};
	size_t first = out->n;
	if (s.view->main == NULL) {
		judge_nobody(&s);
		return;
	}
	judge_main(&s);
	if (s.view->helo != NULL && s.view->helo != s.view->main)
		judge_helo(&s);
	special_soften(k, out, first);
}

const struct check check_spf = {
	.id = "spf",
	.title = "SPF",
	.spec = "RFC 7208",
	.rules = spf_rules,
	.n_rules = SPF_RULES,
	.applies = spf_applies,
	.wants = spf_want,
	.judge = spf_judge,
};
