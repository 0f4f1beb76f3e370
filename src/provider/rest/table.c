/* The functions of a provider whose API is a row of the table: find, get, put, poll. */
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "provider/rest/rest_priv.h"

enum { PLACE_PARTS = 3 };

/* Where an address was found, as the parts of a place's id: "KIND AREA ID", "-" for an empty part. */
struct spot {
	const struct rest_kind *kind;
	struct rest_values values;
};

static const char *
or_dash(const char *text)
{
	return text[0] != '\0' ? text : "-";
}

static const char *
not_dash(const char *text)
{
	return strcmp(text, "-") == 0 ? "" : text;
}

/* It is a part of paths and of a place's id: an id, or the network that the address was found in. */
static bool
is_sound(const struct rest_kind *kind, const char *id)
{
	bool is_network = kind->address != NULL && strcmp(kind->id, kind->address) == 0;
	return provider_is_id(id) ||
	    (is_network && strlen(id) < PROVIDER_ID_MAX &&
		strspn(id, "0123456789abcdefABCDEF.:/") == strlen(id));
}

static enum err_code
write_place(struct provider_session *s, const struct spot *spot, struct provider_place *out,
    struct err *err)
{
	const struct rest *rest = s->state;
	const struct rest_values *v = &spot->values;
	if (spot->kind->id != NULL && !is_sound(spot->kind, v->id))
		return err_set(err, ERR_TEMP, "the %s of %s has an invalid id", spot->kind->title,
		    v->ip);
	snprintf(out->id, sizeof out->id, "%s %s %s", spot->kind->word, or_dash(v->area),
	    or_dash(v->id));
	snprintf(out->text, sizeof out->text, "%s %s%s%s, %s of %s", spot->kind->title,
	    v->id[0] != '\0' ? v->id : v->ip, v->area[0] != '\0' ? " in " : "", v->area,
	    rest->api->account, rest->source);
	return ERR_NONE;
}

static enum err_code
read_place(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct spot *out, struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	char *rest = NULL, *parts[PLACE_PARTS] = { arena_strdup(&s->arena, place->id) };
	for (size_t i = 0; i < PLACE_PARTS; i++)
		parts[i] = strtok_r(i == 0 ? parts[0] : NULL, " ", &rest);
	*out = (struct spot){ .kind = NULL };
	for (size_t i = 0; parts[PLACE_PARTS - 1] != NULL && i < api->n_kinds; i++)
		if (strcmp(api->kinds[i].word, parts[0]) == 0)
			out->kind = &api->kinds[i];
	if (out->kind == NULL) {
		(void)err_set(err, ERR_INTERNAL, "'%s' is not a place of %s", place->id,
		    s->provider->name);
		return ERR_INTERNAL;
	}
	rest_values_of(&s->arena, ip, &out->values);
	out->values.area = not_dash(parts[1]);
	out->values.id = not_dash(parts[2]);
	return ERR_NONE;
}

/* ---- find */

struct search {
	struct provider_session *s;
	const struct ip *ip;
	struct spot *spot;
	bool seen; /* an object with the address */
	bool found;
};

static bool
match(void *arg, const json_t *object, struct err *err)
{
	struct search *search = arg;
	const struct rest_kind *kind = search->spot->kind;
	if (object == NULL || !rest_covers(search->s, kind, object, search->ip, err))
		return err->code == ERR_NONE;
	search->seen = true;
	const char *id = kind->id == NULL ? "" :
					    rest_text(&search->s->arena, rest_at(object, kind->id));
	/* a reserved IP that no instance has */
	search->found = kind->id == NULL || id[0] != '\0';
	search->spot->values.id = id;
	return !search->found;
}

enum err_code
rest_list_refused(struct provider_session *s, struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	const char *from, *area = rest_area(api, s->options, &from);
	err->code = ERR_CONFIG;
	if (area[0] == '\0')
		return ERR_CONFIG;
	return err_advise(err, "%s is from %s, where one like %s is expected", area, from,
	    api->areas[0]);
}

/* 404 in the API's own words: the account has no such address, where the address is in the path. */
static enum err_code
find_in(struct search *search, struct err *err)
{
	struct provider_session *s = search->s;
	const struct rest_kind *kind = search->spot->kind;
	int status;
	struct rest_call call = { .method = "GET",
		.path = rest_fill(&s->arena, kind->find, &search->spot->values, true),
		.what = arena_printf(&s->arena, "looking for the %s %s%s%s", kind->title,
		    search->spot->values.ip, search->spot->values.area[0] != '\0' ? " in " : "",
		    search->spot->values.area),
		.absent = kind->list == NULL ? kind->absent : NULL };
	enum err_code code = rest_each(s, &call, kind->list, match, search, &status, err);
	if (code == ERR_NONE && status == REST_ABSENT)
		search->found = true;
	const struct rest *rest = s->state;
	if (code != ERR_NONE && status == REST_ABSENT && kind->list == NULL && rest->in_words) {
		*err = (struct err){ .code = ERR_NONE };
		return ERR_NONE;
	}
	if (code == ERR_NONE && kind->list == NULL && !search->found && !search->seen)
		return err_set(err, ERR_TEMP, "%s: the answer is about something else", call.what);
	return code == ERR_DATA ? rest_list_refused(s, err) : code;
}

const char *const *
rest_areas(struct provider_session *s)
{
	static const char *const none[] = { "", NULL };
	const struct rest_api *api = s->provider->rest;
	if (api->areas == NULL)
		return none;
	const char *from, *one = rest_area(api, s->options, &from);
	if (one[0] == '\0')
		return api->areas;
	const char **list = arena_array(&s->arena, 2, sizeof *list);
	list[0] = one;
	return list;
}

static enum err_code
not_found(struct provider_session *s, const struct ip *ip, struct err *err)
{
	char text[IP_TEXT_MAX];
	const struct rest *rest = s->state;
	const char *asked = "";
	for (size_t i = 0; i < rest->api->n_kinds; i++) {
		const struct rest_kind *kind = &rest->api->kinds[i];
		if (kind->family != 0 && kind->family != ip->family)
			continue;
		const char *many = kind->plural != NULL ?
		    kind->plural :
		    arena_printf(&s->arena, "%ss", kind->title);
		asked = arena_printf(&s->arena, "%s%s%s", asked, asked[0] != '\0' ? ", " : "",
		    many);
	}
	if (asked[0] == '\0')
		return err_set(err, ERR_DATA,
		    "%s: no PTR record can be set for an IPv%d address through the API of %s that "
		    "is "
		    "used here: use its console",
		    ip_format(ip, text), ip->family, s->provider->title);
	return err_set(err, ERR_DATA, "%s is not in the %s of %s (asked: %s)", ip_format(ip, text),
	    rest->api->account, rest->source, asked);
}

enum err_code
rest_find(struct provider_session *s, const struct ip *ip, struct provider_place *out,
    struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	struct spot spot;
	struct search search = { .s = s, .ip = ip, .spot = &spot };
	rest_values_of(&s->arena, ip, &spot.values);
	for (const char *const *area = rest_areas(s); *area != NULL; area++)
		for (size_t i = 0; i < api->n_kinds; i++) {
			spot.kind = &api->kinds[i];
			if (spot.kind->family != 0 && spot.kind->family != ip->family)
				continue;
			spot.values.area = *area;
			if (find_in(&search, err) != ERR_NONE)
				return err->code;
			if (search.found)
				return write_place(s, &spot, out, err);
		}
	return not_found(s, ip, err);
}

/* ---- get */

static bool
is_default(struct provider_session *s, const struct rest_values *values, const char *name)
{
	const char *const *defaults = s->provider->rest->defaults;
	for (; defaults != NULL && *defaults != NULL; defaults++) {
		const char *end = rest_fill(&s->arena, *defaults, values, false);
		size_t any = 0, len = strlen(end);
		if (end[0] == '*') {
			end++;
			any = strlen(name) >= len ? strlen(name) - len + 1 : 0;
		}
		if (name_equal(end, name + any))
			return true;
	}
	return false;
}

enum err_code
rest_take_name(struct provider_session *s, const struct rest_values *values, const char *text,
    struct arena *a, struct provider_record *out, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (text[0] == '\0')
		return ERR_NONE;
	if (!name_from_text(text, name) || name[0] == '\0')
		return err_set(err, ERR_TEMP, "the PTR record of %s has the invalid name %.300s",
		    values->ip, text);
	if (out->n_names == PROVIDER_NAMES_MAX)
		return err_set(err, ERR_DATA, "%s has more than %d names", values->ip,
		    PROVIDER_NAMES_MAX);
	out->is_default = out->n_names == 0 && is_default(s, values, name);
	out->names[out->n_names++] = arena_strdup(a, name);
	return ERR_NONE;
}

struct reading {
	struct provider_session *s;
	const struct spot *spot;
	const struct ip *ip;
	struct arena *a;
	struct provider_record *out;
	bool moved; /* the object has another address now */
};

/* A list with names of several addresses: that of this one, or more. */
static bool
read_entries(struct reading *r, const json_t *entries, struct err *err)
{
	const struct rest_kind *kind = r->spot->kind;
	const json_t *entry;
	size_t i;
	if (!json_is_array(entries))
		return err_set(err, ERR_TEMP, "the answer about %s has no list '%s'",
			   r->spot->values.ip, kind->names) == ERR_NONE;
	json_array_foreach (entries, i, entry) {
		struct ip got;
		const char *name;
		if (!rest_entry(r->s, kind, entry, &got, &name, err))
			return false;
		if (ip_equal(&got, r->ip) &&
		    rest_take_name(r->s, &r->spot->values, name, r->a, r->out, err) != ERR_NONE)
			return false;
	}
	return true;
}

/* In the reply: an object, or a page of a list; nothing where the API says that there is no record. */
static bool
read_object(void *arg, const json_t *reply, struct err *err)
{
	struct reading *r = arg;
	const struct rest_kind *kind = r->spot->kind;
	const json_t *object = rest_at(reply, kind->object);
	if (reply == NULL)
		return true;
	r->moved = kind->same && !rest_covers(r->s, kind, object, r->ip, err);
	if (r->moved)
		return false;
	if (kind->entry_name != NULL)
		return read_entries(r, rest_at(object, kind->names), err);
	const char *name = rest_need_text(&r->s->arena, object, kind->names, kind->title, err);
	return name != NULL &&
	    rest_take_name(r->s, &r->spot->values, name, r->a, r->out, err) == ERR_NONE;
}

enum err_code
rest_get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct spot spot;
	int status;
	if (read_place(s, place, ip, &spot, err) != ERR_NONE)
		return err->code;
	*out = (struct provider_record){ .ip = *ip, .description = "" };
	struct reading reading = { .s = s, .spot = &spot, .ip = ip, .a = a, .out = out };
	struct rest_call call = { .method = "GET",
		.path = rest_fill(&s->arena, spot.kind->get, &spot.values, true),
		.absent = spot.kind->absent,
		.what = arena_printf(&s->arena, "the PTR record of %s (%s)", spot.values.ip,
		    place->text) };
	if (rest_each(s, &call, NULL, read_object, &reading, &status, err) != ERR_NONE)
		return err->code;
	if (reading.moved)
		return err_set(err, ERR_DATA, "%s now has another address: plan again",
		    place->text);
	*state = out->n_names > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
	return err->code;
}

/* ---- put */

enum err_code
rest_check_one(const struct provider_record *record, struct err *err)
{
	if (record->n_names != 1)
		return err_set(err, ERR_DATA, "it takes one PTR name for an address, not %zu",
		    record->n_names);
	return provider_check_plain(record, "it", err);
}

enum err_code
rest_put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	struct rest *rest = s->state;
	struct spot spot;
	int status;
	json_t *reply;
	if (read_place(s, place, ip, &spot, err) != ERR_NONE ||
	    (record != NULL && rest_check_one(record, err) != ERR_NONE))
		return err->code;
	struct rest_write write = record == NULL ? spot.kind->unset : spot.kind->set;
	if (record != NULL)
		spot.values.name = record->names[0];
	struct rest_call call = { .method = write.method,
		.path = rest_fill(&s->arena, write.path, &spot.values, true),
		.absent = record == NULL ? spot.kind->absent : NULL,
		.what = arena_printf(&s->arena, "%s the PTR record of %s (%s)",
		    record == NULL ? "unsetting" : "setting", spot.values.ip, place->text) };
	if (write.body != NULL && write.body[0] == '{')
		call.body = rest_fill_json(&s->arena, write.body, &spot.values);
	else if (write.body != NULL)
		call.form = rest_fill(&s->arena, write.body, &spot.values, true);
	rest->action = "";
	if (rest_call(s, &call, &status, &reply, err) != ERR_NONE)
		return err->code;
	if (rest->api->action != NULL)
		rest->action = rest_text(&s->arena, rest_at(reply, rest->api->action));
	json_decref(reply);
	if (rest->api->note != NULL)
		provider_warn(s, "%s", rest->api->note);
	return ERR_NONE;
}

enum err_code
rest_poll(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	(void)ip; /* the action says where */
	return rest_action_poll(s, arena_printf(&s->arena, "the change of %s", place->text), state,
	    err);
}
