/* The plan: which records are to be written, in which order, and why not. */
#include "fix/plan.h"

#include <stdarg.h>
#include <string.h>

#include "base/name.h"
#include "base/safe.h"
#include "checks/postfix.h"
#include "checks/registry.h"
#include "fix/now.h"
#include "fix/plan_priv.h"
#include "views/names.h"
#include "views/world.h"

static const struct enumtab_row status_rows[] = {
	{ "nothing", PLAN_NOTHING },
	{ "wait", PLAN_WAIT },
	{ "change", PLAN_CHANGE },
	{ "blocked", PLAN_BLOCKED },
	{ "undecided", PLAN_UNDECIDED },
};
const struct enumtab plan_status_names = ENUMTAB(status_rows);

/* A plan in the making. */
struct draft {
	const struct plan_input *in;
	const struct target *t;
	struct arena *a;
	struct plan *p;
	struct ptr_now ptr;
	struct forward_now forwards[PROVIDER_NAMES_MAX];
};

/* Adds a sentence; what is in it is made safe. */
static void __attribute__((format(printf, 3, 4)))
add_note(struct plan *p, struct arena *a, const char *fmt, ...)
{
	char text[2 * ERR_TEXT_MAX];
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	p->notes = arena_grow(a, p->notes, p->n_notes, &p->cap_notes, sizeof *p->notes);
	p->notes[p->n_notes++] = safe_text(a, len < 0 ? "" : text);
}

/* A worse status stays. */
static void
set_status(struct draft *d, enum plan_status status, const char *summary)
{
	if (d->p->summary[0] != '\0' && status <= d->p->status)
		return;
	d->p->status = status;
	d->p->summary = safe_text(d->a, summary);
}

static const struct check *const ptr_checks[] = { &check_ptr, &check_iprev, &check_generic_ptr };
static const struct check *const forward_checks[] = { &check_iprev, &check_ehlo };

static bool
is_of(const struct finding *f, const struct check *const *checks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (f->check == checks[i])
			return true;
	return false;
}

/* The first bad finding of these checks, else the first that warns. */
static const char *
rule_answered(const struct findings *in, const struct check *const *checks, size_t n)
{
	const struct finding *warned = NULL;
	for (size_t i = 0; in != NULL && i < in->n; i++) {
		const struct finding *f = in->list[i];
		if (!is_of(f, checks, n))
			continue;
		if (verdict_is_bad(f->verdict))
			return f->rule->id;
		if (warned == NULL && f->verdict == VERDICT_WARN)
			warned = f;
	}
	return warned == NULL ? "" : warned->rule->id;
}

static struct plan_step *
add_step(struct draft *d, enum step_kind kind, const char *subject)
{
	struct plan_step *s = &d->p->steps[d->p->n_steps++];
	*s = (struct plan_step){ .kind = kind, .subject = arena_strdup(d->a, subject) };
	const struct findings *in = d->in->findings;
	s->rule = kind == STEP_PTR ?
	    rule_answered(in, ptr_checks, sizeof ptr_checks / sizeof ptr_checks[0]) :
	    rule_answered(in, forward_checks, sizeof forward_checks / sizeof forward_checks[0]);
	return s;
}

static uint32_t
wanted_ttl(const struct draft *d)
{
	return d->in->wish->ttl_s != 0 ? d->in->wish->ttl_s :
					 d->in->account->provider->default_ttl_s;
}

/* A set of addresses is written as a whole: the others stay. */
static void
step_forward(struct draft *d, const char *name, const struct provider_set *now)
{
	struct provider_set new = *now;
	struct plan_step *s = add_step(d, STEP_FORWARD, name);
	new.is_default = false;
	if (now->n == 0 || now->is_default) {
		new.ttl_s = wanted_ttl(d);
		new.ttl_zero = false;
	}
	new.ips[new.n++] = d->t->ip;
	plan_value_of_set(now, d->a, &s->old);
	plan_value_of_set(&new, d->a, &s->new);
	if (now->note != NULL)
		add_note(d->p, d->a, "%s", now->note);
}

static void
need_forward(struct draft *d, const char *name, const struct forward_now *now)
{
	struct plan *p = d->p;
	p->needs[p->n_needs++] = (struct plan_need){
		.name = dns_answer_end(world_dns(d->t, d->in->known->facts, name,
					   address_type(&d->t->ip)),
		    name),
		.type = address_type_name(&d->t->ip),
		.value = p->address,
		.zone = now->zone.zone,
		.mailbox = now->zone.mailbox,
		.now = addresses_shown(now->answer, d->a),
	};
}

static bool
holds(const struct provider_set *set, const struct ip *ip)
{
	for (size_t i = 0; i < set->n; i++)
		if (ip_equal(&set->ips[i], ip))
			return true;
	return false;
}

static bool
dns_shows_wanted(const struct draft *d)
{
	const struct plan_value now = { .values = d->ptr.names, .n_values = d->ptr.n_names };
	struct plan_value wanted = { .n_values = 0 };
	wanted.values = plan_sorted(d->t->names.wanted, d->t->names.n_wanted, d->a,
	    &wanted.n_values);
	return d->ptr.known && !d->ptr.split && plan_value_same_values(&now, &wanted);
}

/* A name that does not lead back: written here, or needed from someone else. */
static void
plan_missing(struct draft *d, size_t i, const char *why)
{
	const char *name = d->t->names.wanted[i];
	const struct forward_now *now = &d->forwards[i];
	const struct plan_forward *own = d->in->account != NULL ? &d->in->account->forwards[i] :
								  NULL;
	/* an alias of its own excludes other records; one that a wildcard gives does not */
	bool writable = own != NULL && own->here && (!now->alias || own->set.is_default) &&
	    own->set.n < PLAN_VALUES_MAX;
	if (writable && holds(&own->set, &d->t->ip)) {
		add_note(d->p, d->a,
		    "The account has the address of %s; the DNS does not show it yet.", name);
		set_status(d, PLAN_WAIT,
		    arena_printf(d->a, "wait until %s resolves to the address", name));
		return;
	}
	if (writable && d->in->wish->with_forward) {
		const char *lost = forward_wildcard_note(now, &own->set, name, d->a);
		if (lost != NULL)
			add_note(d->p, d->a, "%s", lost);
		step_forward(d, name, &own->set);
		return;
	}
	if (own != NULL && d->in->wish->with_forward && own->why_not != NULL &&
	    own->why_not[0] != '\0')
		add_note(d->p, d->a, "The address of %s cannot be published from here: %s.", name,
		    own->why_not);
	need_forward(d, name, now);
	if (d->in->wish->force_order) {
		add_note(d->p, d->a,
		    "The PTR record is set before its name resolves to the address: %s.", why);
		return;
	}
	if (writable)
		add_note(d->p, d->a,
		    "The zone is in the same account: --with-forward creates the record.");
	set_status(d, PLAN_BLOCKED,
	    arena_printf(d->a,
		dns_shows_wanted(d) ? "the PTR record is right, but %s" :
				      "%s, so a PTR record would not be confirmed",
		why));
}

static void
plan_forwards(struct draft *d)
{
	for (size_t i = 0; i < d->t->names.n_wanted; i++) {
		const char *why = forward_reason(d->t, &d->forwards[i], d->t->names.wanted[i],
		    d->a);
		switch (d->forwards[i].state) {
		case FORWARD_GOOD:
			break;
		case FORWARD_UNKNOWN:
			if (d->in->wish->force_order)
				add_note(d->p, d->a, "The order is forced: %s.", why);
			else
				set_status(d, PLAN_UNDECIDED, why);
			break;
		case FORWARD_LATE:
			if (!d->in->wish->force_order)
				set_status(d, PLAN_UNDECIDED, why);
			break;
		case FORWARD_MISSING:
			plan_missing(d, i, why);
			break;
		}
	}
}

static void
wanted_value(const struct draft *d, const struct plan_value *old, struct plan_value *out)
{
	const struct plan_wish *w = d->in->wish;
	*out = (struct plan_value){ .description = old->description,
		.enterprise_project = old->enterprise_project,
		.tags = old->tags,
		.n_tags = old->n_tags };
	out->values = plan_sorted(d->t->names.wanted, w->unset ? 0 : d->t->names.n_wanted, d->a,
	    &out->n_values);
	if (w->unset) {
		out->is_default = d->in->account->provider->has_default;
		out->description = "";
		out->enterprise_project = NULL;
		out->n_tags = 0;
		return;
	}
	out->ttl_s = wanted_ttl(d);
	/* who asks for other properties of the record that is there has not asked for another TTL */
	if (w->ttl_s == 0 && plan_value_has_ttl(old) && plan_value_same_values(old, out)) {
		out->ttl_s = old->ttl_s;
		out->ttl_zero = old->ttl_zero;
	}
	if (w->description != NULL)
		out->description = arena_strdup(d->a, w->description);
	if (w->n_tags > 0)
		out->tags = plan_sorted(w->tags, w->n_tags, d->a, &out->n_tags);
}

/* What the user did not ask about makes no difference. */
static bool
is_as_wanted(const struct draft *d, const struct plan_value *old, const struct plan_value *new)
{
	const struct plan_wish *w = d->in->wish;
	if (!plan_value_same_values(old, new))
		return false;
	if (w->unset)
		return true;
	if (w->ttl_s != 0 && old->ttl_s != w->ttl_s)
		return false;
	if (w->description != NULL && strcmp(old->description, w->description) != 0)
		return false;
	if (w->n_tags == 0)
		return true;
	if (old->n_tags != new->n_tags)
		return false;
	for (size_t i = 0; i < new->n_tags; i++)
		if (strcmp(old->tags[i], new->tags[i]) != 0)
			return false;
	return true;
}

/* The account has the wanted record; the DNS may not show it yet. */
static void
plan_held(struct draft *d)
{
	bool shown = d->in->wish->unset || dns_shows_wanted(d);
	const char *names = names_shown(d->t->names.wanted, d->t->names.n_wanted, d->a);
	if (d->in->wish->unset)
		set_status(d, PLAN_NOTHING, "nothing to do: no PTR record is set");
	else if (shown && d->p->n_steps == 0)
		set_status(d, PLAN_NOTHING,
		    arena_printf(d->a, "nothing to do: the PTR record is %s, %s", names,
			d->t->names.n_wanted == 1 ? "forward-confirmed" : "all forward-confirmed"));
	else if (!shown)
		set_status(d, PLAN_WAIT,
		    arena_printf(d->a,
			"nothing to write: the account has %s, the DNS does not show it yet",
			names));
}

static bool
may_overwrite(const struct draft *d, const struct plan_value *old, const struct plan_value *new)
{
	if (old->n_values == 0 || old->is_default || d->in->wish->replace || d->in->wish->unset)
		return true;
	return plan_value_same_values(old, new);
}

static const char *
change_summary(const struct draft *d, const struct plan_value *old, const struct plan_value *new)
{
	const char *names = names_shown(d->t->names.wanted, d->t->names.n_wanted, d->a);
	if (d->in->wish->unset)
		return d->in->account->provider->has_default ?
		    "remove the PTR record; the provider's default applies again" :
		    "remove the PTR record";
	if (plan_value_same_values(old, new))
		return arena_printf(d->a, "the PTR record is %s; set its other properties", names);
	return arena_printf(d->a, "set the PTR record to %s", names);
}

static void
plan_ptr(struct draft *d)
{
	const struct plan_account *acc = d->in->account;
	struct plan_value old, new;
	plan_value_of_record(&acc->record, acc->state, d->a, &old);
	wanted_value(d, &old, &new);
	bool as_wanted = is_as_wanted(d, &old, &new) && acc->state != PROVIDER_FAILED;
	if (acc->state == PROVIDER_PENDING && !as_wanted) {
		set_status(d, PLAN_UNDECIDED,
		    "another change of this PTR record is in progress; try again when it is done");
		return;
	}
	if (as_wanted) {
		plan_held(d);
		return;
	}
	/* without its forward record the PTR record is not even planned */
	if (d->p->status == PLAN_BLOCKED && d->p->summary[0] != '\0')
		return;
	struct plan_step *s = add_step(d, STEP_PTR, d->p->address);
	s->old = old;
	s->new = new;
	if (acc->record.note != NULL && !d->in->wish->unset)
		add_note(d->p, d->a, "%s", acc->record.note);
	if (!may_overwrite(d, &old, &new))
		set_status(d, PLAN_BLOCKED,
		    arena_printf(d->a,
			"the PTR record is %s already; use --replace to overwrite it",
			names_shown(old.values, old.n_values, d->a)));
	set_status(d, PLAN_CHANGE, change_summary(d, &old, &new));
}

/* Why others must be asked, and what can be done meanwhile. */
static void
note_refusals(struct draft *d)
{
	const struct plan_input *in = d->in;
	for (size_t i = 0; i < in->n_refusals; i++)
		add_note(d->p, d->a, "%s", in->refusals[i]);
	if (d->t->ip.family == 6 && d->ptr.known && d->ptr.n_names == 0 && !in->wish->unset)
		add_note(d->p, d->a, "%s", SEND_OVER_IPV4);
}

static const char *
nobody_can(const struct draft *d)
{
	const char *names = names_shown(d->t->names.wanted, d->t->names.n_wanted, d->a);
	if (d->in->wish->unset)
		return "none of the accounts configured here can remove the PTR record";
	return arena_printf(d->a,
	    "none of the accounts configured here can set the PTR record to %s", names);
}

/* No account can write: either there is nothing to write, or somebody else must do it. */
static void
plan_without_account(struct draft *d)
{
	if (dns_shows_wanted(d)) {
		if (d->p->summary[0] == '\0')
			plan_held(d);
		return;
	}
	if (d->p->summary[0] == '\0' && !d->ptr.known)
		set_status(d, PLAN_UNDECIDED, "the PTR record could not be looked up");
	else if (d->p->summary[0] == '\0')
		set_status(d, PLAN_BLOCKED, nobody_can(d));
	note_refusals(d);
}

static void
remember_dns(struct draft *d)
{
	d->p->dns_known = d->ptr.known && !d->ptr.split;
	d->p->dns_names = plan_sorted(d->ptr.names, d->ptr.n_names, d->a, &d->p->n_dns_names);
	d->p->cached_s = d->ptr.cached_s;
	for (size_t i = 0; i < d->t->names.n_wanted; i++)
		if (d->forwards[i].state != FORWARD_GOOD &&
		    d->forwards[i].cached_s > d->p->cached_s)
			d->p->cached_s = d->forwards[i].cached_s;
}

static void
start(struct draft *d)
{
	const struct plan_input *in = d->in;
	*d->p = (struct plan){ .ip = d->t->ip,
		.names = d->t->names.wanted,
		.n_names = d->t->names.n_wanted,
		.wish = *in->wish,
		.provider = "",
		.summary = "" };
	ip_format(&d->t->ip, d->p->address);
	if (in->account != NULL) {
		d->p->provider = in->account->provider->name;
		d->p->place = *in->account->place;
	}
	ptr_now(in->known, &d->ptr);
	for (size_t i = 0; i < d->t->names.n_wanted; i++)
		forward_now(d->t, in->known->facts, d->t->names.wanted[i], d->a, &d->forwards[i]);
	remember_dns(d);
}

enum err_code
plan_make(const struct plan_input *in, struct arena *a, struct plan *out, struct err *err)
{
	struct draft d = { .in = in, .t = in->known->target, .a = a, .p = out };
	const struct provider *provider = in->account != NULL ? in->account->provider : NULL;
	if (plan_check_wish(in->known->target, in->wish, provider, err) != ERR_NONE)
		return err->code;
	start(&d);
	if (!in->wish->unset)
		plan_forwards(&d);
	if (in->account != NULL)
		plan_ptr(&d);
	else
		plan_without_account(&d);
	if (out->n_names > 1)
		add_note(out, a,
		    "Receivers such as Postfix look at only one PTR name; one is enough.");
	if (out->summary[0] == '\0')
		set_status(&d, out->n_steps > 0 ? PLAN_CHANGE : PLAN_NOTHING,
		    out->n_steps > 0 ? "publish the address of the name" : "nothing to do");
	return ERR_NONE;
}
