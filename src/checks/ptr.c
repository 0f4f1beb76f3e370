#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "checks/names.h"
#include "checks/ptr_priv.h"
#include "checks/ptr_rules_priv.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/special_priv.h"

enum { TTL_LONG_S = 86400, TTL_SHORT_S = 300 };

static const struct enumtab_row status_rows[] = {
	{ "temperror", PTR_TEMPERROR },
	{ "found", PTR_FOUND },
	{ "nxdomain", PTR_NXDOMAIN },
	{ "nodata", PTR_NODATA },
};
const struct enumtab ptr_status_names = ENUMTAB(status_rows);

#define WHY_NO_PTR \
	"Gmail answers 550 5.7.25, Microsoft 550 5.7.25 over IPv6, GMX and web.de 554, Comcast " \
	"554, freenet 550, GoDaddy 421 IB108, Postfix sites 450 4.7.1; SpamRATS NoPtr and Abusix " \
	"list it."
#define WHY_AUTHORITY \
	"What the zone's own servers say is what every receiver sees once its cache has run out."
/* Why a fault of the name matters; NULL: as the rule says. */
static const char *const why_of_fault[] = {
	[NAME_NUMERIC_TLD] = NULL,
	[NAME_UNDERSCORE] =
	    "No host name has an underscore.  Postfix takes it all the same; Exim refuses it in "
	    "EHLO by default (helo_allow_chars), so that the server cannot say the same name "
	    "there.",
	[NAME_ADDRESS] =
	    "Postfix and others take an address for no name at all and answer 450 4.7.25, or 450 "
	    "4.7.1; it can never lead back to the address.",
	[NAME_LOCALHOST] =
	    "It leads to the receiver itself, never back to the address: Postfix sites answer 450 "
	    "4.7.25, Gmail 550 5.7.25.",
};

const struct rule ptr_rules[PTR_RULES] = {
	[RULE_AUTHORITY] = { "ptr.authority", SEVERITY_INFO, false, "RFC 1034 4.2",
	    "Only the holder of the zone can set the PTR record." },
	[RULE_AUTHORITY_DIFFERS] = { "ptr.authority-differs", SEVERITY_MEDIUM, false,
	    "RFC 1034 4.3.4", WHY_AUTHORITY },
	[RULE_AUTHORITY_LAME] = { "ptr.authority-lame", SEVERITY_LOW, false, "RFC 1912 2.8",
	    "A receiver whose resolver meets such a server waits, and may fail to find the PTR "
	    "record." },
	[RULE_AUTHORITY_SPLIT] = { "ptr.authority-split", SEVERITY_MEDIUM, false, "RFC 1034 4.3.5",
	    "Receivers see one answer or the other, by chance: mail is refused now and then." },
	[RULE_AUTHORITY_UNKNOWN] = { "ptr.authority-unknown", SEVERITY_LOW, false, "RFC 1034 4.2",
	    WHY_AUTHORITY },
	[RULE_CNAME_CHAIN] = { "ptr.cname-chain", SEVERITY_INFO, false, "RFC 2317 4",
	    "Receivers follow the chain; the PTR record must be set at its end, not at its "
	    "start." },
	[RULE_FORGOTTEN_DOT] = { "ptr.forgotten-dot", SEVERITY_HIGH, false, "RFC 1035 5.1",
	    "A name without final dot in a zone file is completed with the zone's name, so that it "
	    "never leads back to the address: Gmail answers 550 5.7.25, Postfix sites 450 "
	    "4.7.25." },
	[RULE_FOUND] = { "ptr.found", SEVERITY_INFO, true, "RFC 1912 2.1",
	    "Receivers look it up first; many accept no mail from an address without a PTR "
	    "record." },
	[RULE_MISSING] = { "ptr.missing", SEVERITY_CRITICAL, true, "RFC 1912 2.1", WHY_NO_PTR },
	[RULE_NOT_HOST_NAME] = { "ptr.not-host-name", SEVERITY_HIGH, false, "RFC 1123 2.1",
	    "Receivers that want a usable name treat this one as none at all: Postfix sites answer "
	    "450 4.7.25, or 450 4.7.1." },
	[RULE_SEVERAL] = { "ptr.several", SEVERITY_MEDIUM, false, "RFC 2181 10.2",
	    "Allowed, but receivers such as Postfix see only the first name, and the order "
	    "rotates; what is checked, logged and compared with the EHLO name changes from mail to "
	    "mail." },
	[RULE_TTL_LONG] = { "ptr.ttl-long", SEVERITY_INFO, false, "RFC 1035 3.2.1",
	    "A change of the PTR record is seen everywhere only when this time is over." },
	[RULE_TTL_SHORT] = { "ptr.ttl-short", SEVERITY_INFO, false, "RFC 1912 2.2",
	    "Receivers must ask anew for nearly every mail; when the reverse zone's servers are "
	    "down, mail is deferred at once." },
	[RULE_UNDECIDED] = { "ptr.undecided", SEVERITY_HIGH, true, "RFC 8601 3",
	    "A receiver that cannot look it up either defers the mail: Postfix 450 4.7.1, GoDaddy "
	    "421 IB108." },
};

static enum ptr_status
status_of(const struct dns_answer *answer)
{
	if (answer->status == DNS_FOUND)
		return PTR_FOUND;
	if (answer->status == DNS_NXDOMAIN)
		return PTR_NXDOMAIN;
	return answer->status == DNS_NODATA ? PTR_NODATA : PTR_TEMPERROR;
}

void
ptr_view(const struct target *t, const struct facts *f, struct arena *a, struct ptr_view *out)
{
	char reverse[IP_REVERSE_MAX];
	const struct fact *fact = facts_find_dns(f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	const struct dns_answer *answer = fact != NULL ? fact->dns : &dns_answer_pending;
	*out = (struct ptr_view){
		.status = status_of(answer),
		.reverse_name = fact != NULL ? fact->name : arena_strdup(a, reverse),
		.chain = answer->chain,
		.n_chain = answer->n_chain,
		.answer = answer,
		.fact = fact,
	};
	if (out->status != PTR_FOUND)
		return;
	struct name_set names = names_of_records(answer, a);
	out->names = names.list;
	out->n_names = names.n;
}

const char *
ptr_answer_shown(const struct dns_answer *answer, struct arena *a)
{
	struct name_set names = names_of_records(answer, a);
	return answer->status != DNS_FOUND ?
	    "that there is no PTR record" :
	    arena_printf(a, "PTR %s", names_shown(names.list, names.n, a));
}

static void
ptr_wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	struct ptr_view view;
	facts_follow_dns(f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	ptr_view(t, f, f->arena, &view);
	ptr_authority_wants(t, f, &view);
	for (size_t i = 0; i < view.n_names; i++) {
		const char *meant = ptr_name_meant(&view, view.names[i], f->arena);
		if (meant == NULL)
			continue;
		facts_want_dns(f, meant, address_type(&t->ip));
		return;
	}
}

static void
judge_chain(const struct ptr_view *view, struct findings *out)
{
	if (view->n_chain == 0)
		return;
	struct arena *a = out->arena;
	struct finding *f = finding_add(out, &ptr_rules[RULE_CNAME_CHAIN], VERDICT_INFO,
	    view->reverse_name, "%s leads by CNAME to %s", view->reverse_name,
	    names_shown(view->chain, view->n_chain, a));
	finding_evidence(out, f, view->fact);
}

/* Has the resolver answered any other question of this run? */
static bool
resolver_works(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *one = f->list[i];
		if (one->kind == FACT_DNS && !one->at_server && !one->dns->planned &&
		    dns_told(one->dns->status))
			return true;
	}
	return false;
}

static void
judge_undecided(const struct target *t, const struct facts *facts, const struct ptr_view *view,
    struct findings *out)
{
	struct arena *a = out->arena;
	struct finding *f = finding_add(out, &ptr_rules[RULE_UNDECIDED], VERDICT_TEMPERROR,
	    t->address, "could not look up the PTR record of %s: %s", t->address,
	    dns_answer_reason(view->answer, a));
	finding_evidence(out, f, view->fact);
	finding_remedy(out, f, "%s",
	    view->answer->status == DNS_LOOP ?
		"The holder of the zone must mend the CNAME records: they lead in a circle, or too "
		"far." :
		remedy_unknown(view->answer,
		    resolver_works(facts) ?
			"the holder of the reverse zone must mend its name servers" :
			"your resolver is at fault, or the name servers of the reverse zone",
		    a));
	judge_chain(view, out);
}

static void
judge_missing(const struct target *t, const struct facts *f, const struct ptr_view *view,
    struct findings *out)
{
	struct arena *a = out->arena;
	const char *end = name_shown(dns_answer_end(view->answer, view->reverse_name), a);
	struct finding *missing = view->status == PTR_NXDOMAIN ?
	    finding_add(out, &ptr_rules[RULE_MISSING], VERDICT_FAIL, t->address,
		"%s has no PTR record: %s does not exist (NXDOMAIN)", t->address, end) :
	    finding_add(out, &ptr_rules[RULE_MISSING], VERDICT_FAIL, t->address,
		"%s has no PTR record (NODATA)", t->address);
	finding_evidence(out, missing, view->fact);
	finding_remedy(out, missing, "%s", remedy_ptr(t, f, a));
	judge_chain(view, out);
}

const char *
ptr_name_meant(const struct ptr_view *view, const char *name, struct arena *a)
{
	const char *end = dns_answer_end(view->answer, view->reverse_name);
	if (!name_is_under(name, "arpa") || name_equal(name, end))
		return NULL;
	for (const char *zone = name_parent(name); zone[0] != '\0'; zone = name_parent(zone)) {
		if (!name_is_under(view->reverse_name, zone) && !name_is_under(end, zone))
			continue;
		return name_labels(zone) < 2 ? NULL :
					       arena_strndup(a, name, (size_t)(zone - name) - 1);
	}
	return NULL;
}

static void
judge_forgotten_dots(const struct target *t, const struct facts *facts, const struct ptr_view *view,
    enum verdict bad, struct findings *out)
{
	struct arena *a = out->arena;
	for (size_t i = 0; i < view->n_names; i++) {
		const char *meant = ptr_name_meant(view, view->names[i], a);
		if (meant == NULL)
			continue;
		struct finding *f = finding_add(out, &ptr_rules[RULE_FORGOTTEN_DOT], bad,
		    view->names[i],
		    "the PTR name %s ends in its own zone: the final dot was forgotten",
		    view->names[i]);
		finding_remedy(out, f, "%s", remedy_ptr(t, facts, a));
		finding_evidence(out, f, view->fact);
		finding_evidence(out, f, facts_find_dns(facts, meant, address_type(&t->ip)));
		return;
	}
}

/* How many names are no use; *faults: a bit for each kind of fault that any of them has. */
static size_t
count_broken(const struct ptr_view *view, unsigned *faults, struct arena *a)
{
	size_t broken = 0;
	*faults = 0;
	for (size_t i = 0; i < view->n_names; i++) {
		enum name_fault fault = name_host_fault(view->names[i]);
		*faults |= 1U << fault;
		broken += fault != NAME_GOOD || ptr_name_meant(view, view->names[i], a) != NULL;
	}
	return broken;
}

static void
judge_fault(const struct target *t, const struct facts *f, const struct ptr_view *view,
    enum name_fault fault, enum verdict bad, struct findings *out)
{
	struct arena *a = out->arena;
	struct name_set faulty = { .list = arena_array(a, view->n_names, sizeof(char *)) };
	for (size_t i = 0; i < view->n_names; i++)
		if (name_host_fault(view->names[i]) == fault &&
		    ptr_name_meant(view, view->names[i], a) == NULL)
			faulty.list[faulty.n++] = view->names[i];
	if (faulty.n == 0)
		return;
	/* an underscore is no host name's, yet it resolves, and many receivers let it pass */
	enum verdict verdict = fault == NAME_UNDERSCORE ? VERDICT_WARN : bad;
	struct finding *found = finding_add(out, &ptr_rules[RULE_NOT_HOST_NAME], verdict,
	    t->address, "the PTR name %s %s", names_shown(faulty.list, faulty.n, a),
	    name_fault_text(fault));
	finding_remedy(out, found, "%s", remedy_ptr(t, f, a));
	finding_evidence(out, found, view->fact);
	if (why_of_fault[fault] != NULL)
		found->why = why_of_fault[fault];
}

static void
judge_several(const struct target *t, const struct facts *f, const struct ptr_view *view,
    struct findings *out)
{
	struct arena *a = out->arena;
	if (view->n_names < 2)
		return;
	struct finding *several = finding_add(out, &ptr_rules[RULE_SEVERAL], VERDICT_WARN,
	    t->address, "%zu PTR names: %s", view->n_names,
	    names_shown(view->names, view->n_names, a));
	finding_evidence(out, several, view->fact);
	finding_remedy(out, several, "%s", remedy_ptr(t, f, a));
}

static void
judge_ttl(const struct ptr_view *view, struct findings *out)
{
	struct arena *a = out->arena;
	const struct dns_answer *answer = view->answer;
	uint32_t ttl_s = answer->records[0].ttl_s;
	for (size_t i = 1; i < answer->n_records; i++)
		if (answer->records[i].ttl_s < ttl_s)
			ttl_s = answer->records[i].ttl_s;
	struct finding *f = NULL;
	if (ttl_s > TTL_LONG_S)
		f = finding_add(out, &ptr_rules[RULE_TTL_LONG], VERDICT_INFO, view->reverse_name,
		    "the PTR record may be cached for %s", duration_shown(ttl_s, a));
	/* a cache counts down: only the authority can show that a TTL is short */
	else if (ttl_s < TTL_SHORT_S && answer->authoritative)
		f = finding_add(out, &ptr_rules[RULE_TTL_SHORT], VERDICT_INFO, view->reverse_name,
		    "the PTR record may be cached for %s only", duration_shown(ttl_s, a));
	if (f != NULL)
		finding_evidence(out, f, view->fact);
}

static void
judge_found(const struct target *t, const struct facts *f, const struct ptr_view *view,
    struct findings *out)
{
	struct arena *a = out->arena;
	unsigned faults;
	size_t broken = count_broken(view, &faults, a);
	if (broken < view->n_names) {
		struct finding *found = finding_add(out, &ptr_rules[RULE_FOUND], VERDICT_PASS,
		    t->address, "PTR %s", names_shown(view->names, view->n_names, a));
		finding_evidence(out, found, view->fact);
		finding_mark_planned(out, found);
	}
	judge_several(t, f, view, out);
	/* beside a good name, a broken one does harm only when a receiver happens to see it */
	enum verdict bad = broken < view->n_names ? VERDICT_WARN : VERDICT_FAIL;
	judge_forgotten_dots(t, f, view, bad, out);
	for (int fault = NAME_GOOD + 1; fault <= NAME_NUMERIC_TLD; fault++)
		if (faults & 1U << fault)
			judge_fault(t, f, view, (enum name_fault)fault, bad, out);
	judge_chain(view, out);
	judge_ttl(view, out);
}

static void
ptr_judge(const struct target *t, const struct facts *f, struct findings *out)
{
	struct ptr_view view;
	size_t first = out->n;
	ptr_view(t, f, out->arena, &view);
	if (view.status == PTR_FOUND)
		judge_found(t, f, &view, out);
	else if (view.status == PTR_TEMPERROR)
		judge_undecided(t, f, &view, out);
	else
		judge_missing(t, f, &view, out);
	ptr_authority_judge(t, f, &view, out);
	special_soften(t, out, first);
}

const struct check check_ptr = {
	.id = "ptr",
	.title = "PTR record",
	.spec = "RFC 1912 section 2.1",
	.rules = ptr_rules,
	.n_rules = PTR_RULES,
	.wants = ptr_wants,
	.judge = ptr_judge,
};
