/*
 * OpenStack: the PTR record of a floating IP through Designate's /v2/reverse/floatingips.  The
 * floating IP is found through Neutron, or in Designate's own list where there is no Neutron.
 */
#include <stdio.h>
#include <string.h>

#include "base/enumtab.h"
#include "base/json.h"
#include "base/name.h"
#include "base/utf8.h"
#include "provider/openstack/openstack_priv.h"

enum { DESCRIPTION_MAX = 160 }; /* Designate's, of a floating IP */

static const char floating_ips[] = "/v2/reverse/floatingips";

static bool
configured(const struct provider_options *o)
{
	return os_config_found(o);
}

static enum err_code
not_ours(struct provider_session *s, const char *address, struct err *err)
{
	const struct openstack *o = s->state;
	return err_set(err, ERR_DATA,
	    "%s is not a floating IP of the project %s in region %s (asked with %s)", address,
	    o->project, o->region, o->config.source);
}

static enum err_code
set_place(struct provider_session *s, const char *id, const char *address,
    struct provider_place *out, struct err *err)
{
	const struct openstack *o = s->state;
	int n = snprintf(out->id, sizeof out->id, "%s:%s", o->region, id);
	if (n < 0 || (size_t)n >= sizeof out->id || !provider_is_id(id))
		return err_set(err, ERR_TEMP, "the floating IP %s has an invalid id", address);
	snprintf(out->text, sizeof out->text, "floating IP %s in region %s, project %s", id,
	    o->region, o->project);
	return ERR_NONE;
}

/* The id of the object whose member is the address; "" when there is none. */
static const char *
id_of(const json_t *list, const char *member, const struct ip *ip)
{
	size_t i;
	const json_t *object;
	json_array_foreach (list, i, object) {
		struct ip got;
		const char *text = json_string_value(json_object_get(object, member));
		const char *id = json_string_value(json_object_get(object, "id"));
		if (text != NULL && id != NULL && ip_parse(text, &got) && ip_equal(&got, ip))
			return id;
	}
	return "";
}

static enum err_code
find_in_neutron(struct provider_session *s, const struct ip *ip, const char *address,
    struct provider_place *out, struct err *err)
{
	struct os_call call = { .method = "GET",
		.service = OS_NETWORK,
		.path = arena_printf(&s->arena, "/v2.0/floatingips?floating_ip_address=%s",
		    address),
		.what = arena_printf(&s->arena, "looking for the floating IP %s", address) };
	struct os_answer answer;
	if (openstack_call(s, &call, &answer, err) != ERR_NONE)
		return err->code;
	const char *id = id_of(json_object_get(answer.json, "floatingips"), "floating_ip_address",
	    ip);
	enum err_code code = id[0] == '\0' ? not_ours(s, address, err) :
					     set_place(s, id, address, out, err);
	json_decref(answer.json);
	return code;
}

/* Of the next page's address only the path counts: who answers is not the service's to say. */
static const char *
next_page(struct provider_session *s, const json_t *page)
{
	const char *next = json_string_value(
	    json_object_get(json_object_get(page, "links"), "next"));
	const char *path = next == NULL ? NULL : strstr(next, floating_ips);
	return path == NULL ? NULL : arena_strdup(&s->arena, path);
}

typedef bool entry_fn(void *arg, const json_t *entry); /* false: enough */

/* All floating IPs of the project, as Designate lists them. */
static enum err_code
each_entry(struct provider_session *s, entry_fn *fn, void *arg, struct err *err)
{
	const char *path = floating_ips;
	for (size_t pages = 0; path != NULL && pages < OS_PAGES_MAX; pages++) {
		struct os_call call = { .method = "GET",
			.service = OS_DNS,
			.path = path,
			.what = "listing the PTR records" };
		struct os_answer answer;
		if (openstack_call(s, &call, &answer, err) != ERR_NONE)
			return err->code;
		size_t i;
		const json_t *entry;
		bool more = true;
		json_array_foreach (json_object_get(answer.json, "floatingips"), i, entry)
			more = more && fn(arg, entry);
		path = more ? next_page(s, answer.json) : NULL;
		json_decref(answer.json);
	}
	return ERR_NONE;
}

struct search {
	struct provider_session *s;
	const struct ip *ip;
	const char *id; /* "region:uuid"; NULL: not found yet */
};

static bool
match_entry(void *arg, const json_t *entry)
{
	struct search *search = arg;
	struct ip got;
	const char *text = json_string_value(json_object_get(entry, "address"));
	const char *id = json_string_value(json_object_get(entry, "id"));
	if (text != NULL && id != NULL && ip_parse(text, &got) && ip_equal(&got, search->ip))
		search->id = arena_strdup(&search->s->arena, id);
	return search->id == NULL;
}

static enum err_code
find_in_designate(struct provider_session *s, const struct ip *ip, const char *address,
    struct provider_place *out, struct err *err)
{
	struct search search = { .s = s, .ip = ip };
	if (each_entry(s, match_entry, &search, err) != ERR_NONE)
		return err->code;
	const char *colon = search.id == NULL ? NULL : strrchr(search.id, ':');
	return colon == NULL ? not_ours(s, address, err) :
			       set_place(s, colon + 1, address, out, err);
}

static enum err_code
find(struct provider_session *s, const struct ip *ip, struct provider_place *out, struct err *err)
{
	const struct openstack *o = s->state;
	char address[IP_TEXT_MAX];
	ip_format(ip, address);
	if (ip->family != 4)
		return err_set(err, ERR_DATA,
		    "%s: OpenStack has PTR records only for IPv4 floating IPs", address);
	return o->urls[OS_NETWORK] != NULL ? find_in_neutron(s, ip, address, out, err) :
					     find_in_designate(s, ip, address, out, err);
}

/* {"ptrdname", "ttl", "description", "address", "status", "action"}; what is not set is null. */
static enum err_code
read_entry(const json_t *entry, struct arena *a, struct provider_record *out,
    enum provider_state *state, struct err *err)
{
	struct json_reader r = { .err = err, .where = "PTR record" };
	const char *name = json_get_string(&r, entry, "ptrdname", "");
	const char *status = json_need_string(&r, entry, "status");
	const char *address = json_need_string(&r, entry, "address");
	*out = (struct provider_record){ .description = "" };
	out->ttl_s = openstack_ttl(&r, entry, &out->ttl_zero);
	out->description = arena_strdup(a, json_get_string(&r, entry, "description", ""));
	char internal[NAME_TEXT_MAX];
	int code = PROVIDER_ABSENT;
	if (!r.failed && !ip_parse(address, &out->ip))
		r.failed = err_set(err, ERR_TEMP, "a PTR record has an invalid address") !=
		    ERR_NONE;
	else if (!r.failed && !name_from_text(name, internal))
		r.failed = err_set(err, ERR_TEMP, "a PTR record has an invalid name") != ERR_NONE;
	else if (!r.failed && !enumtab_code(&openstack_states, status, &code))
		r.failed = err_set(err, ERR_TEMP, "a PTR record has the unknown status '%s'",
			       status) != ERR_NONE;
	if (r.failed)
		return err->code = ERR_TEMP;
	*state = code == PROVIDER_ACTIVE && name[0] == '\0' ? PROVIDER_ABSENT :
							      (enum provider_state)code;
	if (name[0] != '\0')
		out->names[out->n_names++] = arena_strdup(a, internal);
	return ERR_NONE;
}

static enum err_code
get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct os_call call = { .method = "GET",
		.service = OS_DNS,
		.path = arena_printf(&s->arena, "%s/%s", floating_ips, place->id),
		.what = arena_printf(&s->arena, "the PTR record of %s", place->text) };
	struct os_answer answer;
	enum err_code code = openstack_call(s, &call, &answer, err);
	if (answer.no_record) {
		*out = (struct provider_record){ .ip = *ip, .description = "", .is_default = true };
		*state = PROVIDER_ABSENT;
		return ERR_NONE;
	}
	if (code != ERR_NONE)
		return code;
	code = read_entry(answer.json, a, out, state, err);
	json_decref(answer.json);
	if (code == ERR_NONE && !ip_equal(&out->ip, ip))
		return err_set(err, ERR_DATA, "%s now has another address: plan again",
		    place->text);
	return code;
}

static enum err_code
check_record(const struct provider_record *record, struct err *err)
{
	if (record->n_names != 1)
		return err_set(err, ERR_DATA,
		    "OpenStack takes one PTR name for an address, not %zu", record->n_names);
	size_t len = utf8_count(record->description, strlen(record->description));
	if (len > DESCRIPTION_MAX)
		return err_set(err, ERR_DATA,
		    "the description has %zu characters: OpenStack takes up to %d", len,
		    DESCRIPTION_MAX);
	if (record->n_tags > 0)
		return err_set(err, ERR_DATA, "PTR records have no tags in OpenStack");
	return ERR_NONE;
}

/* Designate wants the final dot, and takes a TTL that is left out for the zone's default. */
static json_t *
patch_body(struct arena *a, const struct provider_record *record)
{
	if (record == NULL)
		return json_pack("{sn}", "ptrdname");
	json_t *body = json_object();
	json_object_set_new(body, "ptrdname",
	    json_string(arena_printf(a, "%s.", record->names[0])));
	if (record->ttl_s > 0 || record->ttl_zero)
		json_object_set_new(body, "ttl", json_integer(record->ttl_s));
	/* Open Telekom Cloud refuses null */
	json_object_set_new(body, "description", json_string(record->description));
	return body;
}

static enum err_code
put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	if (record != NULL && check_record(record, err) != ERR_NONE)
		return err->code;
	struct os_call call = { .method = "PATCH",
		.service = OS_DNS,
		.path = arena_printf(&s->arena, "%s/%s", floating_ips, place->id),
		.body = patch_body(&s->arena, record),
		.what = arena_printf(&s->arena, "%s the PTR record of %s",
		    record == NULL ? "unsetting" : "setting", place->text) };
	struct os_answer answer;
	enum err_code code = openstack_call(s, &call, &answer, err);
	json_decref(answer.json);
	if (code == ERR_NONE || record != NULL || answer.status != 404)
		return code;
	/* some versions answer so when there is nothing to unset, all when the address is not ours */
	struct err error = *err;
	struct provider_record now;
	enum provider_state state;
	if (get(s, place, ip, &s->arena, &now, &state, err) == ERR_NONE && state == PROVIDER_ABSENT)
		return ERR_NONE;
	*err = error;
	return err->code;
}

static enum err_code
poll_state(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	struct provider_record record;
	if (get(s, place, ip, &s->arena, &record, state, err) != ERR_NONE)
		return err->code;
	if (*state == PROVIDER_FAILED)
		(void)openstack_say_failed(place->text, err);
	return ERR_NONE;
}

struct listing {
	struct arena *a;
	struct provider_record *records;
	size_t n, cap;
	struct err *err;
	bool failed;
};

static bool
list_entry(void *arg, const json_t *entry)
{
	struct listing *l = arg;
	enum provider_state state;
	l->records = arena_grow(l->a, l->records, l->n, &l->cap, sizeof *l->records);
	l->failed = read_entry(entry, l->a, &l->records[l->n], &state, l->err) != ERR_NONE;
	l->n += !l->failed;
	return !l->failed;
}

static enum err_code
list(struct provider_session *s, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	struct listing l = { .a = a, .err = err };
	if (each_entry(s, list_entry, &l, err) != ERR_NONE || l.failed)
		return err->code;
	*out = l.records;
	*n = l.n;
	return ERR_NONE;
}

const struct provider provider_openstack = {
	.name = "openstack",
	.title = "OpenStack Designate",
	.max_names = 1,
	.min_ttl_s = 1,
	.max_ttl_s = 2147483647,
	.default_ttl_s = OS_DEFAULT_TTL_S,
	.ip4 = true,
	.check = check_record,
	.configured = configured,
	.open = openstack_open,
	.close = openstack_close,
	.find = find,
	.get = get,
	.put = put,
	.poll = poll_state,
	.list = list,
	.forward_get = openstack_forward_get,
	.forward_put = openstack_forward_put,
	.forward_poll = openstack_forward_poll,
};
