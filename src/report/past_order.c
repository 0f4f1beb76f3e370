/* The order of servers over time: by the worst in the period, not by the last run alone; and by group. */
#include <stdlib.h>
#include <string.h>

#include "past_priv.h"

static int
worst_of(const struct past_server *s)
{
	int worst = verdict_rank(s->last->verdict) * 10;

	for (size_t i = 0; i < s->n_spans; i++) {
		const struct history_span *span = &s->spans[i];
		int weight = verdict_rank(span->verdict) * 10 - (span->standing ? 0 : 5);
		if (verdict_is_bad(span->verdict) && weight > worst)
			worst = weight;
	}
	return worst;
}

struct ranked {
	const struct past_server *server;
	int worst;
	size_t place;
};

static int
by_worst(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->worst != y->worst)
		return x->worst > y->worst ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

const struct past_server *
past_sorted(const struct past *p, struct arena *a)
{
	struct ranked *ranked = arena_array(a, p->n, sizeof *ranked);
	struct past_server *list = arena_array(a, p->n, sizeof *list);

	for (size_t i = 0; i < p->n; i++)
		ranked[i] = (struct ranked){ &p->servers[i], worst_of(&p->servers[i]), i };
	if (p->n > 1)
		qsort(ranked, p->n, sizeof *ranked, by_worst);
	for (size_t i = 0; i < p->n; i++)
		list[i] = *ranked[i].server;
	return list;
}

/* ---- groups */

struct naming {
	const char **names;
	size_t n, cap;
};

static void
add_name(struct naming *names, const char *name, struct arena *a)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->names[i], name) == 0)
			return;
	names->names = arena_grow(a, names->names, names->n, &names->cap, sizeof *names->names);
	names->names[names->n++] = name;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
name_groups(const struct past *p, struct naming *names, struct arena *a)
{
	for (size_t i = 0; i < p->n; i++) {
		const char *own = p->servers[i].last->groups;
		for (size_t len; own != NULL && (len = digest_next_group(&own)) > 0; own += len)
			add_name(names, arena_strndup(a, own, len), a);
	}
	if (names->n > 1)
		qsort(names->names, names->n, sizeof *names->names, by_name);
}

/* NULL stands for those in no group. */
static bool
is_in(const struct digest *d, const char *name)
{
	const char *own = d->groups != NULL ? d->groups : "";

	return name != NULL ? digest_in_groups(d, name) : digest_next_group(&own) == 0;
}

static bool
is_ready(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_WARN;
}

static const char *
title_of(const char *name, const struct past_group *g, struct arena *a)
{
	size_t ready = 0;

	for (size_t i = 0; i < g->n; i++)
		ready += is_ready(g->servers[i].last->verdict);
	return arena_printf(a, "%s%s: %zu of %zu ready", name != NULL ? "Group " : "",
	    name != NULL ? name : "Without a group", ready, g->n);
}

static void
take_group(const char *name, const struct past_server *all, size_t n, struct arena *a,
    struct past_group *out)
{
	struct past_server *own = arena_array(a, n, sizeof *own);

	*out = (struct past_group){ .servers = own };
	for (size_t i = 0; i < n; i++)
		if (is_in(all[i].last, name))
			own[out->n++] = all[i];
	out->title = title_of(name, out, a);
}

const struct past_group *
past_groups(const struct past *p, struct arena *a, size_t *n)
{
	const struct past_server *all = past_sorted(p, a);
	struct naming names = { .n = 0 };

	name_groups(p, &names, a);
	struct past_group *list = arena_array(a, names.n + 1, sizeof *list);
	*n = 0;
	if (!p->by_group) {
		list[(*n)++] = (struct past_group){ NULL, all, p->n };
		return list;
	}
	for (size_t i = 0; i < names.n; i++)
		take_group(names.names[i], all, p->n, a, &list[(*n)++]);
	take_group(NULL, all, p->n, a, &list[*n]);
	*n += list[*n].n > 0;
	return list;
}
