/* What a request to the holder of a reverse zone is made of, from what was seen. */
#include "base/arena.h"
#include "checks/generic_table.h"
#include "fix/now.h"
#include "fix/request.h"
#include "views/views.h"

/* The provider whose default name the address has. */
static void
recognise(const struct target *t, const struct facts *f, struct arena *a, struct request_facts *out)
{
	struct generic_view generic;
	generic_view(t, f, a, &generic);
	if (generic.name == NULL || generic.provider[0] == '\0')
		return;
	const struct generic_row *row = generic_table_match(t->policy->generic, generic.name);
	if (row == NULL)
		return;
	out->provider = row->provider;
	out->provider_note = row->note;
}

void
request_of_facts(const struct target *t, const struct facts *f, struct arena *a,
    struct request_facts *out)
{
	struct ptr_now now;
	ptr_now(t, f, a, &now);
	const char **servers = arena_array(a, now.zone.n_servers + 1, sizeof *servers);
	for (size_t i = 0; i < now.zone.n_servers; i++)
		servers[i] = now.zone.servers[i].name;
	*out = (struct request_facts){ .ip = t->ip,
		.names = t->wanted,
		.n_names = t->n_wanted,
		.owner = now.zone.name,
		.zone = now.zone.zone,
		.servers = servers,
		.n_servers = now.zone.n_servers,
		.mailbox = now.zone.mailbox != NULL ? now.zone.mailbox : "",
		.current = now.names,
		.n_current = now.n_names,
		.provider = "",
		.provider_note = "" };
	recognise(t, f, a, out);
}
