#include "gather/pace.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/name.h"
#include "lists/catalogue.h"

enum { SECOND_US = 1000000 };

struct paced {
	const char *zone;
	uint64_t interval_us;
	uint64_t next_us; /* the next free place */
};

struct pace {
	struct paced *lists;
	size_t n;
};

struct pace *
pace_new(const struct catalogue *lists, struct arena *a)
{
	size_t n = 0;
	for (size_t i = 0; i < lists->n; i++)
		n += lists->lists[i].rate > 0;
	if (n == 0)
		return NULL;
	struct pace *p = arena_alloc(a, sizeof *p);
	p->lists = arena_array(a, n, sizeof *p->lists);
	for (size_t i = 0; i < lists->n; i++) {
		const struct list *l = &lists->lists[i];
		if (l->rate > 0)
			p->lists[p->n++] = (struct paced){ l->zone, SECOND_US / l->rate, 0 };
	}
	return p;
}

uint64_t
pace_place(struct pace *p, const char *name, uint64_t now_us, uint64_t deadline_us)
{
	for (size_t i = 0; p != NULL && i < p->n; i++) {
		struct paced *list = &p->lists[i];
		if (!name_is_under(name, list->zone))
			continue;
		uint64_t due = list->next_us > now_us ? list->next_us : now_us;
		if (due >= deadline_us)
			return UINT64_MAX;
		list->next_us = due + list->interval_us;
		return due;
	}
	return now_us;
}
