/* Addresses that no receiver on the internet sees. */
#include "checks/special_priv.h"

#include <string.h>

#include "views/world.h"

bool
special_is_hidden(const struct target *t)
{
	bool allowed = t->policy->allow_special && !ip_is_translated(&t->ip);
	return !allowed && ip_special(&t->ip) != NULL;
}

bool
special_has_own_zone(const struct target *t)
{
	const struct ip_range *range = ip_special(&t->ip);
	return range != NULL &&
	    (strcmp(range->kind, "private") == 0 || strcmp(range->kind, "cgnat") == 0);
}

void
special_soften(const struct understanding *k, struct findings *out, size_t first)
{
	struct ip from;
	bool translated = world_translated_from(k->facts, &k->target->ip, &from);
	if (!special_is_hidden(k->target) && !translated)
		return;
	for (size_t i = first; i < out->n; i++) {
		struct finding *f = out->list[i];
		if (translated)
			f->remedy = "";
		if (verdict_is_bad(f->verdict))
			f->verdict = VERDICT_WARN;
		if (f->severity > SEVERITY_LOW)
			f->severity = SEVERITY_LOW;
		if (f->verdict == VERDICT_WARN)
			f->why = "No receiver on the internet sees this address; hosts of its own "
				 "network may look at its names.";
	}
}
