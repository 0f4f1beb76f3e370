/*
 * Dynamic update with TSIG (RFC 2136, RFC 8945) of a zone on one's own servers, or of any zone that
 * a key may write.  NOERROR proves nothing: BIND and Knot drop a PTR at a CNAME without a word, so
 * that every update is read back from the same server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/safe.h"
#include "base/secret.h"
#include "provider/provider_priv.h"
#include "provider/rfc2136/rfc2136_priv.h"
#include "provider/rfc2136/tsig_key_priv.h"

enum {
	DEFAULT_TTL_S = 3600,
	POLLS_MAX = 10, /* about a quarter of a minute at the pace of the room fix */
};

static const char *
key_file(const struct provider_options *o)
{
	static const char *const variables[] = { "MAILREADY_TSIG_FILE", "RFC2136_TSIG_FILE" };
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *path = provider_variable(o, variables[i]);
		if (path[0] != '\0')
			return path;
	}
	return NULL;
}

static bool
configured(const struct provider_options *o)
{
	return key_file(o) != NULL;
}

static void
close_session(struct provider_session *s)
{
	if (s->state != NULL)
		explicit_bzero(s->state, sizeof(struct rfc2136_state));
	free(s->state);
	s->state = NULL;
}

static enum err_code
open_session(struct provider_session *s, struct err *err)
{
	const char *path = key_file(s->options);
	if (path == NULL)
		return err_set(err, ERR_CONFIG,
		    "no key: name a file with a TSIG key in MAILREADY_TSIG_FILE");
	struct rfc2136_state *state = mem_zalloc(1, sizeof *state);
	state->file = arena_strdup(&s->arena, path);
	s->state = state;
	struct secret_file file;
	enum err_code code = secret_file_read(&file, path, err);
	if (code == ERR_NOINPUT)
		code = err->code = ERR_CONFIG; /* a file that was named must be there */
	if (code == ERR_NONE)
		code = tsig_key_parse(state->file, file.text, file.len, &state->key, err);
	if (file.exposed_mode != 0)
		provider_warn(s,
		    "%s holds a key, but others can read it (mode %04o): run chmod 600 on it", path,
		    file.exposed_mode);
	secret_file_free(&file);
	if (code != ERR_NONE)
		close_session(s);
	return code;
}

/* "ADDR#PORT ZONE OWNER": names hold no blanks in their internal form. */
static enum err_code
put_place(const struct rfc2136_place *place, struct provider_place *out, struct err *err)
{
	char server[ENDPOINT_TEXT_MAX];
	endpoint_format(&place->server, server);
	int n = snprintf(out->id, sizeof out->id, "%s %s %s", server, place->zone, place->owner);
	if (n < 0 || (size_t)n >= sizeof out->id)
		return err_set(err, ERR_DATA, "the name %s is too long", place->owner);
	snprintf(out->text, sizeof out->text, "%s in the zone %s at %s", place->owner, place->zone,
	    server);
	return ERR_NONE;
}

static enum err_code
get_place(struct provider_session *s, const struct provider_place *from, struct rfc2136_place *out,
    struct err *err)
{
	char *id = arena_strdup(&s->arena, from->id), *rest = NULL;
	const char *server = strtok_r(id, " ", &rest);
	*out = (struct rfc2136_place){ .zone = strtok_r(NULL, " ", &rest),
		.derived = rfc2136_server_is_derived(s->options) };
	out->owner = strtok_r(NULL, " ", &rest);
	if (out->owner == NULL || !endpoint_parse(server, 53, &out->server))
		return err_set(err, ERR_INTERNAL, "'%s' is not a place of rfc2136", from->id);
	return ERR_NONE;
}

/* The server serves the zone and takes the key: nothing is written to learn that. */
static enum err_code
check_one(struct provider_session *s, const struct rfc2136_place *place, struct err *err)
{
	struct rfc2136_question question = { place, place->zone, DNS_SOA };
	struct dns_answer answer = dns_answer_pending;
	if (rfc2136_query(s, &question, &s->arena, &answer, err) != ERR_NONE)
		return err->code;
	if (answer.status == DNS_FOUND)
		return ERR_NONE;
	return err_set(err, ERR_DATA, "%s is not a zone of its server", place->zone);
}

/* The first of the primary's addresses that can be reached. */
static enum err_code
check_server(struct provider_session *s, struct rfc2136_place *place, struct err *err)
{
	enum err_code code = ERR_UNAVAILABLE;
	for (size_t i = 0; i < place->n_servers && code == ERR_UNAVAILABLE; i++) {
		place->server = place->servers[i];
		code = check_one(s, place, err);
	}
	return code;
}

static enum err_code
find(struct provider_session *s, const struct ip *ip, struct provider_place *out, struct err *err)
{
	struct rfc2136_place place;
	if (rfc2136_locate_ptr(s, ip, &place, err) != ERR_NONE)
		return err->code;
	if (check_server(s, &place, err) != ERR_NONE)
		return err->code;
	return put_place(&place, out, err);
}

static enum err_code
holds(struct provider_session *s, const struct rfc2136_place *place, uint16_t type, bool *out,
    struct err *err)
{
	struct rfc2136_question question = { place, place->owner, type };
	return rfc2136_holds(s, &question, out, err);
}

/* Reads the set of one owner and type into the state: what the next update demands to be there. */
static enum err_code
read_set(struct provider_session *s, const struct rfc2136_place *place, uint16_t type,
    struct rfc2136_set *out, struct err *err)
{
	struct rfc2136_question question = { place, place->owner, type };
	*out = (struct rfc2136_set){ .owner = NULL };
	struct dns_answer answer = dns_answer_pending;
	if (rfc2136_query(s, &question, &s->arena, &answer, err) != ERR_NONE)
		return err->code;
	bool alias = answer.n_chain > 0 || answer.status == DNS_LOOP;
	bool own = true;
	if ((alias || answer.n_records > 0) &&
	    holds(s, place, alias ? DNS_CNAME : type, &own, err) != ERR_NONE)
		return err->code;
	if (alias && own)
		return err_set(err, ERR_DATA,
		    "%s is a CNAME at its server, which excludes other records: change the name "
		    "that it points to",
		    place->owner);
	const char **names = arena_array(&s->arena, answer.n_records + 1, sizeof *names);
	struct ip *ips = arena_array(&s->arena, answer.n_records + 1, sizeof *ips);
	for (size_t i = 0; i < answer.n_records; i++) {
		names[i] = answer.records[i].text;
		ips[i] = answer.records[i].ip;
	}
	*out = (struct rfc2136_set){ .owner = place->owner,
		.type = type,
		.synthesised = !own,
		.shown = { .names = names, .ips = ips, .n = answer.n_records } };
	if (answer.n_records > 0)
		out->shown.ttl_s = answer.records[0].ttl_s;
	if (own)
		out->set = out->shown;
	return ERR_NONE;
}

static bool
has_value(const struct dns_rrset *set, uint16_t type, const struct dns_rrset *other, size_t i)
{
	for (size_t j = 0; j < set->n; j++)
		if (type == DNS_PTR ? name_equal(set->names[j], other->names[i]) :
				      ip_equal(&set->ips[j], &other->ips[i]))
			return true;
	return false;
}

/* Every value of each is in the other; the order of records and the TTL mean nothing. */
static bool
same_set(const struct dns_rrset *x, const struct dns_rrset *y, uint16_t type)
{
	for (size_t i = 0; i < x->n; i++)
		if (!has_value(y, type, x, i))
			return false;
	for (size_t i = 0; i < y->n; i++)
		if (!has_value(x, type, y, i))
			return false;
	return true;
}

static enum err_code
not_done(const struct rfc2136_place *place, struct err *err)
{
	char server[ENDPOINT_TEXT_MAX];
	return err_set(err, ERR_NOPERM,
	    "%s answered NOERROR to the update of %s but did not make it: another record prevents "
	    "it, or its policy drops the change",
	    endpoint_format(&place->server, server), place->owner);
}

static enum err_code
write_set(struct provider_session *s, const struct rfc2136_place *place, uint16_t type,
    const struct dns_rrset *new, struct err *err)
{
	struct rfc2136_state *state = s->state;
	bool was_read = state->seen.owner != NULL && name_equal(state->seen.owner, place->owner) &&
	    state->seen.type == type;
	state->written = (struct rfc2136_set){ .owner = place->owner, .type = type, .set = *new };
	state->n_polls = 0;
	if (!was_read && read_set(s, place, type, &state->seen, err) != ERR_NONE)
		return err->code;
	struct dns_update update = { .zone = place->zone,
		.owner = place->owner,
		.type = type,
		.old = state->seen.set,
		.new = *new };
	state->seen.owner = NULL; /* what it was is past, whatever comes now */
	return rfc2136_update(s, place, &update, err);
}

/*
 * Is what was written there?  The server that took the update may have passed it on, or others may
 * answer the questions: it shows a little later then.
 */
static enum err_code
poll_set(struct provider_session *s, const struct rfc2136_place *place, uint16_t type,
    enum provider_state *out, struct err *err)
{
	struct rfc2136_state *state = s->state;
	const struct rfc2136_set *written = &state->written;
	struct rfc2136_set now;
	if (read_set(s, place, type, &now, err) != ERR_NONE) {
		if (err->code == ERR_DATA)
			*out = PROVIDER_FAILED;
		return err->code;
	}
	*out = now.set.n > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
	bool ours = written->owner != NULL && written->type == type &&
	    name_equal(written->owner, place->owner);
	if (!ours || same_set(&now.set, &written->set, type))
		return ERR_NONE;
	*out = ++state->n_polls < POLLS_MAX ? PROVIDER_PENDING : PROVIDER_FAILED;
	if (*out == PROVIDER_FAILED)
		not_done(place, err);
	return ERR_NONE;
}

static enum err_code
get(struct provider_session *s, const struct provider_place *where, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct rfc2136_place place;
	struct rfc2136_set *seen = &((struct rfc2136_state *)s->state)->seen;
	if (get_place(s, where, &place, err) != ERR_NONE ||
	    read_set(s, &place, DNS_PTR, seen, err) != ERR_NONE)
		return err->code;
	const struct dns_rrset *shown = &seen->shown;
	if (shown->n > PROVIDER_NAMES_MAX)
		return err_set(err, ERR_DATA, "%s has %zu PTR records, more than %d", place.owner,
		    shown->n, PROVIDER_NAMES_MAX);
	*out = (struct provider_record){ .ip = *ip,
		.ttl_s = shown->ttl_s,
		.ttl_zero = shown->n > 0 && shown->ttl_s == 0,
		.description = "",
		.is_default = seen->synthesised,
		.n_names = shown->n };
	for (size_t i = 0; i < shown->n; i++)
		out->names[i] = arena_strdup(a, shown->names[i]);
	if (seen->synthesised)
		out->note = rfc2136_hidden(s, &place, DNS_PTR);
	*state = shown->n > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
	return ERR_NONE;
}

static enum err_code
check_record(const struct provider_record *record, struct err *err)
{
	return provider_check_plain(record, "a dynamic update", err);
}

static uint32_t
ttl_of(uint32_t ttl_s, bool is_zero)
{
	return ttl_s > 0 || is_zero ? ttl_s : DEFAULT_TTL_S;
}

static struct dns_rrset
set_of(struct provider_session *s, const struct provider_record *record)
{
	if (record == NULL)
		return (struct dns_rrset){ .n = 0 };
	const char **names = arena_array(&s->arena, record->n_names + 1, sizeof *names);
	for (size_t i = 0; i < record->n_names; i++)
		names[i] = arena_strdup(&s->arena, record->names[i]);
	return (struct dns_rrset){ .ttl_s = ttl_of(record->ttl_s, record->ttl_zero),
		.names = names,
		.n = record->n_names };
}

static enum err_code
put(struct provider_session *s, const struct provider_place *where, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	(void)ip; /* the place says where */
	struct rfc2136_place place;
	if (get_place(s, where, &place, err) != ERR_NONE)
		return err->code;
	struct dns_rrset new = set_of(s, record);
	return write_set(s, &place, DNS_PTR, &new, err);
}

static enum err_code
poll_state(struct provider_session *s, const struct provider_place *where, const struct ip *ip,
    enum provider_state *out, struct err *err)
{
	(void)ip;
	struct rfc2136_place place;
	if (get_place(s, where, &place, err) != ERR_NONE)
		return err->code;
	return poll_set(s, &place, DNS_PTR, out, err);
}

/* A server that nobody named and that cannot be reached is not one of ours. */
static enum err_code
forward_place(struct provider_session *s, const char *name, struct rfc2136_place *out,
    struct err *err)
{
	if (rfc2136_locate_name(s, name, out, err) == ERR_NONE &&
	    check_server(s, out, err) == ERR_NONE)
		return ERR_NONE;
	if (out->derived && err->code == ERR_UNAVAILABLE)
		err->code = ERR_DATA;
	return err->code;
}

static uint16_t
address_type(const struct ip *ip)
{
	return ip->family == 4 ? DNS_A : DNS_AAAA;
}

static enum err_code
forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct rfc2136_place place;
	struct rfc2136_set *seen = &((struct rfc2136_state *)s->state)->seen;
	*out = (struct provider_set){ .n = 0 };
	if (forward_place(s, name, &place, err) != ERR_NONE ||
	    read_set(s, &place, address_type(family_of), seen, err) != ERR_NONE)
		return err->code;
	const struct dns_rrset *shown = &seen->shown;
	if (shown->n > PROVIDER_IPS_MAX)
		return err_set(err, ERR_DATA, "%s has %zu addresses, more than %d", name, shown->n,
		    PROVIDER_IPS_MAX);
	for (; out->n < shown->n; out->n++)
		out->ips[out->n] = shown->ips[out->n];
	out->ttl_s = shown->ttl_s;
	out->ttl_zero = shown->n > 0 && shown->ttl_s == 0;
	out->is_default = seen->synthesised;
	if (seen->synthesised)
		out->note = rfc2136_hidden(s, &place, address_type(family_of));
	return ERR_NONE;
}

static enum err_code
forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *set, struct err *err)
{
	struct rfc2136_place place;
	if (forward_place(s, name, &place, err) != ERR_NONE)
		return err->code;
	/* what was written is compared with later */
	struct ip *ips = arena_array(&s->arena, set->n + 1, sizeof *ips);
	memcpy(ips, set->ips, set->n * sizeof *ips);
	struct dns_rrset new = { .ttl_s = ttl_of(set->ttl_s, set->ttl_zero),
		.ips = ips,
		.n = set->n };
	return write_set(s, &place, address_type(family_of), &new, err);
}

static enum err_code
forward_poll(struct provider_session *s, const char *name, const struct ip *family_of,
    enum provider_state *out, struct err *err)
{
	struct rfc2136_place place;
	if (forward_place(s, name, &place, err) != ERR_NONE)
		return err->code;
	return poll_set(s, &place, address_type(family_of), out, err);
}

const struct provider provider_rfc2136 = {
	.name = "rfc2136",
	.title = "Dynamic update (RFC 2136)",
	.max_names = PROVIDER_NAMES_MAX,
	.min_ttl_s = 1,
	.max_ttl_s = 2147483647, /* RFC 2181 8 */
	.default_ttl_s = DEFAULT_TTL_S,
	.ip4 = true,
	.ip6 = true,
	.reads_lag = true,
	.check = check_record,
	.configured = configured,
	.open = open_session,
	.close = close_session,
	.find = find,
	.get = get,
	.put = put,
	.poll = poll_state,
	.forward_get = forward_get,
	.forward_put = forward_put,
	.forward_poll = forward_poll,
};
