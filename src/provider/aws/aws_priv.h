/*
 * AWS EC2: what its files share.  The Query API: a form in, XML out, signed with Signature Version 4
 * (docs.aws.amazon.com, "Amazon EC2 API Reference", version 2016-11-15).
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
};

/*
 * role.c: the keys of the server's own role, from its metadata service (IMDSv2: a token first, which
 * shows that we can send a header), and its region where none is said.  ERR_CONFIG: it has no role.
 */
enum err_code aws_take_role(struct provider_session *s, struct err *err) MUST_CHECK;

/* ---- replies (xml.c) */

/* An element without children and its text; the path begins below the root: "addressSet/item/publicIp".
 * Each element named item also has a row where it begins, with text NULL. */
struct aws_leaf {
	const char *path;
	const char *text;
};

struct aws_reply {
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

struct aws_param {
	const char *name, *value;
};

enum { AWS_PARAMS_MAX = 6 };

struct aws_call {
	const char *action;
	const char *what; /* it does, for errors: "setting the PTR record of 192.0.2.1" */
	bool writes;
	struct aws_param params[AWS_PARAMS_MAX]; /* until the first without a name */
};

/* absent: set where the account does not have what the call is about, with ERR_DATA; may be NULL. */
enum err_code aws_send(struct provider_session *s, const struct aws_call *call, struct arena *a,
    struct aws_reply *out, bool *absent, struct err *err) MUST_CHECK;

#endif
