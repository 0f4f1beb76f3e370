/* Which names a certificate stands for (RFC 6125). */
#include "checks/cert_name_priv.h"

#include <string.h>

#include "base/name.h"

bool
cert_name_matches(const char *presented, const char *name)
{
	char pattern[NAME_TEXT_MAX];
	if (name[0] == '\0' || !name_from_text(presented, pattern))
		return false;
	if (strchr(pattern, '*') == NULL)
		return name_equal(pattern, name);
	const char *below = pattern + 2;
	return strncmp(pattern, "*.", 2) == 0 && strchr(below, '*') == NULL &&
	    name_labels(below) >= 2 && name_equal(name_parent(name), below);
}

bool
cert_names_match(const char *const *presented, size_t n_presented, const char *const *names,
    size_t n_names)
{
	for (size_t i = 0; i < n_presented; i++)
		for (size_t k = 0; k < n_names; k++)
			if (cert_name_matches(presented[i], names[k]))
				return true;
	return false;
}
