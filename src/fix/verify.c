/* The proof: every server of the zones is asked until all of them show what was written. */
#include "fix/verify.h"

#include "base/arena.h"
#include "base/safe.h"
#include "base/strset.h"
#include "fix/now.h"
#include "views/names.h"

/* One record that is asked for, and how its servers are judged. */
struct look {
	const struct verify *v;
	const struct facts *facts;
	struct arena *a;
	struct proof *out;
	size_t n_before; /* looks before this one */
	bool gone;       /* the record is to be away */
	bool proven;
};

static bool
ptr_is_good(const struct proof_want *want, const struct dns_answer *answer, struct arena *a)
{
	struct name_set now = names_of_records(answer, a);
	if (want->other) {
		for (size_t i = 0; i < now.n; i++)
			if (names_hold(want->names, want->n_names, now.list[i]))
				return false;
		return true;
	}
	return strset_equal(now.list, now.n, want->names, want->n_names);
}

static const char *
answer_shown(const struct dns_answer *answer, uint16_t type, struct arena *a)
{
	const char *word = enumtab_name(&dns_type_names, type);
	if (answer->status != DNS_FOUND)
		return arena_printf(a, "no %s record", word);
	struct name_set names = names_of_records(answer, a);
	return arena_printf(a, "%s %s", word,
	    type == DNS_PTR ? names_shown(names.list, names.n, a) : addresses_shown(answer, a));
}

static bool
is_good(const struct look *l, const struct authority_server *server, uint16_t type)
{
	if (server->state != AUTHORITY_ANSWERED)
		return false;
	if (type == DNS_PTR)
		return ptr_is_good(&l->v->want, server->answer, l->a);
	return dns_answer_has_ip(server->answer, &l->v->target->ip) != l->gone;
}

static void
say_missing(struct look *l, const char *text)
{
	if (l->out->missing[0] == '\0')
		l->out->missing = safe_text(l->a, text);
	l->proven = false;
}

static void
add_row(struct look *l, const struct proof_server *row)
{
	if (l->out->n_servers < PROOF_SERVERS_MAX)
		l->out->servers[l->out->n_servers++] = *row;
}

/* After so many looks, an address that is silent while its server answers elsewhere is not waited for. */
enum { SILENT_LOOKS = 2 };

/* No receiver gets an answer there, or this machine cannot know what it says. */
static bool
cannot_be_asked(const struct look *l, const struct authority_server *server)
{
	return server->state == AUTHORITY_GONE || server->state == AUTHORITY_AWAY ||
	    server->state == AUTHORITY_PRIVATE ||
	    (server->elsewhere && l->n_before >= SILENT_LOOKS);
}

static void
look_at_server(struct look *l, const struct authority_server *server, uint16_t type,
    const char *record)
{
	bool known = server->state == AUTHORITY_ANSWERED;
	struct proof_server row = {
		.server = safe_text(l->a, server->shown),
		.record = record,
		.says = safe_text(l->a,
		    known ? answer_shown(server->answer, type, l->a) :
			    authority_reason(server, l->a)),
		.lame = server->state == AUTHORITY_LAME,
		.unasked = cannot_be_asked(l, server),
		.good = is_good(l, server, type),
	};
	if (!row.good && !row.lame && !row.unasked)
		say_missing(l,
		    arena_printf(l->a, known ? "%s still says %s" : "%s: %s", row.server,
			row.says));
	add_row(l, &row);
}

/* One row for all that are more than are asked. */
static void
say_left_out(struct look *l, const struct authority_view *zone, const char *record)
{
	if (zone->n_left_out == 0)
		return;
	struct proof_server row = {
		.server = safe_text(l->a, authority_left_out(zone, l->a)),
		.record = record,
		.says = arena_printf(l->a,
		    "left out, because at most %d name servers, at %d addresses, are asked",
		    AUTHORITY_NAMES_MAX, AUTHORITY_ASKED_MAX),
		.unasked = true,
	};
	add_row(l, &row);
}

/* Why no server can say anything about the zone, whatever time passes; NULL when one may. */
static const char *
why_hopeless(const struct authority_view *zone, struct arena *a)
{
	if (zone->zone[0] == '\0')
		return arena_printf(a, "the zone of %s is unknown", zone->name);
	if (zone->n_servers == 0)
		return arena_printf(a, "the servers of %s are unknown", zone->zone);
	if (zone->n_in_state[AUTHORITY_ANSWERED] + zone->n_in_state[AUTHORITY_SILENT] > 0)
		return NULL;
	return zone->n_in_state[AUTHORITY_LAME] == zone->n_servers ?
	    arena_printf(a, "none of the name servers of %s serves the zone", zone->zone) :
	    arena_printf(a, "none of the name servers of %s can be asked from here", zone->zone);
}

static void
look_at_record(struct look *l, const char *name, uint16_t type)
{
	struct authority_view zone;
	authority_view(l->v->target, l->facts, name, type, l->a, &zone);
	const char *record = arena_printf(l->a, "%s %s", enumtab_name(&dns_type_names, type),
	    safe_text(l->a, zone.name));
	const char *hopeless = why_hopeless(&zone, l->a);
	if (hopeless != NULL)
		say_missing(l, hopeless);
	for (size_t i = 0; i < zone.n_servers; i++)
		look_at_server(l, &zone.servers[i], type, record);
	say_left_out(l, &zone, record);
}

/* One look, without waiting.  Fills servers, missing and proven alone. */
static void
look_once(const struct verify *v, const struct facts *f, size_t n_before, struct arena *a,
    struct proof *out)
{
	struct look l = { .v = v,
		.facts = f,
		.a = a,
		.out = out,
		.n_before = n_before,
		.proven = true };
	const struct target *t = v->target;
	char reverse[IP_REVERSE_MAX];
	*out = (struct proof){ .missing = "", .verdict = VERDICT_TEMPERROR };
	if (v->want.ptr)
		look_at_record(&l, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	for (size_t i = 0; v->want.forward && i < t->names.n_wanted; i++)
		look_at_record(&l, t->names.wanted[i], address_type(&t->ip));
	l.gone = true;
	for (size_t i = 0; i < v->want.n_gone; i++)
		look_at_record(&l, v->want.gone[i], address_type(&t->ip));
	out->proven = l.proven;
}

/* Judged as if every cache had let go: the authority has been asked already. */
static void
judge_again(const struct verify *v, const struct facts *f, struct arena *a, struct proof *out)
{
	struct policy *policy = arena_alloc(a, sizeof *policy);
	struct target *target = arena_alloc(a, sizeof *target);
	struct findings *findings = arena_alloc(a, sizeof *findings);
	struct facts fresh;
	struct understanding known;
	*policy = *v->target->policy;
	*target = *v->target;
	target->policy = policy;
	facts_init(&fresh, a);
	facts_from_authority(v->target, f, &fresh);
	policy->authority = AUTHORITY_NEVER;
	findings_init(findings, a);
	understanding_init(&known, target, &fresh, a);
	findings_judge(findings, v->checks, v->n_checks, &known);
	out->findings = findings;
	out->verdict = findings_verdict(findings);
	facts_fini(&fresh);
}

static void
gather_all(const struct verify *v, struct facts *f)
{
	const struct check *checks[16] = { &fix_wants };
	size_t n = 1;
	for (size_t i = 0; i < v->n_checks && n < sizeof checks / sizeof checks[0]; i++)
		checks[n++] = v->checks[i];
	v->world->gather(v->world->arg, v->target, checks, n, f);
}

/* One look around; true when there is nothing more to wait for. */
static bool
verify_round(const struct verify *v, size_t n_before, uint64_t *pace_us, struct arena *a,
    struct proof *out)
{
	struct arena round;
	struct facts facts;
	struct proof seen;
	arena_init(&round);
	facts_init(&facts, &round);
	gather_all(v, &facts);
	look_once(v, &facts, n_before, &round, &seen);
	if (!seen.proven)
		v->world->progress(v->world->arg, seen.missing);
	bool last = seen.proven || !pace_wait(v->world, pace_us, 0, v->deadline_us);
	if (last) {
		look_once(v, &facts, n_before, a, out);
		judge_again(v, &facts, a, out);
	}
	facts_fini(&facts);
	arena_fini(&round);
	return last;
}

void
verify_run(const struct verify *v, struct arena *a, struct proof *out)
{
	uint64_t start = v->world->now_us(v->world->arg), pace = PACE_FIRST_US;
	for (size_t n = 0; !verify_round(v, n, &pace, a, out); n++)
		;
	out->time_us = v->world->now_us(v->world->arg) - start;
}
