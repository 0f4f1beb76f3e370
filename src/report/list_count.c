#include <string.h>

#include "report_priv.h"

bool
list_is_bad(const struct digest_list *l)
{
	return strcmp(l->kind, "block") == 0 && strcmp(l->state, "listed") == 0;
}

struct list_count
lists_count(const struct digest *d)
{
	struct list_count c = { .asked = 0 };

	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		if (strcmp(l->kind, "block") != 0)
			continue;
		c.asked++;
		c.listed += strcmp(l->state, "listed") == 0;
		c.untold += strcmp(l->state, "unknown") == 0;
	}
	return c;
}
