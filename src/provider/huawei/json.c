/* Replies to values; whatever is not as documented is an error, never a guess. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/name.h"
#include "provider/huawei/huawei_priv.h"

/* A reply that cannot be understood may be a proxy's or half a reply: worth another try. */
static enum err_code
odd(struct err *err)
{
	err->code = ERR_TEMP;
	return err_prefix(err, "the reply does not match the documentation of the API");
}

json_t *
huawei_array(const json_t *object, const char *key, struct err *err)
{
	struct json_reader r = { .err = err };
	json_t *list = json_need_array(&r, object, key);
	if (r.failed)
		odd(err);
	return r.failed ? NULL : list;
}

/* The id member; sticky like the reader. */
static void
take_id(struct json_reader *r, const json_t *object, const char *key, char out[HUAWEI_ID_MAX])
{
	const char *id = json_need_string(r, object, key);
	if (r->failed)
		return;
	if (provider_is_id(id)) {
		snprintf(out, HUAWEI_ID_MAX, "%s", id);
		return;
	}
	err_set(r->err, ERR_TEMP, "\"%s\" is not a valid id", key);
	r->failed = true;
}

static void
take_ip(struct json_reader *r, const char *text, struct ip *out)
{
	if (r->failed || ip_parse(text, out))
		return;
	err_set(r->err, ERR_TEMP, "\"%s\" is not an address", text);
	r->failed = true;
}

enum err_code
huawei_read_eip(const json_t *object, struct huawei_eip *out, struct err *err)
{
	struct json_reader r = { .err = err, .where = "publicips" };
	*out = (struct huawei_eip){ .id = "" };
	take_id(&r, object, "id", out->id);
	take_ip(&r, json_need_string(&r, object, "public_ip_address"), &out->ip);
	snprintf(out->status, sizeof out->status, "%s", json_get_string(&r, object, "status", ""));
	snprintf(out->eps, sizeof out->eps, "%s",
	    json_get_string(&r, object, "enterprise_project_id", ""));
	return r.failed ? odd(err) : ERR_NONE;
}

static const struct {
	const char *status;
	enum provider_state state;
} states[] = {
	{ "ACTIVE", PROVIDER_ACTIVE },
	{ "ERROR", PROVIDER_FAILED },
	{ "FREEZE", PROVIDER_FAILED },
	{ "PENDING_FREEZE", PROVIDER_FAILED },
	{ "ILLEGAL", PROVIDER_FAILED },
	{ "POLICE", PROVIDER_FAILED },
	{ "DISABLE", PROVIDER_FAILED },
	{ "PENDING_DISABLE", PROVIDER_FAILED },
};

/* An unknown status means not finished: the time limit of the caller ends it. */
static enum provider_state
state_of(const char *status)
{
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (strcmp(states[i].status, status) == 0)
			return states[i].state;
	return PROVIDER_PENDING;
}

static void
take_name(struct json_reader *r, const char *text, struct arena *a, struct provider_record *out)
{
	char name[NAME_TEXT_MAX];
	if (r->failed)
		return;
	if (out->n_names == PROVIDER_NAMES_MAX || !name_from_text(text, name)) {
		err_set(r->err, ERR_TEMP, "\"%s\" is not a domain name, or one too many", text);
		r->failed = true;
		return;
	}
	out->names[out->n_names++] = arena_strdup(a, name);
}

/* One name in v2, a list of them in v2.1. */
static void
take_names(struct json_reader *r, const json_t *object, struct arena *a,
    struct provider_record *out)
{
	if (json_object_get(object, "ptrdnames") == NULL) {
		const char *name = json_get_string(r, object, "ptrdname", NULL);
		if (name != NULL)
			take_name(r, name, a, out);
		return;
	}
	json_t *list = json_need_array(r, object, "ptrdnames"), *one;
	size_t i;
	json_array_foreach (list, i, one) {
		take_name(r, json_is_string(one) ? json_string_value(one) : "", a, out);
	}
}

static void
take_tags(struct json_reader *r, const json_t *object, struct arena *a, struct huawei_ptr *out)
{
	json_t *list = json_object_get(object, "tags"), *one;
	size_t i;
	out->has_tags = json_is_array(list);
	json_array_foreach (list, i, one) {
		const char *key = json_need_string(r, one, "key");
		const char *value = json_get_string(r, one, "value", "");
		if (!r->failed && out->record.n_tags < PROVIDER_TAGS_MAX)
			out->record.tags[out->record.n_tags++] = arena_printf(a, "%s=%s", key,
			    value);
	}
}

/* v2 knows an EIP by "region:id" in "id", v2.1 by an object of its own. */
static void
take_identity(struct json_reader *r, const json_t *object, struct huawei_ptr *out)
{
	const char *id = json_need_string(r, object, "id");
	const json_t *eip = json_object_get(object, "publicip");
	const char *colon = strrchr(id, ':');
	snprintf(out->marker, sizeof out->marker, "%s", id);
	if (eip != NULL) {
		take_id(r, object, "id", out->id);
		take_id(r, eip, "id", out->eip_id);
	} else if (colon != NULL && provider_is_id(colon + 1)) {
		snprintf(out->eip_id, sizeof out->eip_id, "%s", colon + 1);
	} else if (!r->failed) {
		err_set(r->err, ERR_TEMP, "\"id\" is not REGION:ID");
		r->failed = true;
	}
}

enum err_code
huawei_read_ptr(const json_t *object, struct arena *a, struct huawei_ptr *out, struct err *err)
{
	struct json_reader r = { .err = err, .where = "PTR record" };
	*out = (struct huawei_ptr){ .exists = true };
	take_identity(&r, object, out);
	const json_t *eip = json_object_get(object, "publicip");
	const char *address = json_get_string(&r, eip != NULL ? eip : object, "address", NULL);
	if (address != NULL)
		take_ip(&r, address, &out->record.ip);
	take_names(&r, object, a, &out->record);
	out->record.ttl_s = (uint32_t)json_get_int(&r, object, "ttl", 0, INT32_MAX,
	    HUAWEI_DEFAULT_TTL_S);
	out->record.description = arena_strdup(a, json_get_string(&r, object, "description", ""));
	const char *project = json_get_string(&r, object, "enterprise_project_id", "");
	out->record.enterprise_project = provider_is_id(project) ? arena_strdup(a, project) : "";
	take_tags(&r, object, a, out);
	snprintf(out->status, sizeof out->status, "%s", json_need_string(&r, object, "status"));
	out->state = state_of(out->status);
	return r.failed ? odd(err) : ERR_NONE;
}

enum err_code
huawei_read_set(const json_t *object, struct huawei_set *out, struct err *err)
{
	struct json_reader r = { .err = err, .where = "recordsets" };
	*out = (struct huawei_set){ .exists = true };
	take_id(&r, object, "id", out->id);
	/* what says nothing of it has done it */
	snprintf(out->status, sizeof out->status, "%s",
	    json_get_string(&r, object, "status", "ACTIVE"));
	out->state = state_of(out->status);
	out->fixed = json_get_bool(&r, object, "default", false);
	out->set.ttl_s = (uint32_t)json_get_int(&r, object, "ttl", 0, INT32_MAX,
	    HUAWEI_DEFAULT_TTL_S);
	const json_t *records = json_need_array(&r, object, "records");
	if (r.failed)
		return odd(err);
	enum err_code code = provider_read_ips(records, &out->set, err);
	return code == ERR_TEMP ? odd(err) : code;
}
