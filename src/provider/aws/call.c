/* One request: its signature, its reply, its errors; and the form of the Query API. */
#include <stdio.h>
#include <string.h>

#include "provider/aws/aws_priv.h"
#include "provider/provider_priv.h"

/* What an error means here, by its code; the API's own words follow. */
static const struct error_row {
	const char *aws;
	enum err_code code;
	bool absent;
	const char *text;
} errors[] = {
	{ "AuthFailure", ERR_NOPERM, false, "the keys are refused" },
	{ "InvalidClientTokenId", ERR_NOPERM, false, "the keys are refused" },
	{ "UnrecognizedClientException", ERR_NOPERM, false, "the keys are refused" },
	{ "SignatureDoesNotMatch", ERR_NOPERM, false,
	    "the secret key does not fit the access key, or this machine's clock is wrong" },
	{ "RequestExpired", ERR_NOPERM, false,
	    "the session token has expired, or this machine's clock is wrong" },
	{ "ExpiredToken", ERR_NOPERM, false, "the session token has expired: get a new one" },
	{ "UnauthorizedOperation", ERR_NOPERM, false,
	    "the policy of these keys does not allow it; mailready-providers(7) has the policy to "
	    "attach" },
	{ "AccessDenied", ERR_NOPERM, true,
	    "the policy of these keys does not allow it; mailready-providers(7) has the policy to "
	    "attach" },
	{ "OptInRequired", ERR_NOPERM, false, "the account has not enabled this region" },
	{ "Blocked", ERR_NOPERM, false, "the account is blocked" },
	{ "PendingVerification", ERR_NOPERM, false, "the account is still being verified" },
	{ "InvalidAddress.NotFound", ERR_DATA, true,
	    "the account does not have it in this region" },
	{ "InvalidAllocationID.NotFound", ERR_DATA, true,
	    "the account does not have it in this region" },
	{ "NoSuchHostedZone", ERR_DATA, true, "the account no longer has the zone: plan again" },
	{ "InvalidChangeBatch", ERR_DATA, false,
	    "Route 53 does not accept the change: look at the records of the name, and plan "
	    "again" },
	{ "PriorRequestNotComplete", ERR_TEMP, false,
	    "Route 53 is still busy with another change of the zone: try again later" },
	{ "RequestLimitExceeded", ERR_TEMP, false, "too many requests" },
	{ "Throttling", ERR_TEMP, false,
	    "too many requests, with those of others in the account: try again later" },
	{ "ServiceUnavailable", ERR_TEMP, false, "the service is overloaded" },
	{ "Unavailable", ERR_TEMP, false, "the service is overloaded" },
	{ "InternalError", ERR_TEMP, false, "the service has an internal fault" },
	{ "InternalFailure", ERR_TEMP, false, "the service has an internal fault" },
};

static const struct error_row *
row_of(const char *code)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].aws, code) == 0)
			return &errors[i];
	return NULL;
}

/* Each API, and sometimes each error, has its own place for it; NULL at the end. */
static const char *const code_paths[] = { "Errors/Error/Code", "Error/Code", NULL };
static const char *const words_paths[] = { "Errors/Error/Message", "Error/Message",
	"Messages/Message", NULL };
static const char *const request_paths[] = { "RequestID", "RequestId", NULL };

static const char *
first_text(const struct aws_reply *reply, const char *const *paths)
{
	const char *text = "";
	while (text[0] == '\0' && *paths != NULL)
		text = aws_text(reply, 0, reply->n, *paths++);
	return text;
}

static const char *
code_in(const struct aws_reply *reply)
{
	static const char batch[] = "InvalidChangeBatch"; /* has no code but its name */
	return strcmp(reply->root, batch) == 0 ? batch : first_text(reply, code_paths);
}

static enum err_code
fail(struct provider_session *s, const struct aws_request *request, const struct http_reply *http,
    struct arena *a, bool *absent, struct err *err)
{
	struct aws_reply reply;
	struct err unread;
	if (aws_xml_read(http->body, http->body_len, a, &reply, &unread) != ERR_NONE)
		reply = (struct aws_reply){ .root = "" };
	const char *code = code_in(&reply), *words = first_text(&reply, words_paths);
	const char *id = first_text(&reply, request_paths);
	const struct error_row *row = row_of(code);
	const char *text = row != NULL ? row->text :
	    http->status >= 500        ? "the service has an internal fault" :
	    http->status >= 400        ? "the service does not accept it" :
	    http->status >= 300        ? "the service redirects; redirects are not followed" :
					 "an unexpected answer";
	enum err_code meaning = row != NULL ? row->code :
	    http->status >= 500             ? ERR_TEMP :
	    http->status >= 400             ? ERR_DATA :
					      ERR_UNAVAILABLE;
	s->retry_after_s = provider_retry_after(http->retry_after, provider_now_s(s));
	/* Route 53 does not say how long: its limit is one of requests a second */
	if (s->retry_after_s == 0 && meaning == ERR_TEMP && http->status == 400)
		s->retry_after_s = 1;
	s->maybe_done = request->writes && http->status >= 500;
	if (absent != NULL)
		*absent = row != NULL && row->absent;
	return err_set(err, meaning, "%s: %s (HTTP %d%s%.80s%s%.300s%s%.60s)", request->what, text,
	    http->status, code[0] != '\0' ? ", " : "", code, words[0] != '\0' ? ": " : "", words,
	    id[0] != '\0' ? ", request " : "", id);
}

enum err_code
aws_exchange(struct provider_session *s, const struct aws_request *request, struct arena *a,
    struct aws_reply *out, bool *absent, struct err *err)
{
	const struct aws *w = s->state;
	struct http_sigv4 sign = { .scope = arena_printf(a, "aws:amz:%s", request->scope),
		.key_id = w->config.keys[AWS_KEY_ID],
		.secret = w->config.keys[AWS_KEY_SECRET] };
	struct http_request r = { .method = request->method,
		.url = request->url,
		.body = request->body,
		.body_len = request->body != NULL ? strlen(request->body) : 0,
		.timeout_ms = AWS_TIMEOUT_MS,
		.sign = &sign };
	struct http_reply reply = { .body = "", .retry_after = "" };
	provider_begin(s);
	if (absent != NULL)
		*absent = false;
	if (request->type != NULL)
		http_header(&r, "Content-Type", request->type);
	if (w->config.keys[AWS_KEY_TOKEN] != NULL)
		http_header(&r, "X-Amz-Security-Token", w->config.keys[AWS_KEY_TOKEN]);
	if (s->options->world.http(s->options->world.arg, &r, a, &reply, err) != ERR_NONE) {
		s->maybe_done = request->writes && reply.maybe_sent;
		return err_prefix(err, "%s", request->what);
	}
	if (reply.status != 200)
		return fail(s, request, &reply, a, absent, err);
	/* a write was accepted all the same: what it did is read back */
	if (aws_xml_read(reply.body, reply.body_len, a, out, err) == ERR_NONE)
		return ERR_NONE;
	s->maybe_done = request->writes;
	return err_prefix(err, "%s", request->what);
}

/* ---- the Query API */

static const char *
form_of(const struct aws_call *call, struct arena *a)
{
	const char *form = arena_printf(a, "Action=%s&Version=2016-11-15", call->action);
	for (size_t i = 0; i < AWS_PARAMS_MAX && call->params[i].name != NULL; i++)
		form = arena_printf(a, "%s&%s=%s", form, call->params[i].name,
		    provider_url_text(a, call->params[i].value));
	return form;
}

enum err_code
aws_send(struct provider_session *s, const struct aws_call *call, struct arena *a,
    struct aws_reply *out, bool *absent, struct err *err)
{
	const struct aws *w = s->state;
	const struct aws_request request = { .method = "POST",
		.url = w->url,
		.scope = arena_printf(a, "%s:ec2", w->config.region),
		.type = "application/x-www-form-urlencoded; charset=utf-8",
		.body = form_of(call, a),
		.what = call->what,
		.writes = call->writes };
	enum err_code code = aws_exchange(s, &request, a, out, absent, err);
	if (code != ERR_UNAVAILABLE || strstr(w->url, w->config.region) == NULL)
		return code;
	return err_advise(err, "is the region %s, from %s, one of AWS?", w->config.region,
	    w->config.region_from);
}
