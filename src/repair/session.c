/* The sessions of the providers, each opened once. */
#include "repair/repair_priv.h"

struct apply
account_reader(struct repair *r, struct provider_session *s)
{
	uint64_t own = r->world.now_us(r->world.arg) + r->options->timeout_us;
	return (struct apply){ .session = s,
		.world = &r->world,
		.deadline_us = own < r->deadline_us ? own : r->deadline_us };
}

size_t
account_index(const struct repair *r, const struct provider *p)
{
	size_t i = 0;
	while (r->providers.at[i] != p)
		i++;
	return i;
}

enum err_code
account_session(struct repair *r, const struct provider *p, struct provider_session **out,
    struct err *err)
{
	struct provider_session *s = *out = &r->sessions[account_index(r, p)];
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
