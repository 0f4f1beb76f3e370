/* The rows of the table of providers, and what providers share. */
#ifndef MAILREADY_PROVIDER_PROVIDER_PRIV_H
#define MAILREADY_PROVIDER_PROVIDER_PRIV_H

#include <jansson.h>

#include "provider/provider.h"

extern const struct provider provider_huawei, provider_openstack, provider_hetzner, provider_robot,
    provider_ovh, provider_linode, provider_vultr, provider_scaleway, provider_aws,
    provider_powerdns, provider_rfc2136, provider_program;

/* The row of a program with a name, in a. */
const struct provider *provider_of_program(const struct provider_own *own, struct arena *a);

/* Forgets what the last call learned: every call but open starts with it. */
void provider_begin(struct provider_session *s);

/* Of the world: a variable, "" when it is not set; the time, in seconds of Unix time. */
const char *provider_variable(const struct provider_options *o, const char *name);
int64_t provider_now_s(const struct provider_session *s);

/* Seconds from now until Retry-After is over (RFC 9110 10.2.3), at most an hour; 0: unreadable. */
uint32_t provider_retry_after(const char *value, int64_t now_s);

/* An IMF-fixdate (RFC 9110 5.6.7) as Unix time, or -1. */
int64_t provider_http_date(const char *text);

/* Is it an id of an API that may be written into a URL?  Shorter than PROVIDER_ID_MAX. */
enum { PROVIDER_ID_MAX = 80 };
bool provider_is_id(const char *text);

/*
 * The URL that --endpoint SERVICE=URL gives, in order of the options; bare: a URL without a service counts,
 * too.  NULL: not given.
 */
const char *provider_endpoint(const struct provider_options *o, const char *service, bool bare);

/* A URL without its final slashes and the version at its end: people write both, or neither; in a. */
const char *provider_base_url(struct arena *a, const char *url, const char *version);

/*
 * Of a record where nothing but names and TTL can be stored: ERR_DATA, "WHO cannot store tags with a PTR
 * record".
 */
enum err_code provider_check_plain(const struct provider_record *record, const char *who,
    struct err *err) MUST_CHECK;

/* ERR_DATA: the name is an alias, beside which no address can stand (RFC 1034 3.6.2). */
enum err_code provider_refuse_cname(const char *name, struct err *err);

/* As it is written into a URL: see base/percent.h; in a. */
const char *provider_url_text(struct arena *a, const char *text);

/* "A" or "AAAA". */
const char *provider_address_type(const struct ip *ip);

/* Is the body of a reply empty, or "null"? */
bool provider_is_null(const char *body);

/* The record of the address among these; NULL: there is none. */
struct provider_record *provider_record_of(struct provider_record *list, size_t n,
    const struct ip *ip);

/* Brings them into the order of their addresses. */
void provider_sort_records(struct provider_record *list, size_t n);

/* The addresses of a record set, an array of texts.  ERR_TEMP when they are not addresses, ERR_DATA
 * when there are too many. */
enum err_code provider_read_ips(const json_t *records, struct provider_set *out,
    struct err *err) MUST_CHECK;

/* The same array, a new reference. */
json_t *provider_ips_json(const struct provider_set *set);

#endif
