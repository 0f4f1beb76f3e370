/* Finding credentials: families of variables first, files after them. */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "provider/creds/check_priv.h"
#include "provider/provider_priv.h"

enum { PATH_TEXT_MAX = 1024 };

/* A family of variables; rows of one family are used together, never mixed with another's keys. */
struct variable {
	const char *name;
	enum creds_field field;
};

static const struct variable sdk[] = {
	{ "HUAWEICLOUD_SDK_AK", CREDS_AK },
	{ "HUAWEICLOUD_SDK_SK", CREDS_SK },
	{ "HUAWEICLOUD_SDK_SECURITY_TOKEN", CREDS_SECURITY_TOKEN },
	{ "HUAWEICLOUD_SDK_PROJECT_ID", CREDS_PROJECT },
	{ "HUAWEICLOUD_SDK_DOMAIN_ID", CREDS_DOMAIN_ID },
	{ "HUAWEICLOUD_SDK_IAM_ENDPOINT", CREDS_IAM_ENDPOINT },
	{ NULL, CREDS_FIELDS },
};
static const struct variable hw[] = {
	{ "HW_ACCESS_KEY", CREDS_AK },
	{ "HW_SECRET_KEY", CREDS_SK },
	{ "HW_SECURITY_TOKEN", CREDS_SECURITY_TOKEN },
	{ "HW_AUTH_TOKEN", CREDS_AUTH_TOKEN },
	{ "HW_USER_NAME", CREDS_USER },
	{ "HW_USER_PASSWORD", CREDS_PASS },
	{ "HW_DOMAIN_NAME", CREDS_DOMAIN },
	{ "HW_DOMAIN_ID", CREDS_DOMAIN_ID },
	{ "HW_PROJECT_ID", CREDS_PROJECT },
	{ "HW_PROJECT_NAME", CREDS_PROJECT_NAME },
	{ "HW_REGION_NAME", CREDS_REGION },
	{ "HW_AUTH_URL", CREDS_IAM_ENDPOINT },
	{ NULL, CREDS_FIELDS },
};
static const struct variable samples[] = {
	{ "CLOUD_SDK_AK", CREDS_AK },
	{ "CLOUD_SDK_SK", CREDS_SK },
	{ NULL, CREDS_FIELDS },
};
/* Of the OS_ family only the keys: its users and tokens are the OpenStack provider's. */
static const struct variable os[] = {
	{ "OS_ACCESS_KEY", CREDS_AK },
	{ "OS_SECRET_KEY", CREDS_SK },
	{ "OS_SECURITY_TOKEN", CREDS_SECURITY_TOKEN },
	{ "OS_PROJECT_ID", CREDS_PROJECT },
	{ "OS_TENANT_ID", CREDS_PROJECT },
	{ "OS_PROJECT_NAME", CREDS_PROJECT_NAME },
	{ "OS_TENANT_NAME", CREDS_PROJECT_NAME },
	{ "OS_REGION_NAME", CREDS_REGION },
	{ "OS_AUTH_URL", CREDS_IAM_ENDPOINT },
	{ NULL, CREDS_FIELDS },
};
static const struct variable *const families[] = { sdk, hw, os, samples };

/* Region, project and IAM endpoint of these are taken along whoever brings the keys. */
static const struct variable *const companions[] = { sdk, hw };

enum { N_FAMILIES = sizeof families / sizeof families[0] };

static const char *
variable(const struct provider_options *o, const char *name)
{
	const char *value = provider_variable(o, name);
	return value[0] != '\0' ? value : NULL;
}

static bool
is_secret(enum creds_field field)
{
	return field < CREDS_DOMAIN;
}

static bool
family_speaks(const struct provider_options *o, const struct variable *family)
{
	for (const struct variable *v = family; v->name != NULL; v++)
		if (is_secret(v->field) && variable(o, v->name) != NULL)
			return true;
	return false;
}

static const char *
name_in(const struct variable *family, enum creds_field field)
{
	for (const struct variable *v = family; v->name != NULL; v++)
		if (v->field == field)
			return v->name;
	return "";
}

static enum err_code
read_family(struct creds *c, const struct provider_options *o, const struct variable *family,
    struct err *err)
{
	struct creds_names names = { { 0 } };
	for (const struct variable *v = family; v->name != NULL; v++) {
		const char *value = variable(o, v->name);
		if (names.of[v->field] == NULL)
			names.of[v->field] = v->name;
		if (value == NULL || c->fields[v->field] != NULL)
			continue;
		names.of[v->field] = v->name;
		creds_set(c, v->field, value);
	}
	if (creds_check(c, &names, err) != ERR_NONE)
		return err->code;
	static const enum creds_field telling[] = { CREDS_AK, CREDS_AUTH_TOKEN, CREDS_USER };
	snprintf(c->source, sizeof c->source, "the variable %s and similar ones",
	    name_in(family, telling[c->kind - CREDS_KEY]));
	return ERR_NONE;
}

static enum err_code
add_companions(struct creds *c, const struct provider_options *o, struct err *err)
{
	for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++) {
		for (const struct variable *v = companions[i]; v->name != NULL; v++) {
			const char *value = variable(o, v->name);
			if (v->field <= CREDS_DOMAIN || value == NULL ||
			    c->fields[v->field] != NULL)
				continue;
			if (creds_check_value(v->field, v->name, value, err) != ERR_NONE)
				return err->code;
			creds_set(c, v->field, value);
		}
	}
	return ERR_NONE;
}

/* A file with credentials: where it is, and who reads it. */
struct place {
	const char *variable; /* that names another file */
	const char *usual;    /* below the home directory */
	const char *profile;  /* variable with the profile's name, or NULL */
};
static const struct place profile_file = { "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
	".huaweicloud/credentials", NULL };
static const struct place hcloud_file = { "HW_SHARED_CONFIG_FILE", ".hcloud/config.json",
	"HW_PROFILE" };
static const struct place *const places[] = { &profile_file, &hcloud_file };

enum { N_PLACES = sizeof places / sizeof places[0] };

/* "" when there is no home directory. */
static const char *
path_of(const struct provider_options *o, const struct place *p, char path[PATH_TEXT_MAX])
{
	const char *named = variable(o, p->variable), *home = variable(o, "HOME");
	path[0] = '\0';
	if (named != NULL)
		snprintf(path, PATH_TEXT_MAX, "%s", named);
	else if (home != NULL)
		snprintf(path, PATH_TEXT_MAX, "%s/%s", home, p->usual);
	return path;
}

static enum err_code
read_form(struct creds *c, const struct provider_options *o, const struct place *p,
    const char *path, const struct secret_file *f, struct err *err)
{
	if (p->profile == NULL)
		return creds_read_profile(c, path, f->text, f->len, err);
	return creds_read_hcloud(c, path, f->text, f->len, variable(o, p->profile), err);
}

/* A file that is not there is no error, unless a variable names it, or a profile in it. */
static enum err_code
read_place(struct creds *c, const struct provider_options *o, const struct place *p,
    struct err *err)
{
	char path[PATH_TEXT_MAX];
	struct secret_file f;
	if (path_of(o, p, path)[0] == '\0')
		return ERR_NONE;
	enum err_code code = secret_file_read(&f, path, err);
	if (code == ERR_NOINPUT && variable(o, p->variable) == NULL) {
		if (p->profile == NULL || variable(o, p->profile) == NULL)
			return ERR_NONE;
		return err_set(err, ERR_CONFIG, "%s is set, but there is no %s", p->profile, path);
	}
	if (code != ERR_NONE) {
		err->code = ERR_CONFIG;
		return variable(o, p->variable) != NULL ? err_prefix(err, "%s", p->variable) :
							  ERR_CONFIG;
	}
	unsigned mode = f.exposed_mode;
	code = read_form(c, o, p, path, &f, err);
	secret_file_free(&f);
	if (code == ERR_NONE && c->kind != CREDS_NONE && mode != 0)
		snprintf(c->warning, sizeof c->warning,
		    "%.400s holds a secret, but others may read it (mode %04o): "
		    "chmod 600",
		    path, mode);
	return code;
}

bool
creds_found(const struct provider_options *o)
{
	for (size_t i = 0; i < N_FAMILIES; i++)
		if (family_speaks(o, families[i]))
			return true;
	for (size_t i = 0; i < N_PLACES; i++) {
		struct creds c = { 0 };
		struct err err;
		enum err_code code = read_place(&c, o, places[i], &err);
		bool found = code != ERR_NONE || c.kind != CREDS_NONE;
		creds_fini(&c);
		if (found)
			return true;
	}
	return false;
}

static enum err_code
read_chain(struct creds *c, const struct provider_options *o, struct err *err)
{
	for (size_t i = 0; i < N_FAMILIES; i++)
		if (family_speaks(o, families[i]))
			return read_family(c, o, families[i], err);
	for (size_t i = 0; i < N_PLACES && c->kind == CREDS_NONE; i++)
		if (read_place(c, o, places[i], err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}

enum err_code
creds_read(struct creds *c, const struct provider_options *o, struct err *err)
{
	secret_protect();
	*c = (struct creds){ 0 };
	if (read_chain(c, o, err) == ERR_NONE && add_companions(c, o, err) == ERR_NONE)
		return ERR_NONE;
	creds_fini(c);
	return err->code;
}
