/* What the findings of a run say of a cause. */
#include <string.h>

#include "checks/registry.h"
#include "explain/retest_priv.h"
#include "views/authority.h"

/* ---- findings */

static bool
is_temporary_cause(const char *cause)
{
	return strcmp(cause, "rdns.temp") == 0 || strcmp(cause, "dns.temp") == 0;
}

/*
 * Some receivers mind what is a warning to others; what is only odd is not the cause of a refusal.  Of checks that are
 * not among these every warning counts.
 */
static const struct {
	const struct check *check;
	const char *rules[8]; /* whose warnings count */
} minded[] = {
	{ &check_ptr, { "ptr.several", "ptr.not-host-name" } },
	{ &check_iprev, { "iprev.partly" } },
	{ &check_smtp, { NULL } },
	{ &check_spf, { "spf.missing", "spf.softfail", "spf.neutral" } },
	{ &check_dkim, { "dkim.unsigned", "dkim.testing" } },
	{ &check_dmarc, { "dmarc.missing", "dmarc.near-miss", "dmarc.fail" } },
	{ &check_sender, { NULL } },
};

static bool
warning_counts(const struct finding *f)
{
	for (size_t i = 0; i < sizeof minded / sizeof minded[0]; i++) {
		if (minded[i].check != f->check)
			continue;
		for (const char *const *id = minded[i].rules; *id != NULL; id++)
			if (strcmp(f->rule->id, *id) == 0)
				return true;
		return false;
	}
	return true;
}

static bool
is_cause(const struct retest *t, const struct finding *f)
{
	if (f->verdict == VERDICT_TEMPERROR)
		return is_temporary_cause(t->of->cause) && f->rule->required;
	return verdict_is_bad(f->verdict) || (f->verdict == VERDICT_WARN && warning_counts(f));
}

static bool
is_about(const struct retest *t, const struct finding *f)
{
	return f->check != NULL && retest_needs(t->of->checks, f->check);
}

static void
copy_findings(struct retest *t, struct arena *a, const struct findings *all)
{
	struct explain_finding *copy = arena_array(a, all->n + 1, sizeof *copy);
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = all->list[i];
		if (!is_about(t, f))
			continue;
		copy[t->n_findings++] = (struct explain_finding){ .id = f->rule->id,
			.verdict = f->verdict,
			.severity = f->severity,
			.subject = arena_strdup(a, f->subject),
			.text = arena_strdup(a, f->text),
			.remedy = arena_strdup(a, f->remedy),
			.why = arena_strdup(a, f->why),
			.spec = f->rule->spec };
	}
	t->findings = copy;
}

/* The worst finding that is the cause; NULL when none is. */
static const struct finding *
worst_cause(const struct retest *t, const struct findings *all)
{
	const struct finding *worst = NULL;
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = all->list[i];
		if (is_about(t, f) && is_cause(t, f) &&
		    (worst == NULL || verdict_rank(f->verdict) > verdict_rank(worst->verdict)))
			worst = f;
	}
	return worst;
}

static bool
any_judged(const struct retest *t, const struct findings *all, bool *unknown)
{
	bool judged = false;
	*unknown = false;
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = all->list[i];
		if (!is_about(t, f))
			continue;
		judged |= f->verdict == VERDICT_PASS || f->verdict == VERDICT_WARN;
		*unknown |= f->verdict == VERDICT_TEMPERROR && f->rule->required;
	}
	return judged;
}

static bool
has_finding(const struct findings *all, const struct check *check, const char *rule)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i]->check == check &&
		    (rule == NULL || strcmp(all->list[i]->rule->id, rule) == 0))
			return true;
	return false;
}

/* What is not known here, without which a check judges nothing, or not all of it; NULL: nothing. */
static const char *
what_is_missing(const struct retest *t, const struct findings *all)
{
	const char *checks = t->of->checks;
	bool of_domain = retest_names(checks, "spf") || retest_names(checks, "dmarc") ||
	    retest_names(checks, "sender");
	if (of_domain && t->of->sender[0] == '\0')
		return "The reply does not say for which domain: name it with --domain.";
	if ((retest_names(checks, "dkim") && !has_finding(all, &check_dkim, NULL)) ||
	    has_finding(all, &check_dmarc, "dmarc.needs-dkim"))
		return "Who signs the mail cannot be seen here: `mailready check --message FILE` "
		       "judges a message that was sent.";
	return NULL;
}

/* Is it gone only when each of its checks is good?  Of SPF and DKIM, one may be enough. */
static bool
needs_all(const struct retest *t)
{
	return strncmp(t->of->cause, "auth.", 5) == 0 && strcmp(t->of->cause, "auth.any") != 0;
}

/* ---- verdicts */

static bool
is_about_names(const struct retest *t)
{
	return strncmp(t->of->cause, "rdns", 4) == 0;
}

/* The zone has the new record, and only caches hold the old one. */
static bool
is_only_cached(const struct retest *t, const struct report *rep)
{
	const struct ptr_next *next = known_next(rep->known);
	return is_about_names(t) && next->differs && next->iprev.result == IPREV_PASS;
}

/* What the list itself asks for, with its page; "" where that stands at another list's finding. */
static const char *
remedy_of_list(const char *zone, const struct findings *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = all->list[i];
		if (strcmp(f->subject, zone) == 0 && f->verdict != VERDICT_TEMPERROR &&
		    f->remedy[0] != '\0')
			return f->remedy;
	}
	return "";
}

static void
judge_list(struct retest *t, struct arena *a, const struct report *rep)
{
	const struct lists_view *lists = known_lists(rep->known);
	const struct list_view *row = NULL;
	bool fault = strcmp(t->of->cause, "receiver.fault") == 0;
	for (size_t i = 0; i < lists->n; i++) {
		const struct list_view *v = &lists->rows[i];
		if (strcmp(v->list->zone, t->of->list) == 0 &&
		    (row == NULL || v->verdict.state == LIST_LISTED))
			row = v;
	}
	if (row != NULL && row->verdict.state == LIST_LISTED) {
		t->now = EXPLAIN_STILL_BROKEN;
		t->why = arena_printf(a, "%s is on %s.", row->subject, row->list->name);
		t->remedy = arena_strdup(a, remedy_of_list(t->of->list, rep->findings));
	} else if (fault) {
		t->now = EXPLAIN_RECEIVER_FAULT;
		t->why = "The receiver's own resolver is refused by the list, or the list is dead.";
	} else if (row != NULL && row->verdict.state == LIST_CLEAN) {
		t->now = EXPLAIN_NEVER_WAS;
		t->cached_s = 0;
		t->why = arena_printf(a,
		    "%s is not on %s now: it has been removed since, or the receiver misreads the "
		    "list.",
		    row->subject, row->list->name);
	} else {
		t->why = row != NULL && row->verdict.state == LIST_UNKNOWN ?
		    arena_printf(a, "%s gave no usable answer: %s.", row->list->name,
			list_reason_text(row->verdict.reason)) :
		    "The list could not be asked about it.";
	}
}

static void
judge_findings(struct retest *t, struct arena *a, const struct report *rep)
{
	bool unknown;
	const struct finding *cause = worst_cause(t, rep->findings);
	const char *lacks = what_is_missing(t, rep->findings);
	bool judged = any_judged(t, rep->findings, &unknown);
	if (t->of->hints) {
		t->now = EXPLAIN_NOT_VISIBLE;
		t->why = cause == NULL ?
		    "Only the receiver can see it; what the checks can see is not the reason now." :
		    arena_printf(a, "Only the receiver can see it; this may be the reason: %s",
			cause->text);
	} else if (is_only_cached(t, rep)) {
		t->now = EXPLAIN_REPAIRED;
		t->cached_s = cached_for_s(known_ptr(rep->known)->answer);
		t->why =
		    "The zone's own servers have the right record; caches may hold the old one.";
	} else if (cause != NULL) {
		t->now = EXPLAIN_STILL_BROKEN;
		t->why = arena_strdup(a, cause->text);
		t->remedy = arena_strdup(a, cause->remedy);
	} else if (unknown || !judged || (lacks != NULL && needs_all(t))) {
		t->why = lacks != NULL ? lacks : "It could not be checked now.";
	} else {
		t->now = EXPLAIN_REPAIRED;
		t->cached_s = is_about_names(t) ? cached_for_s(known_ptr(rep->known)->answer) : 0;
		t->why = "The checks find nothing wrong with it now.";
	}
}

void
retest_judge(struct retest *t, const struct report *rep, struct arena *a)
{
	bool named = t->of->list[0] != '\0' && retest_names(t->of->checks, "dnsbl");
	copy_findings(t, a, rep->findings);
	if (t->of->hints || !named)
		judge_findings(t, a, rep);
	else if (t->list_known)
		judge_list(t, a, rep);
}
