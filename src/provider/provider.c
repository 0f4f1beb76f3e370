/* The table of providers. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "provider/provider_priv.h"

/* In the order in which they are tried when nobody names one. */
const struct provider *const providers_all[] = {
	&provider_huawei,
	&provider_openstack,
	&provider_hetzner,
	&provider_robot,
	&provider_aws,
	&provider_ovh,
	&provider_linode,
	&provider_vultr,
	&provider_scaleway,
	&provider_powerdns,
	&provider_rfc2136,
	&provider_program,
};
const size_t providers_n = sizeof providers_all / sizeof providers_all[0];

static const struct provider *
find(const struct provider *const *at, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(at[i]->name, name) == 0)
			return at[i];
	return NULL;
}

const struct provider *
provider_by_name(const char *name)
{
	return find(providers_all, providers_n, name);
}

void
provider_list_make(struct provider_list *out, const struct provider_options *o, struct arena *a)
{
	const struct provider **at = arena_array(a, providers_n + o->n_own, sizeof *at);
	memcpy(at, providers_all, sizeof providers_all);
	for (size_t i = 0; i < o->n_own; i++)
		at[providers_n + i] = provider_of_program(&o->own[i], a);
	*out = (struct provider_list){ at, providers_n + o->n_own, "" };
	if (o->program_fault != NULL)
		out->fault = o->program_fault;
}

enum err_code
provider_choose(const struct provider_list *l, const char *name, const struct provider **out,
    struct err *err)
{
	struct buf choices;
	*out = find(l->at, l->n, name);
	if (*out != NULL || strcmp(name, "manual") == 0)
		return ERR_NONE;
	if (l->fault[0] != '\0')
		return err_set(err, ERR_CONFIG, "%s", l->fault);
	buf_init(&choices, ERR_TEXT_MAX);
	for (size_t i = 0; i < l->n; i++)
		buf_printf(&choices, "%s%s", i > 0 ? ", " : "", l->at[i]->name);
	(void)err_set(err, ERR_USAGE, "'%s' is not a provider: expected %s or manual", name,
	    choices.data);
	buf_fini(&choices);
	return err->code;
}
