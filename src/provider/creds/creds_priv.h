/*
 * Credentials of Huawei Cloud and its family, found the way the vendor's own tools find them:
 * environment, profile files; the metadata service comes after these (huawei_meta).  Errors name
 * the variable, or the file and key, never a value.
 */
#ifndef MAILREADY_PROVIDER_CREDS_CREDS_PRIV_H
#define MAILREADY_PROVIDER_CREDS_CREDS_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "provider/provider.h"

enum creds_kind { CREDS_NONE, CREDS_KEY, CREDS_TOKEN, CREDS_PASSWORD };

enum creds_field {
	CREDS_AK,
	CREDS_SK,
	CREDS_SECURITY_TOKEN, /* CREDS_KEY; the token when temporary */
	CREDS_AUTH_TOKEN,     /* CREDS_TOKEN */
	CREDS_USER,
	CREDS_PASS,
	CREDS_DOMAIN, /* CREDS_PASSWORD; DOMAIN is the account's name */
	CREDS_DOMAIN_ID,
	CREDS_PROJECT,
	CREDS_PROJECT_NAME,
	CREDS_REGION,
	CREDS_IAM_ENDPOINT,
	CREDS_FIELDS,
};

struct creds {
	enum creds_kind kind;
	char *fields[CREDS_FIELDS]; /* NULL: not said; all of them are wiped */
	char source[256];           /* "the variables HW_ACCESS_KEY and HW_SECRET_KEY" */
	char warning[512];          /* "" or a sentence */
};

/* "" when it is not said. */
const char *creds_get(const struct creds *c, enum creds_field field);
void creds_set(struct creds *c, enum creds_field field, const char *value);
void creds_fini(struct creds *c);

/* Is there anything in environment or files?  Errors in it are for creds_read() to find. */
bool creds_found(const struct provider_options *o);

/* ERR_NONE and kind CREDS_NONE when there is nothing; ERR_CONFIG for half or malformed ones. */
enum err_code creds_read(struct creds *c, const struct provider_options *o,
    struct err *err) MUST_CHECK;

/* The forms of files, from memory; name is for errors.  profile: hcloud's, NULL for its current one. */
enum err_code creds_read_profile(struct creds *c, const char *name, const char *text, size_t len,
    struct err *err) MUST_CHECK;
enum err_code creds_read_hcloud(struct creds *c, const char *name, const char *text, size_t len,
    const char *profile, struct err *err) MUST_CHECK;

/* What the metadata service hands out to a server with an agency. */
enum err_code creds_read_agency(struct creds *c, const char *text, size_t len,
    struct err *err) MUST_CHECK;

#endif
