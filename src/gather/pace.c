#include "gather/pace.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/name.h"
#include "lists/catalogue.h"

enum { SECOND_US = 1000000 };

struct paced {
	uint64_t interval_us; /* 0: it has no rate */
	uint64_t next_us;     /* the next free place */
	unsigned silent;      /* questions in a row that were not answered */
	bool has_answered;
};

struct pace {
	struct map zones; /* lists by zone */
};

struct pace *
pace_new(const struct catalogue *lists, struct arena *a)
{
	if (lists->n == 0)
		return NULL;
	struct pace *p = arena_alloc(a, sizeof *p);
	struct paced *paced = arena_array(a, lists->n, sizeof *paced);
	map_init(&p->zones);
	for (size_t i = 0; i < lists->n; i++) {
		const struct list *l = &lists->lists[i];
		if (l->rate > 0)
			paced[i].interval_us = SECOND_US / l->rate;
		map_put(&p->zones, l->zone, &paced[i]);
	}
	return p;
}

void
pace_free(struct pace *p)
{
	if (p != NULL)
		map_fini(&p->zones);
}

struct paced *
pace_find(const struct pace *p, const char *name)
{
	struct paced *list = NULL;

	if (p == NULL)
		return NULL;
	for (; list == NULL && *name != '\0'; name = name_parent(name))
		list = map_get(&p->zones, name);
	return list;
}

uint64_t
pace_place(struct paced *list, uint64_t now_us, uint64_t deadline_us)
{
	if (list == NULL || list->interval_us == 0)
		return now_us;
	uint64_t due = list->next_us > now_us ? list->next_us : now_us;
	if (due >= deadline_us)
		return UINT64_MAX;
	list->next_us = due + list->interval_us;
	return due;
}

uint64_t
pace_deadline(const struct paced *list, uint64_t now_us, uint64_t deadline_us)
{
	if (list == NULL ||
	    list->silent < (list->has_answered ? PACE_SILENT_LATER : PACE_SILENT_AFTER) ||
	    deadline_us < now_us + PACE_SILENT_US)
		return deadline_us;
	return now_us + PACE_SILENT_US;
}

void
pace_note(struct paced *list, enum dns_status status)
{
	/* SERVFAIL is how a resolver says, sooner or later, that it heard nothing either */
	if (list == NULL || status == DNS_NOT_ASKED || status == DNS_SERVFAIL)
		return;
	list->silent = status == DNS_TIMEOUT ? list->silent + 1 : 0;
	list->has_answered |= status != DNS_TIMEOUT;
}
