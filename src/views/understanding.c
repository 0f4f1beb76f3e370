/* The beginning of an understanding: each view fills in itself (ptr.c, iprev.c ...). */
#include "views/understanding.h"

void
understanding_init(struct understanding *k, const struct target *t, const struct facts *f,
    struct arena *a)
{
	*k = (struct understanding){ .target = t, .facts = f, .arena = a };
}
