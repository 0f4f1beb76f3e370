/*
 * How often lists may be asked: a list with a rate gets its questions one after the other, over
 * all targets of a run.
 */
#ifndef MAILREADY_GATHER_PACE_H
#define MAILREADY_GATHER_PACE_H

#include <stdint.h>

struct arena;
struct catalogue;
struct pace;

/* NULL when no list has a rate.  Lives in the arena; the lists are borrowed. */
struct pace *pace_new(const struct catalogue *lists, struct arena *a);

/*
 * When a question may leave, on the clock of now_us; now_us for most.  Takes that place: whoever
 * asks next comes later.  A place behind deadline_us is not taken, and UINT64_MAX returned.
 */
uint64_t pace_place(struct pace *p, const char *name, uint64_t now_us, uint64_t deadline_us);

#endif
