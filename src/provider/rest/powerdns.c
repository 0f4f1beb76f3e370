/*
 * PowerDNS Authoritative Server over its HTTP API: record sets in the zones of one server, reverse and
 * forward.  A record set is replaced as a whole; what else stands at a name stays.  Source: PowerDNS/pdns
 * docs/http-api.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/name.h"
#include "dns/answer.h"
#include "provider/rest/powerdns_priv.h"

enum { DEFAULT_TTL_S = 3600 };

static const struct rest_api api = {
	.service = "powerdns",
	.version = "/api/v1",
	.token_variables = { "PDNS_API_KEY" },
	.base_variables = { "PDNS_API_URL", "PDNS_SERVER_URL" },
	.header = "X-API-Key",
	.scheme = "",
	.account = "server",
	.rights = "the api-key of pdns.conf, and an address that webserver-allow-from has",
	.words = { "error" },
};

static bool
configured(const struct provider_options *o)
{
	return rest_configured(&api, o);
}

/* One set in a zone of the server. */
struct rrset {
	const char *zone;  /* without final dot */
	const char *path;  /* of the zone in the API */
	bool notify;       /* the zone has secondaries that are to hear of a change */
	const char *owner; /* without final dot */
	const char *type;  /* "PTR" */
	const char *label; /* "the record 1.2.0.192.in-addr.arpa PTR in the zone ...": for errors */
	const json_t *json; /* the set as the server has it; NULL: none */
	json_t *reply;      /* what json is in; the caller's to release */
};

static enum err_code
get_json(struct provider_session *s, const char *path, const char *what, json_t **reply,
    struct err *err)
{
	int status;
	struct rest_call call = { .method = "GET", .path = path, .what = what };
	return rest_call(s, &call, &status, reply, err);
}

static enum err_code
read_zone(struct provider_session *s, const json_t *object, const char *zone, struct rrset *out,
    struct err *err)
{
	const char *id = rest_text(&s->arena, rest_at(object, "id"));
	const char *kind = rest_text(&s->arena, rest_at(object, "kind"));
	if (id[0] == '\0')
		return err_set(err, ERR_TEMP, "the zone %s has no id in the server's answer", zone);
	if (powerdns_is_copy(kind))
		return err_set(err, ERR_DATA,
		    "the zone %s is a copy on this server (kind %s): use the server that it comes "
		    "from",
		    zone, kind);
	out->zone = zone;
	out->notify = strcmp(kind, "Master") == 0 || strcmp(kind, "Primary") == 0;
	out->path = arena_printf(&s->arena, "%s/zones/%s", powerdns_path(s),
	    provider_url_text(&s->arena, id));
	return ERR_NONE;
}

/* The nearest zone of the server above the name. */
static enum err_code
find_zone(struct provider_session *s, const char *owner, struct rrset *out, struct err *err)
{
	for (const char *zone = owner; name_labels(zone) > 0; zone = name_parent(zone)) {
		json_t *reply;
		const char *path = arena_printf(&s->arena, "%s/zones?zone=%s.", powerdns_path(s),
		    provider_url_text(&s->arena, zone));
		if (get_json(s, path, arena_printf(&s->arena, "looking for the zone %s", zone),
			&reply, err) != ERR_NONE)
			/* a server that has no list of zones says nothing of the address */
			return err->code = err->code == ERR_DATA ? ERR_CONFIG : err->code;
		const json_t *first = json_array_get(reply, 0);
		bool is_list = json_is_array(reply), found = first != NULL;
		enum err_code code = first == NULL ? ERR_NONE : read_zone(s, first, zone, out, err);
		json_decref(reply);
		if (!is_list)
			return err_set(err, ERR_TEMP,
			    "looking for the zone %s: the answer has no list", zone);
		if (found)
			return code;
	}
	return err_set(err, ERR_DATA, "no zone of the server %s holds %s",
	    ((const struct rest *)s->state)->base, owner);
}

/* The set of that type among those at the owner. */
static const json_t *
set_of(struct provider_session *s, const json_t *zone, const char *owner, const char *type)
{
	const json_t *set;
	size_t i;
	json_array_foreach (json_object_get(zone, "rrsets"), i, set) {
		char name[NAME_TEXT_MAX];
		if (name_from_text(rest_text(&s->arena, rest_at(set, "name")), name) &&
		    name_equal(name, owner) &&
		    strcmp(rest_text(&s->arena, rest_at(set, "type")), type) == 0)
			return set;
	}
	return NULL;
}

/*
 * A record that is disabled would be lost when its set is replaced, and is in none of the other answers:
 * the search shows it.  Backends that cannot search have none.
 */
static enum err_code
refuse_disabled(struct provider_session *s, const struct rrset *set, struct err *err)
{
	json_t *found;
	const json_t *record;
	size_t i;
	struct err unsearched;
	const char *path = arena_printf(&s->arena, "%s/search-data?q=%s&max=100&object_type=record",
	    powerdns_path(s), provider_url_text(&s->arena, set->owner));
	bool disabled = false;
	if (get_json(s, path, "looking for disabled records", &found, &unsearched) != ERR_NONE)
		provider_warn(s, "%s: whether the set has disabled records is unknown: %s",
		    set->label, unsearched.text);
	json_array_foreach (found, i, record) {
		char name[NAME_TEXT_MAX];
		disabled = disabled ||
		    (json_is_true(json_object_get(record, "disabled")) &&
			strcmp(rest_text(&s->arena, rest_at(record, "type")), set->type) == 0 &&
			name_from_text(rest_text(&s->arena, rest_at(record, "name")), name) &&
			name_equal(name, set->owner));
	}
	json_decref(found);
	if (!disabled)
		return ERR_NONE;
	return err_set(err, ERR_DATA,
	    "%s has a record that is disabled, which would be lost: delete or enable it first",
	    set->label);
}

/* A zone without a list of sets says nothing of what it has, nor does a set without a list of records. */
static enum err_code
check_shape(const struct rrset *set, struct err *err)
{
	if (!json_is_array(json_object_get(set->reply, "rrsets")))
		return err_set(err, ERR_TEMP, "%s: the answer has no list 'rrsets'", set->label);
	if (set->json != NULL && !json_is_array(json_object_get(set->json, "records")))
		return err_set(err, ERR_TEMP, "%s: the answer has no list 'records'", set->label);
	return ERR_NONE;
}

static enum err_code
read_set(struct provider_session *s, const char *owner, const char *type, struct rrset *out,
    struct err *err)
{
	*out = (struct rrset){ .owner = owner, .type = type };
	if (find_zone(s, owner, out, err) != ERR_NONE)
		return err->code;
	out->label = arena_printf(&s->arena, "the record %s %s in the zone %s", owner, type,
	    out->zone);
	if (refuse_disabled(s, out, err) != ERR_NONE)
		return err->code;
	const char *path = arena_printf(&s->arena, "%s?rrset_name=%s.", out->path,
	    provider_url_text(&s->arena, owner));
	if (get_json(s, path, out->label, &out->reply, err) != ERR_NONE)
		return err->code;
	out->json = set_of(s, out->reply, owner, type);
	enum err_code code = check_shape(out, err);
	if (code == ERR_NONE && out->json == NULL && set_of(s, out->reply, owner, "CNAME") != NULL)
		code = provider_refuse_cname(owner, err);
	if (code == ERR_NONE)
		return ERR_NONE;
	json_decref(out->reply);
	out->reply = NULL;
	return code;
}

static uint32_t
ttl_of(const struct rrset *set)
{
	json_int_t ttl_s = json_integer_value(json_object_get(set->json, "ttl"));
	return ttl_s > 0 && ttl_s <= INT32_MAX ? (uint32_t)ttl_s : 0;
}

typedef enum err_code value_fn(void *arg, const char *value, struct err *err);

static enum err_code
each_value(struct provider_session *s, const struct rrset *set, value_fn *take, void *arg,
    struct err *err)
{
	const json_t *record;
	size_t i;
	json_array_foreach (json_object_get(set->json, "records"), i, record)
		if (take(arg, rest_text(&s->arena, rest_at(record, "content")), err) != ERR_NONE)
			return err_prefix(err, "%s", set->label);
	return ERR_NONE;
}

/* The change itself went well: secondaries that do not hear of it now ask again later. */
static void
notify(struct provider_session *s, const struct rrset *set)
{
	int status;
	json_t *reply;
	struct err unheard;
	struct rest_call call = { .method = "PUT",
		.path = arena_printf(&s->arena, "%s/notify", set->path),
		.what = "notifying the secondaries" };
	if (rest_call(s, &call, &status, &reply, &unheard) != ERR_NONE)
		provider_warn(s, "%s was changed, but its secondaries may hear of it later: %s",
		    set->label, unheard.text);
	json_decref(reply);
	provider_begin(s);
}

/* Replaces the set by these records, removes it when there are none. */
static enum err_code
write_set(struct provider_session *s, struct rrset *set, json_t *records, uint32_t ttl_s,
    struct err *err)
{
	int status;
	bool removes = json_array_size(records) == 0;
	json_t *reply,
	    *entry = json_pack("{ss+ssss}", "name", set->owner, ".", "type", set->type,
		"changetype", removes ? "DELETE" : "REPLACE");
	if (!removes) {
		json_object_set_new(entry, "ttl", json_integer(ttl_s));
		json_object_set(entry, "records", records);
	}
	json_decref(records);
	json_decref(set->reply);
	set->reply = NULL;
	struct rest_call call = { .method = "PATCH",
		.path = set->path,
		.body = json_pack("{s[o]}", "rrsets", entry),
		.what = set->label };
	if (rest_call(s, &call, &status, &reply, err) != ERR_NONE)
		return err->code;
	json_decref(reply);
	if (set->notify)
		notify(s, set);
	return ERR_NONE;
}

static json_t *
one_record(const char *content)
{
	return json_pack("{sssb}", "content", content, "disabled", 0);
}

/* ---- PTR */

/* The end of the reverse name's CNAME chain (RFC 2317), as the DNS knows it. */
static enum err_code
owner_of(struct provider_session *s, const struct ip *ip, const char **out, struct err *err)
{
	char reverse[IP_REVERSE_MAX];
	*out = arena_strdup(&s->arena, ip_reverse_name(ip, reverse));
	if (s->options->world.ask == NULL)
		return ERR_NONE;
	const struct dns_answer *answer = s->options->world.ask(s->options->world.arg, *out,
	    DNS_PTR, &s->arena);
	if (!dns_is_known(answer->status))
		return err_set(err, answer->status == DNS_LOOP ? ERR_DATA : ERR_TEMP,
		    "the place of %s cannot be found: %s", *out,
		    dns_answer_reason(answer, &s->arena));
	*out = arena_strdup(&s->arena, dns_answer_end(answer, *out));
	return ERR_NONE;
}

static enum err_code
find(struct provider_session *s, const struct ip *ip, struct provider_place *out, struct err *err)
{
	struct rrset set = { .reply = NULL };
	const char *owner;
	if (owner_of(s, ip, &owner, err) != ERR_NONE || find_zone(s, owner, &set, err) != ERR_NONE)
		return err->code;
	if (strlen(owner) >= sizeof out->id)
		return err_set(err, ERR_DATA, "the name %s is too long", owner);
	snprintf(out->id, sizeof out->id, "%s", owner);
	snprintf(out->text, sizeof out->text, "%.120s in the zone %.80s at %.90s", owner, set.zone,
	    ((const struct rest *)s->state)->base);
	return ERR_NONE;
}

struct names {
	struct arena *a;
	struct provider_record *out;
};

static enum err_code
take_name(void *arg, const char *value, struct err *err)
{
	struct names *n = arg;
	char name[NAME_TEXT_MAX];
	if (!name_from_text(value, name))
		return err_set(err, ERR_TEMP, "'%s' is not a valid name", value);
	if (n->out->n_names == PROVIDER_NAMES_MAX)
		return err_set(err, ERR_DATA, "it has more than %d names", PROVIDER_NAMES_MAX);
	n->out->names[n->out->n_names++] = arena_strdup(n->a, name);
	return ERR_NONE;
}

static enum err_code
get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct rrset set;
	struct names names = { .a = a, .out = out };
	*out = (struct provider_record){ .ip = *ip, .description = "" };
	if (read_set(s, arena_strdup(&s->arena, place->id), "PTR", &set, err) != ERR_NONE)
		return err->code;
	enum err_code code = each_value(s, &set, take_name, &names, err);
	out->ttl_s = ttl_of(&set);
	out->ttl_zero = out->n_names > 0 && out->ttl_s == 0;
	*state = out->n_names > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
	json_decref(set.reply);
	return code;
}

static enum err_code
check_record(const struct provider_record *record, struct err *err)
{
	return provider_check_plain(record, "PowerDNS", err);
}

static enum err_code
put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	(void)ip; /* the place says where */
	struct rrset set;
	if (record != NULL && check_record(record, err) != ERR_NONE)
		return err->code;
	if (read_set(s, arena_strdup(&s->arena, place->id), "PTR", &set, err) != ERR_NONE)
		return err->code;
	json_t *records = json_array();
	for (size_t i = 0; record != NULL && i < record->n_names; i++)
		json_array_append_new(records,
		    one_record(arena_printf(&s->arena, "%s.", record->names[i])));
	bool none = record == NULL || (record->ttl_s == 0 && !record->ttl_zero);
	return write_set(s, &set, records, none ? DEFAULT_TTL_S : record->ttl_s, err);
}

/* ---- forward records */

static enum err_code
take_ip(void *arg, const char *value, struct err *err)
{
	struct provider_set *out = arg;
	if (out->n == PROVIDER_IPS_MAX)
		return err_set(err, ERR_DATA, "it has more than %d addresses", PROVIDER_IPS_MAX);
	if (!ip_parse(value, &out->ips[out->n]))
		return err_set(err, ERR_TEMP, "'%s' is not a valid address", value);
	out->n++;
	return ERR_NONE;
}

static enum err_code
forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct rrset set;
	*out = (struct provider_set){ .n = 0 };
	if (read_set(s, arena_strdup(&s->arena, name), provider_address_type(family_of), &set,
		err) != ERR_NONE)
		return err->code;
	enum err_code code = each_value(s, &set, take_ip, out, err);
	out->ttl_s = ttl_of(&set);
	out->ttl_zero = out->n > 0 && out->ttl_s == 0;
	json_decref(set.reply);
	return code;
}

static enum err_code
forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *new, struct err *err)
{
	struct rrset set;
	char text[IP_TEXT_MAX];
	if (read_set(s, arena_strdup(&s->arena, name), provider_address_type(family_of), &set,
		err) != ERR_NONE)
		return err->code;
	json_t *records = json_array();
	for (size_t i = 0; i < new->n; i++)
		json_array_append_new(records, one_record(ip_format(&new->ips[i], text)));
	return write_set(s, &set, records,
	    new->ttl_s > 0 || new->ttl_zero ? new->ttl_s : DEFAULT_TTL_S, err);
}

const struct provider provider_powerdns = {
	.name = "powerdns",
	.title = "PowerDNS",
	.max_names = PROVIDER_NAMES_MAX,
	.min_ttl_s = 1,
	.max_ttl_s = 2147483647, /* RFC 2181 8 */
	.default_ttl_s = DEFAULT_TTL_S,
	.ip4 = true,
	.ip6 = true,
	.rest = &api,
	.check = check_record,
	.configured = configured,
	.open = rest_open,
	.close = rest_close,
	.find = find,
	.get = get,
	.put = put,
	.list = powerdns_list,
	.forward_get = forward_get,
	.forward_put = forward_put,
};
