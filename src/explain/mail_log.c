/* What the mail log says of the servers that send: refusals that stand, one a provider, cause and address. */
#include "explain/mail_log.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"
#include "explain/explain_priv.h"
#include "explain/follow_priv.h"

enum { DAY_S = 86400, WEEK_S = 7 * DAY_S, SHOWN = 200 };

struct reading {
	const struct history_log *before;
	struct history_log *now;
	struct mail_log_news *news;
	struct arena *arena;
	const struct input_options *in;
	struct err log_err; /* of the log, which is not the end of it */
};

/* ---- reading */

/* Mail that this machine refuses is the affair of others. */
static bool
take_sent(void *arg, const struct reply *r, const char *file, size_t line)
{
	struct reading *rd = arg;
	if (r->by_us)
		return true;
	rd->news->refused++;
	return rd->in->found(rd->in->arg, r, file, line);
}

static struct reply
reply_of(const struct history_refusal *h)
{
	struct reply r = { .code = h->code,
		.text = h->text,
		.stage = "",
		.host = h->host,
		.ehlo = h->ehlo,
		.sender = h->sender,
		.recipient = "",
		.time_s = h->last_s };
	snprintf(r.status, sizeof r.status, "%s", h->status);
	if (!ip_parse(h->address, &r.address))
		r.address = (struct ip){ .family = 0 };
	return r;
}

static enum err_code
read_since(void *arg, const struct input_options *in, struct err *err)
{
	struct reading *rd = arg;
	struct input_options sent = *in;
	(void)err;
	for (size_t i = 0; i < rd->before->n; i++) {
		struct reply r = reply_of(&rd->before->refusals[i]);
		(void)in->found(in->arg, &r, rd->before->path, 0);
	}
	rd->in = in;
	sent.found = take_sent;
	sent.arg = rd;
	rd->log_err.code = follow_read(rd->before, &sent, rd->arena, rd->now, &rd->news->remark,
	    &rd->log_err);
	return ERR_NONE;
}

/* ---- what comes of it */

/* Of no cause that a postmaster can repair, or of one that every server meets daily: tells nothing. */
static bool
tells_of_server(const struct explanation *e)
{
	static const char *const others[] = { "unknown", "greylist", "receiver", "network" };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(e->cause, others[i]) == 0)
			return false;
	return e->refused && e->who != EXPLAIN_RECIPIENT;
}

static const char *
short_text(struct arena *a, const char *text)
{
	struct buf safe;
	buf_init(&safe, 8 * SHOWN);
	safe_add(&safe, text, strlen(text), SHOWN);
	const char *copy = arena_strdup(a, safe.data);
	buf_fini(&safe);
	return copy;
}

/* What a look-up without an answer leaves unknown is as it was. */
static enum verdict
verdict_of(const struct explanation *e, const struct history_refusal *known)
{
	if (e->now == EXPLAIN_UNKNOWN && known != NULL)
		return known->verdict;
	return e->now == EXPLAIN_STILL_BROKEN ? VERDICT_FAIL : VERDICT_WARN;
}

static bool
is_over(const struct explanation *e, const struct history_refusal *r, int64_t now_s)
{
	int64_t quiet_s = now_s - r->last_s;
	bool gone = e->now == EXPLAIN_REPAIRED || e->now == EXPLAIN_NEVER_WAS;
	return r->verdict != VERDICT_FAIL && quiet_s >= (gone ? DAY_S : WEEK_S);
}

static const struct history_refusal *
find_before(const struct history_log *before, const struct explanation *e, const char *address)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct history_refusal *h = &before->refusals[i];
		if (h->code == e->code && strcmp(h->text, e->text) == 0 &&
		    strcmp(h->address, address) == 0)
			return h;
	}
	return NULL;
}

static const char *
said_of(struct arena *a, const struct explanation *e)
{
	/* wording is that of software, which many run */
	bool named = e->provider[0] != '\0' && (e->by != EXPLAIN_BY_WORDS || e->host[0] == '\0');
	const char *who = named ? e->provider : e->host[0] != '\0' ? e->host : "a receiver";
	return short_text(a,
	    arena_printf(a, "%s refuses mail%s: %s: %d%s%s %s", who,
		e->address.family != 0 ? "" : " of this machine", e->title, e->code,
		e->status[0] != '\0' ? " " : "", e->status, e->text));
}

static void
add(struct reading *rd, const struct explanation *e, int64_t now_s)
{
	struct arena *a = rd->arena;
	struct history_refusal *out = &rd->now->refusals[rd->now->n];
	char address[IP_TEXT_MAX] = "";
	if (e->address.family != 0)
		ip_format(&e->address, address);
	const struct history_refusal *known = find_before(rd->before, e, address);
	int64_t last_s = e->time_s > 0 && e->time_s < now_s ? e->time_s : now_s;
	*out = (struct history_refusal){ .code = e->code,
		.status = arena_strdup(a, e->status),
		.text = arena_strdup(a, e->text),
		.host = arena_strdup(a, e->host),
		.ehlo = arena_strdup(a, e->ehlo),
		.sender = arena_strdup(a, e->sender),
		.address = arena_strdup(a, address),
		.first_s = known != NULL ? known->first_s : last_s,
		.last_s = last_s,
		.count = known != NULL ? known->count + e->count - 1 : e->count,
		.provider = short_text(a, e->provider),
		.cause = arena_strdup(a, e->cause),
		.why = arena_strdup(a, e->now_why),
		.remedy = short_text(a, e->remedy),
		.verdict = verdict_of(e, known) };
	out->over = is_over(e, out, now_s);
	out->said = said_of(a, e);
	if (known != NULL || !out->over)
		rd->now->n++;
}

static enum err_code
keep(void *arg, const struct explain_report *r, struct err *err)
{
	struct reading *rd = arg;
	(void)err;
	rd->now->refusals = arena_array(rd->arena, HISTORY_REFUSALS_MAX, sizeof *rd->now->refusals);
	for (size_t i = 0; i < r->n; i++) {
		const struct explanation *e = r->list[i];
		if (!tells_of_server(e))
			rd->news->others += e->count;
		else if (rd->now->n < HISTORY_REFUSALS_MAX)
			add(rd, e, r->now_s);
		else
			rd->news->left_out++;
	}
	return ERR_NONE;
}

enum err_code
mail_log_read(const struct run_options *run, const struct history_log *before, struct arena *a,
    struct history_log *now, struct mail_log_news *news, struct err *err)
{
	struct reading rd = { .before = before, .now = now, .news = news, .arena = a };
	const struct explain_options o = { .run = run,
		.ehlo = "",
		.domain = "",
		.mx = "",
		.offline = run->look.policy.offline,
		.groups = true,
		.by_cause = true };
	*news = (struct mail_log_news){ .refused = 0 };
	*now = *before;
	now->refusals = NULL;
	now->n = 0;
	enum err_code code = explain_each(&o, &(struct explain_work){ read_since, keep, &rd },
	    &news->interrupted, err);
	/* nothing came of it, so that nothing of it is stored */
	news->unexplained = code != ERR_NONE;
	if (news->unexplained)
		now->read = false;
	if (code == ERR_NONE && rd.log_err.code != ERR_NONE)
		*err = rd.log_err;
	return code == ERR_NONE ? rd.log_err.code : code;
}
