/* Which account an address is in. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repair/repair_priv.h"

static void
refuse(struct refusals *why, const struct err *err)
{
	if (why->n == 0)
		why->first = *err;
	size_t len = err->line_len > 0 ? err->line_len : strlen(err->text);
	if (why->n < PLAN_REFUSALS_MAX)
		why->list[why->n++] = arena_strndup(why->arena, err->text, len);
}

/* What was learned by asking all accounts about one address. */
struct asking {
	const struct account_answer *found;  /* NULL: none has it */
	const struct account_answer *second; /* that has it, too */
	const struct err *unknown;           /* the first that could not say; NULL: all did */
};

static void
take_answer(struct asking *asking, struct account_answer *answer, struct refusals *why)
{
	if (answer->err.code != ERR_NONE && answer->opened)
		(void)err_prefix(&answer->err, "%s", answer->provider->title);
	if (answer->err.code == ERR_DATA)
		refuse(why, &answer->err);
	else if (answer->err.code != ERR_NONE && asking->unknown == NULL)
		asking->unknown = &answer->err;
	if (answer->err.code != ERR_NONE)
		return;
	if (asking->found == NULL)
		asking->found = answer;
	else
		asking->second = answer;
}

static bool
is_asked(const struct repair *r, const struct provider *p, const struct provider *named)
{
	return named != NULL ? p == named :
			       r->provider == NULL && p->configured(&r->provider_options);
}

/* What was said while it was asked is said of its session, too. */
static void
take_warnings(struct provider_session *s, const struct account_answer *answer)
{
	for (const char *line = answer->warnings; *line != '\0';) {
		int len = (int)strcspn(line, "\n");
		provider_warn(s, "%.*s", len, line);
		line += len + (line[len] == '\n');
	}
}

static enum err_code
decide(struct repair *r, const struct asking *asking, struct provider_session **out,
    struct provider_place *place, struct err *err)
{
	const struct account_answer *found = asking->found, *second = asking->second;
	*err = (struct err){ .code = ERR_NONE };
	if (second != NULL)
		return err_set(err, ERR_CONFIG,
		    "two accounts have the address: %s (%s) and %s (%s); choose one with "
		    "--provider %s or --provider %s",
		    found->provider->title, found->place.text, second->provider->title,
		    second->place.text, found->provider->name, second->provider->name);
	if (found == NULL) {
		if (asking->unknown != NULL)
			*err = *asking->unknown;
		return err->code;
	}
	if (account_session(r, found->provider, out, err) != ERR_NONE)
		return err->code;
	*place = found->place;
	take_warnings(*out, found);
	if (asking->unknown != NULL)
		provider_warn(*out,
		    "whether another account has the address, too, could not be checked: %s",
		    asking->unknown->text);
	return ERR_NONE;
}

/* Some services lock out whoever is refused again and again. */
static void
ask_those_who_may_know(struct repair *r, struct account_answer *list, size_t n)
{
	size_t n_asked = 0;
	struct account_answer *asked = mem_zalloc(n, sizeof *asked);
	for (size_t i = 0; i < n; i++)
		if (r->refused[account_index(r, list[i].provider)].code == ERR_NONE)
			asked[n_asked++] = list[i];
	account_ask(r, asked, n_asked);
	for (size_t i = 0, k = 0; i < n; i++) {
		struct err *refused = &r->refused[account_index(r, list[i].provider)];
		if (refused->code != ERR_NONE) {
			list[i].err = *refused;
			continue;
		}
		list[i] = asked[k++];
		if (list[i].err.code == ERR_NOPERM)
			*refused = list[i].err;
	}
	free(asked);
}

enum err_code
account_find(struct repair *r, const struct ip *ip, struct provider_session **out,
    struct provider_place *place, struct refusals *why, struct err *err)
{
	const struct fix_options *o = r->options;
	const struct provider *named = NULL;
	struct asking asking = { .found = NULL };
	size_t n = 0;
	*out = NULL;
	if (o->run->look.policy.offline)
		return ERR_NONE;
	if (r->provider != NULL &&
	    provider_choose(&r->providers, r->provider, &named, err) != ERR_NONE)
		return err->code;
	struct account_answer *list = mem_zalloc(r->providers.n, sizeof *list);
	for (size_t i = 0; i < r->providers.n; i++)
		if (is_asked(r, r->providers.at[i], named))
			list[n++] = (struct account_answer){ .provider = r->providers.at[i],
				.ip = ip };
	ask_those_who_may_know(r, list, n);
	for (size_t i = 0; i < n; i++)
		take_answer(&asking, &list[i], why);
	enum err_code code = decide(r, &asking, out, place, err);
	free(list);
	return code;
}
