/* Which news is for whom: by the groups of servers, and by severity. */
#include "base/arena.h"
#include "notify/notify_priv.h"

/* Of the worse of what it is and what it was: who has heard that it is bad hears that it is better. */
static bool
is_severe(const struct change *c, enum severity least)
{
	if (c->finding == NULL) /* an end is told to all */
		return c->kind == CHANGE_ENDED || least <= SEVERITY_MEDIUM;
	return c->finding->severity >= least || (c->before != NULL && c->before->severity >= least);
}

static const struct changes *
select_changes(const struct changes *from, enum severity least, struct arena *a)
{
	struct changes *out = arena_alloc(a, sizeof *out);
	*out = *from;
	out->list = arena_array(a, from->n, sizeof *out->list);
	out->standing = arena_array(a, from->n_standing, sizeof(const struct digest_finding *));
	out->n = out->n_standing = 0;
	for (size_t i = 0; i < from->n; i++)
		if (is_severe(&from->list[i], least))
			out->list[out->n++] = from->list[i];
	for (size_t i = 0; i < from->n_standing; i++)
		if (from->standing[i]->severity >= least)
			out->standing[out->n_standing++] = from->standing[i];
	return out;
}

/* An outage is of all servers, whatever their groups. */
void
notify_select(const struct notify_filter *filter, const struct notify_run *run,
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
			s.changes = select_changes(s.changes, filter->severity, a);
		out->servers[out->n++] = s;
	}
	for (size_t i = 0; i < run->n_outages; i++)
		if (filter == NULL || run->outages[i].kind != OUTAGE_LIST ||
		    filter->severity <= SEVERITY_MEDIUM)
			out->outages[out->n_outages++] = run->outages[i];
}
