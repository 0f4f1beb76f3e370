/* The provider OpenStack (Keystone, Neutron, Designate), shared between its files. */
#ifndef MAILREADY_PROVIDER_OPENSTACK_OPENSTACK_PRIV_H
#define MAILREADY_PROVIDER_OPENSTACK_OPENSTACK_PRIV_H

#include "provider/openstack/config_priv.h"
#include "provider/provider_priv.h"

struct json_reader;

enum os_service { OS_IDENTITY, OS_NETWORK, OS_DNS, OS_SERVICES };

enum { OS_TIMEOUT_MS = 30 * 1000, OS_PAGES_MAX = 100, OS_DEFAULT_TTL_S = 3600 };

struct openstack {
	struct os_config config;
	char *token; /* wiped */
	/* A new token with the configuration at hand, when this one has expired. */
	enum err_code (*login)(struct provider_session *s, struct err *err);
	const char *region;            /* in the session's arena, like the rest */
	const char *project;           /* for messages: name or id */
	const char *urls[OS_SERVICES]; /* without final slash and version; NULL: not offered */
};

struct os_call {
	const char *method;
	enum os_service service;
	const char *path; /* from the version on, encoded */
	json_t *body;     /* released by the call; NULL: none */
	const char *what; /* for errors: "the PTR record of floating IP ..." */
};

struct os_answer {
	int status;
	bool
	    no_record; /* Open Telekom Cloud's 404 for an address without a PTR record: its code DNS.0507 */
	json_t *json; /* NULL for an empty body and for "null"; the caller's to release */
};

/* ---- login.c */

/* Reads the configuration, gets a token and the addresses of the services. */
enum err_code openstack_open(struct provider_session *s, struct err *err);
void openstack_close(struct provider_session *s);

/* ---- call.c */

/* Certificates that the configuration trusts instead of the system's; NULL. */
const char *openstack_ca_file(const struct openstack *o);

/*
 * ERR_NONE for a 2xx.  Logs in again once when the token has expired.  For all else err says what
 * it means, and the answer's status tells callers what they may know better.
 */
enum err_code openstack_call(struct provider_session *s, const struct os_call *call,
    struct os_answer *out, struct err *err) MUST_CHECK;

/* What a reply that is no 2xx means; wiped of everything that might be a secret. */
enum err_code openstack_error(struct provider_session *s, const char *what,
    const struct http_reply *reply, struct err *err);

/* The member "ttl", in seconds: null is 0, and a 0 that is said is_zero. */
uint32_t openstack_ttl(struct json_reader *r, const json_t *object, bool *is_zero);

/* What Designate's status of a record means. */
extern const struct enumtab openstack_states;
/* ERR_UNAVAILABLE: status ERROR of what is named. */
enum err_code openstack_say_failed(const char *what, struct err *err);

/* ---- zone.c */

enum err_code openstack_forward_poll(struct provider_session *s, const char *name,
    const struct ip *family_of, enum provider_state *state, struct err *err);
enum err_code openstack_forward_get(struct provider_session *s, const char *name,
    const struct ip *family_of, struct provider_set *out, struct err *err);
enum err_code openstack_forward_put(struct provider_session *s, const char *name,
    const struct ip *family_of, const struct provider_set *new, struct err *err);

#endif
