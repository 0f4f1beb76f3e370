/*
 * Region allocator: everything that belongs to one target's run (facts, findings, report) is
 * allocated here and released by one call.  There is no way to free a single object, and
 * addresses stay valid until arena_fini().  Secrets do not belong in an arena.
 */
#ifndef MAILREADY_BASE_ARENA_H
#define MAILREADY_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *head; /* newest block; NULL when nothing was allocated */
	size_t total;             /* bytes handed out, for budgets and tests */
	size_t first;             /* bytes of the first block; 0: what most users need */
};

void arena_init(struct arena *a);

/* The same, for one of many arenas that need little: its first block has so many bytes. */
void arena_init_small(struct arena *a, size_t first);

/* Releases everything; the arena can be used again as after arena_init(). */
void arena_fini(struct arena *a);

/* Forgets everything, and keeps a block of memory for what comes next. */
void arena_reset(struct arena *a);

/* size zeroed bytes, aligned for any type.  Never NULL (see base/mem.h). */
void *arena_alloc(struct arena *a, size_t size);

/* Zeroed array of n elements of size bytes; overflow-checked. */
void *arena_array(struct arena *a, size_t n, size_t size);

char *arena_strdup(struct arena *a, const char *s);

/* Copies len bytes and adds a NUL byte. */
char *arena_strndup(struct arena *a, const char *s, size_t len);

char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Room for one more element in an arena-owned array: returns items itself, or a copy twice as
 * large when n has reached *cap.  The old copy stays until arena_fini().
 */
void *arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size);

#endif
