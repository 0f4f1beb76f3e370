/* Credentials as fields: wiped when they are replaced, and at the end. */
#include "base/hide.h"
#include "base/secret.h"
#include "provider/creds/creds_priv.h"

static const bool is_secret[CREDS_FIELDS] = {
	[CREDS_AK] = true,
	[CREDS_SK] = true,
	[CREDS_SECURITY_TOKEN] = true,
	[CREDS_AUTH_TOKEN] = true,
	[CREDS_PASS] = true,
};

const char *
creds_get(const struct creds *c, enum creds_field field)
{
	return c->fields[field] != NULL ? c->fields[field] : "";
}

void
creds_set(struct creds *c, enum creds_field field, const char *value)
{
	secret_free(c->fields[field]);
	c->fields[field] = value != NULL && value[0] != '\0' ? secret_dup(value) : NULL;
	if (is_secret[field])
		hide_learn(value);
}

void
creds_fini(struct creds *c)
{
	for (size_t i = 0; i < CREDS_FIELDS; i++)
		secret_free(c->fields[i]);
	*c = (struct creds){ 0 };
}
