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

/* The first that owns it; when none does, what the first said. */
static enum err_code
find_any(struct repair *r, const struct ip *ip, struct provider_session **out,
    struct provider_place *place, struct err *err)
{
	struct err why = { .code = ERR_NONE };
	for (size_t i = 0; i < providers_n; i++) {
		const struct provider *p = providers_all[i];
		if (!p->configured(&r->provider_options))
			continue;
		if (find_with(r, p, ip, out, place, err) == ERR_NONE)
			return ERR_NONE;
		if (why.code == ERR_NONE)
			why = *err;
		/* another account may have it only when this one is known not to */
		if (err->code != ERR_DATA)
			break;
	}
	*out = NULL;
	*err = why;
	return why.code;
}

enum err_code
account_find(struct repair *r, const struct ip *ip, struct provider_session **out,
    struct provider_place *place, struct err *err)
{
	const struct fix_options *o = r->options;
	const struct provider *p = NULL;
	*out = NULL;
	if (o->run->look.policy.offline)
		return ERR_NONE;
	if (o->provider == NULL)
		return find_any(r, ip, out, place, err);
	if (account_provider(o->provider, &p, err) != ERR_NONE)
		return err->code;
	return p == NULL ? ERR_NONE : find_with(r, p, ip, out, place, err);
}
