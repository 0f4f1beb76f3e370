/*
 * How often lists may be asked, and how long they are waited for, over all targets of a run.  A list
 * with a rate gets its questions one after the other.  One that is silent to several targets in a row
 * takes little of the time of those that follow, until it answers.
 */
#ifndef MAILREADY_GATHER_PACE_H
#define MAILREADY_GATHER_PACE_H

#include <stdint.h>

#include "dns/answer.h"

struct arena;
struct catalogue;
struct pace;
struct paced;

enum { PACE_SILENT_AFTER = 5, PACE_SILENT_LATER = 20, PACE_SILENT_US = 500000 };

/* NULL when there are no lists.  Lives in the arena; the lists are borrowed. */
struct pace *pace_new(const struct catalogue *lists, struct arena *a);
void pace_free(struct pace *p); /* what it has besides the arena; NULL is accepted */

/* The list that a question belongs to; NULL: none. */
struct paced *pace_find(const struct pace *p, const char *name);

/*
 * When a question may leave, on the clock of now_us; now_us for most, and for no list.  Takes that
 * place: whoever asks next comes later.  A place behind deadline_us is not taken, and UINT64_MAX
 * returned.
 */
uint64_t pace_place(struct paced *list, uint64_t now_us, uint64_t deadline_us);

/*
 * Until when its answer is waited for: deadline_us, or PACE_SILENT_US when it has been silent to
 * PACE_SILENT_AFTER questions and never answered, or to PACE_SILENT_LATER since it last did.
 */
uint64_t pace_deadline(const struct paced *list, uint64_t now_us, uint64_t deadline_us);

/* What came of a question. */
void pace_note(struct paced *list, enum dns_status status);

#endif
