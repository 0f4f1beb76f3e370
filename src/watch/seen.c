/* What a scheduled run has seen so far: servers, and what kept it from seeing. */
#include <string.h>

#include "watch_priv.h"

struct seen *
watch_add(struct watching *w, const struct digest *d)
{
	w->seen = arena_grow(w->arena, w->seen, w->n, &w->cap, sizeof *w->seen);
	w->seen[w->n] = (struct seen){ .now = *d, .looked = d->verdict };
	return &w->seen[w->n++];
}

bool
watch_has_seen(const struct watching *w, const char *address, const char *ehlo, const char *domain)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct digest *d = &w->seen[i].now;
		if (strcmp(d->address, address) == 0 && strcmp(d->ehlo, ehlo) == 0 &&
		    strcmp(d->domain, domain) == 0)
			return true;
	}
	return false;
}

void
watch_add_outage(struct watching *w, const struct history_outage *o)
{
	w->outages = arena_grow(w->arena, w->outages, w->n_outages, &w->cap_outages,
	    sizeof *w->outages);
	w->outages[w->n_outages++] = *o;
}

static bool
is_of(const struct target *t, const struct target_spec *spec)
{
	const char *given = t->names.mx_of != NULL ? t->names.mx_of : t->names.host;
	bool same = spec->first.family != 0 ?
	    t->names.host[0] == '\0' && ip_equal(&t->ip, &spec->first) :
	    strcmp(given, spec->names.host) == 0;

	return same && strcmp(t->names.ehlo, spec->names.ehlo) == 0 &&
	    strcmp(t->names.domain, spec->names.domain) == 0;
}

size_t
watch_spec_of(const struct watching *w, const struct target *t)
{
	size_t i = 0;

	while (i < w->options->config->n_servers && !is_of(t, &w->specs[i]))
		i++;
	return i;
}
