/* When a question may leave for a list: its rate, its places, its silence. */
#include "gather/pace.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/name.h"
#include "lists/catalogue.h"

enum { SECOND_US = 1000000 };

struct paced {
	struct pace *pace;
	uint64_t interval_us; /* 0: it has no rate */
	uint64_t next_us;     /* the next free place */
	unsigned silent;      /* questions in a row that were not answered */
	bool has_answered;
	uint64_t answered_us;             /* when it last did */
	uint64_t probe_us;                /* a silent one: when it may be asked again */
	unsigned on_way;                  /* questions that hold one of its places */
	struct pace_waiter *head, **tail; /* questions that wait for one */
};

struct pace {
	struct map zones;     /* lists by zone */
	uint64_t answered_us; /* when anything was last answered, by any list */
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
		paced[i].pace = p;
		paced[i].tail = &paced[i].head;
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

static bool
is_silent(const struct paced *list)
{
	return list->silent >= (list->has_answered ? PACE_SILENT_LATER : PACE_SILENT_AFTER);
}

/*
 * One that owes answers and has given none of late may be dead: it gets few questions until it does,
 * and none in the place of one that was not answered.
 */
static bool
has_place(const struct paced *list, uint64_t now_us)
{
	return list->on_way + list->silent < PACE_UNSURE_MAX ||
	    (list->has_answered && now_us - list->answered_us < SECOND_US);
}

static void
wait_for_place(struct paced *list, struct pace_waiter *w)
{
	w->next = NULL;
	*list->tail = w;
	list->tail = &w->next;
}

enum pace_turn
pace_ask(struct paced *list, struct pace_waiter *w, uint64_t now_us)
{
	if (list == NULL)
		return PACE_ASK;
	if (is_silent(list)) {
		if (now_us < list->probe_us)
			return PACE_SILENT;
		list->probe_us = now_us + SECOND_US;
	} else if (list->head != NULL || !has_place(list, now_us)) {
		wait_for_place(list, w);
		return PACE_WAIT;
	}
	list->on_way++;
	return PACE_ASK;
}

bool
pace_is_silent(const struct paced *list)
{
	return list != NULL && is_silent(list);
}

/* A waiting question came after others, whose time was over before its own is. */
static void
admit(struct paced *list, uint64_t now_us)
{
	while (list->head != NULL) {
		struct pace_waiter *w = list->head;
		bool refused = is_silent(list) || now_us >= w->deadline_us;
		if (!refused && !has_place(list, now_us))
			return;
		list->head = w->next;
		if (list->head == NULL)
			list->tail = &list->head;
		list->on_way += !refused;
		w->turn(w->arg, refused ? PACE_SILENT : PACE_ASK);
	}
}

static void
note_answer(struct paced *list, uint64_t now_us)
{
	list->silent = 0;
	list->has_answered = true;
	list->answered_us = now_us;
}

/* When nobody at all has answered since, it is not this list that is silent. */
static void
note_silence(struct paced *list, uint64_t asked_us, uint64_t now_us)
{
	if (list->pace->answered_us <= asked_us)
		return;
	list->silent++;
	if (list->probe_us < now_us)
		list->probe_us = now_us + SECOND_US;
}

/*
 * SERVFAIL is how a resolver says that it heard nothing either: late, after it has tried.  At once, it
 * may be about an earlier question.
 */
static void
note(struct paced *list, enum dns_status status, bool own, uint64_t asked_us, uint64_t now_us)
{
	bool failed = status == DNS_SERVFAIL;

	if (status == DNS_NOT_ASKED)
		return;
	if (status == DNS_TIMEOUT || (failed && now_us - asked_us >= SECOND_US)) {
		if (own)
			note_silence(list, asked_us, now_us);
	} else if (!failed) {
		note_answer(list, now_us);
	}
}

void
pace_note(struct pace *p, struct paced *list, enum dns_status status, bool own, uint64_t asked_us,
    uint64_t now_us)
{
	if (p == NULL)
		return;
	if (list != NULL) {
		list->on_way -= own;
		note(list, status, own, asked_us, now_us);
		admit(list, now_us);
	}
	if (status != DNS_TIMEOUT && status != DNS_SERVFAIL && status != DNS_NOT_ASKED)
		p->answered_us = now_us;
}
