/* Is the address on block lists, and do the lists answer at all? */
#include "checks/dnsbl_priv.h"

#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "checks/finding.h"
#include "checks/registry.h"

enum rule_id {
	/* in the order of enum list_impact */
	RULE_LISTED_INFO,
	RULE_LISTED_LOW,
	RULE_LISTED_MEDIUM,
	RULE_LISTED_HIGH,
	RULE_LISTED_CRITICAL,
	RULE_UNKNOWN,
	RULE_CRITICAL_UNKNOWN,
	RULE_RESOLVER,
	RULE_ALL_UNKNOWN,
	RULE_CLEAN,
	RULE_MINOR,
	RULE_SUMMARY,
	RULE_NOT_ASKED,
	RULE_NO_LISTS,
	RULE_KEY_NEEDED,
	RULE_ALLOWED,
	RULE_INFORMED,
};

static const struct rule rules[] = {
	[RULE_LISTED_INFO] = { "dnsbl.listed-info", &topic_lists, "listed, for information only",
	    SEVERITY_INFO, false, "RFC 5782 2.1",
	    "Receivers do not refuse mail for such a listing." },
	[RULE_LISTED_LOW] = { "dnsbl.listed-low", &topic_lists, "listed where few receivers look",
	    SEVERITY_LOW, false, "RFC 5782 2.1",
	    "Few receivers refuse mail for one such list; filters that weigh several lists act "
	    "when two independent ones agree." },
	[RULE_LISTED_MEDIUM] = { "dnsbl.listed-medium", &topic_lists, "listed where filters look",
	    SEVERITY_MEDIUM, false, "RFC 5782 2.1",
	    "Filters such as SpamAssassin and rspamd count it, and together with another fault "
	    "the message is refused or filed as spam." },
	[RULE_LISTED_HIGH] = { "dnsbl.listed-high", &topic_lists,
	    "listed where many receivers look", SEVERITY_HIGH, false, "RFC 5782 2.1",
	    "Many receivers refuse mail for this listing alone, with a 550 or 554 reply that names "
	    "the list." },
	[RULE_LISTED_CRITICAL] = { "dnsbl.listed-critical", &topic_lists,
	    "listed where large providers look", SEVERITY_CRITICAL, false, "RFC 5782 2.1",
	    "Large mailbox providers refuse mail for this listing: Yahoo with 553 5.7.1 [BL21] or "
	    "[BL23], Microsoft 365 with \"blocked using Spamhaus\", Apple, Cox, GoDaddy and others "
	    "with the list's name." },
	[RULE_UNKNOWN] = { "dnsbl.unknown", &topic_lists, "a list could not be checked",
	    SEVERITY_LOW, false, "RFC 5782 5",
	    "A list without an answer has neither listed nor cleared the address." },
	[RULE_CRITICAL_UNKNOWN] = { "dnsbl.critical-unknown", &topic_lists,
	    "an important list could not be checked", SEVERITY_MEDIUM, true, "RFC 5782 5",
	    "Large mailbox providers act on this list: without its answer it is unknown whether "
	    "they accept mail." },
	[RULE_RESOLVER] = { "dnsbl.resolver", &topic_lists, "the resolver hides what lists say",
	    SEVERITY_MEDIUM, true, "RFC 5782 5",
	    "When most lists fail in the same way, the resolver is the most likely cause; a mail "
	    "server that uses it cannot use these lists either." },
	[RULE_ALL_UNKNOWN] = { "dnsbl.all-unknown", &topic_lists, "no list could be checked",
	    SEVERITY_MEDIUM, true, "RFC 5782 5",
	    "It is unknown whether receivers will find the address on a list." },
	[RULE_CLEAN] = { "dnsbl.clean", &topic_lists, "not listed", SEVERITY_INFO, false,
	    "RFC 5782 2.1", "Receivers that use these lists have no reason to refuse mail." },
	[RULE_MINOR] = { "dnsbl.minor", &topic_lists, "listed only where few receivers mind",
	    SEVERITY_INFO, false, "RFC 5782 2.1",
	    "Few receivers refuse mail for such a listing: it is no reason to act by itself." },
	[RULE_SUMMARY] = { "dnsbl.summary", &topic_lists, "listed", SEVERITY_INFO, false,
	    "RFC 5782 2.1", "The number of lists that agree matters as much as their weight." },
	[RULE_NOT_ASKED] = { "dnsbl.not-asked", &topic_lists, "lists were not asked", SEVERITY_INFO,
	    false, "RFC 6890",
	    "Lists know only public addresses, and answer only when they are asked." },
	[RULE_NO_LISTS] = { "dnsbl.no-lists", &topic_lists, "no lists to ask", SEVERITY_INFO, false,
	    "", "Without a catalogue no list can be asked." },
	[RULE_KEY_NEEDED] = { "dnsbl.key-needed", &topic_lists,
	    "lists that need a key were not asked", SEVERITY_INFO, false, "",
	    "Some operators answer only known users: a key is part of the "
	    "question." },
	[RULE_ALLOWED] = { "dnsbl.allowed", &topic_lists, "on an allow list", SEVERITY_INFO, false,
	    "RFC 5782 2.1",
	    "Filters improve the score for such lists; to be on none of them is not a fault." },
	[RULE_INFORMED] = { "dnsbl.informed", &topic_lists, "known to an informative list",
	    SEVERITY_INFO, false, "",
	    "A measure or a fact, which alone is not a reason to refuse mail." },
};

enum { EVIDENCE_LISTS_MAX = 5 };

static void
add_evidence(const struct understanding *k, const struct list_view *v, struct findings *out,
    struct finding *to)
{
	const struct fact *facts[LIST_FACTS_MAX];
	size_t n = list_view_facts(k, v, facts);
	for (size_t i = 0; i < n; i++)
		finding_evidence(out, to, facts[i]);
}

/* Is this a list that was asked and has not said? */
static bool
is_unknown(const struct list_view *v)
{
	return v->verdict.state == LIST_UNKNOWN && v->verdict.reason != LIST_KEY_NEEDED;
}

/* What is to be done about a row, without its zone. */
struct action {
	const char *text;
	struct dnsbl_explanation why; /* of a listing */
};

/* The rows, counted, with the action for each. */
struct results {
	const struct dnsbl_tally *tally;
	struct action *actions;
};

static const char *
listing_remedy(const struct list_view *v, const struct dnsbl_explanation *why, struct arena *a)
{
	static const char *const removers[] = {
		[LIST_REMOVER_YOU] = "",
		[LIST_REMOVER_PROVIDER] = " Only your provider can have it removed.",
		[LIST_REMOVER_NOBODY] = " It cannot be removed earlier.",
	};
	const struct list *l = v->list;
	const char *first = dnsbl_show_fixes(v, why, a);
	const char *expires = "", *see = "", *who = "";
	if (*l->expires != '\0')
		expires = arena_printf(a, " The entry expires by itself: %s.", l->expires);
	if (*l->removal != '\0')
		see = arena_printf(a, " Then request removal: %s", v->removal);
	if (*l->why != '\0')
		who = arena_printf(a, " Used by: %s.", l->why);
	/* the address comes last, so that no stop is taken for a part of it */
	return arena_printf(a, "first, %s.%s%s%s%s%s", first, why->aftermath, expires,
	    removers[l->remover], who, see);
}

static const char *
unknown_remedy(const struct list_view *v, struct arena *a)
{
	static const char later[] = "try again later, and remove lists that never answer.";
	static const char *const remedies[LIST_PRIVATE + 1] = {
		[LIST_PENDING] = "try again, with a longer --timeout if need be.",
		[LIST_TIMEOUT] = later,
		[LIST_SERVFAIL] = later,
		[LIST_REFUSED] = "ask through another resolver (--resolver).",
		[LIST_DNS_ERROR] = later,
		[LIST_REFUSED_PUBLIC] =
		    "use your own recursive resolver, one that does not forward (--resolver).",
		[LIST_REFUSED_VOLUME] = "ask less often, or use your own resolver (--resolver).",
		[LIST_REFUSED_TYPO] = "correct the zone in the file of --lists.",
		[LIST_REFUSED_OTHER] = "see the operator's page for the conditions of use.",
		[LIST_EMPTY] = "remove lists that stay empty: closed lists end like this.",
		[LIST_WILDCARD] = "if it stays like this, remove it, also from mail filters.",
		[LIST_NOT_ASKED] = "ask fewer lists at once.",
		[LIST_KEY_WRONG] =
		    "check that the key is the right one for this list, and still valid.",
		[LIST_FILTERED] =
		    "ask through a resolver without this protection (--resolver), or the lists' "
		    "own servers (--lists-direct).",
		[LIST_BUDGET] = "ask again tomorrow.",
		[LIST_PRIVATE] =
		    "ask through the resolver, without --lists-direct; in a private network, "
		    "--allow-special lets its servers be asked.",
		[LIST_PARKED] = "if it stays like this, remove it, also from mail filters.",
	};
	const char *remedy = remedies[v->verdict.reason];
	const char *access = v->list->access;
	if (*access == '\0')
		return remedy == NULL ? "" : remedy;
	return arena_printf(a, "%s%s%s.", remedy == NULL ? "" : remedy, remedy == NULL ? "" : " ",
	    access);
}

/* Lists with the same remedy share it, so that it is given once; it names them all. */
static void
add_remedy(const struct results *r, const struct list_view *v, struct findings *out,
    struct finding *to)
{
	const struct dnsbl_tally *tally = r->tally;
	const char **zones = arena_array(out->arena, tally->n, sizeof *zones);
	const char *remedy = r->actions[v - tally->views].text;
	size_t n = 0;
	for (size_t i = 0; i < tally->n; i++) {
		const char *zone = tally->views[i].list->zone;
		/* a list of domains has a row for each name */
		bool named = n > 0 && zones[n - 1] == zone;
		if (!named && strcmp(r->actions[i].text, remedy) == 0)
			zones[n++] = zone;
	}
	if (*remedy != '\0')
		finding_remedy(out, to, "%s: %s", safe_join(out->arena, zones, n, ", "), remedy);
}

static void
add_listing(struct understanding *k, const struct list_view *v, const struct results *r,
    struct findings *out)
{
	struct arena *a = out->arena;
	const struct dnsbl_explanation *why = &r->actions[v - r->tally->views].why;
	struct finding *to = finding_add(out, &rules[RULE_LISTED_INFO + (int)v->verdict.impact],
	    dnsbl_verdict(v, r->tally), v->list->zone, "%s%slisted on %s with %s%s%s%s",
	    v->is_domain ? v->subject : "", v->is_domain ? " is " : "", dnsbl_show_list(v->list, a),
	    dnsbl_show_codes(&v->verdict, a), dnsbl_show_reason(v->text, a),
	    dnsbl_show_scope(v, k->target, a), why->text);
	finding_headline(out, to, "%s%slisted on %s%s", v->is_domain ? v->subject : "",
	    v->is_domain ? " " : "", v->list->name, dnsbl_show_words(&v->verdict, a));
	to->cause = v->explained_by;
	add_remedy(r, v, out, to);
	add_evidence(k, v, out, to);
}

/* Answers of other lists than block lists are never a failure. */
static void
add_remark(struct understanding *k, const struct list_view *v, struct findings *out)
{
	struct arena *a = out->arena;
	bool allow = v->list->kind == LIST_KIND_ALLOW;
	struct finding *to = finding_add(out, &rules[allow ? RULE_ALLOWED : RULE_INFORMED],
	    VERDICT_INFO, v->list->zone, "%s%s%s %s with %s%s", v->is_domain ? v->subject : "",
	    v->is_domain ? " is " : "", allow ? "on the allow list" : "known to",
	    dnsbl_show_list(v->list, a), dnsbl_show_codes(&v->verdict, a),
	    dnsbl_show_reason(v->text, a));
	add_evidence(k, v, out, to);
}

static void
add_blame(struct understanding *k, const struct dnsbl_blame *b, size_t n_blamed,
    const struct dnsbl_tally *tally, struct findings *out)
{
	struct finding *to = finding_add(out, &rules[RULE_RESOLVER], VERDICT_TEMPERROR,
	    k->target->address, "%zu of %zu lists %s", n_blamed, tally->asked, b->text);
	finding_remedy(out, to, "%s", b->remedy);
	for (size_t i = 0, shown = 0; i < tally->n && shown < EVIDENCE_LISTS_MAX; i++) {
		if (!dnsbl_is_blamed(b, &tally->views[i]))
			continue;
		add_evidence(k, &tally->views[i], out, to);
		shown++;
	}
}

static void
add_unknown(struct understanding *k, const struct list_view *v, const struct results *r,
    struct findings *out)
{
	struct arena *a = out->arena;
	bool critical = v->list->impact == LIST_CRITICAL;
	const char *codes = dnsbl_show_codes(&v->verdict, a);
	struct finding *to = finding_add(out,
	    &rules[critical ? RULE_CRITICAL_UNKNOWN : RULE_UNKNOWN], VERDICT_TEMPERROR,
	    v->list->zone, "%s gave no usable answer%s%s: %s%s%s", dnsbl_show_list(v->list, a),
	    v->is_domain ? " for " : "", v->is_domain ? v->subject : "",
	    list_reason_text(v->verdict.reason), *codes != '\0' ? "; it answered " : "", codes);
	finding_headline(out, to, "%s could not be checked", v->list->name);
	add_remedy(r, v, out, to);
	add_evidence(k, v, out, to);
}

/* What a user would have to do for one is said once for all. */
static void
add_keyless(const struct target *t, const struct dnsbl_tally *tally, struct findings *out)
{
	const char **zones = arena_array(out->arena, tally->n, sizeof *zones);
	size_t n = 0;
	for (size_t i = 0; i < tally->n; i++) {
		const struct list_view *v = &tally->views[i];
		if (v->verdict.reason != LIST_KEY_NEEDED || !list_view_leads(tally->views, i))
			continue;
		zones[n++] = v->list->zone;
	}
	if (n == 0)
		return;
	struct finding *to = finding_add(out, &rules[RULE_KEY_NEEDED], VERDICT_SKIP, t->address,
	    "%zu %s not asked because they need a key: %s", n, n == 1 ? "list was" : "lists were",
	    safe_names(out->arena, zones, n, 0));
	finding_remedy(out, to,
	    "To ask them, put the operator's key in the environment or in keys.ini: see "
	    "mailready-lists(5).");
}

static void
add_summary(const struct target *t, const struct dnsbl_tally *tally, struct findings *out)
{
	const char *text = dnsbl_summary(tally, out->arena);
	bool keyless = tally->asked > 0 && tally->keyless == tally->asked;
	struct finding *summary;
	if (tally->answered == 0 && !keyless)
		summary = finding_add(out, &rules[RULE_ALL_UNKNOWN], VERDICT_TEMPERROR, t->address,
		    "%s", text);
	else if (tally->minded > 0 || keyless)
		summary = finding_add(out, &rules[RULE_SUMMARY], VERDICT_INFO, t->address, "%s",
		    text);
	else if (tally->listed > 0)
		summary = finding_add(out, &rules[RULE_MINOR], VERDICT_PASS, t->address,
		    "%s; few receivers mind such a listing", text);
	else
		summary = finding_add(out, &rules[RULE_CLEAN], VERDICT_PASS, t->address, "%s",
		    text);
	if (tally->listed > 0)
		finding_headline(out, summary, "listed on %zu of %zu lists", tally->listed,
		    tally->asked);
	summary->sums_up = true;
}

static void
add_not_asked(const struct target *t, const struct dnsbl_tally *tally, struct findings *out)
{
	const struct ip_range *range = ip_special(&t->ip);
	if (!lists_may_ask(t))
		finding_add(out, &rules[RULE_NOT_ASKED], VERDICT_SKIP, t->address,
		    "no list was asked: %s is in %s (%s, %s)", t->address, range->prefix,
		    range->name, range->source);
	else if (tally->offline > 0)
		finding_add(out, &rules[RULE_NOT_ASKED], VERDICT_SKIP, t->address,
		    "%zu of %zu lists were not asked: the run is offline", tally->offline,
		    tally->n);
	else
		finding_add(out, &rules[RULE_NOT_ASKED], VERDICT_SKIP, t->address,
		    "none of the %zu lists holds IPv%d addresses", tally->n, t->ip.family);
}

/* Is the row unknown, and not covered by another finding yet? */
static bool
is_own_fault(const struct list_view *v, const struct dnsbl_blame *blame)
{
	return v->list->kind == LIST_KIND_BLOCK && is_unknown(v) && !dnsbl_is_blamed(blame, v);
}

static struct action
action_of(struct understanding *k, const struct list_view *v, const struct dnsbl_blame *blame)
{
	struct action action = { .text = "" };
	if (v->verdict.state == LIST_LISTED && v->list->kind == LIST_KIND_BLOCK) {
		dnsbl_explain(k, v, &action.why);
		action.text = listing_remedy(v, &action.why, k->arena);
	} else if (is_own_fault(v, blame)) {
		action.text = unknown_remedy(v, k->arena);
	}
	return action;
}

static void
add_each(struct understanding *k, const struct dnsbl_tally *tally, struct findings *out)
{
	size_t n_blamed;
	const struct dnsbl_blame *blame = dnsbl_find_blame(k->target, tally, &n_blamed);
	struct action *actions = arena_array(out->arena, tally->n, sizeof *actions);
	struct results r = { .tally = tally, .actions = actions };
	if (blame != NULL)
		add_blame(k, blame, n_blamed, tally, out);
	for (size_t i = 0; i < tally->n; i++)
		actions[i] = action_of(k, &tally->views[i], blame);
	for (size_t i = 0; i < tally->n; i++) {
		const struct list_view *v = &tally->views[i];
		if (v->verdict.state == LIST_LISTED && v->list->kind == LIST_KIND_BLOCK)
			add_listing(k, v, &r, out);
		else if (v->verdict.state == LIST_LISTED)
			add_remark(k, v, out);
		else if (is_own_fault(v, blame))
			add_unknown(k, v, &r, out);
	}
	add_keyless(k->target, tally, out);
}

static void
judge(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct lists_view *lists = known_lists(k);
	if (t->policy->lists->n == 0) {
		finding_add(out, &rules[RULE_NO_LISTS], VERDICT_SKIP, t->address,
		    "the catalogue has no list");
		return;
	}
	struct dnsbl_tally tally;
	dnsbl_tally_up(t, lists->rows, lists->n, &tally);
	bool asked = lists_may_ask(t) && (tally.asked > 0 || tally.assumed > 0 || tally.others > 0);
	if (!asked || tally.offline > 0)
		add_not_asked(t, &tally, out);
	if (!asked)
		return;
	if (tally.asked > 0 || tally.assumed > 0)
		add_summary(t, &tally, out);
	add_each(k, &tally, out);
}

const struct check check_dnsbl = {
	.id = "dnsbl",
	.title = "Block lists",
	.spec = "RFC 5782",
	.rules = rules,
	.n_rules = sizeof rules / sizeof rules[0],
	.wants = lists_want,
	.judge = judge,
};
