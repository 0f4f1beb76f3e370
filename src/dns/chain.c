/* CNAME chains of lookups: where one part ends, and how the parts are joined. */
#include <string.h>

#include "dns/planned.h"
#include "dns/stub_priv.h"

/* Puts the chain of earlier answers before that of the last one. */
void
chain_join(struct lookup *l, struct dns_answer *answer)
{
	if (l->n_chain == 0)
		return;
	size_t n = l->n_chain + answer->n_chain;
	const char **chain = arena_array(&l->arena, n, sizeof *chain);
	memcpy(chain, l->chain, l->n_chain * sizeof *chain);
	if (answer->n_chain > 0)
		memcpy(chain + l->n_chain, answer->chain, answer->n_chain * sizeof *chain);
	answer->chain = chain;
	answer->n_chain = n;
}

/* A resolver gives the whole chain; a server that is authoritative for its first part only does not. */
bool
chain_is_open(const struct lookup *l, const struct dns_answer *answer)
{
	return answer->status == DNS_NODATA && answer->n_chain > 0 && !l->to_one &&
	    answer->soa_zone[0] == '\0';
}

/* Does this answer's chain lead back to an earlier part, or make the whole too long? */
bool
chain_loops(const struct lookup *l, const struct dns_answer *answer)
{
	if (l->n_chain + answer->n_chain > DNS_CHAIN_MAX)
		return true;
	for (size_t i = 0; i < answer->n_chain; i++)
		if (dns_chain_has(l->chain, l->n_chain, answer->chain[i]))
			return true;
	return false;
}

/* A chain that leads into planned records ends there: what DNS says beyond is going to change. */
bool
chain_cut(const struct lookup *l, struct dns_answer *answer)
{
	if (l->to_one || l->stub->planned == NULL)
		return false;
	for (size_t i = 0; i < answer->n_chain; i++)
		if (planned_has(l->stub->planned, answer->chain[i])) {
			answer->n_chain = i + 1;
			return true;
		}
	return false;
}
