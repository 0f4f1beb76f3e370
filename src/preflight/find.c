/* The findings about one address before its server goes live. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/command.h"
#include "base/name.h"
#include "base/safe.h"
#include "fix/now.h"
#include "preflight/look_priv.h"
#include "views/names.h"
#include "views/world.h"

static bool
is_one_of(const struct finding *f, const char *const *ids)
{
	for (; *ids != NULL; ids++)
		if (strcmp(f->rule->id, *ids) == 0)
			return true;
	return false;
}

/* Before a server is on, its port is closed, and the firewall before it may be. */
static bool
is_for_later(const struct look *l, const struct finding *f)
{
	static const char *const server_off[] = { "smtp.closed", "smtp.filtered",
		"smtp.unreachable", "smtp.skipped", NULL };
	static const char *const lists_off[] = { "dnsbl.not-asked", NULL };
	return is_one_of(f, server_off) ||
	    (l->in->known->target->policy->offline && is_one_of(f, lists_off));
}

/* False: it is of no interest here. */
static bool
state_of(const struct look *l, const struct finding *f, enum preflight_state *out)
{
	static const enum preflight_state states[] = {
		[VERDICT_PASS] = PREFLIGHT_MET,
		[VERDICT_WARN] = PREFLIGHT_BETTER,
		[VERDICT_TEMPERROR] = PREFLIGHT_UNKNOWN,
		[VERDICT_PERMERROR] = PREFLIGHT_MISSING,
		[VERDICT_FAIL] = PREFLIGHT_MISSING,
	};
	if (is_for_later(l, f)) {
		*out = PREFLIGHT_LATER;
		return true;
	}
	if (f->verdict == VERDICT_INFO || f->verdict == VERDICT_SKIP)
		return false;
	*out = f->leads ? PREFLIGHT_MISSING : states[f->verdict];
	return true;
}

/* Without the address, which is shown beside it, so that equal texts are shown once. */
static const char *
without_address(const struct look *l, const char *words)
{
	const char *prefix = arena_printf(l->a, "For %s: ", l->in->known->target->address);
	if (strncmp(words, prefix, strlen(prefix)) != 0)
		return words;
	char *rest = arena_strdup(l->a, words + strlen(prefix));
	rest[0] = (char)toupper((unsigned char)rest[0]);
	return rest;
}

/* A command at the end is the item's line; others stay where they are in its words. */
static void
put_todo(struct look *l, const struct finding *f, struct preflight_item *item)
{
	struct command_text part;
	const char *rest = arena_strdup(l->a, f->remedy), *words = "";
	while (command_next(&rest, l->a, &part)) {
		words = arena_printf(l->a, "%s%s%s", words, words[0] != '\0' ? " " : "",
		    part.words);
		if (part.command[0] != '\0' && rest[0] != '\0')
			words = arena_printf(l->a, "%s `%s`", words, part.command);
		else if (part.command[0] != '\0')
			item->line = part.command;
	}
	item->todo = without_address(l, words);
}

static void
put_later(struct preflight_item *item)
{
	item->required = false;
	if (item->stage == STAGE_LISTING) {
		item->todo = "Ask the block lists: run this without --offline.";
		return;
	}
	item->what = "greeting and certificate";
	item->todo = "Check the greeting, the EHLO reply and the certificate: run this again when "
		     "the server is on.";
}

static void
put_finding(struct look *l, const struct finding *f)
{
	enum preflight_state state;
	if (!state_of(l, f, &state))
		return;
	struct preflight_item *item = look_add(l, f->rule->topic->stage, state,
	    f->rule->topic->noun);
	item->required = f->rule->required;
	item->severity = f->severity;
	item->rule = f->rule->id;
	item->seen = arena_strdup(l->a, f->text); /* the finding may go before the item */
	if (state == PREFLIGHT_LATER) {
		put_later(item);
	} else if (state != PREFLIGHT_MET) {
		put_todo(l, f, item);
		item->why = arena_strdup(l->a, f->why);
	}
}

/* Findings about names that are to be replaced are of no interest: see look_then(). */
void
look_now(struct look *l)
{
	for (size_t i = 0; i < l->in->findings->n; i++) {
		const struct finding *f = l->in->findings->list[i];
		if (!f->rule->topic->chosen)
			put_finding(l, f);
	}
}

/* ---- the world in which every record is as wanted */

static void
publish(const struct target *t, struct facts *f, const char *name, uint16_t type,
    const struct dns_record *records, size_t n)
{
	struct dns_answer answer = *world_dns(t, f, name, type);
	struct dns_record *list = arena_array(f->arena, n, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		list[i] = records[i];
		list[i].owner = dns_answer_end(&answer, name);
		list[i].type = type;
		list[i].ttl_s = 3600;
	}
	answer.status = DNS_FOUND;
	answer.checked = true;
	answer.records = list;
	answer.n_records = n;
	facts_set_dns(facts_need_dns(f, NULL, name, type), f->arena, &answer);
}

static void
publish_all(const struct look *l, struct facts *f)
{
	const struct target *t = l->in->known->target;
	const struct preflight_server *s = l->in->server;
	char reverse[IP_REVERSE_MAX];
	struct dns_record address = { .text = t->address, .ip = t->ip };
	struct dns_record *names = arena_array(f->arena, s->n_names, sizeof *names);
	for (size_t i = 0; i < s->n_names; i++)
		names[i] = (struct dns_record){ .text = s->names[i] };
	publish(t, f, ip_reverse_name(&t->ip, reverse), DNS_PTR, names, s->n_names);
	for (size_t i = 0; i < t->names.n_wanted; i++)
		publish(t, f, t->names.wanted[i], address_type(&t->ip), &address, 1);
}

static bool
is_about_chosen(const struct check *c)
{
	for (size_t i = 0; i < c->n_rules; i++)
		if (c->rules[i].topic->chosen)
			return true;
	return false;
}

/* A good result would be good only on paper: it is not shown. */
void
look_then(struct look *l)
{
	struct policy policy = *l->in->known->target->policy;
	struct target target = *l->in->known->target;
	struct facts facts;
	struct findings findings;
	struct understanding then;
	struct arena scratch;
	arena_init(&scratch);
	target.policy = &policy;
	facts_init(&facts, &scratch);
	facts_from_authority(l->in->known->target, l->in->known->facts, &facts);
	publish_all(l, &facts);
	policy.authority = AUTHORITY_NEVER;
	findings_init(&findings, &scratch);
	understanding_init(&then, &target, &facts, &scratch);
	for (size_t i = 0; i < l->in->n_checks; i++)
		if (is_about_chosen(l->in->checks[i]))
			findings_judge(&findings, &l->in->checks[i], 1, &then);
	for (size_t i = 0; i < findings.n; i++) {
		const struct finding *f = findings.list[i];
		if (f->rule->topic->chosen && f->verdict != VERDICT_PASS)
			put_finding(l, f);
	}
	facts_fini(&facts);
	arena_fini(&scratch);
}

/* ---- the greeting */

static bool
shows(const char *seen, const char *wanted)
{
	char name[NAME_TEXT_MAX];
	return name_from_user(seen, name) && name_equal(name, wanted);
}

void
look_at_greeting(struct look *l)
{
	const char *wanted = l->in->server->banner;
	const struct smtp_dialogue *d = known_smtp(l->in->known)->dialogue;
	if (d->status != SMTP_TALKED || d->banner_code != 220)
		return;
	/* where EHLO was refused there is no name in its reply */
	bool answered = d->ehlo_name[0] != '\0';
	bool met = shows(d->banner_name, wanted) && (!answered || shows(d->ehlo_name, wanted));
	struct preflight_item *item = look_add(l, STAGE_GREETING,
	    met ? PREFLIGHT_MET : PREFLIGHT_MISSING,
	    arena_printf(l->a, "greeting %s", name_shown(wanted, l->a)));
	const char *greets = d->banner_name[0] != '\0' ? d->banner_name : "nobody";
	item->seen = safe_text(l->a,
	    answered ?
		arena_printf(l->a, "greets as %s, answers EHLO as %s", greets, d->ehlo_name) :
		arena_printf(l->a, "greets as %s", greets));
	item->rule = met ? "ehlo.good" : "ehlo.differs";
	item->severity = SEVERITY_MEDIUM;
	if (met)
		return;
	item->todo = arena_printf(l->a,
	    "Make the server greet and answer EHLO as %s (Postfix: myhostname; Exim: "
	    "primary_hostname; Sendmail: confDOMAIN_NAME), and send %s in EHLO.",
	    name_shown(wanted, l->a), name_shown(l->in->server->ehlo, l->a));
	item->why =
	    "The EHLO name that the server sends cannot be seen from outside; the name that "
	    "it shows is the best hint, and by default servers use one name for both.";
}
