/* When a call is made again, and how long is waited before. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fix/apply_priv.h"

enum { RETRY_AFTER_MAX_S = 3600, STATUS_UNAUTHORIZED = 401 };

/* strptime() also takes names of other locales; the program never sets one. */
static bool
http_date(const char *text, time_t *out)
{
	struct tm tm = { .tm_mday = 0 };
	const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	if (end == NULL || *end != '\0')
		return false;
	*out = timegm(&tm);
	return true;
}

uint64_t
retry_after_us(const char *retry_after, const char *date)
{
	time_t then, now;
	int64_t seconds = 0;
	if (retry_after[0] != '\0' && strspn(retry_after, "0123456789") == strlen(retry_after))
		seconds = strtol(retry_after, NULL, 10);
	else if (http_date(retry_after, &then) && http_date(date, &now) && then > now)
		seconds = then - now;
	if (seconds > RETRY_AFTER_MAX_S)
		seconds = RETRY_AFTER_MAX_S;
	return (uint64_t)seconds * 1000000;
}

enum err_code
http_watch_carry(void *watch, const struct http_request *request, struct arena *a,
    struct http_reply *reply, struct err *err)
{
	struct http_watch *w = watch;
	enum err_code code = w->http(w->carrier, request, a, reply, err);
	w->status = reply->status;
	w->maybe_sent = code != ERR_NONE && reply->maybe_sent;
	w->retry_after_us = code != ERR_NONE ? 0 : retry_after_us(reply->retry_after, reply->date);
	return code;
}

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
	ap->watch->status = 0;
	ap->watch->maybe_sent = false;
	ap->watch->retry_after_us = 0;
}

bool
attempt_again(const struct apply *ap, struct attempt *t, enum err_code code)
{
	const struct world *w = ap->world;
	if (code != ERR_TEMP && code != ERR_UNAVAILABLE)
		return false;
	/* keys and accounts are locked after a few refused logins */
	if (ap->watch->status == STATUS_UNAUTHORIZED || ++t->n >= APPLY_TRIES_MAX)
		return false;
	if (t->pace_us == 0)
		t->pace_us = PACE_FIRST_US;
	/* several clients that failed together must not come back together */
	uint64_t jitter = t->pace_us * (w->random(w->arg) % 1024) / 2048;
	return pace_wait(w, &t->pace_us, ap->watch->retry_after_us + jitter, ap->deadline_us);
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
		code = p->forward_get(ap->session, name, ip, a, out->ips, PLAN_VALUES_MAX, &out->n_ips,
		    &out->ttl_s, err);
	} while (attempt_again(ap, &t, code));
	out->here = code == ERR_NONE;
	return code == ERR_DATA ? ERR_NONE : code;
}
