/* What a request to the holder of a reverse zone is made of, from what was seen. */
#include "base/arena.h"
#include "fix/now.h"
#include "fix/request.h"

void
request_of_facts(struct understanding *k, struct request_facts *out)
{
	struct ptr_now now;
	ptr_now(k, &now);
	const struct target *t = k->target;
	const struct authority_view *zone = now.zone;
	const char **servers = arena_array(k->arena, zone->n_servers + 1, sizeof *servers);
	for (size_t i = 0; i < zone->n_servers; i++)
		servers[i] = zone->servers[i].name;
	*out = (struct request_facts){ .ip = t->ip,
		.names = t->names.wanted,
		.n_names = t->names.n_wanted,
		.owner = zone->name,
		.zone = zone->zone,
		.servers = servers,
		.n_servers = zone->n_servers,
		.mailbox = zone->mailbox,
		.current = now.names,
		.n_current = now.n_names,
		.provider = known_generic(k)->provider,
		.provider_note = known_generic(k)->note };
}
