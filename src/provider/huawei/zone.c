/* Forward records, where the zone is in the same account. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "provider/huawei/huawei_priv.h"

/* One read; the answer's array of that name, or NULL and err. */
static enum err_code
read_list(struct huawei *h, struct arena *a, enum huawei_service service, const char *path,
    const char *key, json_t **list, struct huawei_answer *answer, struct err *err)
{
	struct huawei_call call = { .method = "GET", .service = service, .path = path };
	*list = NULL;
	if (huawei_call(h, a, &call, answer, err) != ERR_NONE)
		return err->code;
	*list = huawei_array(answer->json, key, err);
	return *list != NULL ? ERR_NONE : err->code;
}

/* Searches of the service are not trusted to be exact. */
static bool
has_name(const json_t *object, const char *name)
{
	char found[NAME_TEXT_MAX];
	const char *text = json_string_value(json_object_get(object, "name"));
	return text != NULL && name_from_text(text, found) && name_equal(found, name);
}

static void
pick_zone(const json_t *list, const char *name, struct huawei_zone *out)
{
	const json_t *one;
	size_t i;
	json_array_foreach (list, i, one) {
		const char *id = json_string_value(json_object_get(one, "id"));
		const char *type = json_string_value(json_object_get(one, "zone_type"));
		if (!has_name(one, name) || id == NULL || !provider_is_id(id))
			continue;
		if (type == NULL || strcmp(type, "public") == 0)
			snprintf(out->id, sizeof out->id, "%s", id);
	}
}

static enum err_code
zone_at(struct huawei *h, struct arena *a, enum huawei_service service, const char *name,
    struct huawei_zone *out, struct err *err)
{
	struct huawei_answer answer;
	json_t *list;
	*out = (struct huawei_zone){ .service = service };
	/* the longest suffix first; a zone of one label is nobody's */
	for (const char *zone = name; name_labels(zone) > 1 && out->id[0] == '\0';
	     zone = name_parent(zone)) {
		const char *path = arena_printf(a,
		    "/v2/zones?type=public&name=%s.&search_mode=equal&limit=%d",
		    provider_url_text(a, zone), HUAWEI_PAGE);
		enum err_code code = read_list(h, a, service, path, "zones", &list, &answer, err);
		if (code == ERR_NONE)
			pick_zone(list, zone, out);
		json_decref(answer.json);
		if (code != ERR_NONE)
			return code;
	}
	return ERR_NONE;
}

/* A zone made at one address of the service can be missing at the other. */
static enum err_code
find_zone(struct huawei *h, struct arena *a, const char *name, struct huawei_zone *out,
    struct err *err)
{
	struct err second;
	enum huawei_service other = h->dns == HUAWEI_DNS ? HUAWEI_DNS_GLOBAL : HUAWEI_DNS;
	if (zone_at(h, a, h->dns, name, out, err) != ERR_NONE)
		return err->code;
	if (out->id[0] == '\0' && !h->dns_is_fixed && h->endpoints[other][0] != '\0' &&
	    zone_at(h, a, other, name, out, &second) != ERR_NONE)
		out->id[0] = '\0';
	if (out->id[0] != '\0')
		return ERR_NONE;
	return err_set(err, ERR_DATA, "no public zone of this account (project %s) holds %s",
	    h->project, name);
}

static enum err_code
pick_set(const json_t *list, const char *name, const char *type, struct huawei_set *out,
    struct err *err)
{
	const json_t *one;
	size_t i;
	json_array_foreach (list, i, one) {
		const char *is = json_string_value(json_object_get(one, "type"));
		if (has_name(one, name) && is != NULL && strcmp(is, type) == 0)
			return huawei_read_set(one, out, err);
	}
	return ERR_NONE;
}

static enum err_code
find_set(struct huawei *h, struct arena *a, const struct huawei_zone *zone, const char *name,
    const char *type, struct huawei_set *out, struct err *err)
{
	struct huawei_answer answer;
	json_t *list;
	const char *path = arena_printf(a,
	    "/v2/zones/%s/recordsets?type=%s&name=%s.&search_mode=equal&limit=%d", zone->id, type,
	    provider_url_text(a, name), HUAWEI_PAGE);
	*out = (struct huawei_set){ .set.ttl_s = HUAWEI_DEFAULT_TTL_S };
	enum err_code code = read_list(h, a, zone->service, path, "recordsets", &list, &answer,
	    err);
	if (code == ERR_NONE)
		code = pick_set(list, name, type, out, err);
	json_decref(answer.json);
	return code;
}

static enum err_code
read_set(struct huawei *h, struct arena *a, const char *name, const struct ip *family_of,
    struct huawei_zone *zone, struct huawei_set *set, struct err *err)
{
	if (find_zone(h, a, name, zone, err) != ERR_NONE)
		return err->code;
	return find_set(h, a, zone, name, provider_address_type(family_of), set, err);
}

enum err_code
huawei_forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct huawei_zone zone;
	struct huawei_set set = { .exists = false };
	struct arena a;
	arena_init(&a);
	enum err_code code = read_set(huawei_begin(s), &a, name, family_of, &zone, &set, err);
	*out = code == ERR_NONE ? set.set : (struct provider_set){ .n = 0 };
	arena_fini(&a);
	return code;
}

/* A PUT keeps what it leaves out (the description), but replaces all addresses. */
static json_t *
set_body(struct arena *a, const char *name, const char *type, const struct provider_set *set)
{
	return json_pack("{s:s,s:s,s:I,s:o}", "name", arena_printf(a, "%s.", name), "type", type,
	    "ttl", (json_int_t)set->ttl_s, "records", provider_ips_json(set));
}

static enum err_code
write_set(struct huawei *h, struct arena *a, const char *name, const struct ip *family_of,
    const struct provider_set *new, struct err *err)
{
	struct huawei_zone zone;
	struct huawei_set set = { .exists = false };
	struct huawei_answer answer;
	const char *type = provider_address_type(family_of);
	if (read_set(h, a, name, family_of, &zone, &set, err) != ERR_NONE)
		return err->code;
	if (set.fixed)
		return err_set(err, ERR_NOPERM, "the %s records of %s are the service's own", type,
		    name);
	if (!set.exists && new->n == 0)
		return ERR_NONE;
	const char *all = arena_printf(a, "/v2/zones/%s/recordsets", zone.id);
	struct huawei_call call = { .method = new->n == 0 ? "DELETE" :
		    set.exists                            ? "PUT" :
							    "POST",
		.service = zone.service,
		.path = set.exists ? arena_printf(a, "%s/%s", all, set.id) : all,
		.body = new->n > 0 ? huawei_body(a, set_body(a, name, type, new)) : NULL };
	enum err_code code = huawei_call(h, a, &call, &answer, err);
	if (code == ERR_NONE)
		json_decref(answer.json);
	return code;
}

enum err_code
huawei_forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *set, struct err *err)
{
	struct arena a;
	arena_init(&a);
	enum err_code code = write_set(huawei_begin(s), &a, name, family_of, set, err);
	arena_fini(&a);
	return code;
}

enum err_code
huawei_forward_poll(struct provider_session *s, const char *name, const struct ip *family_of,
    enum provider_state *state, struct err *err)
{
	struct arena a;
	struct huawei_zone zone;
	struct huawei_set set = { .exists = false };
	arena_init(&a);
	enum err_code code = read_set(huawei_begin(s), &a, name, family_of, &zone, &set, err);
	arena_fini(&a);
	if (code != ERR_NONE)
		return code;
	*state = set.exists ? set.state : PROVIDER_ABSENT;
	if (*state == PROVIDER_FAILED)
		err_set(err, ERR_UNAVAILABLE,
		    "the record %s %s has the status %s: the provider could not publish it, or has "
		    "blocked it",
		    name, provider_address_type(family_of), set.status);
	return ERR_NONE;
}
