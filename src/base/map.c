/* Hash index from a string to a pointer: open addressing in one array. */
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MAP_MIN = 64 };

struct map_slot {
	const char *key; /* NULL: free */
	void *value;
};

void
map_init(struct map *m)
{
	*m = (struct map){ 0 };
}

void
map_fini(struct map *m)
{
	free(m->slots);
	map_init(m);
}

/* FNV-1a, eight bytes at a time.  Unkeyed: the budgets of gather/ bound how many names a hostile zone
 * can put in here. */
static size_t
hash(const char *key)
{
	size_t len = strlen(key);
	uint64_t h = 0xcbf29ce484222325U ^ len, piece;
	for (; len > 0; key += sizeof piece) {
		size_t n = len < sizeof piece ? len : sizeof piece;
		piece = 0;
		memcpy(&piece, key, n);
		h = (h ^ piece) * 0x9e3779b97f4a7c15U;
		h ^= h >> 29;
		len -= n;
	}
	return (size_t)(h ^ h >> 32);
}

/* The slot of the key, or the free one where it belongs; there always is a free one. */
static struct map_slot *
find(const struct map *m, const char *key)
{
	size_t i = hash(key) & (m->cap - 1);
	while (m->slots[i].key != NULL && strcmp(m->slots[i].key, key) != 0)
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

/* Keys are found anew, because their place depends on the capacity. */
static void
widen(struct map *m)
{
	struct map wider = { .n = m->n, .cap = m->cap == 0 ? MAP_MIN : m->cap * 2 };
	wider.slots = mem_zalloc(wider.cap, sizeof *wider.slots);
	for (size_t i = 0; i < m->cap; i++) {
		if (m->slots[i].key != NULL)
			*find(&wider, m->slots[i].key) = m->slots[i];
	}
	free(m->slots);
	*m = wider;
}

void *
map_get(const struct map *m, const char *key)
{
	if (m->cap == 0)
		return NULL;
	return find(m, key)->value;
}

void
map_put(struct map *m, const char *key, void *value)
{
	/* at three quarters the probe sequences of open addressing get long */
	if (m->n >= m->cap / 4 * 3)
		widen(m);
	struct map_slot *slot = find(m, key);
	if (slot->key == NULL) {
		slot->key = key;
		m->n++;
	}
	slot->value = value;
}
