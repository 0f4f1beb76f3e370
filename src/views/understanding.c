/* One target's understanding: what has been computed of it is kept. */
#include "views/understanding.h"

#include "base/arena.h"

void
understanding_init(struct understanding *k, const struct target *t, const struct facts *f,
    struct arena *a)
{
	*k = (struct understanding){ .target = t, .facts = f, .arena = a };
}

const struct ptr_view *
known_ptr(struct understanding *k)
{
	if (k->ptr == NULL) {
		struct ptr_view *v = arena_alloc(k->arena, sizeof *v);
		ptr_view(k->target, k->facts, k->arena, v);
		k->ptr = v;
	}
	return k->ptr;
}

const struct iprev_view *
known_iprev(struct understanding *k)
{
	if (k->iprev == NULL) {
		struct iprev_view *v = arena_alloc(k->arena, sizeof *v);
		iprev_view(k->target, k->facts, k->arena, v);
		k->iprev = v;
	}
	return k->iprev;
}

const struct generic_view *
known_generic(struct understanding *k)
{
	if (k->generic == NULL) {
		struct generic_view *v = arena_alloc(k->arena, sizeof *v);
		generic_view(k->target, k->facts, k->arena, v);
		k->generic = v;
	}
	return k->generic;
}

const struct ehlo_view *
known_ehlo(struct understanding *k)
{
	if (k->ehlo == NULL) {
		struct ehlo_view *v = arena_alloc(k->arena, sizeof *v);
		ehlo_view(k->target, k->facts, k->arena, v);
		k->ehlo = v;
	}
	return k->ehlo;
}

static struct list_counts
count_lists(const struct catalogue *c, const struct list_view *rows, size_t n)
{
	struct list_counts counts = { .asked = 0 };
	for (size_t i = 0; i < c->n; i++)
		counts.not_applicable += c->lists[i].kind == LIST_KIND_BLOCK;
	for (size_t i = 0; i < n; i++) {
		const struct list_view *v = list_view_main(rows, n, i);
		if (!list_view_leads(rows, i) || v->list->kind != LIST_KIND_BLOCK)
			continue;
		counts.listed += v->verdict.state == LIST_LISTED;
		counts.clean += v->verdict.state == LIST_CLEAN;
		counts.unknown += v->verdict.state == LIST_UNKNOWN;
	}
	counts.asked = counts.listed + counts.clean + counts.unknown;
	counts.not_applicable -= counts.asked;
	return counts;
}

const struct lists_view *
known_lists(struct understanding *k)
{
	if (k->lists == NULL) {
		struct lists_view *v = arena_alloc(k->arena, sizeof *v);
		v->rows = list_views(k->target, k->facts, k->arena, &v->n);
		v->counts = count_lists(k->target->policy->lists, v->rows, v->n);
		k->lists = v;
	}
	return k->lists;
}
