/* The fields of a configuration, and what they are called in the environment and in a file. */
#include <string.h>

#include "base/hide.h"
#include "base/secret.h"
#include "provider/openstack/config_priv.h"

const struct os_names os_names[OS_FIELDS] = {
	[OS_AUTH_URL] = { { "OS_AUTH_URL" }, { "auth_url" }, true },
	[OS_AUTH_TYPE] = { { "OS_AUTH_TYPE" }, { "auth_type" }, false },
	[OS_USERNAME] = { { "OS_USERNAME" }, { "username" }, true },
	[OS_USER_ID] = { { "OS_USER_ID", "OS_USERID" }, { "user_id" }, true },
	[OS_PASSWORD] = { { "OS_PASSWORD" }, { "password" }, true },
	[OS_USER_DOMAIN_ID] = { { "OS_USER_DOMAIN_ID" }, { "user_domain_id" }, true },
	[OS_USER_DOMAIN_NAME] = { { "OS_USER_DOMAIN_NAME" }, { "user_domain_name" }, true },
	[OS_PROJECT_ID] = { { "OS_PROJECT_ID", "OS_TENANT_ID" }, { "project_id", "tenant_id" },
	    true },
	[OS_PROJECT_NAME] = { { "OS_PROJECT_NAME", "OS_TENANT_NAME" },
	    { "project_name", "tenant_name" }, true },
	[OS_PROJECT_DOMAIN_ID] = { { "OS_PROJECT_DOMAIN_ID" }, { "project_domain_id" }, true },
	[OS_PROJECT_DOMAIN_NAME] = { { "OS_PROJECT_DOMAIN_NAME" }, { "project_domain_name" },
	    true },
	[OS_DOMAIN_ID] = { { "OS_DOMAIN_ID" }, { "domain_id" }, true },
	[OS_DOMAIN_NAME] = { { "OS_DOMAIN_NAME" }, { "domain_name" }, true },
	[OS_CREDENTIAL_ID] = { { "OS_APPLICATION_CREDENTIAL_ID" }, { "application_credential_id" },
	    true },
	[OS_CREDENTIAL_NAME] = { { "OS_APPLICATION_CREDENTIAL_NAME" },
	    { "application_credential_name" }, true },
	[OS_CREDENTIAL_SECRET] = { { "OS_APPLICATION_CREDENTIAL_SECRET" },
	    { "application_credential_secret" }, true },
	[OS_REGION] = { { "OS_REGION_NAME" }, { "region_name" }, false },
	[OS_INTERFACE] = { { "OS_INTERFACE", "OS_ENDPOINT_TYPE" }, { "interface", "endpoint_type" },
	    false },
	[OS_CACERT] = { { "OS_CACERT" }, { "cacert" }, false },
	[OS_VERIFY] = { { NULL }, { "verify" }, false },
	[OS_INSECURE] = { { "OS_INSECURE" }, { "insecure" }, false },
};

const char *
os_get(const struct os_config *c, enum os_field field)
{
	return c->fields[field] == NULL ? "" : c->fields[field];
}

void
os_set(struct os_config *c, enum os_field field, const char *value)
{
	secret_free(c->fields[field]);
	c->fields[field] = secret_dup(value);
	if (field == OS_PASSWORD || field == OS_CREDENTIAL_SECRET)
		hide_learn(value);
}

void
os_config_fini(struct os_config *c)
{
	for (size_t i = 0; i < OS_FIELDS; i++)
		secret_free(c->fields[i]);
	*c = (struct os_config){ .source = "" };
}

const char *
os_field_name(const struct os_config *c, enum os_field field)
{
	return c->from_file ? os_names[field].keys[0] : os_names[field].variables[0];
}

static bool
stands_there(enum os_field field, enum os_place place)
{
	if (place == OS_CLOUD)
		return true;
	if (place == OS_CLOUD_FIRST)
		return field >= OS_USER_DOMAIN_ID && field <= OS_DOMAIN_NAME;
	return os_names[field].in_auth;
}

bool
os_field_of_key(const char *key, enum os_place place, enum os_field *field)
{
	for (size_t i = 0; i < OS_FIELDS; i++)
		for (size_t j = 0; j < OS_ALIASES && os_names[i].keys[j] != NULL; j++)
			if (stands_there((enum os_field)i, place) &&
			    strcmp(os_names[i].keys[j], key) == 0) {
				*field = (enum os_field)i;
				return true;
			}
	return false;
}
