/*
 * OVHcloud: addresses are in blocks, "203.0.113.10/32", which the API lists in one reply.  It looks a name up
 * before it takes it.  Requests are signed for an application that an account has accepted, or carry the
 * token of a service account (OAuth 2.0, RFC 6749 4.4).
 */
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hide.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/secret.h"
#include "provider/ovh/ovh_priv.h"

#define RECORD "/1.0/ip/{id}/reverse/{ip}"

enum { EARLY_S = 60, TIMESTAMP_MAX = 24, DIGEST_BYTES = 20 };

static const struct rest_kind kinds[] = {
	{ .word = "ip",
	    .title = "block",
	    .find = "/1.0/ip",
	    .list = "",
	    .id = "",
	    .address = "",
	    .get = RECORD,
	    .absent = "",
	    .names = "reverse",
	    .set = { "POST", "/1.0/ip/{id}/reverse",
		"{\"ipReverse\":\"{ip}\",\"reverse\":\"{name}.\"}" },
	    .unset = { "DELETE", RECORD, NULL } },
};

static const char *const defaults[] = { "*.vps.ovh.net", "*.vps.ovh.ca", "*.vps.ovh.us",
	"*.ip-{network}.eu", "*.ip-{network}.net", "*.ip-{network}.us", NULL };

struct ovh {
	struct ovh_config config;
	bool knows_time;
	int64_t ahead_s; /* of the API's clock */
	char timestamp[TIMESTAMP_MAX], signature[OVH_SIGNATURE_MAX];
	char *bearer;    /* "Bearer ...", until until_s; NULL: none yet */
	int64_t until_s; /* on this computer's clock */
};

/* ---- an application's signature */

void
ovh_signature(const char *secret, const char *consumer, const struct http_request *r,
    const char *timestamp, char out[OVH_SIGNATURE_MAX])
{
	const char *const parts[] = { secret, consumer, r->method, r->url,
		r->body != NULL ? r->body : "", timestamp };
	unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_DigestInit_ex(context, EVP_sha1(), NULL);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		EVP_DigestUpdate(context, "+", i > 0);
		EVP_DigestUpdate(context, parts[i], strlen(parts[i]));
	}
	EVP_DigestFinal_ex(context, digest, NULL);
	EVP_MD_CTX_free(context);
	size_t at = (size_t)snprintf(out, OVH_SIGNATURE_MAX, "$1$");
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		at += (size_t)snprintf(out + at, OVH_SIGNATURE_MAX - at, "%02x", digest[i]);
}

static enum err_code
carry(struct provider_session *s, const struct http_request *r, struct http_reply *reply,
    struct err *err)
{
	const struct provider_world *w = &s->options->world;
	*reply = (struct http_reply){ .body = "", .retry_after = "" };
	if (w->http(w->arg, r, &s->arena, reply, err) != ERR_NONE)
		return err->code;
	s->retry_after_s = provider_retry_after(reply->retry_after, provider_now_s(s));
	return ERR_NONE;
}

/* A clock that is wrong here must not make signatures invalid; the API tells its own to everybody. */
static enum err_code
learn_time(struct provider_session *s, struct ovh *o, struct err *err)
{
	const struct rest *rest = s->state;
	struct http_request r = { .method = "GET",
		.url = arena_printf(&s->arena, "%s/1.0/auth/time", rest->base),
		.timeout_ms = REST_TIMEOUT_MS };
	struct http_reply reply;
	char *end;
	if (o->knows_time)
		return ERR_NONE;
	if (carry(s, &r, &reply, err) != ERR_NONE)
		return err_prefix(err, "the time of the API");
	int64_t time_s = strtoll(reply.body, &end, 10);
	if (reply.status != 200 || end == reply.body || strspn(end, " \r\n") != strlen(end) ||
	    time_s <= 0)
		return err_set(err, ERR_TEMP, "the time of the API cannot be read (HTTP %d)",
		    reply.status);
	o->ahead_s = time_s - provider_now_s(s);
	o->knows_time = true;
	return ERR_NONE;
}

static enum err_code
sign_application(struct provider_session *s, struct ovh *o, struct http_request *r, struct err *err)
{
	char **keys = o->config.keys;
	if (learn_time(s, o, err) != ERR_NONE)
		return err->code;
	snprintf(o->timestamp, sizeof o->timestamp, "%" PRId64, provider_now_s(s) + o->ahead_s);
	ovh_signature(keys[OVH_APPLICATION_SECRET], keys[OVH_CONSUMER_KEY], r, o->timestamp,
	    o->signature);
	http_header(r, "X-Ovh-Application", keys[OVH_APPLICATION_KEY]);
	http_header(r, "X-Ovh-Consumer", keys[OVH_CONSUMER_KEY]);
	http_header(r, "X-Ovh-Timestamp", o->timestamp);
	http_header(r, "X-Ovh-Signature", o->signature);
	return ERR_NONE;
}

/* ---- a service account's token */

static char *
form_of(const struct ovh_config *c)
{
	static const char form[] =
	    "grant_type=client_credentials&scope=all&client_id=%s&client_secret=%s";
	const char *id = c->keys[OVH_CLIENT_ID], *secret = c->keys[OVH_CLIENT_SECRET];
	size_t size = sizeof form + strlen(id) + strlen(secret);
	char *text = mem_zalloc(size, 1);
	snprintf(text, size, form, id, secret);
	return text;
}

static enum err_code
refuse_token(const struct ovh *o, const struct http_reply *reply, const json_t *body,
    struct err *err)
{
	const char *why = json_string_value(json_object_get(body, "error_description"));
	if (why == NULL)
		why = json_string_value(json_object_get(body, "error"));
	bool passes = reply->status == 429 || reply->status >= 500 || reply->status < 400;
	return err_set(err, passes ? ERR_TEMP : ERR_NOPERM,
	    "the service account of %s gets no token (HTTP %d%s%.300s)",
	    o->config.where[OVH_CLIENT_ID], reply->status, why != NULL ? ": " : "",
	    why != NULL ? why : "");
}

static enum err_code
take_token(struct provider_session *s, struct ovh *o, const struct http_reply *reply,
    struct err *err)
{
	struct err unread;
	json_t *body = json_read(reply->body, reply->body_len, &unread);
	const char *token = json_string_value(json_object_get(body, "access_token"));
	int64_t lasts_s = json_integer_value(json_object_get(body, "expires_in"));
	enum err_code code = ERR_NONE;
	if (reply->status != 200 || token == NULL || strpbrk(token, " \r\n") != NULL) {
		code = refuse_token(o, reply, body, err);
	} else {
		hide_learn(token);
		secret_free(o->bearer);
		size_t size = strlen(token) + sizeof "Bearer ";
		o->bearer = mem_zalloc(size, 1);
		snprintf(o->bearer, size, "Bearer %s", token);
		o->until_s = provider_now_s(s) +
		    (lasts_s > EARLY_S && lasts_s < INT32_MAX ? lasts_s - EARLY_S : EARLY_S);
	}
	json_decref(body);
	return code;
}

static enum err_code
get_token(struct provider_session *s, struct ovh *o, struct err *err)
{
	const char *given = provider_endpoint(s->options, "ovh-token", false);
	struct http_request r = { .method = "POST",
		.url = given != NULL ? given : o->config.token_url,
		.timeout_ms = REST_TIMEOUT_MS };
	struct http_reply reply;
	if (o->bearer != NULL && provider_now_s(s) < o->until_s)
		return ERR_NONE;
	if (r.url[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "%s has no known address for tokens of service accounts: name it with "
		    "--endpoint ovh-token=URL",
		    o->config.endpoint);
	char *form = form_of(&o->config);
	r.body = form;
	r.body_len = strlen(form);
	http_header(&r, "Content-Type", "application/x-www-form-urlencoded");
	http_header(&r, "Accept", "application/json");
	enum err_code code = carry(s, &r, &reply, err);
	secret_free(form);
	if (code != ERR_NONE)
		return err_prefix(err, "the token of the service account");
	code = take_token(s, o, &reply, err);
	http_reply_wipe(&reply);
	return code;
}

static enum err_code
authorize(struct provider_session *s, struct http_request *r, struct err *err)
{
	struct ovh *o = ((struct rest *)s->state)->own;
	if (!o->config.service_account)
		return sign_application(s, o, r, err);
	if (get_token(s, o, err) != ERR_NONE)
		return err->code;
	http_header(r, "Authorization", o->bearer);
	return ERR_NONE;
}

/* ---- the provider */

static const struct rest_api api = {
	.service = "ovh",
	.base = "https://eu.api.ovh.com",
	.version = "/1.0",
	.authorize = authorize,
	.account = "account",
	.rights = "GET, POST and DELETE on /ip and /ip/*",
	.words = { "message", "class" },
	.unseen = { "does not resolve to" },
	.unseen_s = 5 * 60,
	.kinds = kinds,
	.n_kinds = sizeof kinds / sizeof kinds[0],
	.defaults = defaults,
};

static bool
configured(const struct provider_options *o)
{
	struct provider_session s = { .options = o };
	struct ovh_config c;
	struct err err;
	if (ovh_config_read(&c, &s, &err) != ERR_NONE)
		return true; /* open() says what is wrong */
	bool found = c.keys[OVH_APPLICATION_KEY] != NULL || c.keys[OVH_CLIENT_ID] != NULL;
	ovh_config_fini(&c);
	return found;
}

static enum err_code
open_session(struct provider_session *s, struct err *err)
{
	struct ovh *o = mem_zalloc(1, sizeof *o);
	enum err_code code = ovh_config_read(&o->config, s, err);
	enum ovh_key first = o->config.service_account ? OVH_CLIENT_ID : OVH_APPLICATION_KEY;
	if (code == ERR_NONE && o->config.keys[first] == NULL)
		code = err_set(err, ERR_CONFIG,
		    "no keys: set OVH_APPLICATION_KEY, OVH_APPLICATION_SECRET and "
		    "OVH_CONSUMER_KEY, or OVH_CLIENT_ID and OVH_CLIENT_SECRET");
	if (code == ERR_NONE)
		code = rest_begin(s, o->config.base, o->config.where[first], NULL, err);
	if (code == ERR_NONE) {
		struct rest *rest = s->state;
		rest->own = o;
		rest->secret = o->config.service_account ? "service account" : "key";
		return ERR_NONE;
	}
	ovh_config_fini(&o->config);
	free(o);
	return code;
}

static void
close_session(struct provider_session *s)
{
	const struct rest *rest = s->state;
	struct ovh *o = rest != NULL ? rest->own : NULL;
	rest_close(s);
	if (o == NULL)
		return;
	ovh_config_fini(&o->config);
	secret_free(o->bearer);
	free(o);
}

const struct provider provider_ovh = {
	.name = "ovh",
	.title = "OVHcloud",
	.max_names = 1,
	.ip4 = true,
	.ip6 = true,
	.has_default = true,
	.rest = &api,
	.check = rest_check_one,
	.configured = configured,
	.open = open_session,
	.close = close_session,
	.find = rest_find,
	.get = rest_get,
	.put = rest_put,
};
