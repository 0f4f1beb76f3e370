/* One address: what is wanted of it, and how much of that is there. */
#include "report/preflight.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/safe.h"
#include "base/strset.h"
#include "checks/registry.h"
#include "fix/now.h"
#include "fix/plan.h"
#include "fix/request.h"
#include "preflight/look_priv.h"
#include "views/names.h"
#include "views/world.h"

size_t
preflight_wanted(const struct preflight_server *s, const char **out)
{
	size_t n = 0;
	if (!names_hold(s->names, s->n_names, s->ehlo))
		out[n++] = s->ehlo;
	for (size_t i = 0; i < s->n_names; i++)
		out[n++] = s->names[i];
	return n;
}

static const struct rule *
rule_by_id(const char *id)
{
	for (size_t i = 0; i < checks_n; i++)
		for (size_t k = 0; k < checks_all[i]->n_rules; k++)
			if (strcmp(checks_all[i]->rules[k].id, id) == 0)
				return &checks_all[i]->rules[k];
	return NULL;
}

/* The reason that a finding of this rule would give. */
static void
set_rule(struct preflight_item *item, const char *id)
{
	const struct rule *rule = rule_by_id(id);
	item->rule = id;
	if (rule == NULL || item->state == PREFLIGHT_MET)
		return;
	item->severity = rule->severity;
	item->why = rule->why;
}

/* ---- forward records */

static bool
is_ptr_name(const struct look *l, const char *name)
{
	const struct preflight_server *s = l->in->server;
	return names_hold(s->names, s->n_names, name);
}

/* The record, ready to copy, at the end of the name's CNAME chain. */
static const char *
record_line(const struct look *l, const char *name)
{
	const struct target *t = l->in->known->target;
	const struct dns_answer *heard = world_dns(t, l->in->known->facts, name,
	    address_type(&t->ip));
	return arena_printf(l->a, "%s %s %s", dns_answer_end(heard, name),
	    address_type_name(&t->ip), t->address);
}

static const char *
publish_todo(const struct look *l, const char *name, const struct forward_now *now)
{
	const char *zone = now->zone.zone[0] == '\0' ?
	    "" :
	    arena_printf(l->a, ", in the zone %s", safe_text(l->a, now->zone.zone));
	const char *contact = now->zone.mailbox[0] == '\0' ?
	    "" :
	    arena_printf(l->a, " (contact %s)", safe_text(l->a, now->zone.mailbox));
	return arena_printf(l->a, "Publish the address of %s%s%s.", name_shown(name, l->a), zone,
	    contact);
}

static void
forward_unknown(struct look *l, struct preflight_item *item, const char *name,
    const struct forward_now *now)
{
	if (now->state == FORWARD_LATE)
		item->todo = arena_printf(l->a,
		    "Wait until every name server of %s shows the address of %s, and check again.",
		    safe_text(l->a, now->zone.zone), name_shown(name, l->a));
	else
		item->todo = remedy_unknown(now->answer,
		    arena_printf(l->a, "fix the name servers of %s", name_shown(name, l->a)), l->a);
}

static void
look_at_forward(struct look *l, const char *name)
{
	static const enum preflight_state states[] = {
		[FORWARD_UNKNOWN] = PREFLIGHT_UNKNOWN,
		[FORWARD_MISSING] = PREFLIGHT_MISSING,
		[FORWARD_LATE] = PREFLIGHT_UNKNOWN,
		[FORWARD_GOOD] = PREFLIGHT_MET,
	};
	const struct target *t = l->in->known->target;
	static const char *const rules[][2] = { { "ehlo.no-address", "ehlo.good" },
		{ "iprev.fail", "iprev.pass" } };
	struct forward_now now;
	forward_now(t, l->in->known->facts, name, l->a, &now);
	struct preflight_item *item = look_add(l, STAGE_FORWARD, states[now.state],
	    record_line(l, name));
	set_rule(item, rules[is_ptr_name(l, name)][now.state == FORWARD_GOOD]);
	item->planned = now.state == FORWARD_GOOD && now.answer->planned;
	if (now.state == FORWARD_GOOD) {
		item->seen = item->planned ? "planned, not published yet" : "published";
		return;
	}
	item->seen = safe_text(l->a, forward_reason(t, &now, name, l->a));
	if (now.state == FORWARD_MISSING) {
		item->todo = publish_todo(l, name, &now);
		item->line = safe_text(l->a, item->what);
	} else {
		forward_unknown(l, item, name, &now);
	}
	l->any_forward_missing |= now.state == FORWARD_MISSING && is_ptr_name(l, name);
}

/* ---- the PTR record */

/* Takes the better text of a finding, when its check ran. */
static bool
take_finding(const struct look *l, const char *id, struct preflight_item *item)
{
	for (size_t i = 0; i < l->in->findings->n; i++) {
		const struct finding *f = l->in->findings->list[i];
		if (strcmp(f->rule->id, id) != 0)
			continue;
		item->rule = f->rule->id;
		item->severity = f->severity;
		/* the finding may go before the item */
		item->seen = arena_strdup(l->a, f->text);
		item->todo = arena_strdup(l->a, f->remedy);
		item->why = arena_strdup(l->a, f->why);
		return true;
	}
	return false;
}

static void
ptr_unknown(const struct look *l, const struct ptr_now *now, struct preflight_item *item)
{
	const char *id = now->split ? "ptr.authority-split" : "ptr.undecided";
	if (take_finding(l, id, item))
		return;
	set_rule(item, id);
	item->seen = now->split ? "the name servers of the reverse zone contradict each other" :
				  "the PTR record could not be looked up";
	item->todo = "Try again; if that does not help, fix the name servers of the reverse zone.";
}

/* A name that nobody sets on purpose is overwritten without --replace. */
static bool
must_replace(const struct look *l, const struct ptr_now *now)
{
	return now->n_names > 0 && !known_generic(l->in->known)->is_generic;
}

static const char *
fix_line(const struct look *l, const struct ptr_now *now, const char *provider)
{
	const struct preflight_server *s = l->in->server;
	bool manual = strcmp(provider, "manual") == 0;
	const char *line = arena_printf(l->a, "mailready fix %s", l->in->known->target->address);
	for (size_t i = 0; i < s->n_names; i++)
		line = arena_printf(l->a, "%s --name %s", line, s->names[i]);
	if (provider[0] != '\0')
		line = arena_printf(l->a, "%s --provider %s", line, provider);
	if (!manual && l->any_forward_missing)
		line = arena_printf(l->a, "%s --with-forward", line);
	if (!manual && must_replace(l, now))
		line = arena_printf(l->a, "%s --replace", line);
	return arena_printf(l->a, "%s%s%s", line, manual ? "" : " --apply", l->in->options);
}

static bool
has_credentials(const struct look *l, const struct provider *p)
{
	for (size_t i = 0; i < l->in->n_providers; i++)
		if (l->in->providers[i] == p)
			return true;
	return false;
}

/* Programs with a name are always configured. */
static const struct provider *
named_provider(const struct look *l, const char *name)
{
	for (size_t i = 0; i < l->in->n_providers; i++)
		if (strcmp(l->in->providers[i]->name, name) == 0)
			return l->in->providers[i];
	return provider_by_name(name);
}

static const char *
titles_of_providers(const struct look *l)
{
	const char **titles = arena_array(l->a, l->in->n_providers + 1, sizeof *titles);
	for (size_t i = 0; i < l->in->n_providers; i++)
		titles[i] = l->in->providers[i]->title;
	return safe_join(l->a, titles, l->in->n_providers, ", ");
}

/* When no account can write the record: who can, and a request to them. */
static void
ptr_by_hand(struct look *l, const struct ptr_now *now, const char *names, const char *because,
    struct preflight_item *item)
{
	struct request_facts facts;
	struct request request;
	request_of_facts(l->in->known, &facts);
	request_write(&facts, l->a, &request);
	item->todo = arena_printf(l->a,
	    "Have the PTR record set to %s%s. %s The command below prints a request to send.",
	    names, because, request.who);
	item->line = fix_line(l, now, "manual");
}

static void
ptr_by_provider(struct look *l, const struct target *t, const struct ptr_now *now,
    const char *names, const struct provider *p, struct preflight_item *item)
{
	struct plan_wish wish = { .ttl_s = 0 };
	struct err err;
	if (plan_check_wish(t, &wish, p, &err) != ERR_NONE) {
		ptr_by_hand(l, now, names, arena_printf(l->a, " (%s)", err.text), item);
		return;
	}
	item->todo = arena_printf(l->a, "Set the PTR record to %s, through %s.%s", names, p->title,
	    has_credentials(l, p) ?
		"" :
		" No credentials for it were found here: see mailready-providers(7).");
	item->line = fix_line(l, now, p->name);
}

static void
ptr_todo(struct look *l, const struct ptr_now *now, struct preflight_item *item)
{
	const struct preflight_server *s = l->in->server;
	const struct provider *named = named_provider(l, s->provider);
	const char *names = names_shown(s->names, s->n_names, l->a);
	struct plan_wish wish = { .ttl_s = 0 };
	struct target t = *l->in->known->target;
	struct err err;
	t.names.wanted = s->names;
	t.names.n_wanted = s->n_names;
	if (plan_check_wish(&t, &wish, NULL, &err) != ERR_NONE)
		item->todo = arena_printf(l->a, "It cannot be set: %s.", err.text);
	else if (named != NULL)
		ptr_by_provider(l, &t, now, names, named, item);
	else if (s->provider[0] != '\0')
		ptr_by_hand(l, now, names, "", item);
	else if (l->in->n_providers == 0)
		ptr_by_hand(l, now, names, "; no credentials of any provider were found here",
		    item);
	else if (l->in->n_providers == 1)
		ptr_by_provider(l, &t, now, names, l->in->providers[0], item);
	else {
		item->todo = arena_printf(l->a,
		    "Set the PTR record to %s, with the credentials found here for %s.", names,
		    titles_of_providers(l));
		item->line = fix_line(l, now, "");
	}
}

static void
ptr_met(const struct look *l, struct preflight_item *item)
{
	const struct ptr_view *heard = known_ptr(l->in->known);
	const struct preflight_server *s = l->in->server;
	bool seen = strset_equal(heard->names, heard->n_names, s->names, s->n_names);
	item->planned = seen && heard->answer->planned;
	item->seen = item->planned ? "planned, not published yet" :
	    seen                   ? "published" :
				     "published; the resolver still has the old answer";
}

/* The rule by which receivers mind the present record: its severity and its reason go together. */
static const char *
rule_of_ptr(const struct look *l, const struct ptr_now *now)
{
	const struct generic_view *generic = known_generic(l->in->known);
	if (now->n_names == 0)
		return "ptr.missing";
	if (known_iprev(l->in->known)->result == IPREV_FAIL)
		return "iprev.fail";
	if (generic->is_generic)
		return arena_printf(l->a, "generic_ptr.%s",
		    enumtab_name(&generic_class_names, (int)generic->class));
	return "ehlo.ptr-other";
}

static void
look_at_ptr(struct look *l)
{
	const struct preflight_server *s = l->in->server;
	const struct target *t = l->in->known->target;
	struct ptr_now now;
	ptr_now(l->in->known, &now);
	bool known = now.known && !now.split;
	bool met = known && strset_equal(now.names, now.n_names, s->names, s->n_names);
	struct preflight_item *item = look_add(l, STAGE_PTR,
	    met       ? PREFLIGHT_MET :
		known ? PREFLIGHT_MISSING :
			PREFLIGHT_UNKNOWN,
	    arena_printf(l->a, "%s PTR %s", t->address, names_shown(s->names, s->n_names, l->a)));
	set_rule(item, rule_of_ptr(l, &now));
	if (met) {
		item->rule = "ptr.found";
		ptr_met(l, item);
	} else if (!known) {
		ptr_unknown(l, &now, item);
	} else {
		item->seen = now.n_names == 0 ?
		    arena_printf(l->a, "%s has no PTR record", t->address) :
		    arena_printf(l->a, "%s has PTR %s", t->address,
			names_shown(now.names, now.n_names, l->a));
		ptr_todo(l, &now, item);
	}
}

/* Keeps the order within a stage: wanted records first, then the findings of the checks. */
static void
sort_by_stage(struct preflight_address *out)
{
	for (size_t i = 1; i < out->n; i++) {
		struct preflight_item item = out->items[i];
		size_t k = i;
		for (; k > 0 && out->items[k - 1].stage > item.stage; k--)
			out->items[k] = out->items[k - 1];
		out->items[k] = item;
	}
}

void
preflight_look(const struct preflight_input *in, struct arena *a, struct preflight_address *out)
{
	struct look l = { .in = in, .a = a, .out = out };
	const struct target *t = in->known->target;
	for (size_t i = 0; i < t->names.n_wanted; i++)
		look_at_forward(&l, t->names.wanted[i]);
	look_at_ptr(&l);
	look_at_greeting(&l);
	look_then(&l);
	look_now(&l);
	sort_by_stage(out);
}
