/* Memory that is freed as a whole. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* AddressSanitizer sees blocks only: it is told of the gap behind each allocation. */
#ifdef __SANITIZE_ADDRESS__
#define ARENA_GAPS 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define ARENA_GAPS 1
#endif
#endif
#ifdef ARENA_GAPS
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, size) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(p, size) ((void)0)
#define ARENA_GAPS 0
#endif

enum {
	BLOCK_MIN = 2048,
	BLOCK_MAX = 256 * 1024, /* growth stops here, so that the last block wastes little */
	ARRAY_MIN = 8,
	SENTENCE = 512, /* most texts that are printed are no longer, and need printing once only */
};

struct arena_block {
	struct arena_block *older;
	size_t used, cap;
	max_align_t data[]; /* zeroed piece by piece as it is handed out */
};

static void
block_free(struct arena_block *b)
{
	ASAN_UNPOISON_MEMORY_REGION(b->data, b->cap);
	free(b);
}

void
arena_init(struct arena *a)
{
	arena_init_small(a, BLOCK_MIN);
}

void
arena_init_small(struct arena *a, size_t first)
{
	*a = (struct arena){ .first = first };
}

void
arena_fini(struct arena *a)
{
	while (a->head != NULL) {
		struct arena_block *older = a->head->older;
		block_free(a->head);
		a->head = older;
	}
	arena_init_small(a, a->first);
}

/* The first block is the smallest: most users of an arena need no other. */
void
arena_reset(struct arena *a)
{
	while (a->head != NULL && a->head->older != NULL) {
		struct arena_block *older = a->head->older;
		block_free(a->head);
		a->head = older;
	}
	if (a->head != NULL) {
		a->head->used = 0;
		ASAN_POISON_MEMORY_REGION(a->head->data, a->head->cap);
	}
	a->total = 0;
}

/* SIZE_MAX when it cannot be expressed: mem_realloc() then ends the program as for any excess. */
static size_t
rounded_up(size_t size)
{
	size_t unit = sizeof(max_align_t);
	if (size > SIZE_MAX - 2 * unit)
		return SIZE_MAX;
	return ((size + unit - 1) / unit + ARENA_GAPS) * unit;
}

/* A block that is too small for need is left as it is: addresses must stay. */
static void
add_block(struct arena *a, size_t need)
{
	size_t cap = a->head != NULL ? a->head->cap * 2 : a->first != 0 ? a->first : BLOCK_MIN;
	if (cap > BLOCK_MAX)
		cap = BLOCK_MAX;
	if (cap < need)
		cap = need;
	size_t header = sizeof(struct arena_block);
	struct arena_block *b = mem_realloc(NULL, 1,
	    cap > SIZE_MAX - header ? SIZE_MAX : cap + header);
	b->used = 0;
	b->older = a->head;
	b->cap = cap;
	a->head = b;
	ASAN_POISON_MEMORY_REGION(b->data, cap);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t need = rounded_up(size > 0 ? size : 1);
	if (a->head == NULL || a->head->cap - a->head->used < need)
		add_block(a, need);
	void *p = (char *)a->head->data + a->head->used;
	a->head->used += need;
	a->total += size;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return memset(p, 0, size);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX;
	return arena_alloc(a, bytes);
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1);
	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	char some[SENTENCE];
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int len = vsnprintf(some, sizeof some, fmt, ap);
	va_end(ap);

	char *text = arena_alloc(a, len < 0 ? 1 : (size_t)len + 1);
	if (len > 0 && (size_t)len < sizeof some)
		memcpy(text, some, (size_t)len);
	else if (len > 0)
		vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

void *
arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	size_t wider = *cap == 0 ? ARRAY_MIN : *cap * 2;
	void *copy = arena_array(a, wider, size);
	if (n > 0)
		memcpy(copy, items, n * size);
	*cap = wider; /* the old copy stays readable for whoever still points into it */
	return copy;
}
