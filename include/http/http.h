/*
 * HTTP requests and replies as values, and the one function that carries them.  Providers build
 * requests and read replies; who sends them is injected, so that a test can be the cloud.
 *
 * The real carrier is libcurl: TLS (1.2 or newer) is always verified, redirects are not followed
 * and come back as the replies they are, and replies are bounded.  Plain http goes only to literal
 * loopback addresses and to the metadata service of the machine itself, 169.254.169.254, neither
 * of them through a proxy; for https the proxy variables of the environment count, as for curl.
 */
#ifndef MAILREADY_HTTP_HTTP_H
#define MAILREADY_HTTP_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

enum { HTTP_HEADERS_MAX = 32, HTTP_BODY_MAX = 4 << 20 };

struct http_header {
	const char *name;
	const char *value;
};

/*
 * Signature Version 4 of AWS, which libcurl makes (docs.aws.amazon.com, "AWS Signature Version 4 for API
 * requests"): all headers and the body are signed.
 */
struct http_sigv4 {
	const char *scope; /* "aws:amz:REGION:SERVICE" */
	const char *key_id, *secret;
};

struct http_request {
	const char *method; /* "GET" "POST" "PUT" "PATCH" "DELETE" */
	const char *url;    /* absolute, already encoded; must not hold secrets */
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t n_headers;
	const char *body; /* NULL: none */
	size_t body_len;
	uint32_t timeout_ms;
	const struct http_sigv4 *sign; /* NULL: not signed so */
	/* Certificates to trust instead of the system's; NULL.  A file of the client's own goes first. */
	const char *ca_file;
	size_t body_max; /* bytes of the reply's body; 0: HTTP_BODY_MAX */
};

struct http_reply {
	int status;       /* 200 ...; 0 when there was no reply */
	const char *body; /* NUL-terminated, in the arena given to the carrier; "" */
	size_t body_len;
	const char *date;          /* Date header; "" */
	const char *retry_after;   /* Retry-After header; "" */
	const char *request_id;    /* X-Request-Id, x-openstack-request-id or the like; "" */
	const char *subject_token; /* X-Subject-Token of an identity service: a secret; "" */
	/* Without a reply: could the request have reached the server?  A write that may have arrived
	 * must be read back, never blindly repeated. */
	int maybe_sent;
	int over; /* there is none, because it was beyond its limit */
};

/* Appends a header; name and value are borrowed.  More than HTTP_HEADERS_MAX is an assertion. */
void http_header(struct http_request *r, const char *name, const char *value);

/* Overwrites the reply's body and subject_token where they stand: for replies that hold secrets. */
void http_reply_wipe(struct http_reply *r);

/*
 * Carries one request.  ERR_NONE: there is a reply, whatever its status.  Else err says what went
 * wrong and reply->maybe_sent is set:
 * ERR_UNAVAILABLE  no connection, or the server does not speak HTTP (or TLS)
 * ERR_TEMP         time-out, cut off, or a reply beyond its limit
 * ERR_NOPERM       the server's certificate is not trusted
 * ERR_CONFIG       the URL may not be asked, or the CA file cannot be read
 * The text names scheme, host and port, never path, headers or body.
 */
typedef enum err_code http_fn(void *carrier, const struct http_request *request, struct arena *a,
    struct http_reply *reply, struct err *err);

/*
 * The libcurl carrier: http_send is the http_fn, an http_client its first argument.  Connections
 * are kept for later reads; a write always opens its own, because libcurl sends a request again by
 * itself when a kept connection turns out to be dead.
 */
struct http_client;
struct http_client *http_client_new(const char *ca_file); /* NULL: the system's trust store */
void http_client_free(struct http_client *c);
enum err_code http_send(void *client, const struct http_request *request, struct arena *a,
    struct http_reply *reply, struct err *err);

#endif
