/* One call: URL, headers, signature or token, reply. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/when.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/huawei/sign_priv.h"

static const char *const service_names[HUAWEI_SERVICES] = {
	[HUAWEI_IAM] = "the IAM service",
	[HUAWEI_EIP] = "the EIP service",
	[HUAWEI_DNS] = "the DNS service",
	[HUAWEI_DNS_GLOBAL] = "the global DNS service",
	[HUAWEI_METADATA] = "the metadata service",
};

const char *
huawei_body(struct arena *a, json_t *value)
{
	/* half a body would be worse than none: without its name a PATCH unsets the record */
	char *text = json_dumps(value, JSON_COMPACT);
	if (text == NULL)
		mem_ran_out();
	const char *copy = arena_strdup(a, text);
	free(text);
	json_decref(value);
	return copy;
}

enum err_code
huawei_send(struct huawei *h, struct arena *a, struct http_request *r, enum huawei_service service,
    const char *path, struct http_reply *reply, struct err *err)
{
	const struct provider_options *o = h->session->options;
	if (h->endpoints[service][0] == '\0')
		return err_set(err, ERR_CONFIG, "%s has no address: give it with --endpoint",
		    service_names[service]);
	if (r->url == NULL)
		r->url = arena_printf(a, "%s%s", h->endpoints[service], path);
	r->timeout_ms = service == HUAWEI_METADATA ? HUAWEI_METADATA_TIMEOUT_MS : HUAWEI_TIMEOUT_MS;
	if (o->world.http(o->world.arg, r, a, reply, err) == ERR_NONE)
		return ERR_NONE;
	/* whatever is not a read may have been carried out: the caller has to look */
	h->session->maybe_done |= reply->maybe_sent && strcmp(r->method, "GET") != 0;
	return err_prefix(err, "%s", service_names[service]);
}

/* The signature covers what is sent, so the URL must be complete before it is made. */
static void
authorize(struct huawei *h, struct arena *a, struct http_request *r, char **to_wipe)
{
	if (h->token != NULL) {
		http_header(r, "X-Auth-Token", h->token);
		return;
	}
	char *date = arena_alloc(a, WHEN_TEXT_MAX);
	http_header(r, "X-Sdk-Date", when_compact(provider_now_s(h->session), date));
	if (creds_get(&h->creds, CREDS_SECURITY_TOKEN)[0] != '\0')
		http_header(r, "X-Security-Token", creds_get(&h->creds, CREDS_SECURITY_TOKEN));
	struct huawei_signature s = huawei_sign(r, creds_get(&h->creds, CREDS_AK),
	    creds_get(&h->creds, CREDS_SK), a);
	http_header(r, "Authorization", s.authorization);
	*to_wipe = s.canonical;
}

/* Bodies of success may be empty or "null"; an array or half an object is an answer lost. */
static enum err_code
read_success(struct huawei *h, const struct huawei_call *call, const struct http_reply *reply,
    struct huawei_answer *out, struct err *err)
{
	if (provider_is_null(reply->body))
		return ERR_NONE;
	out->json = json_read(reply->body, reply->body_len, err);
	if (json_is_object(out->json))
		return ERR_NONE;
	h->session->maybe_done |= strcmp(call->method, "GET") != 0;
	if (out->json != NULL)
		err_set(err, ERR_TEMP, "an array instead of an object");
	json_decref(out->json);
	out->json = NULL;
	err->code = ERR_TEMP;
	return err_prefix(err, "%s: its reply (HTTP %d) is not valid", service_names[call->service],
	    reply->status);
}

static enum err_code
read_reply(struct huawei *h, const struct huawei_call *call, const struct http_reply *reply,
    struct huawei_answer *out, struct err *err)
{
	out->status = reply->status;
	snprintf(out->request_id, sizeof out->request_id, "%s", reply->request_id);
	if (reply->status >= 200 && reply->status < 300)
		return read_success(h, call, reply, out, err);
	huawei_error_read(reply->body, reply->body_len, out);
	h->session->retry_after_s = provider_retry_after(reply->retry_after,
	    provider_now_s(h->session));
	if (reply->status >= 500)
		h->session->maybe_done |= strcmp(call->method, "GET") != 0;
	return huawei_error(h, service_names[call->service], out, reply->date, err);
}

/* The whole call at one address; *unreachable: nothing has left. */
static enum err_code
call_at(struct huawei *h, struct arena *a, const struct huawei_call *call,
    struct huawei_answer *out, bool *unreachable, struct err *err)
{
	struct http_request r = { .method = call->method,
		.body = call->body,
		.body_len = call->body != NULL ? strlen(call->body) : 0,
		.url = arena_printf(a, "%s%s", h->endpoints[call->service], call->path) };
	struct http_reply reply = { .body = "" };
	char *to_wipe = NULL;
	*out = (struct huawei_answer){ .status = 0 };
	if (call->body != NULL)
		http_header(&r, "Content-Type", "application/json");
	if (call->service != HUAWEI_IAM)
		http_header(&r, "X-Project-Id", h->project);
	if (h->endpoints[call->service][0] != '\0')
		authorize(h, a, &r, &to_wipe);
	enum err_code code = huawei_send(h, a, &r, call->service, "", &reply, err);
	if (to_wipe != NULL)
		explicit_bzero(to_wipe, strlen(to_wipe));
	*unreachable = code == ERR_UNAVAILABLE && !reply.maybe_sent;
	return code == ERR_NONE ? read_reply(h, call, &reply, out, err) : code;
}

enum err_code
huawei_call(struct huawei *h, struct arena *a, const struct huawei_call *call,
    struct huawei_answer *out, struct err *err)
{
	char old[HUAWEI_URL_MAX];
	bool unreachable, again;
	enum err_code code = call_at(h, a, call, out, &unreachable, err);
	if (!unreachable || !huawei_go_global(h, call->service, old))
		return code;
	struct err first = *err;
	code = call_at(h, a, call, out, &again, err);
	if (!again)
		return code;
	/* neither can be reached: the usual address is the one to speak of, now and next time */
	snprintf(h->endpoints[call->service], HUAWEI_URL_MAX, "%s", old);
	h->usual[call->service] = true;
	*err = first;
	return first.code;
}

struct huawei *
huawei_begin(struct provider_session *s)
{
	provider_begin(s);
	return s->state;
}
