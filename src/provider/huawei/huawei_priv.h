/* The provider Huawei Cloud (and its family), shared between its files. */
#ifndef MAILREADY_PROVIDER_HUAWEI_HUAWEI_PRIV_H
#define MAILREADY_PROVIDER_HUAWEI_HUAWEI_PRIV_H

#include "provider/creds/creds_priv.h"
#include "provider/provider_priv.h"

/*
 * The DNS service answers at a regional and at a global address, and not everywhere at both; which
 * of them knows an EIP or a zone is found out by asking.
 */
enum huawei_service {
	HUAWEI_IAM,
	HUAWEI_EIP,
	HUAWEI_DNS,
	HUAWEI_DNS_GLOBAL,
	HUAWEI_METADATA,
	HUAWEI_SERVICES,
};

enum {
	HUAWEI_ID_MAX = PROVIDER_ID_MAX,
	HUAWEI_URL_MAX = 256,
	HUAWEI_TIMEOUT_MS = 30 * 1000,
	HUAWEI_METADATA_TIMEOUT_MS = 3 * 1000, /* what the vendor's SDK waits */
	HUAWEI_PAGE = 500,
	HUAWEI_PAGES_MAX = 40,
	HUAWEI_DEFAULT_TTL_S = 300,
};

struct huawei {
	struct provider_session *session;
	struct creds creds;
	char
	    *token; /* X-Auth-Token, ready-made or got with a password; NULL: requests are signed */
	char region[64];
	char project[HUAWEI_ID_MAX];
	char endpoints[HUAWEI_SERVICES][HUAWEI_URL_MAX]; /* without final slash */
	bool usual[HUAWEI_SERVICES]; /* the address is made of region and cloud, nobody gave it */
	bool dns_is_fixed;           /* by the user: no other address is tried */
	enum huawei_service dns;     /* the address that serves PTR records here */
	bool no_v21;                 /* this address does not offer several names */
	bool v21_refused;   /* the key may not list by v2.1: v2 asks for one EIP at a time */
	char last_put[256]; /* the place that was written last, and whether a name was set */
	bool last_was_set;
	char eps_place[256]; /* the place that was found last, and its enterprise project */
	char eps[HUAWEI_ID_MAX];
};

/* Every call but open starts with this: it forgets what the last one learned. */
struct huawei *huawei_begin(struct provider_session *s);

/* --- calls ------------------------------------------------------------------------------- */

struct huawei_call {
	const char *method;
	enum huawei_service service;
	const char *path; /* with query, encoded */
	const char *body; /* JSON, or NULL */
};

struct huawei_answer {
	int status;
	json_t *json;  /* NULL for an empty body and for "null"; the caller's to release */
	char code[40]; /* "DNS.0502", "APIGW.0301"; "" for none */
	char message[400];
	char request_id[100];
};

/*
 * Signs, sends, reads.  ERR_NONE for a 2xx with an object or without content; for all else err has
 * the explanation, and status and code tell callers what they may know better.
 */
enum err_code huawei_call(struct huawei *h, struct arena *a, const struct huawei_call *call,
    struct huawei_answer *out, struct err *err) MUST_CHECK;

/* Sends without signing or reading: for IAM's token and the metadata service. */
enum err_code huawei_send(struct huawei *h, struct arena *a, struct http_request *r,
    enum huawei_service service, const char *path, struct http_reply *reply,
    struct err *err) MUST_CHECK;

/* Compact JSON text in the arena; releases value. */
const char *huawei_body(struct arena *a, json_t *value);

/* --- errors ------------------------------------------------------------------------------ */

/* Finds code and message in any of the family's forms of error bodies. */
void huawei_error_read(const char *body, size_t len, struct huawei_answer *out);

/* What the answer means and what to do next, in err; its class is returned. */
enum err_code huawei_error(struct huawei *h, const char *what, const struct huawei_answer *answer,
    const char *date, struct err *err);

/* --- replies ----------------------------------------------------------------------------- */

struct huawei_eip {
	char id[HUAWEI_ID_MAX];
	struct ip ip;
	char status[40];
	char eps[HUAWEI_ID_MAX]; /* enterprise project */
};

struct huawei_ptr {
	bool exists;
	char id[HUAWEI_ID_MAX]; /* of v2.1; "" when v2 told us */
	char eip_id[HUAWEI_ID_MAX];
	char marker[2 * HUAWEI_ID_MAX]; /* the id as it is written */
	char status[40];
	enum provider_state state;
	bool has_tags;                 /* the reply spoke of tags at all */
	struct provider_record record; /* texts are in the arena given */
};

struct huawei_zone {
	char id[HUAWEI_ID_MAX];
	enum huawei_service service;
};

struct huawei_set {
	bool exists;
	char id[HUAWEI_ID_MAX];
	char status[40];
	enum provider_state state;
	bool fixed; /* the service's own: cannot be changed */
	struct provider_set set;
};

/* Each fills *out from one object; ERR_TEMP when it is not what the documentation says. */
enum err_code huawei_read_eip(const json_t *object, struct huawei_eip *out,
    struct err *err) MUST_CHECK;
enum err_code huawei_read_ptr(const json_t *object, struct arena *a, struct huawei_ptr *out,
    struct err *err) MUST_CHECK;
enum err_code huawei_read_set(const json_t *object, struct huawei_set *out,
    struct err *err) MUST_CHECK;
/* A member that must be an array; NULL and err otherwise. */
json_t *huawei_array(const json_t *object, const char *key, struct err *err);

/* --- the parts --------------------------------------------------------------------------- */

/* Credentials of a server with an agency; region and project of the server, too. */
enum err_code huawei_metadata(struct huawei *h, struct err *err) MUST_CHECK;
enum err_code huawei_login(struct huawei *h, struct err *err) MUST_CHECK;
enum err_code huawei_project(struct huawei *h, const char *name, struct err *err) MUST_CHECK;
/*
 * The endpoint of a service ("DNS") in a region, as the SDK's regions.yaml has it; "" when it has none.
 * name is the file's, for errors: ERR_CONFIG.
 */
enum err_code huawei_regions_find(const char *name, const char *text, size_t len,
    const char *service, const char *region, char out[HUAWEI_URL_MAX], struct err *err) MUST_CHECK;

enum err_code huawei_endpoints(struct huawei *h, struct err *err) MUST_CHECK;
/*
 * Some regions have no IAM or DNS host of their own: puts the cloud's global one in the place of a usual
 * address that could not be reached, and the old one in old.  False where there is no other.
 */
bool huawei_go_global(struct huawei *h, enum huawei_service service, char old[HUAWEI_URL_MAX]);
/* "as far as this account shows, it has projects in a, b": for a message; in the arena. */
const char *huawei_other_regions(struct huawei *h, struct arena *a);

enum err_code huawei_find(struct provider_session *s, const struct ip *ip,
    struct provider_place *out, struct err *err);
/* All EIPs of the project, in the arena. */
enum err_code huawei_eips(struct huawei *h, struct arena *a, struct huawei_eip **out, size_t *n,
    struct err *err) MUST_CHECK;

/* --- PTR records ------------------------------------------------------------------------- */

/* Does the record keep the limits of this API? */
enum err_code huawei_check(const struct provider_record *r, struct err *err) MUST_CHECK;
/* Brings the tags of a PTR record from what they are to what they shall be. */
enum err_code huawei_tags_put(struct huawei *h, const char *ptr_id,
    const struct provider_record *old, const struct provider_record *wanted,
    struct err *err) MUST_CHECK;
void huawei_tags_get(struct huawei *h, const char *ptr_id, struct arena *a,
    struct provider_record *out);
/* [{"key":...,"value":...}] of "KEY=VALUE"s. */
json_t *huawei_tags_json(const char *const *tags, size_t n);

enum err_code huawei_get(struct provider_session *s, const struct provider_place *place,
    const struct ip *ip, struct arena *a, struct provider_record *out, enum provider_state *state,
    struct err *err);
enum err_code huawei_put(struct provider_session *s, const struct provider_place *place,
    const struct ip *ip, const struct provider_record *record, struct err *err);
enum err_code huawei_poll(struct provider_session *s, const struct provider_place *place,
    const struct ip *ip, enum provider_state *state, struct err *err);
enum err_code huawei_list(struct provider_session *s, struct arena *a, struct provider_record **out,
    size_t *n, struct err *err);
/*
 * All PTR records by v2.1, or by v2 where that is all there is, a page at a time; fn returns false
 * to stop.  Their texts are in the arena.
 */
typedef bool huawei_ptr_fn(void *arg, const struct huawei_ptr *ptr);
enum err_code huawei_ptrs(struct huawei *h, struct arena *a, huawei_ptr_fn *fn, void *arg,
    struct err *err) MUST_CHECK;
/* The record of one EIP, "region:eip-id"; out->exists says whether there is one. */
enum err_code huawei_ptr_of(struct huawei *h, const char *place, struct arena *a,
    struct huawei_ptr *out, struct err *err) MUST_CHECK;

enum err_code huawei_forward_get(struct provider_session *s, const char *name,
    const struct ip *family_of, struct provider_set *out, struct err *err);
enum err_code huawei_forward_poll(struct provider_session *s, const char *name,
    const struct ip *family_of, enum provider_state *state, struct err *err);
enum err_code huawei_forward_put(struct provider_session *s, const char *name,
    const struct ip *family_of, const struct provider_set *set, struct err *err);

#endif
