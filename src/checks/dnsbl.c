/* Is the address on block lists, and do the lists tell at all? */
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
	RULE_NONE_TOLD,
	RULE_CLEAN,
	RULE_SUMMARY,
	RULE_NOT_ASKED,
	RULE_NO_LISTS,
};

static const struct rule rules[] = {
	[RULE_LISTED_INFO] = { "dnsbl.listed-info", SEVERITY_INFO, false, "RFC 5782 2.1",
	    "Receivers do not refuse mail for such a listing." },
	[RULE_LISTED_LOW] = { "dnsbl.listed-low", SEVERITY_LOW, false, "RFC 5782 2.1",
	    "Few receivers refuse for one such list; filters that weigh several act when two "
	    "independent ones agree." },
	[RULE_LISTED_MEDIUM] = { "dnsbl.listed-medium", SEVERITY_MEDIUM, false, "RFC 5782 2.1",
	    "Filters such as SpamAssassin and rspamd count it, and together with another fault "
	    "the message is refused or filed as spam." },
	[RULE_LISTED_HIGH] = { "dnsbl.listed-high", SEVERITY_HIGH, false, "RFC 5782 2.1",
	    "Many receivers refuse for this listing alone, with a 550 or 554 reply that names "
	    "the list." },
	[RULE_LISTED_CRITICAL] = { "dnsbl.listed-critical", SEVERITY_CRITICAL, false,
	    "RFC 5782 2.1",
	    "Large mailbox providers refuse for this listing: Yahoo with 553 5.7.1 [BL21] or "
	    "[BL23], Microsoft 365 with \"blocked using Spamhaus\", Apple, Cox, GoDaddy and others "
	    "with the list's name." },
	[RULE_UNKNOWN] = { "dnsbl.unknown", SEVERITY_LOW, false, "RFC 5782 5",
	    "A list that does not tell has neither listed nor cleared the address." },
	[RULE_CRITICAL_UNKNOWN] = { "dnsbl.critical-unknown", SEVERITY_MEDIUM, true, "RFC 5782 5",
	    "Large mailbox providers act on this list: without its answer nobody can say that "
	    "mail will be accepted." },
	[RULE_RESOLVER] = { "dnsbl.resolver", SEVERITY_MEDIUM, true, "RFC 5782 5",
	    "When most lists fail in the same way, the resolver between them and us is the "
	    "likeliest cause; a mail server that uses it cannot filter by them, either." },
	[RULE_NONE_TOLD] = { "dnsbl.none-told", SEVERITY_MEDIUM, true, "RFC 5782 5",
	    "Whether receivers will find the address on a list stays open." },
	[RULE_CLEAN] = { "dnsbl.clean", SEVERITY_INFO, false, "RFC 5782 2.1",
	    "Receivers that use these lists find no reason in them to refuse." },
	[RULE_SUMMARY] = { "dnsbl.summary", SEVERITY_INFO, false, "RFC 5782 2.1",
	    "How many lists agree matters as much as which." },
	[RULE_NOT_ASKED] = { "dnsbl.not-asked", SEVERITY_INFO, false, "RFC 6890",
	    "A list can only tell about public addresses, and only when it is asked." },
	[RULE_NO_LISTS] = { "dnsbl.no-lists", SEVERITY_INFO, false, "",
	    "Without a catalogue no list can be asked." },
};

enum { EVIDENCE_LISTS_MAX = 5 };

struct tally {
	const struct list_view *views;
	const char **remedies; /* of each, without its zone; "" */
	size_t n;
	size_t asked; /* lists that take the address */
	size_t told;  /* of these, clean or listed */
	size_t listed;
	size_t serious; /* listings that fail */
	size_t minded;  /* listings that warn */
	size_t family;  /* lists that do not take this family */
	size_t assumed; /* of these, those of which only a missing test entry says so */
	size_t offline; /* lists that --offline kept from being asked */
};

/* Lists of one operator, or one list, do not confirm each other. */
static bool
is_independent(const struct list *a, const struct list *b)
{
	if (*a->operator_name == '\0' || *b->operator_name == '\0')
		return a != b;
	return strcmp(a->operator_name, b->operator_name) != 0;
}

static bool
is_confirmed(const struct list_view *v, const struct list_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (views[i].verdict.state == LIST_LISTED && views[i].verdict.impact >= LIST_LOW &&
		    is_independent(views[i].list, v->list))
			return true;
	return false;
}

/*
 * Critical are the listings that large mailbox providers name when they refuse.  High ones fail
 * too, although fewer receivers use them: PBL and Barracuda each outweigh by themselves the limit
 * of common servers (mailcow: 8 and 7 of 6 points), so mail is refused for them alone, which is
 * more than "some receivers mind".  Medium ones are only ever counted.  One low list alone is
 * noise; two independent ones are not.
 */
static enum verdict
verdict_of(const struct list_view *v, const struct list_view *views, size_t n)
{
	if (v->verdict.impact >= LIST_HIGH)
		return VERDICT_FAIL;
	if (v->verdict.impact == LIST_MEDIUM)
		return VERDICT_WARN;
	if (v->verdict.impact == LIST_LOW && is_confirmed(v, views, n))
		return VERDICT_WARN;
	return VERDICT_INFO;
}

static void
count(const struct target *t, const struct list_view *v, struct tally *out)
{
	if (v->verdict.reason == LIST_FAMILY) {
		out->family++;
		out->assumed += list_takes(v->list, &t->ip);
		return;
	}
	if (t->policy->offline && v->verdict.reason == LIST_NOT_ASKED) {
		out->offline++;
		return;
	}
	out->asked++;
	out->told += v->verdict.state != LIST_UNKNOWN;
	if (v->verdict.state != LIST_LISTED)
		return;
	enum verdict verdict = verdict_of(v, out->views, out->n);
	out->listed++;
	out->serious += verdict == VERDICT_FAIL;
	out->minded += verdict == VERDICT_WARN;
}

static struct tally
tally_up(const struct target *t, const struct list_view *views, size_t n)
{
	struct tally tally = { .views = views, .n = n };
	for (size_t i = 0; i < n; i++)
		count(t, &views[i], &tally);
	return tally;
}

/* Is this a list that was asked and did not tell? */
static bool
is_untold(const struct target *t, const struct list_view *v)
{
	if (v->verdict.state != LIST_UNKNOWN || v->verdict.reason == LIST_FAMILY)
		return false;
	return !(t->policy->offline && v->verdict.reason == LIST_NOT_ASKED);
}

static void
add_address_evidence(const struct target *t, const struct facts *f, const struct list *l,
    struct findings *out, struct finding *to)
{
	char name[NAME_TEXT_MAX];
	list_query_name(l, &t->ip, name);
	finding_evidence(out, to, facts_find_dns(f, name, DNS_A));
	finding_evidence(out, to, facts_find_dns(f, name, DNS_TXT));
}

static void
add_entry_evidence(const struct target *t, const struct facts *f, const struct list *l,
    struct findings *out, struct finding *to)
{
	const struct list_test *test = list_test_for(l, &t->ip);
	finding_evidence(out, to, facts_find_dns(f, test->listed, DNS_A));
	finding_evidence(out, to, facts_find_dns(f, test->clean, DNS_A));
}

static const char *
listing_remedy(const struct target *t, const struct list_view *v, struct arena *a)
{
	const struct list *l = v->list;
	const char *fix = *v->verdict.fix != '\0' ? v->verdict.fix : l->first_fix;
	if (*fix == '\0')
		fix = "find out what the list saw, from its reason and its own page, and stop it";
	const char *removal = dnsbl_show_removal(l, t, a);
	return arena_printf(a, "first, %s.%s%s%s%s%s%s", fix, *removal != '\0' ? " Then see " : "",
	    removal, *removal != '\0' ? "." : "", *l->why != '\0' ? " Who acts on it: " : "",
	    l->why, *l->why != '\0' ? "." : "");
}

static const char *
unknown_remedy(const struct list_view *v, struct arena *a)
{
	static const char later[] = "try again later, and take out what never answers.";
	static const char *const remedies[LIST_FAMILY + 1] = {
		[LIST_PENDING] = "try again, with a longer --timeout if need be.",
		[LIST_TIMEOUT] = later,
		[LIST_SERVFAIL] = later,
		[LIST_REFUSED] = "ask through another resolver (--resolver).",
		[LIST_DNS_ERROR] = later,
		[LIST_REFUSED_PUBLIC] =
		    "ask through a resolver of your own that forwards to nobody (--resolver).",
		[LIST_REFUSED_VOLUME] =
		    "ask less often, or through a resolver of your own (--resolver).",
		[LIST_REFUSED_TYPO] = "correct the zone in the file of --lists.",
		[LIST_REFUSED_OTHER] = "see the operator's page for who may ask, and how.",
		[LIST_EMPTY] = "take out what stays empty: closed lists end like this.",
		[LIST_WILDCARD] = "take out what stays like this, of mail filters, too.",
		[LIST_NOT_ASKED] = "ask fewer lists at once.",
		[LIST_PARKED] = "take out what stays like this, of mail filters, too.",
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
add_remedy(const struct tally *tally, const struct list_view *v, struct findings *out,
    struct finding *to)
{
	const char **zones = arena_array(out->arena, tally->n, sizeof *zones);
	const char *remedy = tally->remedies[v - tally->views];
	size_t n = 0;
	for (size_t i = 0; i < tally->n; i++)
		if (strcmp(tally->remedies[i], remedy) == 0)
			zones[n++] = tally->views[i].list->zone;
	if (*remedy != '\0')
		finding_remedy(out, to, "%s: %s", safe_join(out->arena, zones, n, ", "), remedy);
}

static void
add_listing(const struct target *t, const struct facts *f, const struct list_view *v,
    const struct tally *tally, struct findings *out)
{
	struct arena *a = out->arena;
	const struct rule *rule = &rules[RULE_LISTED_INFO + (int)v->verdict.impact];
	struct finding *to = finding_add(out, rule, verdict_of(v, tally->views, tally->n),
	    v->list->zone, "listed on %s with %s%s", dnsbl_show_list(v->list, a),
	    dnsbl_show_codes(&v->verdict, a), dnsbl_show_reason(v->text, a));
	add_remedy(tally, v, out, to);
	add_address_evidence(t, f, v->list, out, to);
	add_entry_evidence(t, f, v->list, out, to);
}

static void
add_blame(const struct target *t, const struct facts *f, const struct dnsbl_blame *b,
    size_t n_blamed, const struct tally *tally, struct findings *out)
{
	struct finding *to = finding_add(out, &rules[RULE_RESOLVER], VERDICT_TEMPERROR, t->address,
	    "%zu of %zu lists %s", n_blamed, tally->asked, b->text);
	finding_remedy(out, to, "%s", b->remedy);
	for (size_t i = 0, shown = 0; i < tally->n && shown < EVIDENCE_LISTS_MAX; i++) {
		if (!dnsbl_is_blamed(b, &tally->views[i]))
			continue;
		add_address_evidence(t, f, tally->views[i].list, out, to);
		add_entry_evidence(t, f, tally->views[i].list, out, to);
		shown++;
	}
}

static void
add_unknown(const struct target *t, const struct facts *f, const struct list_view *v,
    const struct tally *tally, struct findings *out)
{
	struct arena *a = out->arena;
	bool critical = v->list->impact == LIST_CRITICAL;
	const char *codes = dnsbl_show_codes(&v->verdict, a);
	struct finding *to = finding_add(out,
	    &rules[critical ? RULE_CRITICAL_UNKNOWN : RULE_UNKNOWN], VERDICT_TEMPERROR,
	    v->list->zone, "%s could not tell: %s%s%s", dnsbl_show_list(v->list, a),
	    list_reason_text(v->verdict.reason), *codes != '\0' ? "; it answered " : "", codes);
	add_remedy(tally, v, out, to);
	add_address_evidence(t, f, v->list, out, to);
	add_entry_evidence(t, f, v->list, out, to);
}

static const char *
summary_text(const struct tally *tally, struct arena *a)
{
	const char *serious = "", *untold = "", *family = "";
	size_t n_untold = tally->asked - tally->told;
	if (tally->serious > 0)
		serious = arena_printf(a, " (%zu serious)", tally->serious);
	if (n_untold > 0)
		untold = arena_printf(a, ", %zu could not tell", n_untold);
	if (tally->family > 0)
		family = arena_printf(a, ", %zu %s not take this address family", tally->family,
		    tally->family == 1 ? "does" : "do");
	if (tally->told == 0)
		return arena_printf(a, "none of %zu lists could tell%s", tally->asked, family);
	return arena_printf(a, "listed on %zu of %zu lists%s%s%s", tally->listed, tally->asked,
	    serious, untold, family);
}

static void
add_summary(const struct target *t, const struct tally *tally, struct findings *out)
{
	const char *text = summary_text(tally, out->arena);
	const char *minor = tally->listed > 0 ? ", which few receivers mind" : "";
	struct finding *summary;
	if (tally->told == 0)
		summary = finding_add(out, &rules[RULE_NONE_TOLD], VERDICT_TEMPERROR, t->address,
		    "%s", text);
	else if (tally->serious + tally->minded > 0)
		summary = finding_add(out, &rules[RULE_SUMMARY], VERDICT_INFO, t->address, "%s",
		    text);
	else
		summary = finding_add(out, &rules[RULE_CLEAN], VERDICT_PASS, t->address, "%s%s",
		    text, minor);
	summary->sums_up = true;
}

static void
add_not_asked(const struct target *t, const struct tally *tally, struct findings *out)
{
	const struct ip_range *range = ip_special(&t->ip);
	if (!dnsbl_may_ask(t))
		finding_add(out, &rules[RULE_NOT_ASKED], VERDICT_SKIP, t->address,
		    "no list was asked: %s is in %s (%s, %s)", t->address, range->prefix,
		    range->name, range->source);
	else if (tally->offline > 0)
		finding_add(out, &rules[RULE_NOT_ASKED], VERDICT_SKIP, t->address,
		    "%zu of %zu lists were not asked: the run is offline", tally->offline,
		    tally->n);
	else
		finding_add(out, &rules[RULE_NOT_ASKED], VERDICT_SKIP, t->address,
		    "none of the %zu lists takes IPv%d addresses", tally->n, t->ip.family);
}

static void
add_each(const struct target *t, const struct facts *f, struct tally *tally, struct findings *out)
{
	size_t n_blamed;
	const struct dnsbl_blame *blame = dnsbl_find_blame(t, tally->views, tally->n, tally->asked,
	    &n_blamed);
	if (blame != NULL)
		add_blame(t, f, blame, n_blamed, tally, out);
	tally->remedies = arena_array(out->arena, tally->n, sizeof *tally->remedies);
	for (size_t i = 0; i < tally->n; i++) {
		const struct list_view *v = &tally->views[i];
		tally->remedies[i] = "";
		if (v->verdict.state == LIST_LISTED)
			tally->remedies[i] = listing_remedy(t, v, out->arena);
		else if (is_untold(t, v) && !dnsbl_is_blamed(blame, v))
			tally->remedies[i] = unknown_remedy(v, out->arena);
	}
	for (size_t i = 0; i < tally->n; i++) {
		const struct list_view *v = &tally->views[i];
		if (v->verdict.state == LIST_LISTED)
			add_listing(t, f, v, tally, out);
		else if (is_untold(t, v) && !dnsbl_is_blamed(blame, v))
			add_unknown(t, f, v, tally, out);
	}
}

static void
judge(const struct target *t, const struct facts *f, struct findings *out)
{
	size_t n;
	const struct list_view *views = list_views(t, f, out->arena, &n);
	if (n == 0) {
		finding_add(out, &rules[RULE_NO_LISTS], VERDICT_SKIP, t->address,
		    "the catalogue holds no list");
		return;
	}
	struct tally tally = tally_up(t, views, n);
	bool asked = dnsbl_may_ask(t) && (tally.asked > 0 || tally.assumed > 0);
	if (!asked || tally.offline > 0)
		add_not_asked(t, &tally, out);
	if (!asked)
		return;
	add_summary(t, &tally, out);
	add_each(t, f, &tally, out);
}

const struct check check_dnsbl = {
	.id = "dnsbl",
	.title = "Block lists",
	.spec = "RFC 5782",
	.rules = rules,
	.n_rules = sizeof rules / sizeof rules[0],
	.wants = dnsbl_wants,
	.judge = judge,
};
