/* Which news is for whom: by the groups of servers, and by severity. */
#include "base/arena.h"
#include "notify/notify_priv.h"
#include "report/outage.h"

/*
 * Who keeps alarms has one of each severity: what is now below the least that is told there is over.
 */
static struct change
end_of(const struct change *c)
{
	struct change end = *c;
	end.kind = CHANGE_GONE;
	end.finding = c->before;
	end.before = NULL;
	return end;
}

/* Of the worse of what it is and what it was: who has heard that it is bad hears that it is better. */
static bool
is_severe(const struct change *c, enum severity least)
{
	if (c->finding == NULL) /* an end is told to all */
		return c->kind == CHANGE_ENDED || least <= SEVERITY_MEDIUM;
	return c->finding->severity >= least || (c->before != NULL && c->before->severity >= least);
}

static const struct digest_finding **
select_severe(const struct digest_finding *const *from, size_t n, enum severity least,
    struct arena *a, size_t *n_severe)
{
	const struct digest_finding **severe = arena_array(a, n,
	    sizeof(const struct digest_finding *));
	*n_severe = 0;
	for (size_t i = 0; i < n; i++)
		if (from[i]->severity >= least)
			severe[(*n_severe)++] = from[i];
	return severe;
}

static const struct changes *
select_changes(const struct changes *from, enum severity least, bool alarms, struct arena *a)
{
	struct changes *out = arena_alloc(a, sizeof *out);
	*out = *from;
	out->list = arena_array(a, from->n, sizeof *out->list);
	out->n = 0;
	for (size_t i = 0; i < from->n; i++) {
		const struct change *c = &from->list[i];
		bool ends = alarms && c->before != NULL && c->finding->severity < least;
		if (is_severe(c, least))
			out->list[out->n++] = ends ? end_of(c) : *c;
	}
	out->standing = select_severe(from->standing, from->n_standing, least, a, &out->n_standing);
	out->over = select_severe(from->over, from->n_over, least, a, &out->n_over);
	return out;
}

/* An outage is of all servers, or of none that is watched, so it is of all groups. */
void
notify_select(const struct notify_filter *filter, bool alarms, const struct notify_run *run,
    const struct watched_server *servers, size_t n, struct arena *a, struct selection *out)
{
	*out = (struct selection){ .servers = arena_array(a, n, sizeof *out->servers),
		.outages = arena_array(a, run->n_outages, sizeof *out->outages) };
	for (size_t i = 0; i < n; i++) {
		struct watched_server s = servers[i];
		if (filter != NULL && filter->groups[0] != '\0' &&
		    !digest_in_groups(s.now, filter->groups))
			continue;
		if (filter != NULL && s.changes != NULL)
			s.changes = select_changes(s.changes, filter->severity, alarms, a);
		out->servers[out->n++] = s;
	}
	for (size_t i = 0; i < run->n_outages; i++)
		if (filter == NULL || outage_severity(&run->outages[i]) >= filter->severity)
			out->outages[out->n_outages++] = run->outages[i];
}
