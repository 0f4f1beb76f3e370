/* All addresses of an account and their names, where the API has lists with both. */
#include <string.h>

#include "provider/rest/rest_priv.h"

struct listing {
	struct provider_session *s;
	struct arena *a;
	const char *path; /* of the kinds that are read; not filled */
	struct provider_record *records;
	size_t n, cap;
};

static struct provider_record *
make_record(struct listing *l, const struct ip *ip)
{
	l->records = arena_grow(l->a, l->records, l->n, &l->cap, sizeof *l->records);
	l->records[l->n] = (struct provider_record){ .ip = *ip, .description = "" };
	return &l->records[l->n++];
}

/* An address can be in two objects: it is a primary IP, and that of a server. */
static bool
add(struct listing *l, const struct ip *ip, const char *name, struct err *err)
{
	struct rest_values values;
	struct provider_record *record = provider_record_of(l->records, l->n, ip);
	if (record == NULL)
		record = make_record(l, ip);
	if (record->n_names > 0)
		return true;
	rest_values_of(&l->s->arena, ip, &values);
	return rest_take_name(l->s, &values, name, l->a, record, err) == ERR_NONE;
}

static bool
add_entries(struct listing *l, const struct rest_kind *kind, const json_t *object, struct err *err)
{
	const json_t *entries = rest_at(object, kind->names), *entry;
	size_t i;
	if (!json_is_array(entries))
		return err_set(err, ERR_TEMP, "the answer about the %s has no list '%s'",
			   kind->title, kind->names) == ERR_NONE;
	json_array_foreach (entries, i, entry) {
		struct ip ip;
		const char *name;
		if (!rest_entry(l->s, kind, entry, &ip, &name, err) || !add(l, &ip, name, err))
			return false;
	}
	return true;
}

/* Of a network, only the addresses with names are known. */
static bool
add_object(struct listing *l, const struct rest_kind *kind, const json_t *object, struct err *err)
{
	struct ip ip;
	const char *name = "";
	const char *text = rest_need_text(&l->s->arena, object, kind->address, kind->title, err);
	if (text == NULL || text[0] == '\0')
		return text != NULL;
	if (kind->entry_name != NULL && !add_entries(l, kind, object, err))
		return false;
	if (kind->entry_name == NULL)
		name = rest_need_text(&l->s->arena, object, kind->names, kind->title, err);
	if (name == NULL)
		return false;
	if (ip_parse(text, &ip))
		return add(l, &ip, name, err);
	return strchr(text, '/') != NULL ||
	    err_set(err, ERR_TEMP, "the %s has the invalid address %.100s", kind->title, text) ==
	    ERR_NONE;
}

/* Several kinds may be in the same objects. */
static bool
take_object(void *arg, const json_t *object, struct err *err)
{
	struct listing *l = arg;
	const struct rest_api *api = l->s->provider->rest;
	for (size_t i = 0; i < api->n_kinds; i++) {
		const struct rest_kind *kind = &api->kinds[i];
		if (kind->all != NULL && strcmp(kind->all, l->path) == 0 &&
		    !add_object(l, kind, object, err))
			return false;
	}
	return true;
}

static bool
is_first(const struct rest_api *api, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (api->kinds[i].all != NULL && strcmp(api->kinds[i].all, api->kinds[at].all) == 0)
			return false;
	return true;
}

static enum err_code
list_in(struct listing *l, const char *area, const struct rest_kind *kind, struct err *err)
{
	struct provider_session *s = l->s;
	const struct rest_values values = { .area = area };
	int status;
	struct rest_call call = { .method = "GET",
		.path = rest_fill(&s->arena, kind->all, &values, true),
		.absent = kind->absent,
		.what = arena_printf(&s->arena, "listing the addresses%s%s",
		    area[0] != '\0' ? " in " : "", area) };
	l->path = kind->all;
	enum err_code code = rest_each(s, &call, kind->all_list, take_object, l, &status, err);
	return code == ERR_DATA ? rest_list_refused(s, err) : code;
}

enum err_code
rest_list(struct provider_session *s, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	struct listing l = { .s = s, .a = a };
	for (const char *const *area = rest_areas(s); *area != NULL; area++)
		for (size_t i = 0; i < api->n_kinds; i++)
			if (api->kinds[i].all != NULL && is_first(api, i) &&
			    list_in(&l, *area, &api->kinds[i], err) != ERR_NONE)
				return err->code;
	*out = l.records;
	*n = l.n;
	return ERR_NONE;
}
