/* What kept a run from seeing: the resolver, the network, a list.  One cause is one event. */
#include <string.h>

#include "report/outage.h"
#include "watch_priv.h"

/* ---- the resolver, and the way to it */

/* As it was when it was last looked at; that run was compared, and told, then. */
static enum err_code
take_last(struct watching *w, struct history *h, struct seen *s, struct err *err)
{
	struct digest *past;
	size_t n;
	enum err_code code = history_runs_of(h, &s->now, CHANGE_RUNS_MAX, w->arena, &past, &n, err);

	if (code != ERR_NONE)
		return code;
	s->changes = (struct changes){ .verdict = VERDICT_TEMPERROR, .before = VERDICT_TEMPERROR };
	if (n > 0) {
		changes_of(past, n, &w->options->config->policy, w->arena, &s->changes);
		s->now = past[0];
	}
	s->changes.n = 0;
	s->changes.first = false;
	s->changes.before = s->changes.verdict;
	s->now.stale = s->blind = s->compared = true;
	return ERR_NONE;
}

static enum err_code
find_blindness(struct watching *w, struct history *h, struct err *err)
{
	const struct run_outage *r = &w->resolver;
	size_t n = 0;

	for (size_t i = 0; r->there && i < w->n; i++) {
		struct seen *s = &w->seen[i];
		if (s->looked != VERDICT_TEMPERROR)
			continue;
		n++;
		if (take_last(w, h, s, err) != ERR_NONE)
			return err->code;
	}
	if (!r->there)
		return ERR_NONE;
	const struct history_outage o = { .kind = r->no_route ? OUTAGE_NETWORK : OUTAGE_RESOLVER,
		.subject = arena_strdup(w->arena, r->resolver),
		.text = arena_printf(w->arena, "nothing can be looked up: %s %s", r->resolver,
		    r->what),
		.remedy = r->no_route ? "Look at the network of this machine." :
					"Is the resolver running, and does it allow this machine "
					"to ask?  Another one can be "
					"named with resolver = in [run].",
		.n_servers = n };
	watch_add_outage(w, &o);
	return ERR_NONE;
}

/* ---- lists */

struct zone {
	const char *name;
	const struct digest_finding *finding; /* that it has no answer; NULL: none says so */
	size_t n_asked, n_unknown;
};

static const struct digest_finding *
finding_of(const struct digest *d, const char *zone)
{
	for (size_t i = 0; i < d->n_findings; i++)
		if (d->findings[i].verdict == VERDICT_TEMPERROR &&
		    strcmp(d->findings[i].subject, zone) == 0)
			return &d->findings[i];
	return NULL;
}

static struct zone
count_zone(const struct watching *w, const char *name)
{
	struct zone z = { .name = name };

	for (size_t i = 0; i < w->n; i++) {
		const struct seen *s = &w->seen[i];
		for (size_t k = 0; !s->blind && k < s->now.n_lists; k++) {
			const struct digest_list *l = &s->now.lists[k];
			if (strcmp(l->zone, name) != 0 || l->state == LIST_NOT_APPLICABLE)
				continue;
			z.n_asked++;
			z.n_unknown += l->state == LIST_UNKNOWN;
			if (z.finding == NULL)
				z.finding = finding_of(&s->now, name);
		}
	}
	return z;
}

/* It is nobody's finding then. */
static void
drop_findings(struct watching *w, const char *zone)
{
	for (size_t i = 0; i < w->n; i++) {
		struct digest *d = &w->seen[i].now;
		size_t n = 0;
		for (size_t k = 0; !w->seen[i].blind && k < d->n_findings; k++)
			if (d->findings[k].verdict != VERDICT_TEMPERROR ||
			    strcmp(d->findings[k].subject, zone) != 0)
				d->findings[n++] = d->findings[k];
		if (!w->seen[i].blind)
			d->n_findings = n;
	}
}

static bool
is_counted(const struct watching *w, const char *zone)
{
	for (size_t i = 0; i < w->n_outages; i++)
		if (w->outages[i].kind == OUTAGE_LIST && strcmp(w->outages[i].subject, zone) == 0)
			return true;
	return false;
}

static void
find_mute_lists(struct watching *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct seen *s = &w->seen[i];
		for (size_t k = 0; !s->blind && k < s->now.n_lists; k++) {
			const struct digest_list *l = &s->now.lists[k];
			if (l->state != LIST_UNKNOWN || is_counted(w, l->zone))
				continue;
			struct zone z = count_zone(w, l->zone);
			if (z.n_unknown < z.n_asked || z.finding == NULL)
				continue;
			const struct history_outage o = { .kind = OUTAGE_LIST,
				.subject = z.name,
				.text = arena_printf(w->arena,
				    "%s has no answer for any server: %s", z.name, z.finding->text),
				.remedy = z.finding->remedy };
			watch_add_outage(w, &o);
			drop_findings(w, z.name);
		}
	}
}

/* That no list could be asked is no finding of a server whose lists are all down. */
static void
drop_all_unknown(struct watching *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct digest *d = &w->seen[i].now;
		bool all = !w->seen[i].blind;
		size_t n = 0;
		for (size_t k = 0; k < d->n_lists; k++)
			all = all &&
			    (d->lists[k].state == LIST_NOT_APPLICABLE ||
				is_counted(w, d->lists[k].zone));
		for (size_t k = 0; all && k < d->n_findings; k++)
			if (strcmp(d->findings[k].rule, "dnsbl.all-unknown") != 0)
				d->findings[n++] = d->findings[k];
		if (all)
			d->n_findings = n;
	}
}

/* ---- what lasts, and what is over */

static const struct history_outage *
find_known(const struct history_outage *known, size_t n, const struct history_outage *o)
{
	for (size_t i = 0; i < n; i++)
		if (known[i].end_s == 0 && known[i].kind == o->kind &&
		    strcmp(known[i].subject, o->subject) == 0)
			return &known[i];
	return NULL;
}

/* Another symptom, or another resolver: it is the same event as long as nothing can be looked up. */
static const struct history_outage *
take_known_name(const struct history_outage *known, size_t n, struct history_outage *o)
{
	for (size_t i = 0; i < n; i++) {
		if (known[i].end_s != 0 || !outage_blinds(&known[i]))
			continue;
		o->kind = known[i].kind;
		o->subject = known[i].subject;
		return &known[i];
	}
	return NULL;
}

static bool
lasts(const struct watching *w, const struct history_outage *known)
{
	/* a run that saw nothing knows nothing of lists */
	if (known->kind == OUTAGE_LIST && w->resolver.there)
		return true;
	if (known->kind == OUTAGE_LIST) {
		struct zone z = count_zone(w, known->subject);
		return z.n_asked > 0 && z.n_unknown == z.n_asked;
	}
	if (known->kind == OUTAGE_REFUSAL && watch_log_is_unexplained(w))
		return true;
	return find_known(w->outages, w->n_outages, known) != NULL;
}

/* Of a list that is not asked any more, and of a log that is not read, nobody knows how it is. */
static bool
is_end_known(const struct watching *w, const struct history_outage *o)
{
	if (o->kind == OUTAGE_LIST)
		return count_zone(w, o->subject).n_asked > 0;
	return w->options->log != NULL || outage_is_of_all(o);
}

static enum err_code
store(struct watching *w, struct history *h, int64_t now_s, bool write, struct err *err)
{
	struct history_outage *known;
	size_t n, n_now = w->n_outages;
	enum err_code code = history_outages(h, INT64_MAX, w->arena, &known, &n, err);

	for (size_t i = 0; code == ERR_NONE && i < n_now; i++) {
		struct history_outage *o = &w->outages[i];
		const struct history_outage *before = find_known(known, n, o);
		if (before == NULL && outage_blinds(o))
			before = take_known_name(known, n, o);
		o->first_s = before != NULL ? before->first_s : now_s;
		o->n_runs = before != NULL ? before->n_runs + 1 : 1;
		o->last_s = now_s;
		if (write)
			code = history_outage_seen(h, o, now_s, err);
	}
	for (size_t i = 0; code == ERR_NONE && i < n; i++) {
		if (lasts(w, &known[i]))
			continue;
		known[i].end_s = now_s;
		if (is_end_known(w, &known[i]))
			watch_add_outage(w, &known[i]);
		if (write)
			code = history_outage_end(h, known[i].id, now_s, err);
	}
	return code;
}

enum err_code
watch_find_outages(struct watching *w, struct history *h, int64_t now_s, bool write,
    struct err *err)
{
	enum err_code code = find_blindness(w, h, err);

	if (code != ERR_NONE)
		return code;
	find_mute_lists(w);
	drop_all_unknown(w);
	watch_find_refusals(w);
	return store(w, h, now_s, write, err);
}

struct history_outage *
watch_outage_news(const struct watching *w, size_t *n)
{
	const struct config *c = w->options->config;
	struct history_outage *news = arena_array(w->arena, w->n_outages, sizeof *news);

	*n = 0;
	for (size_t i = 0; i < w->n_outages; i++) {
		const struct history_outage *o = &w->outages[i];
		/* a refusal is certain at once */
		bool certain = o->kind == OUTAGE_REFUSAL;
		size_t need = certain ? 1 : c->policy.unknown;
		bool counts = certain || c->notify.unknown;
		if (counts && (o->end_s != 0 ? o->n_runs >= need : o->n_runs == need))
			news[(*n)++] = *o;
	}
	return news;
}
