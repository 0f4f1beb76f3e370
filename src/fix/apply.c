/* Applying a plan: read, compare, write, read back, a step at a time. */
#include "fix/apply.h"

#include <string.h>

#include "base/arena.h"
#include "fix/apply_priv.h"
#include "fix/now.h"
#include "fix/plan_priv.h"

enum {
	READ_BACKS_MAX = 10, /* about a quarter of a minute */
	LOOKS_MIN = 3,       /* half a second */
	LAG_MAX_S = 10,      /* BIND waits 5 s before it tells its secondaries */
};

/* One step on its way from one value to another: forwards, or by its inverse. */
struct move {
	const struct apply *ap;
	size_t index;
	const struct plan_step *step;
	const struct plan_value *from, *to;
	bool undo;
	struct arena arena; /* of this step's reads */
	struct err *err;
};

static void
progress(const struct move *m, const char *text)
{
	const struct world *w = m->ap->world;
	w->progress(w->arg, text);
}

static enum err_code
write_down(const struct move *m, enum step_state state, const char *note)
{
	const struct world *w = m->ap->world;
	return journal_step(m->ap->journal, m->index, state, note, w->wall_s(w->arg), m->err);
}

static const struct provider_place *
place_of(const struct move *m)
{
	return &m->ap->journal->plan.place;
}

static enum err_code
read_now(struct move *m, struct plan_value *out, enum provider_state *state)
{
	const struct ip *ip = &m->ap->journal->plan.ip;
	struct provider_record record;
	struct plan_forward forward;
	if (m->step->kind == STEP_PTR) {
		if (apply_get(m->ap, place_of(m), ip, &m->arena, &record, state, m->err) !=
		    ERR_NONE)
			return m->err->code;
		plan_value_of_record(&record, *state, &m->arena, out);
		return ERR_NONE;
	}
	*state = PROVIDER_ACTIVE;
	if (apply_forward_get(m->ap, m->step->subject, ip, &m->arena, &forward, m->err) != ERR_NONE)
		return m->err->code;
	if (!forward.here)
		return err_set(m->err, ERR_NOPERM,
		    "the zone of %s is no longer in this account%s%s", m->step->subject,
		    forward.why_not != NULL ? ": " : "",
		    forward.why_not != NULL ? forward.why_not : "");
	plan_value_of_set(&forward.set, &m->arena, out);
	return ERR_NONE;
}

/* Where only description or tags differ, reading back cannot tell whether they were written. */
static bool
is_there(const struct move *m, const struct plan_value *now)
{
	return plan_value_same(now, m->to) && !plan_value_same(m->from, m->to);
}

static bool
may_lag(const struct move *m)
{
	const struct world *w = m->ap->world;
	int64_t age_s = w->wall_s(w->arg) - m->ap->journal->last_s[m->index];
	return m->ap->session->provider->reads_lag && age_s >= 0 && age_s <= LAG_MAX_S;
}

/*
 * The server that is asked may lag behind the one that was written to.  Once something was sent, the
 * value from before it is believed only when it stays.
 */
static enum err_code
read_settled(struct move *m, bool sent, struct plan_value *now, enum provider_state *state)
{
	uint64_t pace = PACE_FIRST_US;
	for (int i = 1; read_now(m, now, state) == ERR_NONE; i++) {
		bool old = plan_value_same(now, &m->step->old) &&
		    !plan_value_same(now, &m->step->new) && *state != PROVIDER_PENDING;
		if (!sent || !old || (i >= LOOKS_MIN && !may_lag(m)) ||
		    !pace_wait(m->ap->world, &pace, 0, m->ap->deadline_us))
			return ERR_NONE;
		progress(m, "looking again, because a change may have been sent");
	}
	return m->err->code;
}

static enum err_code
refuse_changed(struct move *m, const struct plan_value *now)
{
	return err_set(m->err, ERR_NOPERM,
	    "%s: expected %s, but somebody has changed it to %s; it stays as it is",
	    m->step->subject, plan_value_shown(m->step, m->from, &m->arena),
	    plan_value_shown(m->step, now, &m->arena));
}

static enum err_code
put_once(struct move *m)
{
	struct provider_session *s = m->ap->session;
	const struct provider *p = s->provider;
	const struct ip *ip = &m->ap->journal->plan.ip;
	struct provider_record record;
	struct provider_set set;
	attempt_begin(m->ap);
	if (m->step->kind == STEP_FORWARD) {
		plan_value_to_set(m->to, &set);
		return p->forward_put(s, m->step->subject, ip, &set, m->err);
	}
	plan_value_to_record(m->to, ip, &record);
	record.exact_tags = m->undo && !plan_value_same_tags(m->from, m->to);
	bool unset = m->to->is_default || m->to->n_values == 0;
	return p->put(s, place_of(m), ip, unset ? NULL : &record, m->err);
}

/* After a failure that is final, of a write that may have been carried out: a wrong signature. */
static bool
arrived(struct move *m)
{
	struct plan_value now;
	enum provider_state state;
	return read_settled(m, true, &now, &state) == ERR_NONE && is_there(m, &now);
}

/*
 * A put whose end is not known may have arrived: it is repeated only when the record still is what
 * it was before.
 */
static enum err_code
put(struct move *m)
{
	struct attempt t = { .n = 0 };
	struct plan_value now;
	enum provider_state state;
	enum err_code code;
	bool maybe_done = false;
	while ((code = put_once(m)) != ERR_NONE) {
		struct err failure = *m->err;
		maybe_done |= m->ap->session->maybe_done;
		bool unseen = m->ap->session->unseen_s > 0;
		if (!attempt_again(m->ap, &t, code)) {
			bool open = code == ERR_TEMP || code == ERR_UNAVAILABLE;
			if (maybe_done && !open && arrived(m))
				return ERR_NONE;
			*m->err = failure;
			return code;
		}
		progress(m, unseen ? failure.text : "the call failed; checking whether it arrived");
		if (read_now(m, &now, &state) != ERR_NONE)
			return m->err->code;
		if (is_there(m, &now) || state == PROVIDER_PENDING)
			return ERR_NONE;
		if (!plan_value_same(&now, m->from))
			return refuse_changed(m, &now);
	}
	return ERR_NONE;
}

static bool
can_poll(const struct move *m)
{
	const struct provider *p = m->ap->session->provider;
	return m->step->kind == STEP_PTR ? p->poll != NULL : p->forward_poll != NULL;
}

static enum err_code
poll_state(struct move *m, enum provider_state *state)
{
	struct provider_session *s = m->ap->session;
	const struct ip *ip = &m->ap->journal->plan.ip;
	if (m->step->kind == STEP_PTR)
		return s->provider->poll(s, place_of(m), ip, state, m->err);
	return s->provider->forward_poll(s, m->step->subject, ip, state, m->err);
}

static enum err_code
poll_once(struct move *m, enum provider_state *state)
{
	struct attempt t = { .n = 0 };
	enum err_code code;
	do {
		attempt_begin(m->ap);
		m->err->code = ERR_NONE;
		code = poll_state(m, state);
	} while (*state != PROVIDER_FAILED && attempt_again(m->ap, &t, code));
	return code;
}

static enum err_code
failed(struct move *m)
{
	if (m->err->code == ERR_NONE)
		(void)err_set(m->err, ERR_UNAVAILABLE, "%s: the API says that the change failed",
		    m->step->subject);
	struct err kept = *m->err;
	if (write_down(m, STEP_FAILED, kept.text) != ERR_NONE)
		return m->err->code;
	*m->err = kept;
	return kept.code;
}

/* Until the API says that it is done. */
static enum err_code
wait_for_api(struct move *m)
{
	uint64_t pace = PACE_FIRST_US;
	enum provider_state state = PROVIDER_PENDING;
	if (!can_poll(m))
		return ERR_NONE;
	for (;;) {
		enum err_code code = poll_once(m, &state);
		if (state == PROVIDER_FAILED)
			return failed(m);
		if (code != ERR_NONE)
			return code;
		if (state != PROVIDER_PENDING)
			return ERR_NONE;
		progress(m, "the API has not finished");
		if (!pace_wait(m->ap->world, &pace, 0, m->ap->deadline_us))
			return err_set(m->err, ERR_TEMP,
			    "%s: the API took the change, but it is still pending and the time is "
			    "up; continue later with --resume %s",
			    m->step->subject, m->ap->journal->path);
	}
}

/* Reads may show the state before a write for a moment. */
static enum err_code
read_back(struct move *m)
{
	uint64_t pace = PACE_FIRST_US;
	struct plan_value now;
	enum provider_state state;
	for (int i = 0; i < READ_BACKS_MAX; i++) {
		if (read_now(m, &now, &state) != ERR_NONE)
			return m->err->code;
		if (plan_value_same(&now, m->to))
			return ERR_NONE;
		if (!pace_wait(m->ap->world, &pace, 0, m->ap->deadline_us))
			break;
	}
	return err_set(m->err, ERR_UNAVAILABLE,
	    "%s: the API said that it is done, but it has %s instead of %s", m->step->subject,
	    plan_value_shown(m->step, &now, &m->arena),
	    plan_value_shown(m->step, m->to, &m->arena));
}

static enum err_code
finish(struct move *m)
{
	if (wait_for_api(m) != ERR_NONE || read_back(m) != ERR_NONE)
		return m->err->code;
	return write_down(m, m->undo ? STEP_UNDONE : STEP_DONE, "");
}

static enum err_code
write_value(struct move *m)
{
	if (write_down(m, m->undo ? STEP_UNDO_BEGUN : STEP_BEGUN, "") != ERR_NONE)
		return m->err->code;
	enum err_code code = put(m);
	/* what may work later stays open in the journal; what was refused is closed */
	if (code != ERR_NONE)
		return code == ERR_TEMP || code == ERR_UNAVAILABLE ? code : failed(m);
	if (!m->undo && write_down(m, STEP_SENT, "") != ERR_NONE)
		return m->err->code;
	return finish(m);
}

/* The worst of the names' states. */
static enum forward_state
look_at_forwards(const struct apply *ap, struct arena *a, const char **why)
{
	static const struct check *const checks[] = { &fix_wants };
	enum forward_state worst = FORWARD_GOOD;
	struct facts facts;
	facts_init(&facts, a);
	ap->world->gather(ap->world->arg, ap->target, checks, 1, &facts);
	for (size_t i = 0; i < ap->target->names.n_wanted; i++) {
		struct forward_now now;
		forward_now(ap->target, &facts, ap->target->names.wanted[i], a, &now);
		if (now.state >= worst)
			continue;
		worst = now.state;
		*why = forward_reason(ap->target, &now, ap->target->names.wanted[i], a);
	}
	facts_fini(&facts);
	return worst;
}

static bool
wrote_forward(const struct plan *p)
{
	return p->n_steps > 0 && p->steps[0].kind == STEP_FORWARD;
}

/* The names lead back, as every server of their zones says; what we have written ourselves is waited for. */
static enum err_code
need_forwards(struct move *m)
{
	const struct plan *p = &m->ap->journal->plan;
	uint64_t pace = PACE_FIRST_US;
	if (m->step->kind != STEP_PTR || p->wish.unset || p->wish.force_order)
		return ERR_NONE;
	for (;;) {
		const char *why = "";
		enum forward_state state = look_at_forwards(m->ap, &m->arena, &why);
		if (state == FORWARD_GOOD)
			return ERR_NONE;
		if (!wrote_forward(p))
			return err_set(m->err, state == FORWARD_MISSING ? ERR_NOPERM : ERR_TEMP,
			    "%s; the PTR record was not set", why);
		progress(m, why);
		if (!pace_wait(m->ap->world, &pace, 0, m->ap->deadline_us))
			return err_set(m->err, ERR_TEMP,
			    "%s, and the time is up; the PTR record was not set; continue later "
			    "with "
			    "--resume %s",
			    why, m->ap->journal->path);
	}
}

/* Another change under way is left to end; one of ours is waited for. */
static enum err_code
make_move(struct move *m)
{
	struct plan_value now;
	enum provider_state state;
	enum step_state stands = m->ap->journal->steps[m->index];
	bool ours = m->undo ? stands != STEP_PLANNED : stands == STEP_BEGUN || stands == STEP_SENT;
	if (read_settled(m, ours, &now, &state) != ERR_NONE)
		return m->err->code;
	if (state == PROVIDER_PENDING && !ours)
		return err_set(m->err, ERR_TEMP,
		    "%s: another change is in progress at the provider; try again",
		    m->step->subject);
	if (state == PROVIDER_PENDING) {
		if (wait_for_api(m) != ERR_NONE || read_now(m, &now, &state) != ERR_NONE)
			return m->err->code;
	}
	if (is_there(m, &now) && state != PROVIDER_FAILED)
		return finish(m);
	if (!plan_value_same(&now, m->from) && !(state == PROVIDER_FAILED && ours))
		return refuse_changed(m, &now);
	return !m->undo && need_forwards(m) != ERR_NONE ? m->err->code : write_value(m);
}

static enum err_code
move_step(const struct apply *ap, size_t index, bool undo, struct err *err)
{
	const struct plan_step *s = &ap->journal->plan.steps[index];
	struct move m = { .ap = ap, .index = index, .step = s, .undo = undo, .err = err };
	m.from = undo ? &s->new : &s->old;
	m.to = undo ? &s->old : &s->new;
	arena_init(&m.arena);
	enum err_code code = make_move(&m);
	arena_fini(&m.arena);
	return code;
}

enum err_code
apply_plan(const struct apply *ap, struct err *err)
{
	struct journal *j = ap->journal;
	for (size_t i = 0; i < j->plan.n_steps; i++) {
		if (j->steps[i] == STEP_DONE)
			continue;
		if (move_step(ap, i, false, err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}

enum err_code
apply_undo(const struct apply *ap, struct err *err)
{
	const struct world *w = ap->world;
	struct journal *j = ap->journal;
	for (size_t i = j->plan.n_steps; i-- > 0;) {
		if (j->steps[i] == STEP_PLANNED || j->steps[i] == STEP_UNDONE)
			continue;
		if (move_step(ap, i, true, err) != ERR_NONE)
			return err->code;
	}
	return j->undone ? ERR_NONE : journal_undone(j, w->wall_s(w->arg), err);
}
