/* One address: what is there, the plan, and what comes of it. */
#include <string.h>

#include "base/json.h"
#include "base/safe.h"
#include "fix/now.h"
#include "repair/repair_priv.h"
#include "views/hoster.h"

void
one_start_clock(struct one *one)
{
	struct repair *r = one->repair;
	r->deadline_us = one->deadline_us = r->world.now_us(r->world.arg) + r->options->timeout_us;
}

void
one_init(struct one *one, struct repair *r, const struct ip *ip)
{
	*one = (struct one){ .repair = r };
	one->journal.fd = one->lock_fd = -1;
	arena_init(&one->arena);
	facts_init(&one->facts, &one->arena);
	findings_init(&one->findings, &one->arena);
	one->target = (struct target){ .ip = *ip,
		.names = { .host = "", .ehlo = "", .domain = "", .wanted = one->wanted },
		.policy = &r->policy };
	ip_format(ip, one->target.address);
	one_start_clock(one);
	one->report = (struct fix_report){ .plan = &one->plan,
		.title = "",
		.warnings = "",
		.err = &one->err,
		.now_s = r->world.wall_s(r->world.arg),
		.arena = &one->arena,
		.result = true };
	one->plan = (struct plan){ .ip = *ip, .provider = "", .summary = "" };
	ip_format(ip, one->plan.address);
}

void
one_fini(struct one *one)
{
	journal_close(&one->journal);
	one_unlock(one);
	facts_fini(&one->facts);
	arena_fini(&one->arena);
}

static void
look(struct one *one)
{
	const struct check *checks[8] = { &fix_wants };
	size_t n = 1;
	const struct world *w = &one->repair->world;
	for (size_t i = 0; i < fix_checks_n; i++)
		checks[n++] = fix_checks[i];
	w->gather(w->arg, &one->target, checks, n, &one->facts);
	understanding_init(&one->known, &one->target, &one->facts, &one->arena);
	findings_judge(&one->findings, fix_checks, fix_checks_n, &one->known);
}

/*
 * Forward records are only looked at where one is missing.  An alias excludes them, unless a wildcard
 * gives it: only the account knows that.
 */
static enum err_code
read_forwards(struct one *one, const struct apply *reader, bool with_alias)
{
	for (size_t i = 0; i < one->target.names.n_wanted; i++) {
		struct forward_now now;
		const char *name = one->target.names.wanted[i];
		forward_now(&one->target, &one->facts, name, &one->arena, &now);
		if (now.state != FORWARD_MISSING || (now.alias && !with_alias))
			continue;
		if (apply_forward_get(reader, name, &one->target.ip, &one->arena,
			&one->state.forwards[i], &one->err) != ERR_NONE)
			return one->err.code;
		/* servers of one name: each adds its address to those before it */
		for (size_t k = 0; k < one->repair->n_planned; k++)
			plan_foresee(&one->repair->planned[k].plan, name, one->target.ip.family,
			    &one->state.forwards[i].set);
	}
	return ERR_NONE;
}

static enum err_code
read_account(struct one *one, const struct plan_wish *wish)
{
	struct apply reader = account_reader(one->repair, one->account);
	one->state.provider = one->account->provider;
	one->state.place = &one->place;
	one->report.title = one->state.provider->title;
	one->report.warnings = one->account->warnings;
	if (apply_get(&reader, &one->place, &one->target.ip, &one->arena, &one->state.record,
		&one->state.state, &one->err) != ERR_NONE)
		return one->err.code;
	return read_forwards(one, &reader, wish->with_forward);
}

static enum err_code
make(struct one *one, const struct plan_wish *wish)
{
	struct plan_input in = { .known = &one->known,
		.findings = &one->findings,
		.wish = wish,
		.account = one->account != NULL ? &one->state : NULL,
		.refusals = one->why.list,
		.n_refusals = one->why.n };
	return plan_make(&in, &one->arena, &one->plan, &one->err);
}

/* The words of a finding, where it says something bad or something about the zone. */
static size_t
collect_evidence(const struct one *one, const char **out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < one->findings.n && n < max; i++)
		if (one->findings.list[i]->verdict != VERDICT_SKIP)
			out[n++] = one->findings.list[i]->text;
	return n;
}

/* What nothing of ours can write: whom to ask, and what to write to them. */
static void
write_request(struct one *one)
{
	enum { EVIDENCE_MAX = 8 };
	const char **evidence = arena_array(&one->arena, EVIDENCE_MAX, sizeof *evidence);
	size_t n = collect_evidence(one, evidence, EVIDENCE_MAX);
	bool forward = request_is_forward(&one->plan, one->account != NULL);
	if (one->plan.status != PLAN_BLOCKED || (one->account != NULL && !forward))
		return;
	one->report.request = &one->request;
	if (forward) {
		request_write_forward(&one->plan, evidence, n, &one->arena, &one->request);
		return;
	}
	struct request_facts *facts = &one->asked;
	request_of_facts(&one->known, facts);
	facts->ttl_s = one->plan.wish.ttl_s;
	facts->evidence = evidence;
	facts->n_evidence = n;
	request_write(facts, &one->arena, &one->request);
	one->report.asked = facts;
}

/* Whose address it is: the account says it, where the DNS does not. */
static void
find_hoster(struct one *one)
{
	const struct hoster_table *table = one->target.policy->hosters;
	one->report.hoster = known_hoster(&one->known)->row;
	if (one->report.hoster == NULL && one->account != NULL && table != NULL)
		one->report.hoster = hoster_by_provider(table, one->account->provider->name);
}

static bool
asks_for_properties(const struct plan_wish *w)
{
	return w->unset || w->ttl_s != 0 || w->description != NULL || w->n_tags > 0;
}

enum err_code
one_plan(struct one *one, const struct fix_spec *spec, const struct plan_wish *wish)
{
	for (size_t i = 0; i < spec->n_names; i++)
		one->wanted[i] = spec->names[i];
	one->target.names.n_wanted = spec->n_names;
	if (plan_check_wish(&one->target, wish, NULL, &one->err) != ERR_NONE)
		return one->err.code;
	look(one);
	find_hoster(one);
	/* what is right already needs no account */
	if (make(one, wish) != ERR_NONE)
		return one->err.code;
	if (one->plan.status == PLAN_NOTHING && !asks_for_properties(wish))
		return ERR_NONE;
	one->why.arena = &one->arena;
	const char *given = one->repair->options->provider;
	one->repair->provider = given != NULL ? given : spec->provider;
	if (account_find(one->repair, &one->target.ip, &one->account, &one->place, &one->why,
		&one->err) != ERR_NONE) {
		write_request(one); /* others can still be asked */
		return one->err.code;
	}
	find_hoster(one);
	if (one->account != NULL && read_account(one, wish) != ERR_NONE)
		return err_prefix(&one->err, "%s", one->state.provider->title);
	if (make(one, wish) != ERR_NONE)
		return one->err.code;
	write_request(one);
	return ERR_NONE;
}

/* ---- carrying out */

static struct apply
apply_of(struct one *one)
{
	return (struct apply){ .session = one->account,
		.journal = &one->journal,
		.world = &one->repair->world,
		.target = &one->target,
		.deadline_us = one->deadline_us };
}

static void
fail(struct one *one)
{
	one->report.outcome = FIX_FAILED;
}

static const struct plan_step *
ptr_step(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].kind == STEP_PTR)
			return &p->steps[i];
	return NULL;
}

/* The records that the DNS must show when the plan is done. */
static struct proof_want
want_of_plan(const struct one *one)
{
	const struct plan *p = &one->plan;
	const struct plan_step *s = ptr_step(p);
	size_t n;
	if (p->wish.unset)
		return (struct proof_want){ .ptr = true,
			.other = true,
			.names = s != NULL ? s->old.values : NULL,
			.n_names = s != NULL ? s->old.n_values : 0 };
	struct proof_want want = { .ptr = true, .forward = !p->wish.force_order };
	/* sorted as the value of a step is */
	struct plan_value v;
	struct provider_record r = { .n_names = 0, .description = "" };
	for (n = 0; n < p->n_names; n++)
		r.names[r.n_names++] = p->names[n];
	plan_value_of_record(&r, PROVIDER_ACTIVE, one->report.arena, &v);
	want.names = v.values;
	want.n_names = v.n_values;
	return want;
}

/* And when it is taken back: what it showed before, as far as that is known. */
static void
want_old_ptr(const struct plan *p, const struct plan_step *s, struct proof_want *out)
{
	out->ptr = true;
	if (s->old.n_values > 0 && !s->old.is_default) {
		out->names = s->old.values;
		out->n_names = s->old.n_values;
	} else if (p->dns_known) {
		out->names = p->dns_names;
		out->n_names = p->n_dns_names;
	} else {
		out->other = true;
		out->names = s->new.values;
		out->n_names = s->new.n_values;
	}
}

static struct proof_want
want_of_undo(const struct one *one)
{
	const struct plan *p = &one->plan;
	struct proof_want want = { .ptr = false };
	for (size_t i = 0; i < p->n_steps; i++) {
		if (one->journal.steps[i] != STEP_UNDONE)
			continue;
		if (p->steps[i].kind == STEP_PTR)
			want_old_ptr(p, &p->steps[i], &want);
		else if (want.n_gone < PROVIDER_NAMES_MAX)
			want.gone[want.n_gone++] = p->steps[i].subject;
	}
	return want;
}

static void
prove(struct one *one, struct proof_want want)
{
	struct verify v = { .world = &one->repair->world,
		.target = &one->target,
		.checks = fix_checks,
		.n_checks = fix_checks_n,
		.want = want,
		.deadline_us = one->deadline_us };
	verify_run(&v, &one->arena, &one->proof);
	one->report.proof = &one->proof;
	one->report.outcome = one->proof.proven ? FIX_PROVEN : FIX_UNPROVEN;
}

void
one_finish(struct one *one)
{
	struct apply ap = apply_of(one);
	const struct world *w = &one->repair->world;
	one->report.journal = &one->journal;
	if (apply_plan(&ap, &one->err) != ERR_NONE) {
		fail(one);
		return;
	}
	if (one->repair->options->no_wait) {
		one->report.outcome = FIX_WRITTEN;
		return;
	}
	prove(one, want_of_plan(one));
	if (one->proof.proven && !one->journal.proven &&
	    journal_proven(&one->journal, w->wall_s(w->arg), &one->err) != ERR_NONE)
		fail(one);
}

static enum err_code
journal_dir(const struct fix_options *o, struct arena *a, const char **out, struct err *err)
{
	*out = o->journal_dir != NULL ? o->journal_dir : repair_state_dir(a);
	if (*out != NULL)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "no directory for the journal: neither XDG_STATE_HOME nor HOME is set; "
	    "name a directory with --journal");
}

static enum err_code
begin_journal(struct one *one)
{
	const struct fix_options *o = one->repair->options;
	struct journal *j = &one->journal;
	const struct world *w = &one->repair->world;
	const char *dir;
	if (journal_dir(o, &one->arena, &dir, &one->err) != ERR_NONE)
		return one->err.code;
	j->plan = one->plan;
	j->region = o->region;
	j->project = o->project;
	j->cloud = o->cloud;
	j->n_endpoints = o->n_endpoints;
	j->endpoints = arena_array(&one->arena, o->n_endpoints + 1, sizeof *j->endpoints);
	for (size_t i = 0; i < o->n_endpoints; i++)
		j->endpoints[i] = o->endpoints[i];
	j->authority_port = one->repair->policy.authority_port;
	j->allow_special = one->repair->policy.allow_special;
	if (journal_create(j, dir, w->wall_s(w->arg), &one->err) != ERR_NONE)
		return one->err.code;
	/* printed at once: a user who stops the run must know how to continue it */
	if (!o->run->out.render.quiet)
		fprintf(o->run->out.errors, "mailready: the journal is %s\n",
		    safe_text(&one->arena, j->path));
	return ERR_NONE;
}

/* The time that it took to wait for another run is not the change's. */
static enum err_code
take_turn(struct one *one)
{
	enum err_code code = one_lock(one);
	if (code == ERR_NONE)
		one_start_clock(one);
	return code;
}

void
one_apply(struct one *one)
{
	const struct world *w = &one->repair->world;
	/* the time it took to ask for consent is not the change's */
	one_start_clock(one);
	one->report.now_s = w->wall_s(w->arg);
	if (take_turn(one) != ERR_NONE || begin_journal(one) != ERR_NONE)
		fail(one);
	else
		one_finish(one);
	one_unlock(one);
}

void
one_resume(struct one *one)
{
	if (take_turn(one) != ERR_NONE)
		fail(one);
	else
		one_finish(one);
	one_unlock(one);
}

void
one_undo(struct one *one)
{
	one->report.undo = true;
	one->report.journal = &one->journal;
	enum err_code code = take_turn(one);
	struct apply ap = apply_of(one);
	if (code == ERR_NONE)
		code = apply_undo(&ap, &one->err);
	one_unlock(one);
	if (code != ERR_NONE)
		fail(one);
	else if (one->repair->options->no_wait)
		one->report.outcome = FIX_WRITTEN;
	else
		prove(one, want_of_undo(one));
	one->report.now_s = one->repair->world.wall_s(one->repair->world.arg);
}

void
one_wait(struct one *one)
{
	prove(one, want_of_plan(one));
}

enum err_code
one_load(struct one *one, const char *path)
{
	struct journal *j = &one->journal;
	if (journal_load(path, &one->arena, j, &one->err) != ERR_NONE)
		return one->err.code;
	one->plan = j->plan;
	one->target.ip = j->plan.ip;
	ip_format(&j->plan.ip, one->target.address);
	for (size_t i = 0; i < j->plan.n_names; i++)
		one->wanted[one->target.names.n_wanted++] = j->plan.names[i];
	return ERR_NONE;
}

void
one_count(const struct one *one, struct fix_result *result)
{
	const struct fix_report *r = &one->report;
	bool planned = r->outcome == FIX_PLANNED;
	if (r->outcome == FIX_FAILED) {
		if (result->n_failed++ == 0)
			result->first = one->err;
	} else if (planned && one->plan.status == PLAN_UNDECIDED) {
		result->n_undecided++;
	} else if ((planned && one->plan.status != PLAN_NOTHING) || r->outcome == FIX_UNPROVEN ||
	    r->outcome == FIX_DECLINED) {
		result->n_open++;
	} else {
		result->n_fine++;
	}
}
