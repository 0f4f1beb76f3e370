/*
 * The zones of a PowerDNS server, and all PTR records in its reverse zones, one after the other.  The API has no pages, so that
 * a zone comes as a whole.  Records are left out, and counted in a warning, where nobody could set them here:
 * disabled ones, those of copies, and those whose name is the reverse name of no address.
 */
#include <string.h>

#include "base/map.h"
#include "base/name.h"
#include "dns/answer.h"
#include "provider/rest/powerdns_priv.h"

enum { ANSWER_MAX = 32 << 20, QUAD = 4 }; /* a /16 with all its records takes some 12 MiB */

struct zone {
	const char *name; /* internal form */
	const char *path; /* in the API */
	bool is_copy;
};

struct listing {
	struct provider_session *s;
	struct arena *a;
	struct zone *zones; /* the reverse zones */
	size_t n_zones, cap_zones;
	struct map by_name; /* of them */
	struct provider_record *records;
	size_t n, cap;
	size_t n_copies, n_disabled, n_nobodys, n_unknown;
	const char *a_copy, *a_disabled, *a_nobodys, *why_unknown; /* one of each */
};

const char *
powerdns_path(struct provider_session *s)
{
	const char *name = provider_variable(s->options, "PDNS_SERVER_NAME");
	return arena_printf(&s->arena, "/api/v1/servers/%s",
	    name[0] != '\0' ? provider_url_text(&s->arena, name) : "localhost");
}

bool
powerdns_is_copy(const char *kind)
{
	return strcmp(kind, "Slave") == 0 || strcmp(kind, "Secondary") == 0 ||
	    strcmp(kind, "Consumer") == 0;
}

static const char *
json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

/* The reply of one call, whose list is at the path ("": it is the list itself); NULL: err says why. */
static json_t *
get_list(struct listing *l, const char *path, const char *list, const char *what, struct err *err)
{
	int status;
	json_t *reply;
	struct rest_call call = { .method = "GET",
		.path = path,
		.what = what,
		.body_max = ANSWER_MAX };
	enum err_code code = rest_call(l->s, &call, &status, &reply, err);
	if (code == ERR_NONE && json_is_array(rest_at(reply, list)))
		return reply;
	if (code == ERR_NONE)
		(void)err_set(err, ERR_TEMP, "%s: the answer has no list%s%s", what,
		    list[0] != '\0' ? " " : "", list);
	else if (code == ERR_DATA && status == 0)
		(void)err_set(err, ERR_DATA,
		    "%s: the answer has more than %d MiB: ask for one address with mailready ptr "
		    "show ADDRESS",
		    what, ANSWER_MAX >> 20);
	else if (code == ERR_DATA) /* a list that is refused says nothing of the addresses */
		err->code = ERR_CONFIG;
	json_decref(reply);
	return NULL;
}

/* ---- the zones */

static enum err_code
take_zone(struct listing *l, const json_t *object, struct err *err)
{
	char name[NAME_TEXT_MAX];
	const char *id = json_text(object, "id");
	if (id[0] == '\0' || !name_from_text(json_text(object, "name"), name))
		return err_set(err, ERR_TEMP, "listing the zones: a zone has no id or no name");
	if (!name_is_under(name, "in-addr.arpa") && !name_is_under(name, "ip6.arpa"))
		return ERR_NONE;
	l->zones = arena_grow(l->a, l->zones, l->n_zones, &l->cap_zones, sizeof *l->zones);
	struct zone *zone = &l->zones[l->n_zones++];
	*zone = (struct zone){ .name = arena_strdup(l->a, name),
		.path = arena_printf(l->a, "%s/zones/%s", powerdns_path(l->s),
		    provider_url_text(l->a, id)),
		.is_copy = powerdns_is_copy(json_text(object, "kind")) };
	if (zone->is_copy && l->n_copies++ == 0)
		l->a_copy = zone->name;
	return ERR_NONE;
}

static enum err_code
list_zones(struct listing *l, struct err *err)
{
	/* otherwise the server looks for the keys of each zone */
	const char *path = arena_printf(l->a, "%s/zones?dnssec=false", powerdns_path(l->s));
	json_t *reply = get_list(l, path, "", "listing the zones", err);
	const json_t *object;
	size_t i;
	if (reply == NULL)
		return err->code;
	json_array_foreach (reply, i, object)
		if (take_zone(l, object, err) != ERR_NONE)
			break;
	json_decref(reply);
	for (i = 0; i < l->n_zones; i++)
		map_put(&l->by_name, l->zones[i].name, &l->zones[i]);
	return err->code;
}

/* What is below another zone of the server is not answered from this one. */
static bool
is_in(const struct listing *l, const char *owner, const struct zone *zone)
{
	const char *name = owner;
	while (name[0] != '\0' && map_get(&l->by_name, name) == NULL)
		name = name_parent(name);
	return strcmp(name, zone->name) == 0;
}

/* ---- whose record it is */

/*
 * The address whose reverse name could be an alias of this one (RFC 2317): the first of its labels is the last
 * number, and the last three are the first three, whatever stands between.
 */
static bool
guess_address(struct arena *a, const char *owner, struct ip *out)
{
	const char *tail = owner;
	for (size_t n = name_labels(owner); n > QUAD + 1; n--)
		tail = name_parent(tail);
	return tail != owner &&
	    ip_from_reverse_name(arena_printf(a, "%.*s.%s", (int)strcspn(owner, "."), owner, tail),
		out);
}

/* The DNS knows where an alias leads. */
static bool
is_alias(struct listing *l, const struct ip *ip, const char *owner)
{
	const struct provider_world *w = &l->s->options->world;
	char reverse[IP_REVERSE_MAX];
	if (w->ask == NULL || l->why_unknown != NULL)
		return l->n_unknown++, false;
	ip_reverse_name(ip, reverse);
	const struct dns_answer *answer = w->ask(w->arg, reverse, DNS_PTR, &l->s->arena);
	if (dns_is_known(answer->status) || answer->status == DNS_LOOP)
		return strcmp(dns_answer_end(answer, reverse), owner) == 0;
	/* what one question did not get, the next hundred would wait for, too */
	l->why_unknown = dns_answer_reason(answer, l->a);
	l->n_unknown++;
	return false;
}

static bool
find_address(struct listing *l, const char *owner, struct ip *out)
{
	size_t n_unknown = l->n_unknown;
	if (ip_from_reverse_name(owner, out) ||
	    (guess_address(&l->s->arena, owner, out) && is_alias(l, out, owner)))
		return true;
	if (l->n_unknown == n_unknown && l->n_nobodys++ == 0)
		l->a_nobodys = arena_strdup(l->a, owner);
	return false;
}

/* ---- the records */

static enum err_code
take_names(struct listing *l, const json_t *set, const char *owner, struct provider_record *out,
    struct err *err)
{
	const json_t *records = json_object_get(set, "records"), *record;
	size_t i, n = 0;
	if (!json_is_array(records))
		return err_set(err, ERR_TEMP, "the record %s PTR has no list 'records'", owner);
	json_array_foreach (records, i, record) {
		char name[NAME_TEXT_MAX];
		const char *content = json_text(record, "content");
		if (!name_from_text(content, name) || name[0] == '\0')
			return err_set(err, ERR_TEMP,
			    "the record %s PTR: '%.300s' is not a valid name", owner, content);
		if (json_is_true(json_object_get(record, "disabled"))) {
			if (l->n_disabled++ == 0)
				l->a_disabled = arena_strdup(l->a, owner);
		} else if (n++ < PROVIDER_NAMES_MAX) {
			out->names[out->n_names++] = arena_strdup(l->a, name);
		}
	}
	if (n > PROVIDER_NAMES_MAX)
		provider_warn(l->s, "%s has %zu names, of which the first %d are shown", owner, n,
		    PROVIDER_NAMES_MAX);
	return ERR_NONE;
}

static enum err_code
take_set(struct listing *l, const json_t *set, const struct zone *zone, struct err *err)
{
	char owner[NAME_TEXT_MAX];
	struct provider_record record = { .description = "" };
	if (strcmp(json_text(set, "type"), "PTR") != 0)
		return ERR_NONE;
	if (!name_from_text(json_text(set, "name"), owner))
		return err_set(err, ERR_TEMP, "a record of the zone %s has no valid name",
		    zone->name);
	if (!is_in(l, owner, zone) || !find_address(l, owner, &record.ip))
		return ERR_NONE;
	json_int_t ttl_s = json_integer_value(json_object_get(set, "ttl"));
	if (take_names(l, set, owner, &record, err) != ERR_NONE || record.n_names == 0)
		return err->code;
	record.ttl_s = ttl_s > 0 && ttl_s <= INT32_MAX ? (uint32_t)ttl_s : 0;
	record.ttl_zero = record.ttl_s == 0;
	l->records = arena_grow(l->a, l->records, l->n, &l->cap, sizeof *l->records);
	l->records[l->n++] = record;
	return ERR_NONE;
}

static enum err_code
list_zone(struct listing *l, const struct zone *zone, struct err *err)
{
	const char *what = arena_printf(l->a, "listing the zone %s", zone->name);
	json_t *reply = get_list(l, zone->path, "rrsets", what, err);
	const json_t *set;
	size_t i;
	if (reply == NULL)
		return err->code;
	json_array_foreach (json_object_get(reply, "rrsets"), i, set)
		if (take_set(l, set, zone, err) != ERR_NONE)
			break;
	json_decref(reply);
	return err->code;
}

static void
say_left_out(const struct listing *l)
{
	if (l->n_copies > 0)
		provider_warn(l->s,
		    "reverse zones that are copies on this server are left out: %zu, such as %s",
		    l->n_copies, l->a_copy);
	if (l->n_disabled > 0)
		provider_warn(l->s, "disabled records are left out: %zu, such as %s PTR",
		    l->n_disabled, l->a_disabled);
	if (l->n_nobodys > 0)
		provider_warn(l->s,
		    "PTR records whose name is not the reverse name of an address, nor an alias of "
		    "one, are left out: %zu, such as %s",
		    l->n_nobodys, l->a_nobodys);
	if (l->n_unknown > 0)
		provider_warn(l->s,
		    "whose records these are is unknown, and they are left out: %zu in zones of "
		    "RFC 2317: %s",
		    l->n_unknown, l->why_unknown != NULL ? l->why_unknown : "there is no resolver");
}

enum err_code
powerdns_list(struct provider_session *s, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	struct listing l = { .s = s, .a = a };
	err->code = ERR_NONE;
	map_init(&l.by_name);
	(void)list_zones(&l, err);
	for (size_t i = 0; err->code == ERR_NONE && i < l.n_zones; i++)
		if (!l.zones[i].is_copy)
			(void)list_zone(&l, &l.zones[i], err);
	map_fini(&l.by_name);
	if (err->code != ERR_NONE)
		return err->code;
	say_left_out(&l);
	provider_sort_records(l.records, l.n);
	*out = l.records;
	*n = l.n;
	return ERR_NONE;
}
