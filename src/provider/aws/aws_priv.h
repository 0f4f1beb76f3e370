/*
 * AWS: what its files share.  EC2 has the Query API, a form in and XML out ("Amazon EC2 API Reference", version
 * 2016-11-15); Route 53 has paths, and XML both ways ("Amazon Route 53 API Reference", version 2013-04-01).
 * Both are signed with Signature Version 4.
 */
#ifndef MAILREADY_PROVIDER_AWS_AWS_PRIV_H
#define MAILREADY_PROVIDER_AWS_AWS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "provider/aws/config_priv.h"

enum { AWS_URL_MAX = 256, AWS_TIMEOUT_MS = 20 * 1000 };

/* The state of a session. */
struct aws {
	struct aws_config config;
	char url[AWS_URL_MAX];      /* of EC2, "https://ec2.eu-west-1.amazonaws.com/" */
	char metadata[AWS_URL_MAX]; /* of the server's metadata service */
	const char *dns;            /* of Route 53, without a slash at its end */
	const char *dns_region; /* which its requests are signed for: it has no regions itself */
	const char *change;     /* id of the last forward_put; "": there is none to ask for */
	/* The zone that was found for the last name: an account has five requests a second. */
	const char *zone_owner, *zone_id, *zone_name;
};

/*
 * role.c: the keys of the server's own role, from its metadata service (IMDSv2: a token first, which
 * shows that we can send a header), and its region where none is said.  ERR_CONFIG: it has no role.
 */
enum err_code aws_take_role(struct provider_session *s, struct err *err) MUST_CHECK;

/* ---- replies (xml.c) */

/* An element without children and its text; the path begins below the root: "addressSet/item/publicIp".
 * Each entry of a list also has a row where it begins, with text NULL. */
struct aws_leaf {
	const char *path;
	const char *text;
};

struct aws_reply {
	const char *root; /* the name of the outermost element */
	struct aws_leaf *leaves;
	size_t n, cap;
};

/* ERR_TEMP: it is not XML, or more than a reply of this API can be (depth, a document type). */
enum err_code aws_xml_read(const char *text, size_t len, struct arena *a, struct aws_reply *out,
    struct err *err) MUST_CHECK;

/* The text of the first such element of rows from..to; "" without one. */
const char *aws_text(const struct aws_reply *r, size_t from, size_t to, const char *path);

/* The next item of a list at or after *at, as rows *at..*end; false after the last. */
bool aws_item(const struct aws_reply *r, const char *path, size_t *at, size_t *end);

/* ---- calls (call.c) */

/* One signed request of any of the services. */
struct aws_request {
	const char *method, *url;
	const char *scope;       /* "us-east-1:route53" */
	const char *type, *body; /* NULL: none */
	const char *what;        /* it does, for errors: "setting the PTR record of 192.0.2.1" */
	bool writes;
};

/*
 * absent: set where this account does not have what the request is about, with ERR_DATA, or its keys may not
 * see it, with ERR_NOPERM; may be NULL.
 */
enum err_code aws_exchange(struct provider_session *s, const struct aws_request *request,
    struct arena *a, struct aws_reply *out, bool *absent, struct err *err) MUST_CHECK;

struct aws_param {
	const char *name, *value;
};

enum { AWS_PARAMS_MAX = 6 };

/* A call of the Query API of EC2. */
struct aws_call {
	const char *action;
	const char *what; /* as in a request */
	bool writes;
	struct aws_param params[AWS_PARAMS_MAX]; /* until the first without a name */
};

enum err_code aws_send(struct provider_session *s, const struct aws_call *call, struct arena *a,
    struct aws_reply *out, bool *absent, struct err *err) MUST_CHECK;

/* ---- route53.c: the forward records of a provider, see provider/provider.h */

/* Where it is, from options, variables and the region's partition. */
void aws_dns_open(struct provider_session *s);

enum err_code aws_forward_get(struct provider_session *s, const char *name,
    const struct ip *family_of, struct provider_set *out, struct err *err);
enum err_code aws_forward_put(struct provider_session *s, const char *name,
    const struct ip *family_of, const struct provider_set *new, struct err *err);
enum err_code aws_forward_poll(struct provider_session *s, const char *name,
    const struct ip *family_of, enum provider_state *state, struct err *err);

#endif
