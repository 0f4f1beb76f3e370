/* One call: URL, headers, reply; and what all replies of the services have in common. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enumtab.h"
#include "base/json.h"
#include "base/secret.h"
#include "provider/openstack/openstack_priv.h"

/* The meaning of a status for the user; the service's own words follow. */
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

/* Which member of the request Designate does not like: "description: ... is too long", or "". */
static const char *
first_fault(const json_t *body, char out[200])
{
	const json_t *list = json_object_get(json_object_get(body, "errors"), "errors");
	const json_t *fault = json_array_get(list, 0);
	const char *path = json_string_value(json_object_get(fault, "path"));
	const char *message = json_string_value(json_object_get(fault, "message"));
	out[0] = '\0';
	if (path != NULL && message != NULL)
		snprintf(out, 200, " (%.40s: %.150s)", path, message);
	return out;
}

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
	s->retry_after_s = provider_retry_after(reply->retry_after, provider_now_s(s));
	struct err unread;
	json_t *body = json_read(reply->body, reply->body_len, &unread);
	const char *words = service_words(body);
	char fault[200];
	const char *text = row == end ? "an unexpected answer" : row->text;
	const char *id = reply->request_id;
	err_set(err, row == end ? ERR_UNAVAILABLE : row->code, "%s: %s (HTTP %d%s%.400s%s%s%.80s)",
	    what, text, reply->status, words[0] == '\0' ? "" : ": ", words,
	    first_fault(body, fault), id[0] == '\0' ? "" : ", request ", id);
	json_decref(body);
	return err->code;
}

static bool
says_no_record(const struct http_reply *reply)
{
	struct err unread;
	json_t *body = json_read(reply->body, reply->body_len, &unread);
	const char *code = json_string_value(json_object_get(body, "code"));
	bool says = code != NULL && strcmp(code, "DNS.0507") == 0;
	json_decref(body);
	return says;
}

static enum err_code
read_reply(struct provider_session *s, const struct os_call *call, const struct http_reply *reply,
    struct os_answer *out, struct err *err)
{
	bool writes = strcmp(call->method, "GET") != 0;
	out->status = reply->status;
	out->no_record = reply->status == 404 && says_no_record(reply);
	if (reply->status < 200 || reply->status > 299) {
		s->maybe_done = writes && reply->status >= 500;
		return openstack_error(s, call->what, reply, err);
	}
	if (provider_is_null(reply->body))
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
	if (s->options->world.http(s->options->world.arg, &r, &s->arena, reply, err) == ERR_NONE)
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
	provider_begin(s);
	enum err_code code = send_once(s, call, body, &reply, err);
	/* tokens expire after some hours; when a fresh one is also refused, that is the answer */
	if (code == ERR_NONE && reply.status == 401) {
		code = ((const struct openstack *)s->state)->login(s, err);
		if (code == ERR_NONE)
			code = send_once(s, call, body, &reply, err);
	}
	if (code == ERR_NONE)
		code = read_reply(s, call, &reply, out, err);
	secret_free(body);
	return code;
}

uint32_t
openstack_ttl(struct json_reader *r, const json_t *object, bool *is_zero)
{
	int64_t ttl_s = json_get_int(r, object, "ttl", 0, INT32_MAX, -1);
	*is_zero = ttl_s == 0;
	return ttl_s > 0 ? (uint32_t)ttl_s : 0;
}

const char *
openstack_ca_file(const struct openstack *o)
{
	const char *path = os_get(&o->config, OS_CACERT);
	return path[0] != '\0' ? path : NULL;
}

static const struct enumtab_row state_rows[] = {
	{ "ACTIVE", PROVIDER_ACTIVE },
	{ "PENDING", PROVIDER_PENDING },
	/* Open Telekom Cloud says which change it is */
	{ "PENDING_CREATE", PROVIDER_PENDING },
	{ "PENDING_UPDATE", PROVIDER_PENDING },
	{ "PENDING_DELETE", PROVIDER_PENDING },
	{ "ERROR", PROVIDER_FAILED },
	{ "INACTIVE", PROVIDER_ABSENT },
};
const struct enumtab openstack_states = ENUMTAB(state_rows);

enum err_code
openstack_say_failed(const char *what, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE,
	    "%s: Designate could not publish the record on its name servers (status ERROR); "
	    "contact its "
	    "operator",
	    what);
}
