#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "http/curl_priv.h"
#include "http/http.h"
#include "http/sink_priv.h"
#include "http/url_priv.h"

enum { CONNECT_TIMEOUT_MS = 10 * 1000, HEADER_LINE_MAX = 64 * 1024 };

struct http_client {
	char *ca_file; /* NULL: the system's */
	const struct curl_api *api;
	CURL *easy; /* NULL until the first request */
};

/* One request on its way. */
struct transfer {
	struct http_client *client;
	const struct http_request *request;
	struct url_view url;
	struct curl_slist *headers;
	struct sink sink;
	char reason[CURL_ERROR_SIZE];
	bool broken; /* an option was refused: nothing may be sent without it */
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
set_long(struct transfer *t, CURLoption option, long value)
{
	if (t->client->api->setopt(t->client->easy, option, value) != CURLE_OK)
		t->broken = true;
}

static void
set_text(struct transfer *t, CURLoption option, const char *value)
{
	if (t->client->api->setopt(t->client->easy, option, value) != CURLE_OK)
		t->broken = true;
}

static void
add_line(struct transfer *t, const char *line)
{
	struct curl_slist *longer = t->client->api->slist_append(t->headers, line);
	if (longer == NULL)
		t->broken = true;
	else
		t->headers = longer;
}

/* "Name: value"; a line break would begin a header of somebody else's choice. */
static void
add_header(struct transfer *t, const struct http_header *h)
{
	size_t size = strlen(h->name) + strlen(h->value) + sizeof ": ";
	if (size > HEADER_LINE_MAX || strpbrk(h->value, "\r\n") != NULL) {
		t->broken = true;
		return;
	}
	char *line = mem_zalloc(size, 1);
	snprintf(line, size, h->value[0] != '\0' ? "%s: %s" : "%s;", h->name, h->value);
	add_line(t, line);
	explicit_bzero(line, size);
	free(line);
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
	t->broken |= t->client->api->setopt(t->client->easy, CURLOPT_HTTPHEADER, t->headers) !=
	    CURLE_OK;
}

/* The headers may hold tokens; libcurl's own copies in its buffers are out of reach. */
static void
wipe_headers(struct transfer *t)
{
	for (struct curl_slist *l = t->headers; l != NULL; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
	t->client->api->slist_free_all(t->headers);
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
	const struct curl_api *api = t->client->api;
	if (is_read(r)) {
		set_long(t, CURLOPT_HTTPGET, 1);
		return;
	}
	/* a kept connection that turns out dead makes libcurl send the request again by itself */
	set_long(t, CURLOPT_FRESH_CONNECT, 1);
	if (r->body != NULL || strcmp(r->method, "DELETE") != 0) {
		curl_off_t len = (curl_off_t)(r->body != NULL ? r->body_len : 0);
		t->broken |= api->setopt(t->client->easy, CURLOPT_POSTFIELDSIZE_LARGE, len) !=
		    CURLE_OK;
		set_text(t, CURLOPT_POSTFIELDS, r->body != NULL ? r->body : "");
	}
	set_text(t, CURLOPT_CUSTOMREQUEST, r->method);
}

static const char *
ca_file_of(const struct http_client *c, const struct http_request *r)
{
	return c->ca_file != NULL ? c->ca_file : r->ca_file;
}

static void
set_security(struct transfer *t)
{
	set_text(t, CURLOPT_PROTOCOLS_STR, t->url.tls ? "https" : "http");
	set_long(t, CURLOPT_FOLLOWLOCATION, 0);
	set_long(t, CURLOPT_SSL_VERIFYPEER, 1);
	set_long(t, CURLOPT_SSL_VERIFYHOST, 2);
	set_long(t, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	if (ca_file_of(t->client, t->request) != NULL) {
		set_text(t, CURLOPT_CAINFO, ca_file_of(t->client, t->request));
		set_text(t, CURLOPT_CAPATH, NULL);
	}
	if (t->url.direct)
		set_text(t, CURLOPT_PROXY, "");
	set_long(t, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
}

static void
set_transport(struct transfer *t)
{
	const struct http_request *r = t->request;
	long ms = r->timeout_ms > 0 ? (long)r->timeout_ms : CONNECT_TIMEOUT_MS;
	set_text(t, CURLOPT_URL, r->url);
	set_long(t, CURLOPT_PATH_AS_IS, 1);
	set_long(t, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	set_long(t, CURLOPT_NOSIGNAL, 1);
	set_long(t, CURLOPT_TIMEOUT_MS, ms);
	set_long(t, CURLOPT_CONNECTTIMEOUT_MS, ms < CONNECT_TIMEOUT_MS ? ms : CONNECT_TIMEOUT_MS);
	set_text(t, CURLOPT_USERAGENT, "mailready/" MAILREADY_VERSION);
}

static void
set_sinks(struct transfer *t)
{
	const struct curl_api *api = t->client->api;
	CURL *easy = t->client->easy;
	t->broken |= api->setopt(easy, CURLOPT_ERRORBUFFER, t->reason) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_HEADERFUNCTION, on_header) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_HEADERDATA, t) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_WRITEFUNCTION, on_body) != CURLE_OK ||
	    api->setopt(easy, CURLOPT_WRITEDATA, t) != CURLE_OK;
}

/* What libcurl calls an error, for people who do not know libcurl; else ERR_TEMP and its words. */
static const struct {
	CURLcode rc;
	enum err_code code;
	const char *what;
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, ERR_UNAVAILABLE, "its name does not resolve" },
	{ CURLE_COULDNT_RESOLVE_PROXY, ERR_UNAVAILABLE, "the proxy's name does not resolve" },
	{ CURLE_COULDNT_CONNECT, ERR_UNAVAILABLE, "no connection" },
	{ CURLE_SSL_CONNECT_ERROR, ERR_UNAVAILABLE, "TLS cannot be agreed on" },
	{ CURLE_PEER_FAILED_VERIFICATION, ERR_NOPERM,
	    "its certificate is not trusted (a private cloud's authority is named by --ca-file)" },
	{ CURLE_SSL_CACERT_BADFILE, ERR_CONFIG, "the file with trusted certificates is unusable" },
	{ CURLE_UNSUPPORTED_PROTOCOL, ERR_UNAVAILABLE, "what answers does not speak HTTP" },
	{ CURLE_WEIRD_SERVER_REPLY, ERR_UNAVAILABLE, "what answers does not speak HTTP" },
	{ CURLE_GOT_NOTHING, ERR_TEMP, "the connection was closed without a reply" },
	{ CURLE_PARTIAL_FILE, ERR_TEMP, "the reply was cut off" },
	{ CURLE_RECV_ERROR, ERR_TEMP, "the connection was cut" },
	{ CURLE_SEND_ERROR, ERR_TEMP, "the connection was cut" },
};

/* A time-out before there is a connection is no connection. */
static enum err_code
explain_timeout(const struct transfer *t, bool sent, struct err *err)
{
	return err_set(err, sent ? ERR_TEMP : ERR_UNAVAILABLE, "%s: no %s in time", t->url.origin,
	    sent ? "reply" : "connection");
}

static enum err_code
explain(const struct transfer *t, CURLcode rc, bool sent, struct err *err)
{
	const char *origin = t->url.origin;
	const char *detail = t->reason[0] != '\0' ? t->reason : t->client->api->easy_strerror(rc);
	if (t->sink.over)
		return err_set(err, ERR_TEMP, "%s: the reply is over the limit of %d bytes", origin,
		    HTTP_BODY_MAX);
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return explain_timeout(t, sent, err);
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		if (failures[i].rc == rc)
			return err_set(err, failures[i].code, "%s: %s: %s", origin,
			    failures[i].what, detail);
	return err_set(err, ERR_TEMP, "%s: %s", origin, detail);
}

static enum err_code
run(struct transfer *t, struct arena *a, struct http_reply *reply, struct err *err)
{
	const struct curl_api *api = t->client->api;
	CURLcode rc = curl_run(api, t->client->easy);
	long sent = 0, status = 0;
	api->getinfo(t->client->easy, CURLINFO_REQUEST_SIZE, &sent);
	api->getinfo(t->client->easy, CURLINFO_RESPONSE_CODE, &status);
	reply->maybe_sent = sent > 0;
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
	if (ca_file != NULL && access(ca_file, R_OK) != 0)
		return err_set(err, ERR_CONFIG,
		    "%s: the file with trusted certificates cannot be read", ca_file);
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
	struct transfer t = { .client = client, .request = request };
	*reply = (struct http_reply){ .body = "",
		.date = "",
		.retry_after = "",
		.request_id = "",
		.subject_token = "" };
	if (url_view(request->url, &t.url, err) != ERR_NONE ||
	    client_open(client, ca_file_of(client, request), err) != ERR_NONE)
		return err->code;
	set_transport(&t);
	set_security(&t);
	set_method(&t);
	set_headers(&t);
	set_sinks(&t);
	enum err_code code = t.broken ?
	    err_set(err, ERR_CONFIG,
		"%s: the request cannot be made as it must be (a header "
		"with a line break, or a libcurl before 7.85)",
		t.url.origin) :
	    run(&t, a, reply, err);
	wipe_headers(&t);
	sink_fini(&t.sink);
	/* what points into this frame must not outlive it */
	t.client->api->easy_reset(t.client->easy);
	return code;
}
