/* Logging in to Keystone: what is sent, and the addresses of the services in the answer. */
#include <stdlib.h>
#include <string.h>

#include "base/hide.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/safe.h"
#include "base/secret.h"
#include "provider/openstack/openstack_priv.h"

/* The service types of the catalogue, the word of --endpoint, and what their addresses end in. */
static const struct service {
	const char *word, *type, *version;
} services[OS_SERVICES] = {
	[OS_IDENTITY] = { "identity", "identity", "/v3" },
	[OS_NETWORK] = { "network", "network", "/v2.0" },
	[OS_DNS] = { "dns", "dns", "/v2" },
};

/* {"KEY": {"id": ...}} or by name; nothing when neither is said. */
static void
put_domain(json_t *object, const struct os_config *c, enum os_field id, enum os_field name)
{
	const char *by_id = os_get(c, id), *by_name = os_get(c, name);
	if (by_id[0] == '\0' && by_name[0] == '\0') {
		by_id = os_get(c, OS_DOMAIN_ID);
		by_name = os_get(c, OS_DOMAIN_NAME);
	}
	/* the domain that every Keystone has, and that OpenStack's own tools fall back to */
	if (by_id[0] == '\0' && by_name[0] == '\0')
		by_id = "default";
	json_t *domain = by_id[0] != '\0' ? json_pack("{ss}", "id", by_id) :
					    json_pack("{ss}", "name", by_name);
	json_object_set_new(object, "domain", domain);
}

static json_t *
user_object(const struct os_config *c)
{
	json_t *user = json_object();
	if (os_get(c, OS_USER_ID)[0] != '\0') {
		json_object_set_new(user, "id", json_string(os_get(c, OS_USER_ID)));
		return user;
	}
	json_object_set_new(user, "name", json_string(os_get(c, OS_USERNAME)));
	put_domain(user, c, OS_USER_DOMAIN_ID, OS_USER_DOMAIN_NAME);
	return user;
}

static json_t *
project_object(const struct os_config *c)
{
	json_t *project = json_object();
	if (os_get(c, OS_PROJECT_ID)[0] != '\0') {
		json_object_set_new(project, "id", json_string(os_get(c, OS_PROJECT_ID)));
		return project;
	}
	json_object_set_new(project, "name", json_string(os_get(c, OS_PROJECT_NAME)));
	put_domain(project, c, OS_PROJECT_DOMAIN_ID, OS_PROJECT_DOMAIN_NAME);
	return project;
}

static json_t *
credential_object(const struct os_config *c)
{
	json_t *object = json_pack("{ss}", "secret", os_get(c, OS_CREDENTIAL_SECRET));
	if (os_get(c, OS_CREDENTIAL_ID)[0] != '\0') {
		json_object_set_new(object, "id", json_string(os_get(c, OS_CREDENTIAL_ID)));
		return object;
	}
	json_object_set_new(object, "name", json_string(os_get(c, OS_CREDENTIAL_NAME)));
	json_object_set_new(object, "user", user_object(c));
	return object;
}

/* An application credential belongs to a project: Keystone refuses one with a scope. */
static json_t *
login_body(const struct os_config *c)
{
	if (os_get(c, OS_CREDENTIAL_SECRET)[0] != '\0')
		return json_pack("{s{s{s[s]so}}}", "auth", "identity", "methods",
		    "application_credential", "application_credential", credential_object(c));
	json_t *user = user_object(c);
	json_object_set_new(user, "password", json_string(os_get(c, OS_PASSWORD)));
	return json_pack("{s{s{s[s]s{so}}s{so}}}", "auth", "identity", "methods", "password",
	    "password", "user", user, "scope", "project", project_object(c));
}

/* One address alone is where everything begins. */
static const char *
given_url(const struct provider_options *o, enum os_service which)
{
	return provider_endpoint(o, services[which].word, which == OS_IDENTITY);
}

/* "public", whatever older configurations call it: "publicURL". */
static bool
same_interface(const char *wanted, const char *got)
{
	size_t len = strlen(wanted);
	if (len > 3 && strcmp(wanted + len - 3, "URL") == 0)
		len -= 3;
	return strlen(got) == len && strncmp(wanted, got, len) == 0;
}

static const char *
text_member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text == NULL ? "" : text;
}

static const char *
region_of(const json_t *endpoint)
{
	const char *region = text_member(endpoint, "region_id");
	return region[0] != '\0' ? region : text_member(endpoint, "region");
}

/* Regions in which a service of this type has an address for this interface. */
struct offers {
	const char *names[32];
	size_t n;
	const char *url;   /* in the wanted region, or in the last one seen */
	const char *other; /* in the last one seen */
	const char *every; /* of the region "*": in all of them */
};

static void
add_endpoint(struct offers *out, const char *region, const json_t *endpoint)
{
	const char *name = region_of(endpoint);
	bool known = false;
	if (strcmp(name, "*") == 0) {
		out->every = text_member(endpoint, "url");
		return;
	}
	out->other = text_member(endpoint, "url");
	for (size_t i = 0; i < out->n; i++)
		known = known || strcmp(out->names[i], name) == 0;
	if (!known && out->n < sizeof out->names / sizeof out->names[0])
		out->names[out->n++] = name;
	if (region[0] == '\0' || strcmp(region, name) == 0)
		out->url = text_member(endpoint, "url");
}

static void
find_offers(const json_t *catalogue, const char *type, const char *interface, const char *region,
    struct offers *out)
{
	size_t i, j;
	const json_t *service, *endpoint;
	json_array_foreach (catalogue, i, service) {
		if (strcmp(text_member(service, "type"), type) != 0)
			continue;
		json_array_foreach (json_object_get(service, "endpoints"), j, endpoint)
			if (same_interface(interface, text_member(endpoint, "interface")))
				add_endpoint(out, region, endpoint);
	}
}

static enum err_code
no_region(struct provider_session *s, const struct openstack *o, const struct offers *offers,
    struct err *err)
{
	const char *names = safe_join(&s->arena, offers->names, offers->n, ", ");
	const char *wanted = os_get(&o->config, OS_REGION);
	if (wanted[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "this cloud has the regions %s: name one with --region "
		    "or %s",
		    names, os_field_name(&o->config, OS_REGION));
	return err_set(err, ERR_CONFIG, "the cloud's catalogue has no region %s; it has %s", wanted,
	    names);
}

/*
 * NULL: there is none.  A DNS service that is in one region alone serves the others as well: their floating
 * IPs say which they are in.
 */
static const char *
url_of(const struct offers *offers, const char *region, enum os_service which)
{
	if (offers->n == 0 || (offers->url == NULL && offers->every != NULL))
		return offers->every;
	if (region[0] == '\0' && offers->n > 1)
		return NULL;
	return offers->url == NULL && which == OS_DNS && offers->n == 1 ? offers->other :
									  offers->url;
}

static enum err_code
pick_service(struct provider_session *s, const json_t *catalogue, enum os_service which,
    struct err *err)
{
	struct openstack *o = s->state;
	const struct service *service = &services[which];
	const char *url = given_url(s->options, which);
	const char *interface = os_get(&o->config, OS_INTERFACE);
	const char *region = os_get(&o->config, OS_REGION);
	struct offers offers = { .n = 0 };
	find_offers(catalogue, service->type, interface[0] == '\0' ? "public" : interface, region,
	    &offers);
	if (url == NULL)
		url = url_of(&offers, region, which);
	if (url == NULL && offers.n > 0)
		return no_region(s, o, &offers, err);
	if (offers.n == 1 && o->region[0] == '\0')
		o->region = arena_strdup(&s->arena, offers.names[0]);
	o->urls[which] = url == NULL ? NULL : provider_base_url(&s->arena, url, service->version);
	return ERR_NONE;
}

/* The services' addresses, from a token's catalogue. */
static enum err_code
take_catalogue(struct provider_session *s, const json_t *token, struct err *err)
{
	struct openstack *o = s->state;
	const json_t *catalogue = json_object_get(token, "catalog");
	const json_t *project = json_object_get(token, "project");
	const char *id = text_member(project, "id");
	o->region = arena_strdup(&s->arena, os_get(&o->config, OS_REGION));
	o->project = safe_text(&s->arena,
	    arena_printf(&s->arena, "%s (%s)", text_member(project, "name"), id));
	if (s->options->project[0] != '\0' && strcmp(s->options->project, id) != 0)
		return err_set(err, ERR_CONFIG,
		    "the credentials are for the project %s, not for %s", o->project,
		    s->options->project);
	/* the network's region is the floating IP's */
	if (pick_service(s, catalogue, OS_NETWORK, err) != ERR_NONE ||
	    pick_service(s, catalogue, OS_DNS, err) != ERR_NONE)
		return err->code;
	if (o->urls[OS_DNS] == NULL)
		return err_set(err, ERR_CONFIG,
		    "the catalogue of this cloud has no DNS service (Designate) for project %s: no "
		    "API can set PTR records there",
		    o->project);
	if (o->region[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "the region is not set: name one with --region or %s",
		    os_field_name(&o->config, OS_REGION));
	return ERR_NONE;
}

static enum err_code
read_token(struct provider_session *s, const struct http_reply *reply, struct err *err)
{
	struct openstack *o = s->state;
	struct err broken;
	json_t *root = json_read(reply->body, reply->body_len, &broken);
	json_t *token = json_object_get(root, "token");
	enum err_code code = ERR_NONE;
	if (!json_is_object(token) || reply->subject_token[0] == '\0')
		code = err_set(err, ERR_TEMP,
		    "%s: the answer of the identity service contains no token",
		    o->urls[OS_IDENTITY]);
	else if (o->urls[OS_DNS] == NULL)
		code = take_catalogue(s, token, err);
	if (code == ERR_NONE) {
		secret_free(o->token);
		o->token = secret_dup(reply->subject_token);
		hide_learn(o->token);
	}
	json_decref(root);
	return code;
}

static enum err_code
log_in(struct provider_session *s, struct err *err)
{
	struct openstack *o = s->state;
	json_t *object = login_body(&o->config);
	char *body = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (body == NULL)
		return err_set(err, ERR_CONFIG, "%s: a value is not UTF-8", o->config.source);
	struct http_request r = { .method = "POST",
		.timeout_ms = OS_TIMEOUT_MS,
		.body = body,
		.body_len = strlen(body),
		.ca_file = openstack_ca_file(o) };
	r.url = arena_printf(&s->arena, "%s/v3/auth/tokens", o->urls[OS_IDENTITY]);
	http_header(&r, "Content-Type", "application/json");
	http_header(&r, "Accept", "application/json");
	struct http_reply reply = { .body = "",
		.subject_token = "",
		.retry_after = "",
		.request_id = "" };
	enum err_code code = s->options->world.http(s->options->world.arg, &r, &s->arena, &reply,
	    err);
	secret_free(body);
	if (code == ERR_NONE && reply.status != 201 && reply.status != 200)
		code = openstack_error(s,
		    arena_printf(&s->arena, "logging in with %s", o->config.source), &reply, err);
	else if (code == ERR_NONE)
		code = read_token(s, &reply, err);
	http_reply_wipe(&reply);
	/* what is not found there is no identity service, and no matter of the address asked about */
	if (code == ERR_DATA)
		code = err->code = ERR_CONFIG;
	return code;
}

void
openstack_close(struct provider_session *s)
{
	struct openstack *o = s->state;
	if (o == NULL)
		return;
	os_config_fini(&o->config);
	secret_free(o->token);
	free(o);
	s->state = NULL;
}

enum err_code
openstack_open(struct provider_session *s, struct err *err)
{
	struct openstack *o = s->state = mem_zalloc(1, sizeof *o);
	o->login = log_in;
	enum err_code code = os_config_read(s, &o->config, err);
	if (code == ERR_NONE) {
		const char *url = given_url(s->options, OS_IDENTITY);
		o->urls[OS_IDENTITY] = provider_base_url(&s->arena,
		    url == NULL ? os_get(&o->config, OS_AUTH_URL) : url,
		    services[OS_IDENTITY].version);
		code = log_in(s, err);
	}
	if (code != ERR_NONE)
		openstack_close(s);
	return code;
}
