/* Which demands of big receivers are met: a rule's test over what is known, rule by rule. */
#include "views/receivers.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/dkim.h"
#include "views/dmarc.h"
#include "views/domain.h"
#include "views/ehlo.h"
#include "views/spf.h"
#include "views/world.h"

static const struct enumtab_row state_rows[] = {
	{ "not-demanded", DEMAND_NOT_MADE },
	{ "met", DEMAND_MET },
	{ "unknown", DEMAND_UNKNOWN },
	{ "not-met", DEMAND_NOT_MET },
};
const struct enumtab demand_state_names = ENUMTAB(state_rows);

/* ---- tests: what is known, as met, not met or unknown */

typedef enum demand_state test_fn(struct understanding *k, const struct receiver_rule *rule);

static enum demand_state
met_if(bool yes)
{
	return yes ? DEMAND_MET : DEMAND_NOT_MET;
}

static enum demand_state
test_ptr(struct understanding *k, const struct receiver_rule *rule)
{
	const struct ptr_view *v = known_ptr(k);
	(void)rule;
	return v->status == PTR_TEMPERROR ? DEMAND_UNKNOWN : met_if(v->n_names > 0);
}

static enum demand_state
test_ptr_own(struct understanding *k, const struct receiver_rule *rule)
{
	enum demand_state state = test_ptr(k, rule);
	return state == DEMAND_MET ? met_if(!known_generic(k)->is_generic) : state;
}

static enum demand_state
test_forward(struct understanding *k, const struct receiver_rule *rule)
{
	enum iprev_result result = known_iprev(k)->result;
	(void)rule;
	return result == IPREV_TEMPERROR ? DEMAND_UNKNOWN : met_if(result == IPREV_PASS);
}

static enum demand_state
test_ehlo_valid(struct understanding *k, const struct receiver_rule *rule)
{
	const struct ehlo_view *v = known_ehlo(k);
	(void)rule;
	return v->source == EHLO_NONE ? DEMAND_UNKNOWN : met_if(v->result != IPREV_PERMERROR);
}

/* Whether the addresses are those of the server is not asked. */
static enum demand_state
test_ehlo_resolves(struct understanding *k, const struct receiver_rule *rule)
{
	const struct ehlo_view *v = known_ehlo(k);
	enum demand_state valid = test_ehlo_valid(k, rule);
	if (valid != DEMAND_MET || v->literal)
		return valid == DEMAND_MET ? DEMAND_NOT_MET : valid;
	struct ehlo_syntax syntax;
	ehlo_parse(v->name, &syntax);
	const struct dns_answer *a4 = world_dns(k->target, k->facts, syntax.host, DNS_A);
	const struct dns_answer *a6 = world_dns(k->target, k->facts, syntax.host, DNS_AAAA);
	if (v->resolves || a4->status == DNS_FOUND || a6->status == DNS_FOUND)
		return DEMAND_MET;
	return dns_is_known(a4->status) && dns_is_known(a6->status) ? DEMAND_NOT_MET :
								      DEMAND_UNKNOWN;
}

/* That mail can go there shows that it exists; whether its SOA record can be asked for, nothing else does. */
static enum demand_state
existence_of(struct understanding *k, const struct domain_view *v)
{
	enum dns_status soa = facts_dns(k->facts, v->name, DNS_SOA)->status;
	if (v->state == DOMAIN_NO_NAME)
		return DEMAND_NOT_MET;
	return v->state != DOMAIN_UNKNOWN && (soa == DNS_FOUND || soa == DNS_NODATA) ?
	    DEMAND_MET :
	    DEMAND_UNKNOWN;
}

static enum demand_state
mail_of(struct understanding *k, const struct domain_view *v)
{
	(void)k;
	return v->result == DOMAIN_TEMPERROR ? DEMAND_UNKNOWN : met_if(v->result == DOMAIN_PASS);
}

/* The worst of the domains that the mail is from. */
static enum demand_state
worst_domain(struct understanding *k,
    enum demand_state (*of)(struct understanding *k, const struct domain_view *v))
{
	size_t n;
	const struct domain_view *views = known_domains(k, &n);
	enum demand_state worst = n > 0 ? DEMAND_MET : DEMAND_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		enum demand_state state = of(k, &views[i]);
		worst = state > worst ? state : worst;
	}
	return worst;
}

static enum demand_state
test_sender_exists(struct understanding *k, const struct receiver_rule *rule)
{
	(void)rule;
	return worst_domain(k, existence_of);
}

static enum demand_state
test_sender_mail(struct understanding *k, const struct receiver_rule *rule)
{
	(void)rule;
	return worst_domain(k, mail_of);
}

/* That of MAIL FROM; for the empty sender of bounces the EHLO name stands.  NULL: not known. */
static const struct spf_check *
sender_spf(struct understanding *k)
{
	const struct spf_view *v = known_spf(k);
	return v->source == SENDER_EMPTY ? v->helo : v->mail_from;
}

static enum demand_state
test_spf(struct understanding *k, const struct receiver_rule *rule)
{
	const struct spf_check *c = sender_spf(k);
	(void)rule;
	if (c == NULL || c->result == SPF_TEMPERROR)
		return DEMAND_UNKNOWN;
	return met_if(c->result == SPF_PASS);
}

/* What a receiver makes of a record that cannot be evaluated is its own affair. */
static enum demand_state
test_spf_not_fail(struct understanding *k, const struct receiver_rule *rule)
{
	const struct spf_check *c = sender_spf(k);
	(void)rule;
	if (c == NULL || c->result == SPF_TEMPERROR || c->result == SPF_PERMERROR)
		return DEMAND_UNKNOWN;
	return met_if(c->result != SPF_FAIL);
}

static enum demand_state
test_dkim(struct understanding *k, const struct receiver_rule *rule)
{
	const struct dkim_view *v = known_dkim(k);
	enum demand_state state = v->is_given ? DEMAND_NOT_MET : DEMAND_UNKNOWN;
	(void)rule;
	for (size_t i = 0; i < v->n; i++) {
		if (dkim_row_signs(&v->rows[i]))
			return DEMAND_MET;
		if (v->rows[i].result == DKIM_TEMPERROR)
			state = DEMAND_UNKNOWN;
	}
	return state;
}

static enum demand_state
test_spf_or_dkim(struct understanding *k, const struct receiver_rule *rule)
{
	enum demand_state spf = test_spf(k, rule), dkim = test_dkim(k, rule);
	return spf < dkim ? spf : dkim;
}

static enum demand_state
test_dmarc_record(struct understanding *k, const struct receiver_rule *rule)
{
	const struct dmarc_view *v = known_dmarc(k);
	(void)rule;
	if (v->from[0] == '\0')
		return DEMAND_UNKNOWN;
	if (v->record == NULL && v->result == DMARC_RESULT_TEMPERROR)
		return DEMAND_UNKNOWN;
	return met_if(v->record != NULL && v->result != DMARC_RESULT_PERMERROR);
}

/* Without a word of who signs the mail it may pass by DKIM all the same. */
static enum demand_state
unless_signed(const struct dmarc_view *v)
{
	return v->dkim_given ? DEMAND_NOT_MET : DEMAND_UNKNOWN;
}

static enum demand_state
test_dmarc(struct understanding *k, const struct receiver_rule *rule)
{
	const struct dmarc_view *v = known_dmarc(k);
	(void)rule;
	if (v->from[0] == '\0' || v->result == DMARC_RESULT_TEMPERROR)
		return DEMAND_UNKNOWN;
	if (v->result == DMARC_RESULT_FAIL)
		return unless_signed(v);
	return met_if(v->result == DMARC_RESULT_PASS);
}

/* Nobody acts on a failure while the policy is below worst. */
static enum demand_state
policy_is_below(struct understanding *k, enum dmarc_policy worst)
{
	const struct dmarc_view *v = known_dmarc(k);
	if (v->from[0] == '\0' || v->result == DMARC_RESULT_TEMPERROR)
		return DEMAND_UNKNOWN;
	if (v->result == DMARC_RESULT_FAIL && v->policy >= worst)
		return unless_signed(v);
	return DEMAND_MET;
}

static enum demand_state
test_dmarc_not_refused(struct understanding *k, const struct receiver_rule *rule)
{
	(void)rule;
	return policy_is_below(k, DMARC_REJECT);
}

static enum demand_state
test_dmarc_not_enforced(struct understanding *k, const struct receiver_rule *rule)
{
	(void)rule;
	return policy_is_below(k, DMARC_QUARANTINE);
}

/* Where no record says what is aligned, the very domain is; of others it is not known. */
static enum demand_state
alignment_of(const struct dmarc_view *v, const struct dmarc_identifier *id)
{
	if (id->domain[0] == '\0')
		return DEMAND_NOT_MET;
	if (v->record == NULL)
		return id->known && name_equal(id->domain, v->from) ? DEMAND_MET : DEMAND_UNKNOWN;
	if (id->alignment == DMARC_NOT_ALIGNED)
		return DEMAND_NOT_MET;
	return id->known && id->alignment == DMARC_ALIGNED ? DEMAND_MET : DEMAND_UNKNOWN;
}

static enum demand_state
test_aligned_dkim(struct understanding *k, const struct receiver_rule *rule)
{
	const struct dmarc_view *v = known_dmarc(k);
	enum demand_state best = unless_signed(v);
	(void)rule;
	if (v->from[0] == '\0')
		return DEMAND_UNKNOWN;
	for (size_t i = 0; i < v->n_dkim; i++) {
		enum demand_state state = alignment_of(v, &v->dkim[i]);
		best = state < best ? state : best;
	}
	return best;
}

static enum demand_state
test_aligned(struct understanding *k, const struct receiver_rule *rule)
{
	enum demand_state dkim = test_aligned_dkim(k, rule);
	enum demand_state spf = alignment_of(known_dmarc(k), &known_dmarc(k)->spf);
	return known_dmarc(k)->from[0] != '\0' && spf < dkim ? spf : dkim;
}

static enum demand_state
test_not_listed(struct understanding *k, const struct receiver_rule *rule)
{
	const struct lists_view *v = known_lists(k);
	for (size_t i = 0; i < v->n; i++) {
		const struct list_verdict *verdict = &v->rows[i].verdict;
		if (strcmp(v->rows[i].list->zone, rule->list) != 0 || v->rows[i].is_domain)
			continue;
		if (verdict->state == LIST_CLEAN || verdict->state == LIST_LISTED)
			return met_if(verdict->state == LIST_CLEAN);
		/* a list that has no such addresses can hold none */
		return verdict->reason == LIST_FAMILY ? DEMAND_NOT_MADE : DEMAND_UNKNOWN;
	}
	return DEMAND_UNKNOWN;
}

static enum demand_state
test_unseen(struct understanding *k, const struct receiver_rule *rule)
{
	(void)k;
	(void)rule;
	return DEMAND_UNKNOWN;
}

static test_fn *const tests[] = {
	[TEST_PTR] = test_ptr,
	[TEST_PTR_OWN] = test_ptr_own,
	[TEST_FORWARD] = test_forward,
	[TEST_EHLO_VALID] = test_ehlo_valid,
	[TEST_EHLO_RESOLVES] = test_ehlo_resolves,
	[TEST_SENDER_EXISTS] = test_sender_exists,
	[TEST_SENDER_MAIL] = test_sender_mail,
	[TEST_SPF] = test_spf,
	[TEST_SPF_NOT_FAIL] = test_spf_not_fail,
	[TEST_SPF_OR_DKIM] = test_spf_or_dkim,
	[TEST_DKIM] = test_dkim,
	[TEST_DMARC_RECORD] = test_dmarc_record,
	[TEST_DMARC] = test_dmarc,
	[TEST_DMARC_NOT_REFUSED] = test_dmarc_not_refused,
	[TEST_DMARC_NOT_ENFORCED] = test_dmarc_not_enforced,
	[TEST_ALIGNED] = test_aligned,
	[TEST_ALIGNED_DKIM] = test_aligned_dkim,
	[TEST_NOT_LISTED] = test_not_listed,
	[TEST_UNSEEN] = test_unseen,
};

/* ---- the table */

static bool
is_for(const struct receiver_rule *rule, const struct target *t)
{
	return rule->family == RULE_ANY || (rule->family == RULE_IPV6) == (t->ip.family == 6);
}

static void
take_worse(struct demand_answer *have, const struct demand_answer *answer)
{
	if (have->rule == NULL || answer->state > have->state)
		*have = *answer;
}

static void
apply_rule(struct understanding *k, const struct receiver_rule *rule, struct receiver_view *row)
{
	struct demand_view *cell = &row->demands[rule->demand];
	const struct demand_answer answer = {
		.state = tests[rule->test](k, rule),
		.rule = rule,
		.old = receiver_rule_is_old(rule, k->target->policy->now_s),
	};
	if (answer.state == DEMAND_NOT_MADE)
		return;
	take_worse(&cell->bulk, &answer);
	if (rule->who == RULE_ALL || k->target->policy->bulk)
		take_worse(&cell->any, &answer);
}

static void
count(const struct demand_answer *answer, enum verdict *verdict)
{
	if (answer->state == DEMAND_NOT_MET)
		*verdict = VERDICT_FAIL;
	else if (answer->state == DEMAND_UNKNOWN && answer->rule->test != TEST_UNSEEN &&
	    *verdict == VERDICT_PASS)
		*verdict = VERDICT_TEMPERROR;
}

static void
fill_row(struct understanding *k, const struct receiver *receiver, struct receiver_view *row)
{
	*row = (struct receiver_view){ .receiver = receiver };
	for (size_t i = 0; i < receiver->n_rules; i++)
		if (is_for(&receiver->rules[i], k->target))
			apply_rule(k, &receiver->rules[i], row);
	for (size_t i = 0; i < RECEIVER_DEMANDS; i++) {
		count(&row->demands[i].any, &row->verdict);
		count(&row->demands[i].bulk, &row->bulk_verdict);
	}
}

bool
receivers_apply(struct understanding *k)
{
	const struct policy *p = k->target->policy;
	return p->receivers != NULL &&
	    (p->show_receivers || known_sender(k)->source != SENDER_NONE);
}

const struct receivers_view *
known_receivers(struct understanding *k)
{
	if (k->receivers != NULL)
		return k->receivers;
	struct receivers_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct receivers_view){ .bulk = k->target->policy->bulk };
	const struct receiver *all = receiver_table_rows(k->target->policy->receivers, &v->n);
	v->rows = arena_array(k->arena, v->n, sizeof *v->rows);
	for (size_t i = 0; i < v->n; i++)
		fill_row(k, &all[i], &v->rows[i]);
	return k->receivers = v;
}

bool
demand_differs(const struct demand_view *d)
{
	return d->any.state != d->bulk.state;
}

const struct receivers_view *
receivers_copy(const struct receivers_view *from, struct arena *a)
{
	struct receivers_view *v = arena_alloc(a, sizeof *v);
	*v = *from;
	v->rows = arena_array(a, v->n, sizeof *v->rows);
	memcpy(v->rows, from->rows, v->n * sizeof *v->rows);
	return v;
}
