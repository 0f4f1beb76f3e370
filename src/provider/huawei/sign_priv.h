/*
 * Request signing of Huawei Cloud's API gateway, SDK-HMAC-SHA256: pure, no clock, no secrets kept.
 * Every header of the request and the host are signed; the date (when_compact()) must be among them.
 */
#ifndef MAILREADY_PROVIDER_HUAWEI_SIGN_PRIV_H
#define MAILREADY_PROVIDER_HUAWEI_SIGN_PRIV_H

#include "http/http.h"

struct arena;

/* The three texts on the way to a signature, for tests and for comparing with the gateway's own. */
struct huawei_signature {
	char *canonical; /* holds the security token, if there is one: to be wiped */
	const char *to_sign;
	const char *authorization; /* the header's value */
};

/* Needs a header X-Sdk-Date in the request; all results are in the arena. */
struct huawei_signature huawei_sign(const struct http_request *r, const char *access_key,
    const char *secret_key, struct arena *a);

#endif
