/* What a request to the holder of a reverse zone is made of, from what was seen. */
#include "fix/now.h"
#include "fix/request.h"

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
		.provider = known_generic(k)->provider,
		.provider_note = known_generic(k)->note };
}
