/*
 * How often lists may be asked, and how long they are waited for, over all targets of a run.  A list
 * with a rate gets its questions one after the other.  Of one that has not answered yet, or not of late,
 * few are on the way at a time: what a dead list is asked piles up in the resolver, at the cost of all
 * others.  One that is silent to several targets in a row is asked once a second, until it answers.
 */
#ifndef MAILREADY_GATHER_PACE_H
#define MAILREADY_GATHER_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/answer.h"

struct arena;
struct catalogue;
struct pace;
struct paced;

enum {
	PACE_UNSURE_MAX = 16, /* on the way to a list of which it is not known whether it answers */
	PACE_SILENT_AFTER = 5,  /* questions to one that never answered */
	PACE_SILENT_LATER = 12, /* to one that did; fewer than PACE_UNSURE_MAX */
};

enum pace_turn {
	PACE_ASK,    /* it may leave now, and holds a place until it is noted */
	PACE_WAIT,   /* it will be its turn later */
	PACE_SILENT, /* it is not to be asked: nothing answers */
};

/* A question that waits for a place; in the caller's memory until its turn. */
struct pace_waiter {
	struct pace_waiter *next; /* pace's own */
	uint64_t deadline_us;     /* later than that it is not worth asking */
	/* Called once, from within pace_note(), with PACE_ASK or PACE_SILENT; must not note anything. */
	void (*turn)(void *arg, enum pace_turn turn);
	void *arg;
};

/* NULL when there are no lists.  Lives in the arena; the lists are borrowed. */
struct pace *pace_new(const struct catalogue *lists, struct arena *a);
void pace_free(struct pace *p); /* what it has besides the arena; NULL is accepted */

/* The list that a question belongs to; NULL: none. */
struct paced *pace_find(const struct pace *p, const char *name);

/*
 * When a question may leave, on the clock of now_us; now_us for most, and for no list.  Takes that
 * place: the next caller comes later.  A place after deadline_us is not taken, and UINT64_MAX
 * returned.
 */
uint64_t pace_place(struct paced *list, uint64_t now_us, uint64_t deadline_us);

/*
 * May a question of a target's own leave?  PACE_WAIT: w is kept, and called later; deadlines must not
 * fall from one question to the next.  PACE_ASK for no list.
 */
enum pace_turn pace_ask(struct paced *list, struct pace_waiter *w, uint64_t now_us);

/* A question that targets share takes no place, but is not asked of a silent list. */
bool pace_is_silent(const struct paced *list);

/*
 * What came of a question that left at asked_us; own: it held a place.  list: NULL for none, whose
 * answer still shows that there are answers.  Silence counts against a list only when somebody was
 * answered meanwhile.
 */
void pace_note(struct pace *p, struct paced *list, enum dns_status status, bool own,
    uint64_t asked_us, uint64_t now_us);

#endif
