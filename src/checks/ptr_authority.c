#include "base/arena.h"
#include "checks/authority.h"
#include "checks/iprev_priv.h"
#include "checks/names.h"
#include "checks/ptr_priv.h"
#include "checks/ptr_rules_priv.h"
#include "checks/remedy_priv.h"

static bool
asks_authority(const struct target *t, const struct facts *f, const struct ptr_view *view,
    struct arena *a)
{
	enum dns_status status = view->answer->status;
	if (!authority_may_ask(t) || status == DNS_PENDING || status == DNS_LOOP ||
	    view->answer->planned)
		return false;
	if (t->policy->authority == AUTHORITY_ALWAYS || view->status != PTR_FOUND)
		return true;
	return iprev_is_settled_unconfirmed(t, f, a);
}

void
ptr_authority_wants(const struct target *t, struct facts *f, const struct ptr_view *view)
{
	struct ptr_next next;
	if (!asks_authority(t, f, view, f->arena))
		return;
	authority_wants(t, f, view->reverse_name, DNS_PTR);
	ptr_next(t, f, f->arena, &next);
	if (next.differs && next.n_names <= IPREV_NAMES_FEW)
		iprev_want_names(t, f, next.names, next.n_names);
}

/* The answers that an authority finding rests on. */
static void
add_evidence(const struct ptr_view *view, const struct authority_view *zone, struct findings *out,
    struct finding *finding)
{
	finding_evidence(out, finding, view->fact);
	finding_evidence(out, finding, zone->zone_fact);
	finding_evidence(out, finding, zone->ns_fact);
	for (size_t i = 0; i < zone->n_servers; i++)
		finding_evidence(out, finding, zone->servers[i].fact);
}

static const char *
servers_in_state(const struct authority_view *zone, enum authority_state state, struct arena *a)
{
	const char *names[AUTHORITY_SERVERS_MAX] = { NULL };
	size_t n = 0;
	for (size_t i = 0; i < zone->n_servers; i++)
		if (zone->servers[i].state == state)
			names[n++] = zone->servers[i].name;
	return names_shown(names, n, a);
}

static const char *
all_servers(const struct authority_view *zone, struct arena *a)
{
	const char *names[AUTHORITY_SERVERS_MAX] = { NULL };
	for (size_t i = 0; i < zone->n_servers; i++)
		names[i] = zone->servers[i].name;
	return names_shown(names, zone->n_servers, a);
}

static struct finding *
judge_zone(const struct target *t, const struct authority_view *zone, struct findings *out)
{
	struct arena *a = out->arena;
	if (zone->zone[0] == '\0')
		return finding_add(out, &ptr_rules[RULE_AUTHORITY_UNKNOWN], VERDICT_TEMPERROR,
		    t->address, "the zone of %s is unknown", zone->name);
	const char *silent = zone->n_in_state[AUTHORITY_SERVER_SILENT] == 0 ||
		zone->word == AUTHORITY_UNKNOWN ?
	    "" :
	    arena_printf(a, "; no answer from %s",
		servers_in_state(zone, AUTHORITY_SERVER_SILENT, a));
	const char *contact = zone->mailbox[0] == '\0' ?
	    "" :
	    arena_printf(a, "; its contact is %s", zone->mailbox);
	return finding_add(out, &ptr_rules[RULE_AUTHORITY], VERDICT_INFO, zone->zone,
	    "the zone %s is served by %s%s%s", zone->zone,
	    zone->n_servers == 0 ? "name servers that could not be told" : all_servers(zone, a),
	    contact, silent);
}

static struct finding *
judge_unknown(const struct authority_view *zone, struct findings *out)
{
	if (zone->zone[0] == '\0' || zone->word != AUTHORITY_UNKNOWN)
		return NULL;
	if (zone->n_servers > 0 && zone->n_in_state[AUTHORITY_SERVER_LAME] == zone->n_servers)
		return NULL;
	return finding_add(out, &ptr_rules[RULE_AUTHORITY_UNKNOWN], VERDICT_TEMPERROR, zone->zone,
	    "could not tell what the name servers of %s say themselves", zone->zone);
}

static struct finding *
judge_lame(const struct authority_view *zone, struct findings *out)
{
	size_t n = zone->n_in_state[AUTHORITY_SERVER_LAME];
	if (n == 0)
		return NULL;
	const char *lame = servers_in_state(zone, AUTHORITY_SERVER_LAME, out->arena);
	struct finding *f = finding_add(out, &ptr_rules[RULE_AUTHORITY_LAME], VERDICT_WARN,
	    zone->zone, "%zu of %zu name servers of %s do not serve it: %s", n, zone->n_servers,
	    zone->zone, lame);
	finding_remedy(out, f,
	    "The holder of %s must make %s serve the zone, or take the NS records "
	    "away%s%s.",
	    zone->zone, lame, zone->mailbox[0] == '\0' ? "" : "; write to ", zone->mailbox);
	return f;
}

/* How long caches may still give the resolver's answer. */
static uint32_t
cached_for_s(const struct dns_answer *answer)
{
	uint32_t longest = answer->soa_negative_ttl_s;
	if (answer->status == DNS_FOUND)
		longest = 0;
	for (size_t i = 0; i < answer->n_records; i++)
		if (answer->records[i].ttl_s > longest)
			longest = answer->records[i].ttl_s;
	return longest;
}

void
ptr_next(const struct target *t, const struct facts *f, struct arena *a, struct ptr_next *out)
{
	struct ptr_view view;
	struct authority_view zone;
	*out = (struct ptr_next){ .wait = "" };
	ptr_view(t, f, a, &view);
	authority_view(t, f, view.reverse_name, DNS_PTR, a, &zone);
	if (zone.word != AUTHORITY_ONE || !dns_told(view.answer->status) ||
	    authority_same_answer(view.answer, zone.answer, a))
		return;
	struct name_set names = names_of_records(zone.answer, a);
	out->differs = true;
	out->names = names.list;
	out->n_names = names.n;
	out->wait = duration_shown(cached_for_s(view.answer), a);
	iprev_view_names(t, f, names.list, names.n, a, &out->iprev);
}

static const char *
remedy_split(const struct authority_view *zone, struct arena *a)
{
	return arena_printf(a,
	    "Wait for the zone transfer; if it stays so, the holder of %s must see why "
	    "its secondary servers hold another version%s%s.",
	    zone->zone, zone->mailbox[0] == '\0' ? "" : "; write to ", zone->mailbox);
}

const char *
ptr_authority_remedy(const struct target *t, const struct facts *f, struct arena *a)
{
	struct ptr_view view;
	struct authority_view zone;
	struct ptr_next next;
	ptr_view(t, f, a, &view);
	authority_view(t, f, view.reverse_name, DNS_PTR, a, &zone);
	if (zone.word == AUTHORITY_SPLIT)
		return remedy_split(&zone, a);
	ptr_next(t, f, a, &next);
	if (!next.differs || next.n_names == 0 || next.iprev.result == IPREV_FAIL)
		return "";
	return arena_printf(a,
	    "PTR %s is already set at the authority: wait %s, until caches have let go of the old "
	    "answer, and check again.",
	    names_shown(next.names, next.n_names, a), next.wait);
}

static struct finding *
judge_split(const struct target *t, const struct facts *f, const struct authority_view *zone,
    struct findings *out)
{
	if (zone->word != AUTHORITY_SPLIT)
		return NULL;
	struct arena *a = out->arena;
	const char *text = "";
	for (size_t i = 0; i < zone->n_servers; i++) {
		const struct authority_server *s = &zone->servers[i];
		if (s->state == AUTHORITY_SERVER_TOLD)
			text = arena_printf(a, "%s%s%s says %s", text, text[0] == '\0' ? "" : "; ",
			    s->name, ptr_answer_shown(s->answer, a));
	}
	struct finding *split = finding_add(out, &ptr_rules[RULE_AUTHORITY_SPLIT], VERDICT_WARN,
	    zone->name, "the name servers of %s contradict each other: %s", zone->zone, text);
	finding_remedy(out, split, "%s", remedy_ptr(t, f, a));
	return split;
}

/* What receivers will find once the resolver's answer is forgotten, as the end of a sentence. */
static const char *
outlook(const struct target *t, const struct facts *f, const struct ptr_next *next, struct arena *a)
{
	const char *each = iprev_explain_names(t, f, next->names, next->n_names, a);
	if (next->n_names == 0)
		return "";
	if (next->iprev.result == IPREV_PASS)
		return arena_printf(a, "; %s",
		    iprev_explain_names(t, f, next->iprev.confirmed, next->iprev.n_confirmed, a));
	return next->iprev.result == IPREV_FAIL ?
	    arena_printf(a, "; in at most %s no PTR name leads back to %s: %s", next->wait,
		t->address, each) :
	    arena_printf(a, "; whether it leads back could not be told (%s)", each);
}

static struct finding *
judge_difference(const struct target *t, const struct facts *f, const struct ptr_view *view,
    const struct authority_view *zone, struct findings *out)
{
	struct arena *a = out->arena;
	struct ptr_next next;
	if (zone->word != AUTHORITY_ONE)
		return NULL;
	const char *now = ptr_answer_shown(zone->answer, a);
	if (!dns_told(view->answer->status)) {
		struct finding *unknown = finding_add(out, &ptr_rules[RULE_AUTHORITY_DIFFERS],
		    VERDICT_WARN, zone->name,
		    "the name servers of %s say %s, but the resolver could not tell", zone->zone,
		    now);
		finding_remedy(out, unknown,
		    "See why the resolver does not reach them, or refuses their answer "
		    "(DNSSEC); other resolvers may do the same.");
		return unknown;
	}
	ptr_next(t, f, a, &next);
	if (!next.differs)
		return NULL;
	struct finding *differs = finding_add(out, &ptr_rules[RULE_AUTHORITY_DIFFERS], VERDICT_WARN,
	    zone->name, "the authority already says %s; the resolver still says %s%s", now,
	    ptr_answer_shown(view->answer, a), outlook(t, f, &next, a));
	finding_remedy(out, differs, "%s", remedy_ptr(t, f, a));
	for (size_t i = 0; i < next.n_names && i < IPREV_NAMES_FEW; i++)
		finding_evidence(out, differs,
		    facts_find_dns(f, next.names[i], address_type(&t->ip)));
	return differs;
}

void
ptr_authority_judge(const struct target *t, const struct facts *f, const struct ptr_view *view,
    struct findings *out)
{
	struct authority_view zone;
	if (!asks_authority(t, f, view, out->arena))
		return;
	authority_view(t, f, view->reverse_name, DNS_PTR, out->arena, &zone);
	struct finding *made[] = {
		judge_difference(t, f, view, &zone, out),
		judge_split(t, f, &zone, out),
		judge_lame(&zone, out),
		judge_unknown(&zone, out),
		judge_zone(t, &zone, out),
	};
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
		if (made[i] != NULL)
			add_evidence(view, &zone, out, made[i]);
}
