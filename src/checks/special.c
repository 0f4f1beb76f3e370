/* Addresses that no receiver on the internet sees. */
#include "checks/special_priv.h"

#include <string.h>

bool
special_is_hidden(const struct target *t)
{
	return !t->policy->allow_special && ip_special(&t->ip) != NULL;
}

bool
special_has_own_zone(const struct target *t)
{
	if (!special_is_hidden(t))
		return false;
	const char *kind = ip_special(&t->ip)->kind;
	return strcmp(kind, "private") == 0 || strcmp(kind, "cgnat") == 0;
}

void
special_soften(const struct target *t, struct findings *out, size_t first)
{
	if (!special_is_hidden(t))
		return;
	for (size_t i = first; i < out->n; i++) {
		struct finding *f = out->list[i];
		if (verdict_is_bad(f->verdict))
			f->verdict = VERDICT_WARN;
		if (f->severity > SEVERITY_LOW)
			f->severity = SEVERITY_LOW;
		if (f->verdict == VERDICT_WARN)
			f->why = "No receiver on the internet sees this address; hosts of its own "
				 "network may look at its names.";
	}
}
