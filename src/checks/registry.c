/* All checks, in the order of every report. */
#include "checks/registry.h"

#include <string.h>

#include "checks/finding.h"

const struct check *const checks_all[] = {
	&check_address,
	&check_ptr,
	&check_iprev,
	&check_generic_ptr,
	&check_ehlo,
	&check_dnsbl,
	&check_smtp,
};
const size_t checks_n = sizeof checks_all / sizeof checks_all[0];

const struct check *
check_by_id(const char *id)
{
	for (size_t i = 0; i < checks_n; i++)
		if (strcmp(checks_all[i]->id, id) == 0)
			return checks_all[i];
	return NULL;
}

bool
check_has_rule(const struct check *c, const struct rule *rule)
{
	for (size_t i = 0; i < c->n_rules; i++)
		if (&c->rules[i] == rule)
			return true;
	return false;
}
