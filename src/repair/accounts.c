/* mailready providers: what is configured here, what each can do, and whether its credentials work. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "repair/repair_priv.h"
#include "report/providers.h"

/* An address for documentation (RFC 5737), which no account has. */
static const struct ip nobodys = { .family = 4, .bytes = { 192, 0, 2, 1 } };

/*
 * Looks the address up in the account: whoever answers that it is not there has taken the credentials.
 * Nothing is written.
 */
static void
try_account(struct repair *r, const struct provider *p, const struct ip *ip,
    struct provider_line *out, struct arena *a)
{
	struct provider_session *s;
	struct provider_place place;
	struct err err = { .code = ERR_NONE };
	struct err *first = r->err;
	/* what the provider cannot have is refused without a request */
	bool fits = ip != NULL && (ip->family == 6 ? p->ip6 : p->ip4);
	enum err_code code = account_session(r, p, &s, &err);
	if (code == ERR_NONE) {
		struct apply reader = account_reader(r, s);
		code = apply_find(&reader, fits ? ip : &nobodys, &place, &err);
		out->warnings = arena_strdup(a, s->warnings);
	}
	out->works = code == ERR_NONE || code == ERR_DATA;
	out->has_it = code == ERR_NONE && fits;
	if (code == ERR_NONE && fits)
		out->says = arena_strdup(a, place.text);
	else if (!out->works || (fits && code == ERR_DATA))
		out->says = arena_strdup(a, err.text);
	if (!out->works && first->code == ERR_NONE)
		*first = err;
}

static enum err_code
show_all(struct repair *r, const struct ip *ip)
{
	struct arena a;
	arena_init(&a);
	struct provider_line *lines = arena_array(&a, providers_n, sizeof *lines);
	for (size_t i = 0; i < providers_n; i++) {
		const struct provider *p = providers_all[i];
		const char *named = r->options->provider;
		lines[i] = (struct provider_line){ .provider = p, .says = "", .warnings = "" };
		lines[i].configured = p->configured(&r->provider_options);
		if (lines[i].configured && (named == NULL || strcmp(named, p->name) == 0)) {
			lines[i].asked = true;
			try_account(r, p, ip, &lines[i], &a);
		}
	}
	if (r->options->json)
		providers_json(lines, providers_n, &r->text);
	else
		providers_text(lines, providers_n, &r->options->run->out.render, &r->text);
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
	const struct provider *ignored;
	*err = (struct err){ .code = ERR_NONE };
	if (o->provider != NULL && account_provider(o->provider, &ignored, err) != ERR_NONE)
		return err->code;
	enum err_code code = repair_open(&r, o, err);
	if (code == ERR_NONE)
		code = show_all(&r, o->n_specs > 0 ? &o->specs[0].ip : NULL);
	repair_close(&r);
	return code;
}
