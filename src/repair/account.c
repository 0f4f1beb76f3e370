/* Which account an address is in. */
#include <string.h>

#include "base/buf.h"
#include "repair/repair_priv.h"

enum { ASK_ONE_US = 20 * 1000 * 1000 }; /* of several accounts that are asked one by one */

struct apply
account_reader(struct repair *r, struct provider_session *s)
{
	uint64_t own = r->world.now_us(r->world.arg) + r->options->timeout_us;
	return (struct apply){ .session = s,
		.world = &r->world,
		.deadline_us = own < r->deadline_us ? own : r->deadline_us };
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

/* What was learned by asking all accounts about one address. */
struct asking {
	struct provider_session *found; /* NULL: none yet */
	struct err unknown;             /* the first that could not say; code ERR_NONE: all did */
	size_t n;                       /* that are asked */
};

/* No account may use up the time of the others. */
static uint64_t
share(struct repair *r, size_t n)
{
	uint64_t deadline = r->deadline_us, now = r->world.now_us(r->world.arg);
	if (n > 1 && deadline > now + ASK_ONE_US)
		r->deadline_us = now + ASK_ONE_US;
	return deadline;
}

static enum err_code
ask_one(struct repair *r, const struct provider *p, const struct ip *ip, struct asking *asking,
    struct provider_place *place, struct refusals *why, struct err *err)
{
	struct provider_session *s;
	struct provider_place here;
	uint64_t deadline = share(r, asking->n);
	enum err_code code = find_with(r, p, ip, &s, &here, err);
	r->deadline_us = deadline;
	if (code == ERR_DATA)
		refuse(why, err);
	else if (code != ERR_NONE && asking->unknown.code == ERR_NONE)
		asking->unknown = *err;
	if (code != ERR_NONE)
		return ERR_NONE;
	if (asking->found != NULL)
		return err_set(err, ERR_CONFIG,
		    "two accounts have the address: %s (%s) and %s (%s); choose one with "
		    "--provider %s or --provider %s",
		    asking->found->provider->title, place->text, p->title, here.text,
		    asking->found->provider->name, p->name);
	asking->found = s;
	*place = here;
	return ERR_NONE;
}

static bool
is_asked(const struct repair *r, const struct provider *p, const struct provider *named)
{
	return named != NULL ? p == named :
			       r->provider == NULL && p->configured(&r->provider_options);
}

static enum err_code
decide(const struct asking *asking, struct provider_session **out, struct err *err)
{
	*out = asking->found;
	*err = (struct err){ .code = ERR_NONE };
	if (asking->found == NULL && asking->unknown.code != ERR_NONE)
		*err = asking->unknown;
	else if (asking->unknown.code != ERR_NONE)
		provider_warn(asking->found,
		    "whether another account has the address, too, could not be checked: %s",
		    asking->unknown.text);
	return err->code;
}

enum err_code
account_find(struct repair *r, const struct ip *ip, struct provider_session **out,
    struct provider_place *place, struct refusals *why, struct err *err)
{
	const struct fix_options *o = r->options;
	const struct provider *named = NULL;
	struct asking asking = { .found = NULL };
	*out = NULL;
	if (o->run->look.policy.offline)
		return ERR_NONE;
	if (r->provider != NULL && account_provider(r->provider, &named, err) != ERR_NONE)
		return err->code;
	for (size_t i = 0; i < providers_n; i++)
		asking.n += is_asked(r, providers_all[i], named);
	for (size_t i = 0; i < providers_n; i++)
		if (is_asked(r, providers_all[i], named) &&
		    ask_one(r, providers_all[i], ip, &asking, place, why, err) != ERR_NONE)
			return err->code;
	return decide(&asking, out, err);
}
