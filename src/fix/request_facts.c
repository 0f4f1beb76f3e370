/* What a request to the holder of a reverse zone is made of, from what was seen. */
#include "base/arena.h"
#include "fix/now.h"
#include "fix/request.h"

/* The wanted names that lead to the address already, at every server of their zones that answered. */
static void
find_resolving(struct understanding *k, struct request_facts *out)
{
	const struct target *t = k->target;
	const char **names = arena_array(k->arena, t->names.n_wanted, sizeof *names);
	for (size_t i = 0; i < t->names.n_wanted; i++) {
		struct forward_now now;
		forward_now(t, k->facts, t->names.wanted[i], k->arena, &now);
		if (now.state == FORWARD_GOOD && !now.answer->planned)
			names[out->n_resolving++] = t->names.wanted[i];
	}
	out->resolving = names;
}

void
request_of_facts(struct understanding *k, struct request_facts *out)
{
	struct ptr_now now;
	ptr_now(k, &now);
	const struct target *t = k->target;
	const struct authority_view *zone = now.zone;
	*out = (struct request_facts){ .ip = t->ip,
		.names = t->names.wanted,
		.n_names = t->names.n_wanted,
		.owner = zone->name,
		.zone = zone->zone,
		.servers = zone->names,
		.n_servers = zone->n_names,
		.mailbox = zone->mailbox,
		.current = now.names,
		.n_current = now.n_names,
		.hoster = known_hoster(k)->row,
		.provider = known_generic(k)->provider,
		.provider_note = known_generic(k)->note };
	find_resolving(k, out);
}
