/*
 * AWS Route 53: A and AAAA records, where the account has the public zone (ListHostedZonesByName,
 * ListResourceRecordSets, ChangeResourceRecordSets, GetChange; API version 2013-04-01).  Source: the API
 * reference, and boto/botocore (data/route53) for its addresses.
 */
#include <string.h>

#include "base/buf.h"
#include "base/markup.h"
#include "base/name.h"
#include "base/number.h"
#include "provider/aws/aws_priv.h"
#include "provider/provider_priv.h"

enum { DEFAULT_TTL_S = 300, PAGE_LIMIT = 100 };

#define VERSION "/2013-04-01"

/* ---- where it is */

/* One address for all regions of a partition; the last row is for all others. */
static const struct partition {
	const char *prefix, *url, *region;
} partitions[] = {
	{ "cn-", "https://route53.amazonaws.com.cn", "cn-northwest-1" },
	{ "us-gov-", "https://route53.us-gov.amazonaws.com", "us-gov-west-1" },
	{ "", "https://route53.amazonaws.com", "us-east-1" },
};

void
aws_dns_open(struct provider_session *s)
{
	static const char *const variables[] = { "AWS_ENDPOINT_URL_ROUTE_53", "AWS_ENDPOINT_URL" };
	struct aws *w = s->state;
	const struct partition *p = partitions;
	while (strncmp(w->config.region, p->prefix, strlen(p->prefix)) != 0)
		p++;
	const char *url = provider_endpoint(s->options, "route53", false);
	for (size_t i = 0; i < 2 && (url == NULL || url[0] == '\0'); i++)
		url = provider_variable(s->options, variables[i]);
	w->dns = provider_base_url(&s->arena, url[0] != '\0' ? url : p->url, VERSION);
	w->dns_region = p->region;
	w->change = "";
}

/* One set of a zone. */
struct set {
	const char *zone;  /* id */
	const char *owner; /* without final dot */
	const char *type;  /* "A" */
	const char *label; /* "the record mail.example.com A in the zone ...": for errors */
	bool exists;
	struct provider_set now;
};

/* A request with a path below the version; body NULL: it reads.  A reply of another kind says nothing. */
static enum err_code
ask(struct provider_session *s, const char *action, const char *path, const char *body,
    const char *what, struct aws_reply *out, bool *absent, struct err *err)
{
	const struct aws *w = s->state;
	const struct aws_request request = { .method = body == NULL ? "GET" : "POST",
		.url = arena_printf(&s->arena, "%s" VERSION "%s", w->dns, path),
		.scope = arena_printf(&s->arena, "%s:route53", w->dns_region),
		.type = body == NULL ? NULL : "application/xml",
		.body = body,
		.what = what,
		.writes = body != NULL };
	if (aws_exchange(s, &request, &s->arena, out, absent, err) != ERR_NONE)
		return err->code;
	if (strcmp(out->root, arena_printf(&s->arena, "%sResponse", action)) == 0)
		return ERR_NONE;
	s->maybe_done = request.writes;
	return err_set(err, ERR_TEMP, "%s: the answer is not that of %s", what, action);
}

/*
 * Route 53 writes special characters of a name as a backslash and octal digits, which elsewhere are
 * decimal; our names have none.
 */
static bool
is_name(const char *text, const char *name)
{
	char read[NAME_TEXT_MAX];
	return strchr(text, '\\') == NULL && name_from_text(text, read) && name_equal(read, name);
}

/* "/hostedzone/Z1", "/change/C1": the part after the last slash; ERR_TEMP when that is not an id. */
static enum err_code
read_id(struct provider_session *s, const char *text, const char *what, const char **out,
    struct err *err)
{
	const char *slash = strrchr(text, '/');
	const char *id = slash != NULL ? slash + 1 : text;
	if (!provider_is_id(id))
		return err_set(err, ERR_TEMP, "%s: the answer has an invalid id", what);
	*out = arena_strdup(&s->arena, id);
	return ERR_NONE;
}

/* ---- zones */

/* Zones of one name; those that only private networks see are left out. */
struct zones {
	const char *name;
	const char *id;     /* of the first; "": none */
	const char *second; /* "": there is one at most */
	bool beyond;        /* the list has come to other names, or to its end */
};

static enum err_code
take_zones(struct provider_session *s, const struct aws_reply *reply, const char *what,
    struct zones *z, struct err *err)
{
	static const char list[] = "HostedZones/HostedZone";
	for (size_t at = 0, end; aws_item(reply, list, &at, &end); at = end) {
		const char *name = aws_text(reply, at, end, "HostedZones/HostedZone/Name");
		const char *private = aws_text(reply, at, end,
		    "HostedZones/HostedZone/Config/PrivateZone");
		if (!is_name(name, z->name)) {
			z->beyond = true;
			return ERR_NONE;
		}
		if (strcmp(private, "true") == 0)
			continue;
		const char **id = z->id[0] == '\0' ? &z->id : &z->second;
		if (read_id(s, aws_text(reply, at, end, "HostedZones/HostedZone/Id"), what, id,
			err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}

/* The zones are sorted by name, and listed from this one on. */
static enum err_code
zones_at(struct provider_session *s, struct zones *z, bool *absent, struct err *err)
{
	const char *what = arena_printf(&s->arena, "looking for the zone %s", z->name);
	const char *from = arena_printf(&s->arena, "%s.", z->name), *from_id = "";
	for (int page = 0; !z->beyond && page < PAGE_LIMIT; page++) {
		struct aws_reply reply;
		/* the signature wants the parameters in this order */
		const char *path = arena_printf(&s->arena,
		    "/hostedzonesbyname?dnsname=%s%s%s&maxitems=100",
		    provider_url_text(&s->arena, from), from_id[0] != '\0' ? "&hostedzoneid=" : "",
		    provider_url_text(&s->arena, from_id));
		if (ask(s, "ListHostedZonesByName", path, NULL, what, &reply, absent, err) !=
			ERR_NONE ||
		    take_zones(s, &reply, what, z, err) != ERR_NONE)
			return err->code;
		from = aws_text(&reply, 0, reply.n, "NextDNSName");
		from_id = aws_text(&reply, 0, reply.n, "NextHostedZoneId");
		z->beyond |= from[0] == '\0' || !is_name(from, z->name);
	}
	return z->beyond ? ERR_NONE : err_set(err, ERR_TEMP, "%s: over %d pages", what, PAGE_LIMIT);
}

/* The nearest public zone above the name; a zone of one label is nobody's. */
static enum err_code
search_zone(struct provider_session *s, const char *owner, bool *absent, struct err *err)
{
	struct aws *w = s->state;
	for (const char *name = owner; name_labels(name) > 1; name = name_parent(name)) {
		struct zones z = { .name = name, .id = "", .second = "" };
		if (zones_at(s, &z, absent, err) != ERR_NONE)
			return err->code;
		if (z.second[0] != '\0')
			return err_set(err, ERR_DATA,
			    "the account has two public zones named %s, %s and %s: only one of "
			    "them answers; delete the other, or write the record yourself",
			    name, z.id, z.second);
		if (z.id[0] == '\0')
			continue;
		w->zone_owner = owner;
		w->zone_name = name;
		w->zone_id = z.id;
		return ERR_NONE;
	}
	return err_set(err, ERR_DATA,
	    "no public zone in Route 53 of the account (asked with %s) holds %s", w->config.source,
	    owner);
}

static enum err_code
find_zone(struct provider_session *s, struct set *set, bool *absent, struct err *err)
{
	const struct aws *w = s->state;
	bool known = w->zone_owner != NULL && name_equal(w->zone_owner, set->owner);
	if (!known && search_zone(s, set->owner, absent, err) != ERR_NONE)
		return err->code;
	set->zone = w->zone_id;
	set->label = arena_printf(&s->arena, "the record %s %s in the zone %s (%s)", set->owner,
	    set->type, w->zone_name, w->zone_id);
	return ERR_NONE;
}

/* ---- sets */

#define SET "ResourceRecordSets/ResourceRecordSet/"

static enum err_code
take_addresses(const struct aws_reply *reply, size_t from, size_t to, struct set *set,
    struct err *err)
{
	uint64_t ttl_s = 0;
	if (!number_is(aws_text(reply, from, to, SET "TTL"), 0, INT32_MAX, &ttl_s))
		return err_set(err, ERR_TEMP, "%s has no valid TTL", set->label);
	set->now = (struct provider_set){ .ttl_s = (uint32_t)ttl_s, .ttl_zero = ttl_s == 0 };
	for (size_t i = from; i < to; i++) {
		const struct aws_leaf *leaf = &reply->leaves[i];
		if (leaf->text == NULL ||
		    strcmp(leaf->path, SET "ResourceRecords/ResourceRecord/Value") != 0)
			continue;
		if (set->now.n == PROVIDER_IPS_MAX)
			return err_set(err, ERR_DATA, "%s has more than %d addresses", set->label,
			    PROVIDER_IPS_MAX);
		if (!ip_parse(leaf->text, &set->now.ips[set->now.n++]))
			return err_set(err, ERR_TEMP, "%s: '%.100s' is not a valid address",
			    set->label, leaf->text);
	}
	return ERR_NONE;
}

/* Rows from..to are one set at the owner: ours, or one that excludes ours. */
static enum err_code
take_set(const struct aws_reply *reply, size_t from, size_t to, struct set *set, struct err *err)
{
	const char *type = aws_text(reply, from, to, SET "Type");
	const char *alias = aws_text(reply, from, to, SET "AliasTarget/DNSName");
	if (strcmp(type, "CNAME") == 0)
		return provider_refuse_cname(set->owner, err);
	if (strcmp(type, set->type) != 0)
		return ERR_NONE;
	if (aws_text(reply, from, to, SET "SetIdentifier")[0] != '\0' ||
	    aws_text(reply, from, to, SET "TrafficPolicyInstanceId")[0] != '\0')
		return err_set(err, ERR_DATA,
		    "%s has a routing policy, which gives different answers to different "
		    "people: change it in Route 53 itself",
		    set->label);
	if (alias[0] != '\0')
		return err_set(err, ERR_DATA,
		    "%s is an alias of %.255s, which would be lost: change it in Route 53 itself",
		    set->label, alias);
	set->exists = true;
	return take_addresses(reply, from, to, set, err);
}

/* beyond: the list has come to other names. */
static enum err_code
take_sets(const struct aws_reply *reply, struct set *set, bool *beyond, struct err *err)
{
	static const char list[] = "ResourceRecordSets/ResourceRecordSet";
	for (size_t at = 0, end; aws_item(reply, list, &at, &end); at = end) {
		*beyond |= !is_name(aws_text(reply, at, end, SET "Name"), set->owner);
		if (*beyond)
			return ERR_NONE;
		if (take_set(reply, at, end, set, err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}

static const char *
next_sets(struct provider_session *s, const struct aws_reply *reply, const struct set *set)
{
	const char *name = aws_text(reply, 0, reply->n, "NextRecordName");
	const char *type = aws_text(reply, 0, reply->n, "NextRecordType");
	const char *id = aws_text(reply, 0, reply->n, "NextRecordIdentifier");
	if (!is_name(name, set->owner) || type[0] == '\0')
		return NULL;
	return arena_printf(&s->arena, "%s%s%smaxitems=100&name=%s.&type=%s",
	    id[0] != '\0' ? "identifier=" : "", provider_url_text(&s->arena, id),
	    id[0] != '\0' ? "&" : "", provider_url_text(&s->arena, set->owner),
	    provider_url_text(&s->arena, type));
}

/* The sets are sorted by name, and listed from this one on. */
static enum err_code
read_set(struct provider_session *s, const char *name, const struct ip *family_of, struct set *out,
    bool *absent, struct err *err)
{
	*out = (struct set){ .owner = arena_strdup(&s->arena, name),
		.type = provider_address_type(family_of) };
	if (find_zone(s, out, absent, err) != ERR_NONE)
		return err->code;
	const char *query = arena_printf(&s->arena, "maxitems=100&name=%s.",
	    provider_url_text(&s->arena, name));
	bool beyond = false;
	for (int page = 0; query != NULL && page < PAGE_LIMIT; page++) {
		struct aws_reply reply;
		const char *path = arena_printf(&s->arena, "/hostedzone/%s/rrset?%s", out->zone,
		    query);
		if (ask(s, "ListResourceRecordSets", path, NULL, out->label, &reply, absent, err) !=
			ERR_NONE ||
		    take_sets(&reply, out, &beyond, err) != ERR_NONE)
			return err->code;
		query = beyond ? NULL : next_sets(s, &reply, out);
	}
	return query == NULL ? ERR_NONE :
			       err_set(err, ERR_TEMP, "%s: over %d pages", out->label, PAGE_LIMIT);
}

enum err_code
aws_forward_get(struct provider_session *s, const char *name, const struct ip *family_of,
    struct provider_set *out, struct err *err)
{
	struct set set;
	bool absent = false;
	enum err_code code = read_set(s, name, family_of, &set, &absent, err);
	*out = code == ERR_NONE ? set.now : (struct provider_set){ .n = 0 };
	/* keys for EC2 alone are enough for a PTR record: the zone counts as somebody else's */
	if (code == ERR_NOPERM && absent)
		return err->code = ERR_DATA;
	return code;
}

/* ---- changes */

/* A deletion repeats the set as it is, which is a condition, too. */
static const char *
batch_of(struct provider_session *s, const struct set *set, const struct provider_set *new)
{
	char text[IP_TEXT_MAX];
	struct buf out;
	const struct provider_set *said = new->n > 0 ? new : &set->now;
	bool ours = new->n > 0 && new->ttl_s == 0 && !new->ttl_zero;
	buf_init(&out, HTTP_BODY_MAX);
	buf_printf(&out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<ChangeResourceRecordSetsRequest "
	    "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">"
	    "<ChangeBatch><Changes><Change><Action>%s</Action><ResourceRecordSet><Name>",
	    new->n > 0 ? "UPSERT" : "DELETE");
	markup_add(&out, set->owner);
	buf_printf(&out, ".</Name><Type>%s</Type><TTL>%u</TTL><ResourceRecords>", set->type,
	    ours ? DEFAULT_TTL_S : said->ttl_s);
	for (size_t i = 0; i < said->n; i++)
		buf_printf(&out, "<ResourceRecord><Value>%s</Value></ResourceRecord>",
		    ip_format(&said->ips[i], text));
	buf_puts(&out,
	    "</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch>"
	    "</ChangeResourceRecordSetsRequest>");
	const char *body = arena_strndup(&s->arena, out.data, out.len);
	buf_fini(&out);
	return body;
}

enum err_code
aws_forward_put(struct provider_session *s, const char *name, const struct ip *family_of,
    const struct provider_set *new, struct err *err)
{
	struct aws *w = s->state;
	struct set set;
	struct aws_reply reply;
	w->change = "";
	if (read_set(s, name, family_of, &set, NULL, err) != ERR_NONE)
		return err->code;
	if (new->n == 0 && !set.exists)
		return ERR_NONE;
	const char *path = arena_printf(&s->arena, "/hostedzone/%s/rrset/", set.zone);
	if (ask(s, "ChangeResourceRecordSets", path, batch_of(s, &set, new), set.label, &reply,
		NULL, err) != ERR_NONE)
		return err->code;
	enum err_code code = read_id(s, aws_text(&reply, 0, reply.n, "ChangeInfo/Id"), set.label,
	    &w->change, err);
	s->maybe_done = code != ERR_NONE;
	return code;
}

/* Are the servers in step with the last change?  One of another run left no id to ask for. */
enum err_code
aws_forward_poll(struct provider_session *s, const char *name, const struct ip *family_of,
    enum provider_state *state, struct err *err)
{
	const struct aws *w = s->state;
	struct aws_reply reply;
	const char *what = arena_printf(&s->arena, "the change of the record %s %s", name,
	    provider_address_type(family_of));
	*state = w->change[0] == '\0' ? PROVIDER_ACTIVE : PROVIDER_PENDING;
	if (*state == PROVIDER_ACTIVE)
		return ERR_NONE;
	const char *path = arena_printf(&s->arena, "/change/%s", w->change);
	if (ask(s, "GetChange", path, NULL, what, &reply, NULL, err) != ERR_NONE)
		return err->code;
	if (strcmp(aws_text(&reply, 0, reply.n, "ChangeInfo/Status"), "INSYNC") == 0)
		*state = PROVIDER_ACTIVE;
	return ERR_NONE;
}
