/* Which account an address is in. */
#include <string.h>

#include "base/buf.h"
#include "repair/repair_priv.h"

struct apply
account_reader(struct repair *r, struct provider_session *s)
{
	return (struct apply){ .session = s,
		.world = &r->world,
		.deadline_us = r->world.now_us(r->world.arg) + r->options->timeout_us };
}

static struct provider_session *
session_of(struct repair *r, const struct provider *p)
{
	size_t i = 0;
	while (providers_all[i] != p)
		i++;
	return &r->sessions[i];
}

enum err_code
account_session(struct repair *r, const struct provider *p, struct provider_session **out,
    struct err *err)
{
	struct provider_session *s = *out = session_of(r, p);
	if (s->provider != NULL)
		return ERR_NONE;
	s->options = &r->provider_options;
	arena_init(&s->arena);
	s->provider = p;
	struct apply reader = account_reader(r, s);
	if (apply_open(&reader, err) == ERR_NONE)
		return ERR_NONE;
	arena_fini(&s->arena);
	*s = (struct provider_session){ .provider = NULL };
	return err_prefix(err, "%s", p->title);
}

enum err_code
account_provider(const char *name, const struct provider **out, struct err *err)
{
	char choices[400] = "";
	const char *between = "";
	*out = provider_by_name(name);
	if (*out != NULL || strcmp(name, "manual") == 0)
		return ERR_NONE;
	for (size_t i = 0; i < providers_n; i++) {
		size_t len = strlen(choices);
		snprintf(choices + len, sizeof choices - len, "%s%s", between,
		    providers_all[i]->name);
		between = ", ";
	}
	return err_set(err, ERR_USAGE, "'%s' is not a provider: expected %s or manual", name,
	    choices);
}

static enum err_code
find_with(struct repair *r, const struct provider *p, const struct ip *ip,
    struct provider_session **out, struct provider_place *place, struct err *err)
{
	if (account_session(r, p, out, err) != ERR_NONE)
		return err->code;
	struct apply reader = account_reader(r, *out);
	if (apply_find(&reader, ip, place, err) == ERR_NONE)
		return ERR_NONE;
	return err_prefix(err, "%s", p->title);
}

static void
refuse(struct refusals *why, const struct err *err)
{
	if (why->n < PLAN_REFUSALS_MAX)
		why->list[why->n++] = arena_strdup(why->arena, err->text);
}

/* ERR_NONE and *out NULL: the account is known not to have the address. */
static enum err_code
try_one(struct repair *r, const struct provider *p, const struct ip *ip,
    struct provider_session **out, struct provider_place *place, struct refusals *why,
    struct err *err)
{
	enum err_code code = find_with(r, p, ip, out, place, err);
	if (code == ERR_NONE)
		return ERR_NONE;
	*out = NULL;
	if (code != ERR_DATA)
		return code;
	refuse(why, err);
	*err = (struct err){ .code = ERR_NONE };
	return ERR_NONE;
}

enum err_code
account_find(struct repair *r, const struct ip *ip, struct provider_session **out,
    struct provider_place *place, struct refusals *why, struct err *err)
{
	const struct fix_options *o = r->options;
	const struct provider *named = NULL;
	*out = NULL;
	if (o->run->look.policy.offline)
		return ERR_NONE;
	if (o->provider != NULL && account_provider(o->provider, &named, err) != ERR_NONE)
		return err->code;
	for (size_t i = 0; i < providers_n && *out == NULL; i++) {
		const struct provider *p = providers_all[i];
		bool asked = named != NULL ?
		    p == named :
		    o->provider == NULL && p->configured(&r->provider_options);
		if (asked && try_one(r, p, ip, out, place, why, err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}
