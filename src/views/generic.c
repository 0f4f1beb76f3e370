/* The PTR names of a target: is any of them generic? */
#include "views/generic.h"

#include "base/arena.h"
#include "base/name.h"
#include "views/understanding.h"

static const struct enumtab_row class_rows[] = {
	{ "own", GENERIC_OWN },
	{ "weak", GENERIC_WEAK },
	{ "address", GENERIC_ADDRESS },
	{ "dynamic", GENERIC_DYNAMIC },
	{ "provider", GENERIC_PROVIDER },
};
const struct enumtab generic_class_names = ENUMTAB(class_rows);

static bool is_generic(enum generic_class class)
{
	return class >= GENERIC_ADDRESS;
}

/* A name of the user's that shares the registered domain; the very name judged proves nothing. */
static bool
shares_domain(const char *theirs, const char *name)
{
	char mine[NAME_TEXT_MAX];
	const char *org = name_org_domain(name);
	return theirs[0] != '\0' && org[0] != '\0' && name_from_user(theirs, mine) &&
	    !name_equal(mine, name) && name_equal(name_org_domain(mine), org);
}

static bool
is_own_domain(const struct target *t, const struct ehlo_view *ehlo, const char *name)
{
	return shares_domain(t->names.domain, name) || shares_domain(ehlo->name, name) ||
	    shares_domain(t->names.host, name);
}

const struct generic_view *
known_generic(struct understanding *k)
{
	const struct target *t = k->target;
	if (k->generic != NULL)
		return k->generic;
	const struct ptr_view *ptr = known_ptr(k);
	const struct ehlo_view *ehlo = known_ehlo(k);
	struct generic_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct generic_view){ .name = "",
		.provider = "",
		.match = "",
		.rule = "",
		.note = "" };
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_MAX; i++) {
		const char *name = ptr->names[i];
		/* a name that is not a host name is broken, not generic: see the ptr check */
		if (name_host_fault(name) != NAME_GOOD)
			continue;
		struct generic_name one;
		generic_name_judge(t->policy->generic, &t->ip, name, is_own_domain(t, ehlo, name),
		    k->arena, &one);
		v->n_generic += is_generic(one.class);
		if (v->n_judged++ > 0 && one.class <= v->class)
			continue;
		v->class = one.class;
		v->name = name;
		v->provider = one.provider;
		v->note = one.note;
		v->match = one.match;
		v->rule = one.rule;
	}
	v->judged = v->n_judged > 0;
	v->is_generic = is_generic(v->class);
	return k->generic = v;
}

bool
generic_is_chosen(const struct target *t, const char *name, struct arena *a)
{
	struct generic_name generic;
	if (name_host_fault(name) != NAME_GOOD)
		return false;
	generic_name_judge(t->policy->generic, &t->ip, name, false, a, &generic);
	return generic.class == GENERIC_OWN || generic.class == GENERIC_WEAK;
}
