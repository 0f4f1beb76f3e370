/* Carries HTTP requests with libcurl. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/secret.h"
#include "http/curl_job_priv.h"
#include "http/http.h"
#include "http/proxy_priv.h"
#include "http/sink_priv.h"
#include "http/url_priv.h"

enum { HEADER_LINE_MAX = 64 * 1024 };

struct http_client {
	char *ca_file; /* NULL: the system's */
	const struct curl_api *api;
	CURL *easy; /* NULL until the first request */
};

/* One request on its way. */
struct transfer {
	struct curl_job job; /* the client's handle */
	const struct http_request *request;
	struct url_view url;
	struct curl_slist *headers;
	struct sink sink;
};

struct http_client *
http_client_new(const char *ca_file)
{
	struct http_client *c = mem_zalloc(1, sizeof *c);
	c->ca_file = ca_file != NULL ? mem_strdup(ca_file) : NULL;
	return c;
}

void
http_client_free(struct http_client *c)
{
	if (c == NULL)
		return;
	if (c->easy != NULL)
		c->api->easy_cleanup(c->easy);
	free(c->ca_file);
	free(c);
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	sink_header(&t->sink, line, size * n);
	return size * n;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	return sink_body(&t->sink, data, size * n) ? size * n : 0;
}

static void
add_line(struct transfer *t, const char *line)
{
	struct curl_slist *longer = t->job.api->slist_append(t->headers, line);
	if (longer == NULL)
		t->job.broken = true;
	else
		t->headers = longer;
}

/* "Name: value"; a line break would begin a header of somebody else's choice. */
static void
add_header(struct transfer *t, const struct http_header *h)
{
	size_t size = strlen(h->name) + strlen(h->value) + sizeof ": ";
	if (size > HEADER_LINE_MAX || strpbrk(h->value, "\r\n") != NULL) {
		t->job.broken = true;
		return;
	}
	char *line = mem_zalloc(size, 1);
	snprintf(line, size, h->value[0] != '\0' ? "%s: %s" : "%s;", h->name, h->value);
	add_line(t, line);
	secret_free(line);
}

static bool
has_header(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcasecmp(r->headers[i].name, name) == 0)
			return true;
	return false;
}

static void
set_headers(struct transfer *t)
{
	const struct http_request *r = t->request;
	for (size_t i = 0; i < r->n_headers; i++)
		add_header(t, &r->headers[i]);
	/* libcurl would ask for "100 Continue" first and call every body a form */
	add_line(t, "Expect:");
	if (!has_header(r, "Content-Type"))
		add_line(t, "Content-Type:");
	t->job.broken |= t->job.api->setopt(t->job.easy, CURLOPT_HTTPHEADER, t->headers) !=
	    CURLE_OK;
}

static bool
is_read(const struct http_request *r)
{
	return strcmp(r->method, "GET") == 0;
}

static void
set_method(struct transfer *t)
{
	const struct http_request *r = t->request;
	if (is_read(r)) {
		curl_job_long(&t->job, CURLOPT_HTTPGET, 1);
		return;
	}
	/* a kept connection that turns out dead makes libcurl send the request again by itself */
	curl_job_long(&t->job, CURLOPT_FRESH_CONNECT, 1);
	if (r->body != NULL || strcmp(r->method, "DELETE") != 0) {
		curl_off_t len = (curl_off_t)(r->body != NULL ? r->body_len : 0);
		t->job.broken |= t->job.api->setopt(t->job.easy, CURLOPT_POSTFIELDSIZE_LARGE,
				     len) != CURLE_OK;
		curl_job_text(&t->job, CURLOPT_POSTFIELDS, r->body != NULL ? r->body : "");
	}
	curl_job_text(&t->job, CURLOPT_CUSTOMREQUEST, r->method);
}

/* Nothing of the key but its id leaves this process. */
static void
set_signature(struct transfer *t)
{
	const struct http_sigv4 *sign = t->request->sign;
	if (sign == NULL)
		return;
	curl_job_text(&t->job, CURLOPT_AWS_SIGV4, sign->scope);
	curl_job_text(&t->job, CURLOPT_USERNAME, sign->key_id);
	curl_job_text(&t->job, CURLOPT_PASSWORD, sign->secret);
}

static const char *
ca_file_of(const struct http_client *c, const struct http_request *r)
{
	return c->ca_file != NULL ? c->ca_file : r->ca_file;
}

static void
set_security(struct transfer *t, const char *ca_file)
{
	curl_job_text(&t->job, CURLOPT_PROTOCOLS_STR, t->url.tls ? "https" : "http");
	curl_job_long(&t->job, CURLOPT_FOLLOWLOCATION, 0);
	curl_job_tls(&t->job, ca_file);
	if (t->url.direct)
		curl_job_text(&t->job, CURLOPT_PROXY, "");
	curl_job_long(&t->job, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
}

static void
set_transport(struct transfer *t)
{
	curl_job_basics(&t->job, t->request->timeout_ms);
	curl_job_text(&t->job, CURLOPT_URL, t->request->url);
	/* newer libcurls refuse it together with a signature, which is that of the path they send */
	if (t->request->sign == NULL)
		curl_job_long(&t->job, CURLOPT_PATH_AS_IS, 1);
	curl_job_long(&t->job, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_job_text(&t->job, CURLOPT_USERAGENT, "mailready/" MAILREADY_VERSION);
}

static void
set_sinks(struct transfer *t)
{
	const struct curl_api *api = t->job.api;
	CURL *easy = t->job.easy;
	t->job.broken |= api->setopt(easy, CURLOPT_HEADERFUNCTION, on_header) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_HEADERDATA, t) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_WRITEFUNCTION, on_body) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_WRITEDATA, t) != CURLE_OK;
}

/* A time-out before the connection means no connection. */
static enum err_code
explain_timeout(const struct transfer *t, bool sent, struct err *err)
{
	return err_set(err, sent ? ERR_TEMP : ERR_UNAVAILABLE, "%s: no %s in time", t->url.origin,
	    sent ? "reply" : "connection");
}

static enum err_code
explain(const struct transfer *t, CURLcode rc, bool sent, struct err *err)
{
	if (t->sink.over)
		return err_set(err, ERR_TEMP, "%s: the reply is over the limit of %zu bytes",
		    t->url.origin, t->sink.max);
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return explain_timeout(t, sent, err);
	return curl_job_explain(&t->job, rc, t->url.origin, "HTTP", err);
}

static enum err_code
run(struct transfer *t, struct arena *a, struct http_reply *reply, struct err *err)
{
	const struct curl_api *api = t->job.api;
	CURLcode rc = curl_run(api, t->job.easy);
	long sent = 0, status = 0;
	api->getinfo(t->job.easy, CURLINFO_REQUEST_SIZE, &sent);
	api->getinfo(t->job.easy, CURLINFO_RESPONSE_CODE, &status);
	if (proxy_failed(&t->job, rc, t->url.origin, err))
		return err->code;
	reply->maybe_sent = sent > 0;
	reply->over = t->sink.over;
	if (rc != CURLE_OK)
		return explain(t, rc, sent > 0, err);
	if (!t->sink.head_ended)
		return err_set(err, ERR_TEMP, "%s: the reply was cut off in its headers",
		    t->url.origin);
	reply->status = (int)status;
	sink_to_reply(&t->sink, a, reply);
	return ERR_NONE;
}

static enum err_code
client_open(struct http_client *c, const char *ca_file, struct err *err)
{
	if (c->api == NULL)
		c->api = curl_load(err);
	if (c->api == NULL)
		return err->code;
	if (curl_job_check_ca(ca_file, err) != ERR_NONE)
		return err->code;
	proxy_hide_passwords();
	if (c->easy == NULL)
		c->easy = c->api->easy_init();
	if (c->easy == NULL)
		return err_set(err, ERR_INTERNAL, "libcurl cannot start");
	c->api->easy_reset(c->easy); /* keeps connections and nothing else */
	return ERR_NONE;
}

enum err_code
http_send(void *client, const struct http_request *request, struct arena *a,
    struct http_reply *reply, struct err *err)
{
	struct http_client *c = client;
	const char *ca_file = ca_file_of(c, request);
	struct transfer t = { .request = request,
		.sink.max = request->body_max > 0 ? request->body_max : HTTP_BODY_MAX };
	*reply = (struct http_reply){ .body = "",
		.date = "",
		.retry_after = "",
		.request_id = "",
		.subject_token = "" };
	if (url_view(request->url, &t.url, err) != ERR_NONE ||
	    client_open(c, ca_file, err) != ERR_NONE)
		return err->code;
	t.job.api = c->api;
	t.job.easy = c->easy;
	set_transport(&t);
	set_security(&t, ca_file);
	set_method(&t);
	set_headers(&t);
	set_signature(&t);
	set_sinks(&t);
	enum err_code code = t.job.broken ? err_set(err, ERR_CONFIG,
						"%s: the request cannot be made safely (a header "
						"with a line break, or a libcurl before 7.85)",
						t.url.origin) :
					    run(&t, a, reply, err);
	c->api->slist_free_all(t.headers);
	sink_fini(&t.sink);
	/* what points into this frame must not outlive it */
	c->api->easy_reset(c->easy);
	return code;
}
