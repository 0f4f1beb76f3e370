/*
 * Hash index from a string to a pointer.  Keys and values are borrowed: they must outlive the
 * map (an arena's life is the usual answer).  There is no removal.
 */
#ifndef MAILREADY_BASE_MAP_H
#define MAILREADY_BASE_MAP_H

#include <stddef.h>

struct map_slot;

struct map {
	struct map_slot *slots; /* open addressing, a power of two */
	size_t n, cap;
};

void map_init(struct map *m);
void map_fini(struct map *m);

/* The value, or NULL. */
void *map_get(const struct map *m, const char *key);

/* Adds or replaces. */
void map_put(struct map *m, const char *key, void *value);

#endif
