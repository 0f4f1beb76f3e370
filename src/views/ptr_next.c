/* What the authority says of the PTR record, and what receivers will see once caches are empty. */
#include "base/arena.h"
#include "views/authority.h"
#include "views/iprev.h"
#include "views/names.h"
#include "views/understanding.h"
#include "views/world.h"

const struct authority_view *
known_authority(struct understanding *k)
{
	if (k->authority != NULL)
		return k->authority;
	struct authority_view *v = arena_alloc(k->arena, sizeof *v);
	authority_view(k->target, k->facts,
	    world_owner(k->target, k->facts, known_ptr(k)->reverse_name, DNS_PTR), DNS_PTR,
	    k->arena, v);
	return k->authority = v;
}

const struct ptr_next *
known_next(struct understanding *k)
{
	if (k->next != NULL)
		return k->next;
	const struct dns_answer *heard = known_ptr(k)->answer;
	const struct authority_view *zone = known_authority(k);
	struct ptr_next *next = arena_alloc(k->arena, sizeof *next);
	next->wait = "";
	next->differs = zone->word == AUTHORITY_ONE && dns_is_known(heard->status) &&
	    !authority_same_answer(heard, zone->answer, k->arena);
	if (next->differs) {
		struct name_set names = names_of_records(zone->answer, k->arena);
		next->names = names.list;
		next->n_names = names.n;
		next->wait = duration_shown(cached_for_s(heard), k->arena);
		iprev_view_names(k, names.list, names.n, &next->iprev);
	}
	return k->next = next;
}
