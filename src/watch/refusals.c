/* What the mail log says, as findings of the servers that are watched, and as events of their own. */
#include <string.h>

#include "base/safe.h"
#include "watch_priv.h"

#define RULES "refused."

static struct seen *
server_of(struct watching *w, const struct history_refusal *r)
{
	for (size_t i = 0; r->address[0] != '\0' && i < w->n; i++)
		if (strcmp(w->seen[i].now.address, r->address) == 0)
			return &w->seen[i];
	return NULL;
}

static void
add_finding(struct watching *w, struct digest *d, const struct history_refusal *r)
{
	struct digest_finding *all = arena_array(w->arena, d->n_findings + 1, sizeof *all);

	for (size_t i = 0; i < d->n_findings; i++)
		all[i] = d->findings[i];
	all[d->n_findings] = (struct digest_finding){ .rule = arena_printf(w->arena, RULES "%s",
							  r->cause),
		.verdict = r->verdict,
		.severity = r->verdict == VERDICT_FAIL ? SEVERITY_CRITICAL : SEVERITY_MEDIUM,
		.required = true,
		.subject = r->provider,
		.text = r->said,
		.remedy = r->remedy,
		.why = r->why };
	d->findings = all;
	d->n_findings++;
}

static const struct history_log *
log_of(const struct watching *w)
{
	static const struct history_log none;

	return w->options->log != NULL ? &w->options->log->now : &none;
}

void
watch_add_refusals(struct watching *w, struct run_result *result)
{
	const struct history_log *log = log_of(w);

	for (size_t i = 0; i < log->n; i++) {
		const struct history_refusal *r = &log->refusals[i];
		struct seen *s = server_of(w, r);
		if (s == NULL || r->over)
			continue;
		add_finding(w, &s->now, r);
		if (verdict_rank(r->verdict) <= verdict_rank(s->now.verdict))
			continue;
		result->n[s->now.verdict]--;
		result->n[r->verdict]++;
		s->now.verdict = r->verdict;
		s->now.reason = r->said;
	}
}

bool
watch_log_is_unexplained(const struct watching *w)
{
	return w->options->log != NULL && w->options->log->unexplained;
}

static enum err_code
carry(struct watching *w, struct history *h, struct seen *s, struct err *err)
{
	struct digest *past;
	size_t n;
	enum err_code code = history_runs_of(h, &s->now, 1, w->arena, &past, &n, err);

	if (code != ERR_NONE || n == 0)
		return code;
	size_t first = s->now.n_findings;
	enum verdict worst = digest_carry(&s->now, &past[0], RULES, w->arena);
	for (size_t i = first; i < s->now.n_findings; i++)
		if (s->now.findings[i].verdict == worst &&
		    verdict_rank(worst) > verdict_rank(s->now.verdict)) {
			s->now.verdict = worst;
			s->now.reason = s->now.findings[i].text;
		}
	return code;
}

enum err_code
watch_carry_refusals(struct watching *w, struct history *h, struct err *err)
{
	enum err_code code = ERR_NONE;

	for (size_t i = 0; code == ERR_NONE && watch_log_is_unexplained(w) && i < w->n; i++)
		if (!w->seen[i].blind)
			code = carry(w, h, &w->seen[i], err);
	return code;
}

static bool
is_end(const struct change *c)
{
	return c->kind == CHANGE_GONE && digest_same_check(RULES, c->finding->rule);
}

void
watch_end_refusals(const struct watching *w, struct changes *changes)
{
	const struct digest_finding **over = arena_array(w->arena, changes->n_over + changes->n,
	    sizeof(const struct digest_finding *));
	size_t n = 0;

	if (w->options->log != NULL)
		return;
	for (size_t i = 0; i < changes->n_over; i++)
		over[i] = changes->over[i];
	for (size_t i = 0; i < changes->n; i++)
		if (is_end(&changes->list[i]))
			over[changes->n_over++] = changes->list[i].finding;
		else
			changes->list[n++] = changes->list[i];
	changes->over = over;
	changes->n = n;
}

static void
add_event(struct watching *w, const struct history_refusal *r)
{
	const struct history_outage o = { .kind = OUTAGE_REFUSAL,
		.subject = arena_printf(w->arena, "%s%s%s%s%s", r->cause,
		    r->provider[0] != '\0' ? ", " : "", r->provider,
		    r->address[0] != '\0' ? ", " : "", r->address),
		.text = r->said,
		.remedy = r->remedy };
	watch_add_outage(w, &o);
}

/* What of the log is not seen. */
static void
add_log(struct watching *w, const struct watch_log *log)
{
	struct history_outage o = { .kind = OUTAGE_LOG, .subject = log->now.path };

	if (log->trouble != NULL) {
		o.text = log->trouble;
		o.remedy = "Name the log in [log] of the configuration, and let this user read it.";
	} else if (log->left_out > 0) {
		o.text = arena_printf(w->arena,
		    "%zu more refusals are left out: at most %d are watched", log->left_out,
		    (int)HISTORY_REFUSALS_MAX);
		o.remedy = arena_printf(w->arena, "All are in `mailready explain --summary %s`.",
		    log->now.path);
	}
	if (o.text != NULL)
		watch_add_outage(w, &o);
}

void
watch_find_refusals(struct watching *w)
{
	const struct history_log *log = log_of(w);

	for (size_t i = 0; i < log->n; i++)
		if (!log->refusals[i].over && server_of(w, &log->refusals[i]) == NULL)
			add_event(w, &log->refusals[i]);
	if (w->options->log != NULL)
		add_log(w, w->options->log);
}
