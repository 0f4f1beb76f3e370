/* One call of an API with a token: headers, the reply, and what a refusal means. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/secret.h"
#include "provider/rest/rest_priv.h"

/* The meaning of a status for the user; the API's own words follow. */
static const struct status_row {
	int from, to;
	enum err_code code;
	const char *text;
} statuses[] = {
	{ 300, 399, ERR_UNAVAILABLE, "the API redirects; redirects are not followed" },
	{ 401, 401, ERR_NOPERM, "the token is refused" },
	{ 403, 403, ERR_NOPERM, "the token does not have the right" },
	{ 404, 404, ERR_DATA, "the API does not have it" },
	{ 409, 409, ERR_TEMP, "it conflicts with another change" },
	{ 423, 423, ERR_TEMP, "it is locked by another change" },
	{ 429, 429, ERR_TEMP, "too many requests" },
	{ 400, 499, ERR_DATA, "the API does not accept it" },
	{ 500, 599, ERR_TEMP, "the API has an internal fault" },
};

static const char *
words_of(struct provider_session *s, const struct rest_api *api, const json_t *body)
{
	for (size_t i = 0; i < REST_VARIABLES_MAX && api->words[i] != NULL; i++) {
		const char *text = rest_text(&s->arena, rest_at(body, api->words[i]));
		if (text[0] != '\0')
			return text;
	}
	return "";
}

static bool
is_unseen(const struct rest_api *api, const char *words)
{
	for (size_t i = 0; i < REST_VARIABLES_MAX && api->unseen[i] != NULL; i++)
		if (strcasestr(words, api->unseen[i]) != NULL)
			return true;
	return false;
}

/* The API looks the name up itself, and may see it later than we do. */
static enum err_code
say_unseen(struct provider_session *s, const struct rest_call *call, const char *words,
    struct err *err)
{
	const struct rest_api *api = ((const struct rest *)s->state)->api;
	s->unseen_s = api->unseen_s;
	return err_set(err, ERR_TEMP,
	    "%s: %s does not see the address of the name yet (%.400s); it usually does within %u "
	    "minutes",
	    call->what, s->provider->title, words, (api->unseen_s + 59) / 60);
}

static enum err_code
refused(struct provider_session *s, const struct rest_call *call, const struct http_reply *reply,
    struct err *err)
{
	const struct rest *rest = s->state;
	const struct status_row *row = statuses;
	const struct status_row *end = statuses + sizeof statuses / sizeof statuses[0];
	while (row < end && (reply->status < row->from || reply->status > row->to))
		row++;
	s->retry_after_s = provider_retry_after(reply->retry_after, provider_now_s(s));
	s->maybe_done = strcmp(call->method, "GET") != 0 && reply->status >= 500;
	struct err unread;
	json_t *body = json_read(reply->body, reply->body_len, &unread);
	const char *words = words_of(s, rest->api, body);
	json_decref(body);
	if (reply->status < 500 && is_unseen(rest->api, words))
		return say_unseen(s, call, words, err);
	bool ours = reply->status == 401 || reply->status == 403;
	return err_set(err, row == end ? ERR_UNAVAILABLE : row->code,
	    "%s: %s%s%s%s%s (HTTP %d%s%.400s)", call->what,
	    row == end ? "an unexpected answer" : row->text, ours ? ", from " : "",
	    ours ? rest->source : "", reply->status == 403 ? "; it needs " : "",
	    reply->status == 403 ? rest->api->rights : "", reply->status,
	    words[0] == '\0' ? "" : ": ", words);
}

static enum err_code
read_reply(struct provider_session *s, const struct rest_call *call, const struct http_reply *reply,
    json_t **json, struct err *err)
{
	if (reply->status < 200 || reply->status > 299)
		return refused(s, call, reply, err);
	if (provider_is_null(reply->body))
		return ERR_NONE;
	struct err broken;
	*json = json_read(reply->body, reply->body_len, &broken);
	if (*json != NULL)
		return ERR_NONE;
	/* a write was accepted all the same: what it did is read back */
	s->maybe_done = strcmp(call->method, "GET") != 0;
	return err_set(err, ERR_TEMP, "%s: the answer is not JSON", call->what);
}

static char *
authorization_of(const struct rest *rest)
{
	size_t size = strlen(rest->api->scheme) + strlen(rest->token) + 1;
	char *text = mem_zalloc(size, 1);
	snprintf(text, size, "%s%s", rest->api->scheme, rest->token);
	return text;
}

static enum err_code
send_it(struct provider_session *s, const struct rest_call *call, const char *body,
    struct http_reply *reply, struct err *err)
{
	const struct rest *rest = s->state;
	struct http_request r = { .method = call->method,
		.timeout_ms = REST_TIMEOUT_MS,
		.body = body,
		.body_len = body == NULL ? 0 : strlen(body) };
	char *authorization = authorization_of(rest);
	r.url = arena_printf(&s->arena, "%s%s", rest->base, call->path);
	http_header(&r, rest->api->header, authorization);
	http_header(&r, "Accept", "application/json");
	if (body != NULL)
		http_header(&r, "Content-Type", "application/json");
	*reply = (struct http_reply){ .body = "", .retry_after = "" };
	enum err_code code = s->options->world.http(s->options->world.arg, &r, &s->arena, reply,
	    err);
	secret_free(authorization);
	if (code == ERR_NONE)
		return ERR_NONE;
	s->maybe_done = strcmp(call->method, "GET") != 0 && reply->maybe_sent;
	return err_prefix(err, "%s", call->what);
}

enum err_code
rest_call(struct provider_session *s, const struct rest_call *call, int *status, json_t **json,
    struct err *err)
{
	struct http_reply reply;
	char *body = call->body == NULL ? NULL : json_dumps(call->body, JSON_COMPACT);
	json_decref(call->body);
	*json = NULL;
	provider_begin(s);
	enum err_code code = send_it(s, call, body, &reply, err);
	*status = code == ERR_NONE ? reply.status : 0;
	if (code == ERR_NONE)
		code = read_reply(s, call, &reply, json, err);
	secret_free(body);
	return code;
}
