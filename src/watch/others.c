/* Servers of the history that this run did not see: those that a name stood for, and those that ended. */
#include <string.h>

#include "watch_priv.h"

/* A domain that says it has no server has none: nobody stands in for it. */
static bool
is_in_doubt(const struct seen *s)
{
	for (size_t i = 0; s->lost && i < s->now.n_findings; i++)
		if (s->now.findings[i].verdict != VERDICT_INFO)
			return true;
	return false;
}

static bool
is_meant(const struct watching *w, const struct digest *lost, const struct history_server *known)
{
	return known->ended_s == 0 && strcmp(known->label, lost->label) == 0 &&
	    strcmp(known->ehlo, lost->ehlo) == 0 && strcmp(known->domain, lost->domain) == 0 &&
	    !watch_has_seen(w, known->address, known->ehlo, known->domain);
}

/* Half of a name: what of it could not be looked up is a finding of the servers of the other half. */
static void
join_other(struct watching *w, size_t index)
{
	const struct digest lost = w->seen[index].now;

	for (size_t i = 0; i < w->n; i++) {
		struct digest *d = &w->seen[i].now;
		if (w->seen[i].lost || strcmp(d->label, lost.label) != 0 ||
		    strcmp(d->ehlo, lost.ehlo) != 0 || strcmp(d->domain, lost.domain) != 0)
			continue;
		size_t n = d->n_findings + lost.n_findings;
		struct digest_finding *all = arena_array(w->arena, n, sizeof *all);
		for (size_t k = 0; k < n; k++)
			all[k] = k < d->n_findings ? d->findings[k] :
						     lost.findings[k - d->n_findings];
		d->findings = all;
		d->n_findings = n;
		w->seen[index].joined = true;
		return;
	}
}

static void
drop_joined(struct watching *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++)
		if (!w->seen[i].joined)
			w->seen[kept++] = w->seen[i];
	w->n = kept;
}

static void
stand_in(struct watching *w, size_t index, const struct history_server *known, size_t n_known)
{
	const struct digest lost = w->seen[index].now;
	bool first = true;

	for (size_t i = 0; i < n_known; i++) {
		struct digest d = lost;
		if (!is_meant(w, &lost, &known[i]))
			continue;
		d.address = known[i].address;
		d.host = known[i].host[0] != '\0' ? known[i].host : lost.host;
		/* the first takes the place of the name, which has no address of its own */
		if (first)
			w->seen[index].now = d;
		else
			*watch_add(w, &d) = (struct seen){ .now = d,
				.looked = d.verdict,
				.spec = w->seen[index].spec,
				.lost = true };
		first = false;
	}
	if (first)
		join_other(w, index);
}

enum err_code
watch_stand_in(struct watching *w, struct history *h, struct err *err)
{
	struct history_server *known;
	size_t n_known, n = w->n;

	if (w->stood_in)
		return ERR_NONE;
	w->stood_in = true;
	enum err_code code = history_servers(h, NULL, w->arena, &known, &n_known, err);

	for (size_t i = 0; code == ERR_NONE && i < n; i++)
		if (is_in_doubt(&w->seen[i]))
			stand_in(w, i, known, n_known);
	drop_joined(w);
	return code;
}

/* ---- the end */

/* "no longer watched", and where what had this name is now. */
static const char *
end_text(const struct watching *w, size_t n_seen, const struct history_server *known)
{
	for (size_t i = 0; known->label[0] != '\0' && i < n_seen; i++) {
		const struct digest *d = &w->seen[i].now;
		if (strcmp(d->label, known->label) != 0)
			continue;
		return arena_printf(w->arena, "no longer watched: '%s' is %s%s%s now", d->label,
		    d->address, d->ehlo[0] != '\0' ? ", EHLO name " : "", d->ehlo);
	}
	return "no longer watched";
}

static enum err_code
end(struct watching *w, struct history *h, size_t n_seen, const struct history_server *known,
    struct err *err)
{
	struct digest *last;
	struct changes told;
	size_t n;
	enum err_code code = history_runs(h, known->id, 0, CHANGE_RUNS_MAX, w->arena, &last, &n,
	    err);

	if (code != ERR_NONE || n == 0)
		return code;
	changes_of(last, n, &w->options->config->policy, w->arena, &told);
	struct change *change = arena_alloc(w->arena, sizeof *change);
	*change = (struct change){ .kind = CHANGE_ENDED, .text = end_text(w, n_seen, known) };
	struct seen *s = watch_add(w, &last[0]);
	s->now.reason = change->text;
	s->ended = s->compared = true;
	s->changes = (struct changes){ .list = change,
		.n = 1,
		.verdict = VERDICT_SKIP,
		.before = last[0].verdict,
		.over = told.standing,
		.n_over = told.n_standing };
	return ERR_NONE;
}

enum err_code
watch_end_others(struct watching *w, struct history *h, int64_t now_s, bool write, struct err *err)
{
	struct history_server *known;
	size_t n, n_seen = w->n;
	enum err_code code = history_servers(h, NULL, w->arena, &known, &n, err);

	for (size_t i = 0; code == ERR_NONE && i < n; i++) {
		const struct history_server *k = &known[i];
		if (k->ended_s != 0 || watch_has_seen(w, k->address, k->ehlo, k->domain))
			continue;
		code = end(w, h, n_seen, k, err);
		if (code == ERR_NONE && write)
			code = history_end_server(h, k->id, now_s, err);
	}
	return code;
}
