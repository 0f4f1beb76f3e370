/*
 * Hetzner Cloud's DNS: A and AAAA records, where the zone is in the token's project.  A set is one object, named
 * by what its name has before the zone's ("@": nothing) and its type.  Source: docs.hetzner.cloud (zones,
 * RRSets), and hetznercloud/hcloud-go (hcloud/schema/zone.go, zone_rrset.go).
 */
#include <string.h>

#include "base/name.h"
#include "provider/rest/rest_priv.h"

struct set {
	const char *zone;   /* its name, which is a key, too */
	const char *owner;  /* without final dot */
	const char *name;   /* in the zone: "mail" or "@" */
	const char *type;   /* "A" */
	const char *label;  /* "the record mail.example.com A in the zone ...": for errors */
	uint32_t ttl_s;     /* of sets without one of their own */
	const json_t *json; /* the set as the API has it; NULL: none */
	json_t *reply;      /* what json is in; the caller's to release */
};

static enum err_code
get_json(struct provider_session *s, const char *path, const char *what, int *status,
    json_t **reply, struct err *err)
{
	struct rest_call call = { .method = "GET", .path = path, .what = what };
	return rest_call(s, &call, status, reply, err);
}

/* 0: none. */
static uint32_t
ttl_of(const json_t *object)
{
	json_int_t ttl_s = json_integer_value(json_object_get(object, "ttl"));
	return ttl_s > 0 && ttl_s <= INT32_MAX ? (uint32_t)ttl_s : 0;
}

static enum err_code
read_zone(struct provider_session *s, const json_t *object, const char *zone, struct set *out,
    struct err *err)
{
	const char *mode = rest_text(&s->arena, rest_at(object, "mode"));
	if (mode[0] == '\0')
		return err_set(err, ERR_TEMP, "the zone %s has no mode in the API's answer", zone);
	if (strcmp(mode, "primary") != 0)
		return err_set(err, ERR_DATA,
		    "the zone %s is a copy in this project (mode %s): use the server that it comes "
		    "from",
		    zone, mode);
	out->zone = zone;
	out->ttl_s = ttl_of(object);
	return ERR_NONE;
}

/* The nearest zone of the project above the name; a zone of one label is nobody's. */
static enum err_code
find_zone(struct provider_session *s, struct set *out, struct err *err)
{
	const struct rest *rest = s->state;
	for (const char *zone = out->owner; name_labels(zone) > 1; zone = name_parent(zone)) {
		int status;
		json_t *reply;
		const char *path = arena_printf(&s->arena, "/v1/zones/%s",
		    provider_url_text(&s->arena, zone));
		const char *what = arena_printf(&s->arena, "looking for the zone %s", zone);
		enum err_code code = get_json(s, path, what, &status, &reply, err);
		if (code != ERR_NONE && status == 404 && rest->in_words)
			continue;
		if (status == 404) /* a gateway's: it says nothing of the zone */
			code = err->code = ERR_TEMP;
		if (code == ERR_NONE)
			code = read_zone(s, rest_at(reply, "zone"), zone, out, err);
		json_decref(reply);
		return code;
	}
	return err_set(err, ERR_DATA, "no zone of the %s of %s holds %s", rest->api->account,
	    rest->source, out->owner);
}

/* "mail" of mail.example.com in example.com. */
static const char *
name_in_zone(struct arena *a, const char *owner, const char *zone)
{
	size_t len = strlen(owner), tail = strlen(zone);
	return len <= tail + 1 ? "@" : arena_strndup(a, owner, len - tail - 1);
}

/* Among all sets of the name: ours, or one that excludes it. */
static enum err_code
pick_set(struct provider_session *s, struct set *set, struct err *err)
{
	const json_t *sets = json_object_get(set->reply, "rrsets"), *one;
	size_t i;
	if (!json_is_array(sets))
		return err_set(err, ERR_TEMP, "%s: the answer has no list of sets", set->label);
	json_array_foreach (sets, i, one) {
		const char *type = rest_text(&s->arena, rest_at(one, "type"));
		if (strcmp(rest_text(&s->arena, rest_at(one, "name")), set->name) != 0)
			continue;
		if (strcmp(type, "CNAME") == 0)
			return provider_refuse_cname(set->owner, err);
		if (strcmp(type, set->type) == 0)
			set->json = one;
	}
	if (json_is_true(rest_at(set->json, "protection.change")))
		return err_set(err, ERR_DATA,
		    "%s is protected from changes: take the protection away first", set->label);
	return ERR_NONE;
}

/* A name has fewer types than a page has places. */
static enum err_code
read_set(struct provider_session *s, const char *name, const struct ip *family_of, struct set *out,
    struct err *err)
{
	int status;
	*out = (struct set){ .zone = "",
		.owner = arena_strdup(&s->arena, name),
		.type = provider_address_type(family_of) };
	if (find_zone(s, out, err) != ERR_NONE)
		return err->code;
	out->name = name_in_zone(&s->arena, out->owner, out->zone);
	out->label = arena_printf(&s->arena, "the record %s %s in the zone %s", out->owner,
	    out->type, out->zone);
	const char *path = arena_printf(&s->arena, "/v1/zones/%s/rrsets?name=%s&per_page=50",
	    provider_url_text(&s->arena, out->zone), provider_url_text(&s->arena, out->name));
	enum err_code code = get_json(s, path, out->label, &status, &out->reply, err);
	if (code == ERR_NONE)
		code = pick_set(s, out, err);
	if (code != ERR_NONE) {
		json_decref(out->reply);
		out->reply = NULL;
	}
	return code;
}

static enum err_code
read_addresses(struct provider_session *s, const struct set *set, struct provider_set *out,
    struct err *err)
{
	const json_t *record;
	size_t i;
	json_array_foreach (json_object_get(set->json, "records"), i, record) {
		const char *value = rest_text(&s->arena, rest_at(record, "value"));
		if (out->n == PROVIDER_IPS_MAX)
			return err_set(err, ERR_DATA, "%s has more than %d addresses", set->label,
			    PROVIDER_IPS_MAX);
		if (!ip_parse(value, &out->ips[out->n]))
			return err_set(err, ERR_TEMP, "%s: '%.100s' is not a valid address",
			    set->label, value);
		out->n++;
	}
	return ERR_NONE;
}

enum err_code
hetzner_forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct set set;
	*out = (struct provider_set){ .n = 0 };
	if (read_set(s, name, family_of, &set, err) != ERR_NONE)
		return err->code;
	if (set.json != NULL)
		out->ttl_s = ttl_of(set.json) > 0 ? ttl_of(set.json) : set.ttl_s;
	enum err_code code = read_addresses(s, &set, out, err);
	json_decref(set.reply);
	if (code != ERR_NONE)
		out->n = 0;
	return code;
}

/* The record as it is, with its comment, or a new one. */
static json_t *
record_of(struct provider_session *s, const struct set *set, const struct ip *ip)
{
	char text[IP_TEXT_MAX];
	const json_t *record;
	struct ip there;
	size_t i;
	json_array_foreach (json_object_get(set->json, "records"), i, record)
		if (ip_parse(rest_text(&s->arena, rest_at(record, "value")), &there) &&
		    ip_equal(&there, ip))
			return json_deep_copy(record);
	return json_pack("{ss}", "value", ip_format(ip, text));
}

/* A set is made, gets other records, or is deleted; what else belongs to it (TTL, labels) stays. */
static struct rest_call
change_of(struct provider_session *s, const struct set *set, const struct provider_set *new)
{
	const char *sets = arena_printf(&s->arena, "/v1/zones/%s/rrsets",
	    provider_url_text(&s->arena, set->zone));
	const char *one = arena_printf(&s->arena, "%s/%s/%s", sets,
	    provider_url_text(&s->arena, set->name), set->type);
	if (new->n == 0)
		return (struct rest_call){ .method = "DELETE", .path = one, .what = set->label };
	json_t *records = json_array();
	for (size_t i = 0; i < new->n; i++)
		json_array_append_new(records, record_of(s, set, &new->ips[i]));
	json_t *body = json_pack("{so}", "records", records);
	if (set->json == NULL) {
		json_object_set_new(body, "name", json_string(set->name));
		json_object_set_new(body, "type", json_string(set->type));
		if (new->ttl_s > 0)
			json_object_set_new(body, "ttl", json_integer(new->ttl_s));
	}
	return (struct rest_call){ .method = "POST",
		.path = set->json == NULL ? sets :
					    arena_printf(&s->arena, "%s/actions/set_records", one),
		.body = body,
		.what = set->label };
}

enum err_code
hetzner_forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *new, struct err *err)
{
	struct rest *rest = s->state;
	struct set set;
	int status;
	json_t *reply;
	rest->action = "";
	if (read_set(s, name, family_of, &set, err) != ERR_NONE)
		return err->code;
	bool nothing = set.json == NULL && new->n == 0;
	struct rest_call call = { .what = set.label };
	if (!nothing)
		call = change_of(s, &set, new);
	json_decref(set.reply);
	if (nothing)
		return ERR_NONE;
	if (rest_call(s, &call, &status, &reply, err) != ERR_NONE)
		return err->code;
	rest->action = rest_text(&s->arena, rest_at(reply, rest->api->action));
	json_decref(reply);
	return ERR_NONE;
}

enum err_code
hetzner_forward_poll(struct provider_session *s, const char *name, const struct ip *family_of,
    enum provider_state *state, struct err *err)
{
	return rest_action_poll(s,
	    arena_printf(&s->arena, "the change of the record %s %s", name,
		provider_address_type(family_of)),
	    state, err);
}
