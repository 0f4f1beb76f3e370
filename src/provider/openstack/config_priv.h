/*
 * How to reach an OpenStack cloud and as whom: from the OS_* variables, or from one cloud of a
 * clouds.yaml with its secure.yaml, as OpenStack's own command line has them.  Errors name the
 * variable, or the file and key, never a value.
 */
#ifndef MAILREADY_PROVIDER_OPENSTACK_CONFIG_PRIV_H
#define MAILREADY_PROVIDER_OPENSTACK_CONFIG_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct provider_session;
struct provider_options;

enum os_field {
	OS_AUTH_URL,
	OS_AUTH_TYPE,
	OS_USERNAME,
	OS_USER_ID,
	OS_PASSWORD,
	OS_USER_DOMAIN_ID,
	OS_USER_DOMAIN_NAME,
	OS_PROJECT_ID,
	OS_PROJECT_NAME,
	OS_PROJECT_DOMAIN_ID,
	OS_PROJECT_DOMAIN_NAME,
	OS_DOMAIN_ID, /* of user and project alike */
	OS_DOMAIN_NAME,
	OS_CREDENTIAL_ID,
	OS_CREDENTIAL_NAME,
	OS_CREDENTIAL_SECRET,
	OS_REGION,
	OS_INTERFACE,
	OS_CACERT,
	OS_VERIFY,   /* of a file */
	OS_INSECURE, /* its opposite, of the environment, too */
	OS_FIELDS,
};

/* Names of a field in the environment and in a file; the first is the one that errors say. */
enum { OS_ALIASES = 2 };
struct os_names {
	const char *variables[OS_ALIASES];
	const char *keys[OS_ALIASES];
	bool in_auth; /* the key is in the map auth of its cloud */
};
extern const struct os_names os_names[OS_FIELDS];

struct os_config {
	char *fields[OS_FIELDS]; /* NULL: not said; all of them are wiped */
	char source[256];        /* "the variables OS_*", "the cloud NAME in FILE" */
	bool from_file;          /* how fields are called in errors */
	const char *unread;      /* a key of the cloud that is not supported; NULL */
};

/* "" when it is not said. */
const char *os_get(const struct os_config *c, enum os_field field);
void os_config_fini(struct os_config *c);

/* What the field is called where the configuration comes from: "OS_PASSWORD", "password". */
const char *os_field_name(const struct os_config *c, enum os_field field);

bool os_config_found(const struct provider_options *o);

/* Reads and checks; ERR_CONFIG for what is missing, half or malformed. */
enum err_code os_config_read(struct provider_session *s, struct os_config *c,
    struct err *err) MUST_CHECK;

/* Is what there is enough to log in? */
enum err_code os_config_check(const struct os_config *c, struct err *err) MUST_CHECK;

/*
 * Lays one cloud of a clouds.yaml over the configuration; name is the file's, for errors.
 * ERR_NOINPUT: the file does not have that cloud.
 */
enum err_code os_clouds_parse(struct os_config *c, const char *name, const char *text, size_t len,
    const char *cloud, struct err *err) MUST_CHECK;

/* The names of the file's clouds, at most max, in the arena; 0 for a file that is not one. */
size_t os_clouds_names(const char *name, const char *text, size_t len, struct arena *a,
    const char **out, size_t max);

/* Where a key stands; OS_CLOUD_FIRST: beside auth, and only what counts more there than in it. */
enum os_place { OS_CLOUD, OS_AUTH, OS_CLOUD_FIRST };

/* For the parser: the field that a key sets there. */
bool os_field_of_key(const char *key, enum os_place place, enum os_field *field);
void os_set(struct os_config *c, enum os_field field, const char *value);

#endif
