/* The beginning of an understanding: each view fills in itself (ptr.c, iprev.c ...). */
#include "views/understanding.h"

#include "base/arena.h"

void
understanding_init(struct understanding *k, const struct target *t, const struct facts *f,
    struct arena *a)
{
	*k = (struct understanding){ .target = t, .facts = f, .arena = a };
}

struct understanding *
understanding_so_far(const struct target *t, struct facts *f)
{
	struct understanding *k = f->so_far;
	if (k != NULL)
		return k;
	k = arena_alloc(f->arena, sizeof *k);
	understanding_init(k, t, f, f->arena);
	if (f->turn > 0)
		f->so_far = k;
	return k;
}
