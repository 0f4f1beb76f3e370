/* One call of an API with a token: headers, the reply, what a refusal means; and what goes on after it. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/secret.h"
#include "provider/rest/rest_priv.h"

enum { STATUS_BUSY = 429 };

/* The meaning of a status for the user; the API's own words follow.  ERR_NOPERM: of the secret. */
static const struct status_row {
	int from, to;
	enum err_code code;
	const char *text;
} statuses[] = {
	{ 300, 399, ERR_UNAVAILABLE, "the API redirects; redirects are not followed" },
	{ 401, 401, ERR_NOPERM, "is refused" },
	{ 403, 403, ERR_NOPERM, "does not have the right" },
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

/* Is the part in any of the body's words?  NULL is in none. */
static bool
has_part(struct provider_session *s, const json_t *body, const char *part)
{
	const struct rest_api *api = ((const struct rest *)s->state)->api;
	for (size_t i = 0; part != NULL && i < REST_VARIABLES_MAX && api->words[i] != NULL; i++) {
		const char *text = rest_text(&s->arena, rest_at(body, api->words[i]));
		if (text[0] != '\0' && strcasestr(text, part) != NULL)
			return true;
	}
	return false;
}

static bool
is_unseen(struct provider_session *s, const json_t *body)
{
	const struct rest_api *api = ((const struct rest *)s->state)->api;
	for (size_t i = 0; i < REST_VARIABLES_MAX; i++)
		if (has_part(s, body, api->unseen[i]))
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

static const struct status_row *
meaning_of(int status)
{
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (status >= statuses[i].from && status <= statuses[i].to)
			return &statuses[i];
	static const struct status_row none = { 0, 0, ERR_UNAVAILABLE, "an unexpected answer" };
	return &none;
}

static enum err_code
refused(struct provider_session *s, const struct rest_call *call, const struct http_reply *reply,
    const json_t *body, struct err *err)
{
	struct rest *rest = s->state;
	const char *words = words_of(s, rest->api, body);
	rest->in_words = words[0] != '\0';
	bool busy = has_part(s, body, rest->api->busy);
	const struct status_row *row = meaning_of(busy ? STATUS_BUSY : reply->status);
	if (reply->status < 500 && is_unseen(s, body))
		return say_unseen(s, call, words, err);
	bool ours = row->code == ERR_NOPERM, lacks = ours && reply->status == 403;
	return err_set(err, row->code, "%s: %s%s%s%s%s%s%s (HTTP %d%s%.400s)", call->what,
	    ours ? "the " : "", ours ? rest->secret : "", ours ? " " : "", row->text,
	    ours ? ", from " : "", ours ? rest->source : "",
	    lacks ? arena_printf(&s->arena, "; it needs %s", rest->api->rights) : "", reply->status,
	    words[0] == '\0' ? "" : ": ", words);
}

static enum err_code
read_refusal(struct provider_session *s, const struct rest_call *call,
    const struct http_reply *reply, struct err *err)
{
	struct err unread;
	json_t *body = json_read(reply->body, reply->body_len, &unread);
	s->retry_after_s = provider_retry_after(reply->retry_after, provider_now_s(s));
	s->maybe_done = strcmp(call->method, "GET") != 0 && reply->status >= 500;
	enum err_code code = ERR_NONE;
	if (reply->status != REST_ABSENT || !has_part(s, body, call->absent))
		code = refused(s, call, reply, body, err);
	json_decref(body);
	return code;
}

static enum err_code
read_reply(struct provider_session *s, const struct rest_call *call, const struct http_reply *reply,
    json_t **json, struct err *err)
{
	if (reply->status < 200 || reply->status > 299)
		return read_refusal(s, call, reply, err);
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

/* "Bearer ..."; NULL where the API has a way of its own. */
static char *
authorization_of(const struct rest *rest)
{
	if (rest->api->authorize != NULL)
		return NULL;
	size_t size = strlen(rest->api->scheme) + strlen(rest->token) + 1;
	char *text = mem_zalloc(size, 1);
	snprintf(text, size, "%s%s", rest->api->scheme, rest->token);
	return text;
}

static enum err_code
send_it(struct provider_session *s, const struct rest_call *call, const char *body, struct arena *a,
    struct http_reply *reply, struct err *err)
{
	const struct rest *rest = s->state;
	struct http_request r = { .method = call->method,
		.timeout_ms = REST_TIMEOUT_MS,
		.body_max = call->body_max,
		.body = body,
		.body_len = body == NULL ? 0 : strlen(body) };
	r.url = arena_printf(&s->arena, "%s%s", rest->base, call->path);
	if (rest->api->authorize != NULL && rest->api->authorize(s, &r, err) != ERR_NONE)
		return err_prefix(err, "%s", call->what);
	char *authorization = authorization_of(rest);
	if (authorization != NULL)
		http_header(&r, rest->api->header, authorization);
	http_header(&r, "Accept", "application/json");
	if (body != NULL)
		http_header(&r, "Content-Type",
		    call->form != NULL ? "application/x-www-form-urlencoded" : "application/json");
	*reply = (struct http_reply){ .body = "", .retry_after = "" };
	enum err_code code = s->options->world.http(s->options->world.arg, &r, a, reply, err);
	secret_free(authorization);
	if (code == ERR_NONE)
		return ERR_NONE;
	s->maybe_done = strcmp(call->method, "GET") != 0 && reply->maybe_sent;
	if (reply->over && call->body_max > 0)
		err->code = ERR_DATA;
	return err_prefix(err, "%s", call->what);
}

enum err_code
rest_call(struct provider_session *s, const struct rest_call *call, int *status, json_t **json,
    struct err *err)
{
	struct http_reply reply;
	struct arena a; /* a body of many megabytes must not last as long as the session */
	char *body = call->body != NULL ? json_dumps(call->body, JSON_COMPACT) :
					  secret_dup(call->form);
	json_decref(call->body);
	*json = NULL;
	provider_begin(s);
	arena_init(&a);
	enum err_code code = send_it(s, call, body, &a, &reply, err);
	*status = code == ERR_NONE ? reply.status : 0;
	if (code == ERR_NONE)
		code = read_reply(s, call, &reply, json, err);
	arena_fini(&a);
	secret_free(body);
	return code;
}

/* A put of another run left no action to ask. */
enum err_code
rest_action_poll(struct provider_session *s, const char *what, enum provider_state *state,
    struct err *err)
{
	const struct rest *rest = s->state;
	const struct rest_values values = { .action = rest->action };
	int status;
	json_t *reply;
	*state = PROVIDER_ACTIVE;
	if (rest->action[0] == '\0')
		return ERR_NONE;
	struct rest_call call = { .method = "GET",
		.path = rest_fill(&s->arena, rest->api->action_path, &values, true),
		.what = what };
	*state = PROVIDER_PENDING;
	if (rest_call(s, &call, &status, &reply, err) != ERR_NONE)
		return err->code;
	const char *word = rest_text(&s->arena, rest_at(reply, rest->api->action_state));
	const char *why = rest_text(&s->arena, rest_at(reply, rest->api->action_error));
	json_decref(reply);
	if (word[0] == '\0')
		return err_set(err, ERR_TEMP, "%s: the answer has no '%s'", call.what,
		    rest->api->action_state);
	if (strcmp(word, "success") == 0)
		*state = PROVIDER_ACTIVE;
	if (strcmp(word, "error") != 0)
		return ERR_NONE;
	*state = PROVIDER_FAILED;
	(void)err_set(err, ERR_UNAVAILABLE, "%s: the API says that the change failed: %.400s",
	    call.what, why[0] != '\0' ? why : "it does not say why");
	return ERR_NONE;
}
