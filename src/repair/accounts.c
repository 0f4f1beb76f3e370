/* mailready providers: what is configured here, what each can do, and whether its credentials work. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "repair/repair_priv.h"
#include "report/providers.h"

/* An address for documentation (RFC 5737), which no account has. */
static const struct ip nobodys = { .family = 4, .bytes = { 192, 0, 2, 1 } };

/*
 * What the answer shows: whoever says that the address is not there has taken the credentials.  Nothing is
 * written.
 */
static void
take_answer(struct repair *r, const struct account_answer *answer, struct provider_line *out,
    struct arena *a)
{
	bool fits = answer->ip != &nobodys;
	enum err_code code = answer->err.code;
	out->works = code == ERR_NONE || code == ERR_DATA;
	out->has_it = code == ERR_NONE && fits;
	out->warnings = arena_strdup(a, answer->warnings);
	if (code == ERR_NONE && fits)
		out->says = arena_strdup(a, answer->place.text);
	else if (!out->works || (fits && code == ERR_DATA))
		out->says = arena_strdup(a, answer->err.text);
	if (!out->works && r->err->code == ERR_NONE)
		*r->err = answer->err;
}

/* Asks those that are configured, or the one of them that is named. */
static void
ask_all(struct repair *r, const struct ip *ip, struct provider_line *lines, struct arena *a)
{
	struct account_answer *list = arena_array(a, r->providers.n, sizeof *list);
	const char *named = r->options->provider;
	size_t n = 0;
	for (size_t i = 0; i < r->providers.n; i++) {
		const struct provider *p = r->providers.at[i];
		lines[i] = (struct provider_line){ .provider = p, .says = "", .warnings = "" };
		lines[i].configured = p->configured(&r->provider_options);
		lines[i].asked = lines[i].configured &&
		    (named == NULL || strcmp(named, p->name) == 0);
		/* what the provider cannot have is refused without a request */
		bool fits = ip != NULL && (ip->family == 6 ? p->ip6 : p->ip4);
		if (lines[i].asked)
			list[n++] = (struct account_answer){ .provider = p,
				.ip = fits ? ip : &nobodys };
	}
	account_ask(r, list, n);
	for (size_t i = 0, next = 0; i < r->providers.n; i++)
		if (lines[i].asked)
			take_answer(r, &list[next++], &lines[i], a);
}

static enum err_code
show_all(struct repair *r, const struct ip *ip)
{
	struct arena a;
	arena_init(&a);
	struct provider_line *lines = arena_array(&a, r->providers.n, sizeof *lines);
	ask_all(r, ip, lines, &a);
	if (r->options->json)
		providers_json(lines, r->providers.n, &r->text);
	else
		providers_text(lines, r->providers.n, &r->options->run->out.render, &r->text);
	arena_fini(&a);
	struct err trouble = *r->err;
	if (repair_write(r) == ERR_NONE)
		*r->err = trouble;
	return r->err->code;
}

enum err_code
providers_show(const struct fix_options *o, struct err *err)
{
	struct repair r;
	*err = (struct err){ .code = ERR_NONE };
	enum err_code code = repair_open(&r, o, err);
	if (code == ERR_NONE)
		code = show_all(&r, o->n_specs > 0 ? &o->specs[0].ip : NULL);
	repair_close(&r);
	return code;
}
