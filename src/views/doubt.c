/* Which answers of a resolver are not taken for what receivers get. */
#include "views/doubt.h"

#include "base/name.h"

bool
target_faces_world(const struct target *t)
{
	if (ip_special(&t->ip) == NULL)
		return true;
	return t->policy->allow_special && !ip_is_inside(&t->ip);
}

bool
is_doubted(const struct target *t, const char *name, const struct dns_answer *answer)
{
	return dns_doubt(answer) != DNS_SURE && target_faces_world(t) &&
	    name_host_fault(name) != NAME_LOCALHOST;
}
