/*
 * AWS EC2: the PTR record of an Elastic IP, an attribute of the address (DescribeAddressesAttribute,
 * ModifyAddressAttribute, ResetAddressAttribute; API version 2016-11-15).  Forward records are in route53.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "provider/aws/aws_priv.h"
#include "provider/provider_priv.h"

enum { PAGES_MAX = 100 };

/* ---- the session */

/* What the firmware of its servers says (chassis_asset_tag "Amazon EC2", up to the blank). */
static const char machine[] = "Amazon";

static bool
asks_role(const struct provider_options *o)
{
	bool is_server = o->machine != NULL && strcmp(o->machine, machine) == 0;
	return is_server || provider_endpoint(o, "metadata", false) != NULL;
}

static bool
configured(const struct provider_options *o)
{
	struct aws_config c;
	struct err err;
	/* what cannot be read is for open to report */
	if (aws_config_read(&c, o, &err) != ERR_NONE)
		return true;
	bool found = c.keys[AWS_KEY_SECRET] != NULL || c.other[0] != '\0' || asks_role(o);
	aws_config_fini(&c);
	return found;
}

static enum err_code
find_keys(struct provider_session *s, struct err *err)
{
	struct aws *w = s->state;
	const char *metadata = provider_endpoint(s->options, "metadata", false);
	if (aws_config_read(&w->config, s->options, err) != ERR_NONE)
		return err->code;
	if (w->config.warning[0] != '\0')
		provider_warn(s, "%s", w->config.warning);
	if (w->config.keys[AWS_KEY_SECRET] != NULL)
		return ERR_NONE;
	if (w->config.other[0] != '\0')
		return err_set(err, ERR_CONFIG,
		    "the profile %s has %s instead of keys, which only the AWS CLI can use: run "
		    "eval \"$(aws configure export-credentials --profile %s --format env)\" first",
		    w->config.profile, w->config.other, w->config.profile);
	snprintf(w->metadata, sizeof w->metadata, "%s",
	    metadata != NULL ? metadata : "http://169.254.169.254");
	if (asks_role(s->options))
		return aws_take_role(s, err);
	return err_set(err, ERR_CONFIG,
	    "no keys for AWS: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write "
	    "~/.aws/credentials, or run on a server with a role");
}

/* --endpoint, then the variables of the CLI, then the region's own; the partition of China has another domain. */
static enum err_code
set_url(struct provider_session *s, struct err *err)
{
	static const char *const variables[] = { "AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL" };
	struct aws *w = s->state;
	const char *url = provider_endpoint(s->options, "ec2", true);
	if (w->config.region[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "no region of AWS: give it with --region (eu-west-1 and the like) or "
		    "AWS_REGION; "
		    "an Elastic IP lives in one");
	for (size_t i = 0; i < 2 && (url == NULL || url[0] == '\0'); i++)
		url = provider_variable(s->options, variables[i]);
	int n = url[0] != '\0' ?
	    snprintf(w->url, sizeof w->url, "%s", url) :
	    snprintf(w->url, sizeof w->url, "https://ec2.%s.amazonaws.com%s/", w->config.region,
		strncmp(w->config.region, "cn-", 3) == 0 ? ".cn" : "");
	return n > 0 && (size_t)n < sizeof w->url ?
	    ERR_NONE :
	    err_set(err, ERR_CONFIG, "the URL of EC2 is longer than %d bytes", AWS_URL_MAX - 1);
}

static void
close_session(struct provider_session *s)
{
	struct aws *w = s->state;
	if (w == NULL)
		return;
	aws_config_fini(&w->config);
	free(w);
	s->state = NULL;
}

static enum err_code
open_session(struct provider_session *s, struct err *err)
{
	s->state = mem_zalloc(1, sizeof(struct aws));
	if (find_keys(s, err) == ERR_NONE && set_url(s, err) == ERR_NONE) {
		aws_dns_open(s);
		return ERR_NONE;
	}
	close_session(s);
	return err->code;
}

/* ---- find */

static const char *
region_of(const struct provider_session *s)
{
	return ((const struct aws *)s->state)->config.region;
}

static enum err_code
not_here(const struct provider_session *s, const char *address, struct err *err)
{
	const struct aws *w = s->state;
	(void)err_set(err, ERR_DATA,
	    "%s is not an Elastic IP of the account in region %s (asked with %s)", address,
	    region_of(s), w->config.source);
	return err_advise(err, "another region is named with --region");
}

static enum err_code
find(struct provider_session *s, const struct ip *ip, struct provider_place *out, struct err *err)
{
	char address[IP_TEXT_MAX];
	struct aws_reply reply;
	bool absent = false;
	ip_format(ip, address);
	if (ip->family != 4)
		return err_set(err, ERR_DATA,
		    "%s: EC2 has PTR records only for Elastic IPs, which are IPv4: ask AWS Support",
		    address);
	struct aws_call call = { .action = "DescribeAddresses",
		.what = arena_printf(&s->arena, "looking for the Elastic IP %s", address),
		.params = { { "PublicIp.1", address } } };
	enum err_code code = aws_send(s, &call, &s->arena, &reply, &absent, err);
	/* what the policy forbids to see may be there */
	if (code != ERR_NONE && !(absent && code == ERR_DATA))
		return code;
	const char *id = code == ERR_NONE ?
	    aws_text(&reply, 0, reply.n, "addressesSet/item/allocationId") :
	    "";
	if (id[0] == '\0')
		return not_here(s, address, err);
	if (!provider_is_id(id))
		return err_set(err, ERR_TEMP, "the Elastic IP %s has an invalid id", address);
	snprintf(out->id, sizeof out->id, "%s:%s", region_of(s), id);
	snprintf(out->text, sizeof out->text, "Elastic IP %s in region %s", id, region_of(s));
	return ERR_NONE;
}

static const char *
id_of(const struct provider_place *place)
{
	const char *colon = strchr(place->id, ':');
	return colon != NULL ? colon + 1 : place->id;
}

/* ---- get */

/* Rows from..to are those of one address; without a name of its own it has the provider's. */
static enum err_code
read_address(const struct aws_reply *r, size_t from, size_t to, const char *list, struct arena *a,
    struct provider_record *out, enum provider_state *state, struct err *err)
{
	char name[NAME_TEXT_MAX];
	const char *text = aws_text(r, from, to, arena_printf(a, "%s/ptrRecord", list));
	const char *status = aws_text(r, from, to,
	    arena_printf(a, "%s/ptrRecordUpdate/status", list));
	const char *reason = aws_text(r, from, to,
	    arena_printf(a, "%s/ptrRecordUpdate/reason", list));
	*out = (struct provider_record){ .description = "", .is_default = text[0] == '\0' };
	*state = text[0] == '\0' ? PROVIDER_ABSENT : PROVIDER_ACTIVE;
	if (!ip_parse(aws_text(r, from, to, arena_printf(a, "%s/publicIp", list)), &out->ip))
		return err_set(err, ERR_TEMP, "an Elastic IP has an invalid address");
	if (text[0] != '\0' && !name_from_text(text, name))
		return err_set(err, ERR_TEMP, "an Elastic IP has an invalid PTR name");
	if (text[0] != '\0')
		out->names[out->n_names++] = arena_strdup(a, name);
	if (strcmp(status, "PENDING") == 0)
		*state = PROVIDER_PENDING;
	else if (status[0] != '\0') {
		*state = PROVIDER_FAILED;
		(void)err_set(err, ERR_UNAVAILABLE,
		    "EC2 did not publish the record (%.40s%s%.200s)", status,
		    reason[0] != '\0' ? ": " : "", reason);
	}
	return ERR_NONE;
}

static enum err_code
get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	static const char list[] = "addressSet/item";
	struct aws_call call = { .action = "DescribeAddressesAttribute",
		.what = arena_printf(&s->arena, "the PTR record of %s", place->text),
		.params = { { "AllocationId.1", id_of(place) }, { "Attribute", "domain-name" } } };
	struct aws_reply reply;
	size_t at = 0, end;
	*out = (struct provider_record){ .ip = *ip, .description = "", .is_default = true };
	*state = PROVIDER_ABSENT;
	if (aws_send(s, &call, a, &reply, NULL, err) != ERR_NONE)
		return err->code;
	/* an address without a name of its own is left out */
	if (!aws_item(&reply, list, &at, &end))
		return ERR_NONE;
	if (read_address(&reply, at, end, list, a, out, state, err) != ERR_NONE)
		return err->code;
	return ip_equal(&out->ip, ip) ?
	    ERR_NONE :
	    err_set(err, ERR_DATA, "%s now has another address: plan again", place->text);
}

/* ---- put */

static enum err_code
check_record(const struct provider_record *record, struct err *err)
{
	if (record->n_names > 1)
		return err_set(err, ERR_DATA, "EC2 takes one PTR name for an address, not %zu",
		    record->n_names);
	if (record->description[0] != '\0' || record->n_tags > 0)
		return err_set(err, ERR_DATA,
		    "PTR records have neither a description nor tags in EC2");
	return ERR_NONE;
}

static enum err_code
put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	struct aws_reply reply;
	struct aws_call call = { .action = record != NULL ? "ModifyAddressAttribute" :
							    "ResetAddressAttribute",
		.what = arena_printf(&s->arena, "%s the PTR record of %s",
		    record != NULL ? "setting" : "unsetting", place->text),
		.writes = true,
		.params = { { "AllocationId", id_of(place) } } };
	(void)ip;
	if (record != NULL && check_record(record, err) != ERR_NONE)
		return err->code;
	call.params[1] = record != NULL ? (struct aws_param){ "DomainName", record->names[0] } :
					  (struct aws_param){ "Attribute", "domain-name" };
	return aws_send(s, &call, &s->arena, &reply, NULL, err);
}

static enum err_code
poll_state(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	struct provider_record record;
	return get(s, place, ip, &s->arena, &record, state, err);
}

/* ---- list */

struct listing {
	struct arena *a;
	struct provider_record *records;
	size_t n, cap;
};

/* All Elastic IPs, each with the provider's name as long as no other is known. */
static enum err_code
list_addresses(struct provider_session *s, struct listing *l, struct err *err)
{
	static const char list[] = "addressesSet/item";
	struct aws_call call = { .action = "DescribeAddresses", .what = "listing the Elastic IPs" };
	struct aws_reply reply;
	enum provider_state state;
	if (aws_send(s, &call, l->a, &reply, NULL, err) != ERR_NONE)
		return err->code;
	for (size_t at = 0, end; aws_item(&reply, list, &at, &end); at = end) {
		l->records = arena_grow(l->a, l->records, l->n, &l->cap, sizeof *l->records);
		if (read_address(&reply, at, end, list, l->a, &l->records[l->n], &state, err) !=
		    ERR_NONE)
			return err->code;
		l->n++;
	}
	return ERR_NONE;
}

static enum err_code
take_names(struct listing *l, const struct aws_reply *reply, struct err *err)
{
	static const char list[] = "addressSet/item";
	enum provider_state state;
	for (size_t at = 0, end; aws_item(reply, list, &at, &end); at = end) {
		struct provider_record named, *record;
		if (read_address(reply, at, end, list, l->a, &named, &state, err) != ERR_NONE)
			return err->code;
		if ((record = provider_record_of(l->records, l->n, &named.ip)) != NULL)
			*record = named;
	}
	return ERR_NONE;
}

static enum err_code
list_all(struct provider_session *s, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	struct listing l = { .a = a };
	const char *next = "";
	if (list_addresses(s, &l, err) != ERR_NONE)
		return err->code;
	for (size_t pages = 0; next != NULL && pages < PAGES_MAX; pages++) {
		struct aws_call call = { .action = "DescribeAddressesAttribute",
			.what = "listing the PTR records",
			.params = { { "Attribute", "domain-name" }, { "MaxResults", "1000" } } };
		struct aws_reply reply;
		if (next[0] != '\0')
			call.params[2] = (struct aws_param){ "NextToken", next };
		if (aws_send(s, &call, a, &reply, NULL, err) != ERR_NONE ||
		    take_names(&l, &reply, err) != ERR_NONE)
			return err->code;
		next = aws_text(&reply, 0, reply.n, "nextToken");
		next = next[0] != '\0' ? next : NULL;
	}
	*out = l.records;
	*n = l.n;
	return next == NULL ?
	    ERR_NONE :
	    err_set(err, ERR_TEMP, "listing the PTR records: over %d pages", PAGES_MAX);
}

const struct provider provider_aws = {
	.name = "aws",
	.title = "AWS EC2",
	.max_names = 1,
	.ip4 = true,
	.has_default = true,
	.reads_lag = true,
	.check = check_record,
	.configured = configured,
	.open = open_session,
	.close = close_session,
	.find = find,
	.get = get,
	.put = put,
	.poll = poll_state,
	.list = list_all,
	.forward_get = aws_forward_get,
	.forward_put = aws_forward_put,
	.forward_poll = aws_forward_poll,
};
