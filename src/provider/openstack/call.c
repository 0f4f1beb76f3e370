#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/secret.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/openstack/openstack_priv.h"

/* What a status means for the user; the service's own words follow. */
static const struct status_row {
	int from, to;
	enum err_code code;
	const char *text;
} statuses[] = {
	{ 300, 399, ERR_UNAVAILABLE, "the service redirects; redirects are not followed" },
	{ 400, 400, ERR_DATA, "the service does not accept it" },
	{ 401, 401, ERR_NOPERM, "the credentials are refused" },
	{ 403, 403, ERR_NOPERM, "the user's roles do not allow it in this project" },
	{ 404, 404, ERR_DATA, "this project does not have it" },
	{ 409, 409, ERR_DATA, "it conflicts with an existing record" },
	{ 413, 413, ERR_DATA, "the project's quota is used up" },
	{ 429, 429, ERR_TEMP, "too many requests" },
	{ 400, 499, ERR_DATA, "the service does not accept it" },
	{ 500, 599, ERR_TEMP, "the service has an internal fault" },
};

/* Keystone and Neutron wrap what Designate says outright. */
static const char *
service_words(const json_t *body)
{
	static const char *const wraps[] = { "error", "NeutronError" };
	const json_t *object = body;
	for (size_t i = 0; i < sizeof wraps / sizeof wraps[0]; i++)
		if (json_is_object(json_object_get(body, wraps[i])))
			object = json_object_get(body, wraps[i]);
	const char *message = json_string_value(json_object_get(object, "message"));
	const char *type = json_string_value(json_object_get(object, "type"));
	return message != NULL ? message : type != NULL ? type : "";
}

enum err_code
openstack_error(struct provider_session *s, const char *what, const struct http_reply *reply,
    struct err *err)
{
	const struct status_row *row = statuses;
	const struct status_row *end = statuses + sizeof statuses / sizeof statuses[0];
	while (row < end && (reply->status < row->from || reply->status > row->to))
		row++;
	s->retry_after_s = huawei_retry_after(reply->retry_after, s->options->now_s());
	struct err unread;
	json_t *body = json_read(reply->body, reply->body_len, &unread);
	const char *words = service_words(body);
	const char *text = row == end ? "an unexpected answer" : row->text;
	const char *id = reply->request_id;
	err_set(err, row == end ? ERR_UNAVAILABLE : row->code, "%s: %s (HTTP %d%s%.400s%s%.80s)",
	    what, text, reply->status, words[0] == '\0' ? "" : ": ", words,
	    id[0] == '\0' ? "" : ", request ", id);
	json_decref(body);
	return err->code;
}

bool
openstack_is_id(const char *text)
{
	size_t len = strlen(text);
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' && text[i] != '_')
			return false;
	return len > 0 && len < OS_ID_MAX;
}

static bool
is_null(const struct http_reply *reply)
{
	size_t blanks = strspn(reply->body, " \t\r\n");
	const char *rest = reply->body + blanks;
	return rest[0] == '\0' ||
	    (strncmp(rest, "null", 4) == 0 && rest[4 + strspn(rest + 4, " \t\r\n")] == '\0');
}

static enum err_code
read_reply(struct provider_session *s, const struct os_call *call, const struct http_reply *reply,
    struct os_answer *out, struct err *err)
{
	bool writes = strcmp(call->method, "GET") != 0;
	out->status = reply->status;
	if (reply->status < 200 || reply->status > 299) {
		s->maybe_done = writes && reply->status >= 500;
		return openstack_error(s, call->what, reply, err);
	}
	if (is_null(reply))
		return ERR_NONE;
	struct err broken;
	out->json = json_read(reply->body, reply->body_len, &broken);
	if (json_is_object(out->json))
		return ERR_NONE;
	json_decref(out->json);
	out->json = NULL;
	/* a write was accepted all the same: what it did is read back */
	s->maybe_done = writes;
	return err_set(err, ERR_TEMP, "%s: the answer is not a JSON object", call->what);
}

static enum err_code
send_once(struct provider_session *s, const struct os_call *call, const char *body,
    struct http_reply *reply, struct err *err)
{
	const struct openstack *o = s->state;
	struct http_request r = { .method = call->method,
		.timeout_ms = OS_TIMEOUT_MS,
		.body = body,
		.body_len = body == NULL ? 0 : strlen(body),
		.ca_file = openstack_ca_file(o) };
	r.url = arena_printf(&s->arena, "%s%s", o->urls[call->service], call->path);
	http_header(&r, "X-Auth-Token", o->token);
	http_header(&r, "Accept", "application/json");
	if (body != NULL)
		http_header(&r, "Content-Type", "application/json");
	*reply = (struct http_reply){ .body = "", .retry_after = "", .request_id = "" };
	if (s->options->http(s->options->carrier, &r, &s->arena, reply, err) == ERR_NONE)
		return ERR_NONE;
	s->maybe_done = strcmp(call->method, "GET") != 0 && reply->maybe_sent;
	return err_prefix(err, "%s", call->what);
}

enum err_code
openstack_call(struct provider_session *s, const struct os_call *call, struct os_answer *out,
    struct err *err)
{
	struct http_reply reply;
	char *body = call->body == NULL ? NULL : json_dumps(call->body, JSON_COMPACT);
	json_decref(call->body);
	*out = (struct os_answer){ 0 };
	s->maybe_done = false;
	s->retry_after_s = 0;
	enum err_code code = send_once(s, call, body, &reply, err);
	/* tokens end after some hours; a fresh one that is refused as well is an answer */
	if (code == ERR_NONE && reply.status == 401) {
		code = openstack_login(s, err);
		if (code == ERR_NONE)
			code = send_once(s, call, body, &reply, err);
	}
	if (code == ERR_NONE)
		code = read_reply(s, call, &reply, out, err);
	secret_free(body);
	return code;
}
