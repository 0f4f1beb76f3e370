/*
 * OVHcloud on top of the client of src/provider/rest: what its files share.  Source: the API's own description
 * (eu.api.ovh.com/1.0/ip.json), ovh/python-ovh and ovh/go-ovh, ovh/terraform-provider-ovh.
 */
#ifndef MAILREADY_PROVIDER_OVH_OVH_PRIV_H
#define MAILREADY_PROVIDER_OVH_OVH_PRIV_H

#include "provider/rest/rest_priv.h"

/* In the order of the variables' table. */
enum ovh_key {
	OVH_APPLICATION_KEY,
	OVH_APPLICATION_SECRET,
	OVH_CONSUMER_KEY,
	OVH_CLIENT_ID,
	OVH_CLIENT_SECRET,
	OVH_KEYS,
};

enum { OVH_PATH_MAX = 1024, OVH_SIGNATURE_MAX = 44 };

struct ovh_config {
	char *keys[OVH_KEYS];               /* NULL: not said; wiped by ovh_config_fini() */
	char where[OVH_KEYS][OVH_PATH_MAX]; /* variable, or file and section */
	char endpoint[128];                 /* "ovh-eu", or a URL */
	const char *base, *token_url;       /* "": unknown; base may point into endpoint */
	bool service_account;               /* the keys of an OAuth2 client count */
};

/*
 * Variables, then ./ovh.conf, ~/.ovh.conf and /etc/ovh.conf, key by key as OVH's own clients do; sends
 * nothing.  Warnings about files go to s.  ERR_CONFIG for what is malformed, half there or both kinds at
 * once.  Without any key ERR_NONE, and all keys stay NULL.
 */
enum err_code ovh_config_read(struct ovh_config *c, struct provider_session *s,
    struct err *err) MUST_CHECK;
void ovh_config_fini(struct ovh_config *c);

/* One of the files, from memory: what is not known yet is taken. */
enum err_code ovh_config_read_text(struct ovh_config *c, const char *file, const char *text,
    size_t len, struct err *err) MUST_CHECK;

/* "$1$" and the SHA-1 of the secret, the consumer key and the request, joined by "+". */
void ovh_signature(const char *secret, const char *consumer, const struct http_request *r,
    const char *timestamp, char out[OVH_SIGNATURE_MAX]);

#endif
