/*
 * A POST: of the note's JSON, or of what a service wants, by its template; signed when there is a key.  What
 * is for a template is queued as values, and filled in when it is sent: no key is in the queue.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hide.h"
#include "base/json.h"
#include "base/secret.h"
#include "http/http.h"
#include "notify/notify_priv.h"
#include "template_priv.h"

enum { US_PER_MS = 1000, HASH_LEN = 32, REPLY_SHOWN = 120 };

/* What one POST is made of. */
struct post {
	const struct notify_config *config;
	const struct notify_webhook *hook;
	struct attempt *attempt;
	char *url, *key; /* secrets */
	struct filled filled;
	const char *body;
	struct http_request request;
};

static size_t
count(const struct notify_config *config)
{
	return config->n_webhooks;
}

static const char *
place(const struct notify_config *config, size_t index)
{
	return config->webhooks[index].name;
}

static const struct notify_filter *
filter(const struct notify_config *config, size_t index)
{
	return &config->webhooks[index].filter;
}

static bool
is_alarm(const struct notify_config *config, size_t index)
{
	return config->webhooks[index].per_event;
}

static struct letter *
letters(const struct notify_config *config, size_t index, const struct note *note, struct arena *a,
    size_t *n)
{
	const struct notify_webhook *hook = &config->webhooks[index];
	if (hook->per_event)
		return note_alarms(note, hook->repeat, a, n);
	bool plain = hook->template[0] == '\0';
	return letter_alone(note, plain ? note_json(note, a) : note_values(note, a), a, n);
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
sign(struct post *p, struct err *err)
{
	char *key = NULL;
	const struct attempt *t = p->attempt;
	if (p->hook->secret_file[0] == '\0')
		return ERR_NONE;
	if (secret_line_read(p->hook->secret_file, &key, err) != ERR_NONE)
		return err->code;
	const char *signature = webhook_signature(key, t->now_s, p->body, t->arena);
	secret_free(key);
	if (signature[0] == '\0')
		return err_set(err, ERR_INTERNAL, "OpenSSL cannot sign");
	http_header(&p->request, "Mailready-Signature", signature);
	return ERR_NONE;
}

/* The address of a chat's webhook is all that it takes to write there. */
static enum err_code
find_url(struct post *p, struct err *err)
{
	if (p->hook->url_file[0] != '\0')
		return secret_url_read(p->hook->url_file, &p->url, err);
	p->url = secret_dup(p->hook->url);
	secret_url_learn(p->url);
	return ERR_NONE;
}

/* Values that wait for a template, or the JSON of a note? */
static bool
is_of_template(const json_t *queued)
{
	const char *schema = json_string_value(json_object_get(queued, "schema"));
	return schema != NULL && strcmp(schema, WEBHOOK_VALUES) == 0;
}

static enum err_code
fill(struct post *p, const json_t *values, struct err *err)
{
	const struct notify_webhook *hook = p->hook;
	if (hook->key_file[0] != '\0' && secret_line_read(hook->key_file, &p->key, err) != ERR_NONE)
		return err->code;
	hide_learn(hook->topic);
	const struct filling with = { .values = values,
		.key = p->key != NULL ? p->key : "",
		.topic = hook->topic };
	struct webhook_template about;
	json_t *document = template_read(hook->template, &about, err);
	if (document == NULL)
		return err->code;
	enum err_code code = template_fill(document, &about, &with, &p->filled, err);
	json_decref(document);
	if (code != ERR_NONE)
		return err_prefix(err, "%s", hook->template);
	json_t *headers = p->filled.headers;
	for (void *at = json_object_iter(headers); at != NULL;
	     at = json_object_iter_next(headers, at))
		http_header(&p->request, json_object_iter_key(at),
		    json_string_value(json_object_iter_value(at)));
	p->body = p->filled.body;
	return ERR_NONE;
}

/* The id is that of what is queued, which is the same in every attempt. */
static enum err_code
make_body(struct post *p, struct err *err)
{
	struct attempt *t = p->attempt;
	json_t *queued = json_read(t->body, strlen(t->body), err);
	const char *id = json_string_value(json_object_get(queued, "id"));
	enum err_code code = ERR_NONE;
	if (id != NULL)
		http_header(&p->request, "Mailready-Id", arena_strdup(t->arena, id));
	p->body = t->body;
	if (is_of_template(queued) != (p->hook->template[0] != '\0')) {
		t->dropped = true;
		code = err_set(err, ERR_CONFIG, "its kind is not what it was when this was queued");
	} else if (p->hook->template[0] != '\0') {
		code = fill(p, queued, err);
	}
	json_decref(queued);
	return code;
}

static enum err_code
judge(struct attempt *t, const struct http_reply *reply, struct err *err)
{
	t->reached = "the webhook";
	if (reply->status >= 200 && reply->status <= 299)
		return ERR_NONE;
	long wait_s = strtol(reply->retry_after, NULL, 10);
	if (wait_s > 0)
		t->not_before_s = t->now_s +
		    (wait_s < HISTORY_PAUSE_MAX_S ? wait_s : HISTORY_PAUSE_MAX_S);
	if (reply->status >= 300 && reply->status <= 399)
		return err_set(err, ERR_TEMP, "it answers %d: redirects are not followed",
		    reply->status);
	return err_set(err, ERR_TEMP, "it answers %d %.*s", reply->status, REPLY_SHOWN,
	    reply->body);
}

static enum err_code
post(struct post *p, struct err *err)
{
	struct http_reply reply;
	struct http_request *request = &p->request;
	http_header(request, "Content-Type", "application/json");
	if (find_url(p, err) != ERR_NONE || make_body(p, err) != ERR_NONE ||
	    sign(p, err) != ERR_NONE)
		return err->code;
	request->url = p->url;
	request->body = p->body;
	request->body_len = strlen(p->body);
	const char *ca_file = p->config->ca_file[0] != '\0' ? p->config->ca_file : NULL;
	struct http_client *client = http_client_new(ca_file);
	enum err_code code = http_send(client, request, p->attempt->arena, &reply, err);
	http_client_free(client);
	return code == ERR_NONE ? judge(p->attempt, &reply, err) : code;
}

static enum err_code
send_post(const struct notify_config *config, size_t index, struct attempt *t, struct err *err)
{
	struct post p = { .config = config,
		.hook = &config->webhooks[index],
		.attempt = t,
		.request = { .method = "POST",
		    .timeout_ms = (uint32_t)(config->timeout_us / US_PER_MS) } };
	enum err_code code = post(&p, err);
	secret_free(p.url);
	secret_free(p.key);
	filled_free(&p.filled);
	return code;
}

const struct channel channel_webhook = {
	.name = "webhook",
	.count = count,
	.place = place,
	.filter = filter,
	.is_alarm = is_alarm,
	.letters = letters,
	.send = send_post,
};
