/* What happened in a period: one incident a cause, however many servers it touched. */
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "past_priv.h"
#include "report/outage.h"

struct collecting {
	struct past_incident *list;
	size_t n, cap;
	struct arena *arena;
};

static struct past_incident *
add(struct collecting *c, const struct past_incident *i)
{
	c->list = arena_grow(c->arena, c->list, c->n, &c->cap, sizeof *c->list);
	c->list[c->n] = *i;
	return &c->list[c->n++];
}

static void
add_outage(struct collecting *c, const struct history_outage *o)
{
	const struct past_incident i = { .outage = o,
		.rule = arena_printf(c->arena, "outage.%s",
		    enumtab_name(&outage_kind_names, (int)o->kind)),
		.text = o->text,
		.server = o->kind == OUTAGE_REFUSAL ? outage_about(o) : "all",
		.n_servers = o->n_servers,
		.severity = outage_severity(o),
		.first_s = o->first_s,
		.last_s = o->end_s != 0 ? o->end_s : o->last_s,
		.standing = o->end_s == 0 };

	add(c, &i);
}

static const char *
server_name(const struct past_server *s, struct arena *a)
{
	const struct digest *d = s->last;

	return d->label[0] != '\0' && strcmp(d->label, d->address) != 0 ?
	    arena_printf(a, "%s (%s)", d->label, d->address) :
	    digest_name(d, a);
}

/* One cause that several servers met in the same runs: a list of a domain, a name that all share. */
static struct past_incident *
find_same(struct collecting *c, const struct past_server *s, const struct history_span *span)
{
	for (size_t i = 0; i < c->n; i++) {
		struct past_incident *have = &c->list[i];
		if (have->outage == NULL && have->sightings[have->n_sightings - 1].server != s &&
		    have->first_s == span->first_s && have->standing == span->standing &&
		    (span->standing || have->last_s == span->last_s) &&
		    strcmp(have->rule, span->rule) == 0 && strcmp(have->text, span->text) == 0)
			return have;
	}
	return NULL;
}

static void
add_sighting(struct collecting *c, struct past_incident *i, const struct past_server *s,
    const struct history_span *span)
{
	i->sightings = arena_grow(c->arena, i->sightings, i->n_sightings, &i->sightings_cap,
	    sizeof *i->sightings);
	i->sightings[i->n_sightings++] = (struct past_sighting){ s, span };
	i->n_servers = i->n_sightings;
}

static void
add_span(struct collecting *c, const struct past_server *s, const struct history_span *span)
{
	struct past_incident *same = find_same(c, s, span);

	if (same != NULL) {
		add_sighting(c, same, s, span);
		same->server = arena_printf(c->arena, "%s, %s", same->server,
		    server_name(s, c->arena));
		return;
	}
	const struct past_incident i = { .rule = span->rule,
		.text = span->text,
		.server = server_name(s, c->arena),
		.severity = span->severity,
		.first_s = span->first_s,
		.last_s = span->last_s,
		.standing = span->standing };
	add_sighting(c, add(c, &i), s, span);
}

static int
by_weight(const void *a, const void *b)
{
	const struct past_incident *x = a, *y = b;

	if (x->standing != y->standing)
		return x->standing ? -1 : 1;
	if (x->standing && x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->first_s != y->first_s)
		return x->first_s > y->first_s ? -1 : 1;
	int order = strcmp(x->rule, y->rule);
	return order != 0 ? order : strcmp(x->server, y->server);
}

bool
past_is_incident(const struct history_span *span)
{
	return verdict_is_bad(span->verdict) ||
	    (span->verdict == VERDICT_WARN && span->severity >= SEVERITY_MEDIUM);
}

struct past_incident *
past_incidents(const struct past *p, struct arena *a, size_t *n)
{
	struct collecting c = { .arena = a };

	for (size_t i = 0; i < p->n_outages; i++)
		add_outage(&c, &p->outages[i]);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->servers[i].n_spans; k++)
			if (past_is_incident(&p->servers[i].spans[k]))
				add_span(&c, &p->servers[i], &p->servers[i].spans[k]);
	if (c.n > 1)
		qsort(c.list, c.n, sizeof *c.list, by_weight);
	*n = c.n;
	return c.list;
}

const char *
past_incident_length(const struct past *p, const struct past_incident *i, struct arena *a)
{
	char length[WHEN_TEXT_MAX];
	int64_t until_s = i->standing ? p->until_s : i->last_s;

	return arena_strdup(a, when_length(until_s - i->first_s, length));
}

const char *
past_incident_when(const struct past_incident *i, struct arena *a)
{
	char from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];

	when_minute(i->first_s, from);
	if (i->standing)
		return arena_printf(a, "since %s", from);
	return arena_printf(a, "%s to %s", from, when_minute(i->last_s, to));
}
