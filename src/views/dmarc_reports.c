/* Destinations of DMARC reports outside of the domain, and whether they take them. */
#include "views/dmarc_reports.h"

#include "base/arena.h"
#include "base/mime.h"
#include "base/name.h"
#include "views/spf.h"

static bool
is_there(const struct dmarc_destination *list, size_t n, const char *domain)
{
	for (size_t i = 0; i < n; i++)
		if (name_equal(list[i].domain, domain))
			return true;
	return false;
}

/* One text record, which is a DMARC record: less or more says nothing. */
static enum dmarc_takes
state_of(const struct dns_answer *answer)
{
	if (answer->status == DNS_FOUND)
		return answer->n_records == 1 && dmarc_is_record(answer->records[0].text) ?
		    DMARC_TAKES :
		    DMARC_TAKES_NOT;
	return answer->status == DNS_NODATA || answer->status == DNS_NXDOMAIN ? DMARC_TAKES_NOT :
										DMARC_TAKES_UNKNOWN;
}

/* False: it is inside, or its record would have a name that is too long. */
static bool
read_destination(struct understanding *k, const char *address, struct dmarc_destination *out)
{
	const struct dmarc_view *v = known_dmarc(k);
	char domain[NAME_TEXT_MAX], name[NAME_TEXT_MAX];
	if (!name_from_user(mime_domain(address), domain) ||
	    name_is_under(domain, v->walk->org[0] != '\0' ? v->walk->org : v->step->domain))
		return false;
	if (!name_from_user(arena_printf(k->arena, "%s._report._dmarc.%s", v->step->domain, domain),
		name))
		return false;
	*out = (struct dmarc_destination){ .domain = arena_strdup(k->arena, domain),
		.name = arena_strdup(k->arena, name) };
	out->answer = spf_answer(k->target, k->facts, out->name, DNS_TXT);
	out->state = state_of(out->answer);
	return true;
}

size_t
dmarc_destinations(struct understanding *k, struct dmarc_destination out[DMARC_DESTINATIONS_MAX])
{
	const struct dmarc_view *v = known_dmarc(k);
	size_t n = 0;
	if (v->record == NULL || v->step == NULL)
		return 0;
	for (size_t i = 0; i < v->record->n_reports && n < DMARC_DESTINATIONS_MAX; i++)
		if (read_destination(k, v->record->reports[i], &out[n]) &&
		    !is_there(out, n, out[n].domain))
			n++;
	return n;
}

void
dmarc_destinations_want(const struct target *t, struct facts *f)
{
	struct dmarc_destination list[DMARC_DESTINATIONS_MAX];
	size_t n = dmarc_destinations(understanding_so_far(t, f), list);
	for (size_t i = 0; i < n; i++)
		facts_want_dns(f, list[i].name, DNS_TXT);
}
