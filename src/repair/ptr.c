/* The PTR records of the account. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "repair/repair_priv.h"

enum { STYLE = JSON_PRESERVE_ORDER | JSON_INDENT(2) | JSON_ENSURE_ASCII };

/* The provider that was named, or the first with credentials. */
static enum err_code
any_session(struct repair *r, struct provider_session **out, struct err *err)
{
	const struct provider *p = NULL;
	if (r->options->provider != NULL &&
	    provider_choose(&r->providers, r->options->provider, &p, err) != ERR_NONE)
		return err->code;
	for (size_t i = 0; p == NULL && r->options->provider == NULL && i < r->providers.n; i++)
		if (r->providers.at[i]->configured(&r->provider_options))
			p = r->providers.at[i];
	if (p == NULL)
		return err_set(err, ERR_CONFIG,
		    "no credentials of any provider found; see mailready-providers(7)");
	return account_session(r, p, out, err);
}

static enum err_code
write_json(struct repair *r, json_t *json)
{
	char *text = json_dumps(json, STYLE);
	json_decref(json);
	buf_puts(&r->text, text != NULL ? text : "");
	buf_putc(&r->text, '\n');
	free(text);
	return repair_write(r);
}

static void
say_warnings(struct repair *r, const struct provider_session *s)
{
	if (s->warnings[0] != '\0')
		fprintf(r->options->run->out.errors, "mailready: %s\n", s->warnings);
}

static enum err_code
write_records(struct repair *r, const struct provider_record *list, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++) {
		if (r->options->json)
			json_array_append_new(array, ptr_json(&list[i]));
		else
			ptr_text(&list[i], &r->options->run->out.render, &r->text);
	}
	if (r->options->json)
		return write_json(r, array);
	json_decref(array);
	if (n == 0)
		buf_puts(&r->text, "the account has no addresses here\n");
	return repair_write(r);
}

static enum err_code
list(struct repair *r, struct err *err)
{
	struct provider_session *s = NULL;
	struct provider_record *records = NULL;
	struct arena a;
	size_t n = 0;
	if (any_session(r, &s, err) != ERR_NONE || s == NULL)
		return err->code;
	if (s->provider->list == NULL)
		return err_set(err, ERR_UNAVAILABLE,
		    "%s cannot list its addresses; ask for one with "
		    "mailready ptr show ADDRESS",
		    s->provider->title);
	struct apply reader = account_reader(r, s);
	arena_init(&a);
	enum err_code code = apply_list(&reader, &a, &records, &n, err);
	say_warnings(r, s);
	if (code != ERR_NONE)
		(void)err_prefix(err, "%s", s->provider->title);
	if (code == ERR_NONE)
		code = write_records(r, records, n);
	arena_fini(&a);
	return code;
}

/* Nobody else is asked for a record that is only to be shown. */
static enum err_code
find_account(struct repair *r, const struct ip *ip, struct arena *a, struct provider_session **out,
    struct provider_place *place, struct err *err)
{
	struct refusals why = { .arena = a };
	enum err_code code = account_find(r, ip, out, place, &why, err);
	if (code != ERR_NONE || *out != NULL)
		return code;
	if (why.n > 0) {
		*err = why.first;
		return err->code;
	}
	return err_set(err, ERR_CONFIG,
	    "no credentials of any provider found; see mailready-providers(7)");
}

static enum err_code
show(struct repair *r, struct err *err)
{
	const struct ip *ip = &r->options->specs[0].ip;
	struct provider_session *s;
	struct provider_place place;
	struct provider_record record;
	enum provider_state state;
	struct arena a;
	arena_init(&a);
	if (find_account(r, ip, &a, &s, &place, err) != ERR_NONE) {
		arena_fini(&a);
		return err->code;
	}
	struct apply reader = account_reader(r, s);
	enum err_code code = apply_get(&reader, &place, ip, &a, &record, &state, err);
	say_warnings(r, s);
	if (code != ERR_NONE)
		(void)err_prefix(err, "%s", s->provider->title);
	if (code == ERR_NONE && state == PROVIDER_ABSENT)
		record.n_names = 0;
	if (code == ERR_NONE && r->options->json)
		code = write_json(r, ptr_json(&record));
	else if (code == ERR_NONE) {
		ptr_text(&record, &r->options->run->out.render, &r->text);
		code = repair_write(r);
	}
	arena_fini(&a);
	return code;
}

static enum err_code
with_repair(const struct fix_options *o, struct err *err,
    enum err_code (*work)(struct repair *r, struct err *err))
{
	struct repair r;
	enum err_code code = repair_open(&r, o, err);
	if (code == ERR_NONE)
		code = work(&r, err);
	repair_close(&r);
	return code;
}

enum err_code
ptr_list(const struct fix_options *o, struct err *err)
{
	return with_repair(o, err, list);
}

enum err_code
ptr_show(const struct fix_options *o, struct err *err)
{
	return with_repair(o, err, show);
}
