/* When a call is made again, and how long is waited before. */
#include "base/arena.h"
#include "fix/apply_priv.h"

bool
pace_wait(const struct world *w, uint64_t *pace_us, uint64_t at_least_us, uint64_t deadline_us)
{
	uint64_t now = w->now_us(w->arg);
	uint64_t wait = *pace_us > at_least_us ? *pace_us : at_least_us;
	if (now >= deadline_us || at_least_us > deadline_us - now)
		return false;
	if (wait > deadline_us - now)
		wait = deadline_us - now;
	w->wait_us(w->arg, wait);
	*pace_us += *pace_us / 2;
	if (*pace_us > PACE_MAX_US)
		*pace_us = PACE_MAX_US;
	return true;
}

void
attempt_begin(const struct apply *ap)
{
	ap->session->retry_after_s = 0;
	ap->session->maybe_done = false;
	ap->session->unseen_s = 0;
}

/* A name that the API does not see yet is no failure to be counted: it has its usual time. */
static bool
is_over(const struct apply *ap, struct attempt *t)
{
	uint64_t now = ap->world->now_us(ap->world->arg);
	if (ap->session->unseen_s == 0)
		return ++t->n >= APPLY_TRIES_MAX;
	if (t->unseen_us == 0)
		t->unseen_us = now;
	return now - t->unseen_us > (uint64_t)ap->session->unseen_s * 1000000;
}

bool
attempt_again(const struct apply *ap, struct attempt *t, enum err_code code)
{
	const struct world *w = ap->world;
	/* a refused login (ERR_NOPERM) least of all: keys and accounts are locked after a few */
	if ((code != ERR_TEMP && code != ERR_UNAVAILABLE) || is_over(ap, t))
		return false;
	if (t->pace_us == 0)
		t->pace_us = PACE_FIRST_US;
	/* several clients that failed together must not come back together */
	uint64_t jitter = t->pace_us * (w->random(w->arg) % 1024) / 2048;
	uint64_t asked_us = (uint64_t)ap->session->retry_after_s * 1000000;
	return pace_wait(w, &t->pace_us, asked_us + t->pace_us + jitter, ap->deadline_us);
}

enum err_code
apply_open(const struct apply *ap, struct err *err)
{
	struct attempt t = { .n = 0 };
	enum err_code code;
	do {
		attempt_begin(ap);
		code = ap->session->provider->open(ap->session, err);
	} while (attempt_again(ap, &t, code));
	return code;
}

enum err_code
apply_list(const struct apply *ap, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	struct attempt t = { .n = 0 };
	enum err_code code;
	do {
		attempt_begin(ap);
		*n = 0;
		code = ap->session->provider->list(ap->session, a, out, n, err);
	} while (attempt_again(ap, &t, code));
	return code;
}

enum err_code
apply_find(const struct apply *ap, const struct ip *ip, struct provider_place *out, struct err *err)
{
	struct attempt t = { .n = 0 };
	enum err_code code;
	do {
		attempt_begin(ap);
		code = ap->session->provider->find(ap->session, ip, out, err);
	} while (attempt_again(ap, &t, code));
	return code;
}

enum err_code
apply_get(const struct apply *ap, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct attempt t = { .n = 0 };
	enum err_code code;
	do {
		attempt_begin(ap);
		*out = (struct provider_record){ .ip = *ip, .description = "" };
		code = ap->session->provider->get(ap->session, place, ip, a, out, state, err);
	} while (attempt_again(ap, &t, code));
	return code;
}

enum err_code
apply_forward_get(const struct apply *ap, const char *name, const struct ip *ip, struct arena *a,
    struct plan_forward *out, struct err *err)
{
	const struct provider *p = ap->session->provider;
	struct attempt t = { .n = 0 };
	enum err_code code;
	*out = (struct plan_forward){ .here = false };
	if (p->forward_get == NULL)
		return ERR_NONE;
	do {
		attempt_begin(ap);
		code = p->forward_get(ap->session, name, ip, &out->set, err);
	} while (attempt_again(ap, &t, code));
	out->here = code == ERR_NONE;
	out->why_not = code == ERR_DATA ? arena_strdup(a, err->text) : "";
	return code == ERR_DATA ? ERR_NONE : code;
}
