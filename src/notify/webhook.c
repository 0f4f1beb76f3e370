/* A POST of the note's JSON, signed when there is a key. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/secret.h"
#include "http/http.h"
#include "notify/notify_priv.h"

enum { US_PER_MS = 1000, HASH_LEN = 32, REPLY_SHOWN = 120 };

static bool
is_configured(const struct notify_config *config)
{
	return config->url[0] != '\0';
}

static const char *
body(const struct notify_config *config, const struct note *note, struct arena *a)
{
	(void)config;
	return note_json(note, a);
}

const char *
webhook_signature(const char *key, int64_t now_s, const char *text, struct arena *a)
{
	unsigned char hash[HASH_LEN];
	char hex[2 * HASH_LEN + 1];
	unsigned len = 0;
	const char *data = arena_printf(a, "%lld.%s", (long long)now_s, text);
	if (HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)data, strlen(data),
		hash, &len) == NULL)
		return "";
	for (size_t i = 0; i < HASH_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return arena_printf(a, "t=%lld,v1=%s", (long long)now_s, hex);
}

static enum err_code
sign(const struct notify_config *config, const struct attempt *t, struct http_request *request,
    struct err *err)
{
	char *key = NULL;
	if (config->secret_file[0] == '\0')
		return ERR_NONE;
	if (secret_line_read(config->secret_file, &key, err) != ERR_NONE)
		return err->code;
	const char *signature = webhook_signature(key, t->now_s, t->body, t->arena);
	secret_free(key);
	if (signature[0] == '\0')
		return err_set(err, ERR_INTERNAL, "OpenSSL cannot sign");
	http_header(request, "Mailready-Signature", signature);
	return ERR_NONE;
}

/* The id is in the body, which is the same in every attempt. */
static void
identify(const struct attempt *t, struct http_request *request)
{
	struct err err;
	json_t *object = json_read(t->body, strlen(t->body), &err);
	const char *id = json_string_value(json_object_get(object, "id"));
	if (id != NULL)
		http_header(request, "Mailready-Id", arena_strdup(t->arena, id));
	json_decref(object);
}

static enum err_code
judge(const struct notify_config *config, struct attempt *t, const struct http_reply *reply,
    struct err *err)
{
	t->reached = "the webhook";
	if (reply->status >= 200 && reply->status <= 299)
		return ERR_NONE;
	long wait_s = strtol(reply->retry_after, NULL, 10);
	if (wait_s > 0)
		t->not_before_s = t->now_s +
		    (wait_s < HISTORY_PAUSE_MAX_S ? wait_s : HISTORY_PAUSE_MAX_S);
	(void)config;
	if (reply->status >= 300 && reply->status <= 399)
		return err_set(err, ERR_TEMP, "it answers %d: redirects are not followed",
		    reply->status);
	return err_set(err, ERR_TEMP, "it answers %d %.*s", reply->status, REPLY_SHOWN,
	    reply->body);
}

static enum err_code
post(const struct notify_config *config, struct attempt *t, struct err *err)
{
	struct http_request request = { .method = "POST",
		.url = config->url,
		.body = t->body,
		.body_len = strlen(t->body),
		.timeout_ms = (uint32_t)(config->timeout_us / US_PER_MS) };
	struct http_reply reply;
	http_header(&request, "Content-Type", "application/json");
	identify(t, &request);
	if (sign(config, t, &request, err) != ERR_NONE)
		return err->code;
	const char *ca_file = config->ca_file[0] != '\0' ? config->ca_file : NULL;
	struct http_client *client = http_client_new(ca_file);
	enum err_code code = http_send(client, &request, t->arena, &reply, err);
	http_client_free(client);
	return code == ERR_NONE ? judge(config, t, &reply, err) : code;
}

const struct channel channel_webhook = {
	.name = "webhook",
	.is_configured = is_configured,
	.body = body,
	.send = post,
};
