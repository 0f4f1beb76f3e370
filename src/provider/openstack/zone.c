/* Forward records in the project's own zones in Designate. */
#include <string.h>

#include "base/json.h"
#include "base/name.h"
#include "provider/openstack/openstack_priv.h"

struct record_set {
	const char *zone_id; /* in the session's arena */
	const char *id;      /* "": the set does not exist */
	const char *type;
	const char *label; /* "the record mail.example A", for errors */
	struct provider_set set;
	enum provider_state state; /* ABSENT: the set does not exist */
};

/* The first object of a list in the answer; NULL when there is none. */
static const json_t *
first_of(const json_t *json, const char *list)
{
	return json_array_get(json_object_get(json, list), 0);
}

static enum err_code
zone_id(struct provider_session *s, const char *zone, const char **id, struct err *err)
{
	struct os_call call = { .method = "GET",
		.service = OS_DNS,
		.path = arena_printf(&s->arena, "/v2/zones?name=%s.",
		    provider_url_text(&s->arena, zone)),
		.what = arena_printf(&s->arena, "looking for the zone %s", zone) };
	struct os_answer answer;
	*id = "";
	if (openstack_call(s, &call, &answer, err) != ERR_NONE)
		return err->code;
	const char *text = json_string_value(json_object_get(first_of(answer.json, "zones"), "id"));
	*id = text != NULL && provider_is_id(text) ? arena_strdup(&s->arena, text) : "";
	json_decref(answer.json);
	return ERR_NONE;
}

/* The nearest zone of the project above the name. */
static enum err_code
find_zone(struct provider_session *s, const char *name, const char **id, struct err *err)
{
	for (const char *zone = name; name_labels(zone) > 0; zone = name_parent(zone)) {
		if (zone_id(s, zone, id, err) != ERR_NONE)
			return err->code;
		if ((*id)[0] != '\0')
			return ERR_NONE;
	}
	const struct openstack *o = s->state;
	return err_set(err, ERR_DATA, "no zone of the project %s in region %s holds %s", o->project,
	    o->region, name);
}

static enum err_code
read_set(struct provider_session *s, const json_t *object, struct record_set *out, struct err *err)
{
	struct json_reader r = { .err = err, .where = out->label };
	const char *id = json_need_string(&r, object, "id");
	const json_t *records = json_need_array(&r, object, "records");
	out->set.ttl_s = openstack_ttl(&r, object, &out->set.ttl_zero);
	/* without a status the API has done it; an unknown status means not finished */
	int state = PROVIDER_PENDING;
	(void)enumtab_code(&openstack_states, json_get_string(&r, object, "status", "ACTIVE"),
	    &state);
	out->state = (enum provider_state)state;
	if (r.failed)
		return err->code = ERR_TEMP;
	if (!provider_is_id(id))
		return err_set(err, ERR_TEMP, "%s has an invalid id", out->label);
	out->id = arena_strdup(&s->arena, id);
	if (provider_read_ips(records, &out->set, err) != ERR_NONE)
		return err_prefix(err, "%s", out->label);
	return ERR_NONE;
}

static enum err_code
find_set(struct provider_session *s, const char *name, const struct ip *ip, struct record_set *out,
    struct err *err)
{
	*out = (struct record_set){ .zone_id = "",
		.id = "",
		.state = PROVIDER_ABSENT,
		.type = provider_address_type(ip) };
	out->label = arena_printf(&s->arena, "the record %s %s", name, out->type);
	if (find_zone(s, name, &out->zone_id, err) != ERR_NONE)
		return err->code;
	struct os_call call = { .method = "GET",
		.service = OS_DNS,
		.path = arena_printf(&s->arena, "/v2/zones/%s/recordsets?name=%s.&type=%s",
		    out->zone_id, provider_url_text(&s->arena, name), out->type),
		.what = out->label };
	struct os_answer answer;
	if (openstack_call(s, &call, &answer, err) != ERR_NONE)
		return err->code;
	const json_t *object = first_of(answer.json, "recordsets");
	enum err_code code = object == NULL ? ERR_NONE : read_set(s, object, out, err);
	json_decref(answer.json);
	return code;
}

enum err_code
openstack_forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct record_set set;
	enum err_code code = find_set(s, name, family_of, &set, err);
	*out = code == ERR_NONE ? set.set : (struct provider_set){ .n = 0 };
	return code;
}

static json_t *
set_body(const struct provider_set *set)
{
	json_t *body = json_pack("{so}", "records", provider_ips_json(set));
	if (set->ttl_s > 0 || set->ttl_zero)
		json_object_set_new(body, "ttl", json_integer(set->ttl_s));
	return body;
}

enum err_code
openstack_forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *new, struct err *err)
{
	struct record_set set;
	if (find_set(s, name, family_of, &set, err) != ERR_NONE)
		return err->code;
	bool exists = set.id[0] != '\0';
	if (new->n == 0 && !exists)
		return ERR_NONE;
	struct os_call call = { .method = !exists ? "POST" :
		    new->n == 0                   ? "DELETE" :
						    "PUT",
		.service = OS_DNS,
		.path = arena_printf(&s->arena, "/v2/zones/%s/recordsets%s%s", set.zone_id,
		    exists ? "/" : "", set.id),
		.what = set.label };
	if (new->n > 0)
		call.body = set_body(new);
	if (!exists) {
		json_object_set_new(call.body, "name",
		    json_string(arena_printf(&s->arena, "%s.", name)));
		json_object_set_new(call.body, "type", json_string(set.type));
	}
	struct os_answer answer;
	enum err_code code = openstack_call(s, &call, &answer, err);
	json_decref(answer.json);
	return code;
}

enum err_code
openstack_forward_poll(struct provider_session *s, const char *name, const struct ip *family_of,
    enum provider_state *state, struct err *err)
{
	struct record_set set;
	if (find_set(s, name, family_of, &set, err) != ERR_NONE)
		return err->code;
	*state = set.state;
	if (set.state == PROVIDER_FAILED)
		(void)openstack_say_failed(set.label, err);
	return ERR_NONE;
}
