/* The forms of the files that credentials are kept in. */
#include <stdio.h>
#include <string.h>

#include "base/inifile.h"
#include "base/json.h"
#include "provider/creds/check_priv.h"

/* The place of a field in a file. */
struct key {
	const char *name;
	enum creds_field field;
};

static const struct key profile_keys[] = {
	{ "ak", CREDS_AK },
	{ "sk", CREDS_SK },
	{ "security_token", CREDS_SECURITY_TOKEN },
	{ "project_id", CREDS_PROJECT },
	{ "iam_endpoint", CREDS_IAM_ENDPOINT },
};
static const struct key hcloud_keys[] = {
	{ "accessKeyId", CREDS_AK },
	{ "secretAccessKey", CREDS_SK },
	{ "securityToken", CREDS_SECURITY_TOKEN },
	{ "region", CREDS_REGION },
	{ "projectId", CREDS_PROJECT },
	{ "domainId", CREDS_DOMAIN_ID },
};
static const struct key agency_keys[] = {
	{ "access", CREDS_AK },
	{ "secret", CREDS_SK },
	{ "securitytoken", CREDS_SECURITY_TOKEN },
};

enum {
	N_PROFILE = sizeof profile_keys / sizeof profile_keys[0],
	N_HCLOUD = sizeof hcloud_keys / sizeof hcloud_keys[0],
	N_AGENCY = sizeof agency_keys / sizeof agency_keys[0],
};

static enum err_code
check(struct creds *c, const char *file, const struct key *keys, size_t n, struct err *err)
{
	struct creds_names names = { { 0 } };
	for (size_t i = 0; i < n; i++)
		names.of[keys[i].field] = keys[i].name;
	if (creds_check(c, &names, err) != ERR_NONE)
		return err_prefix(err, "%s", file);
	snprintf(c->source, sizeof c->source, "the file %.240s", file);
	return ERR_NONE;
}

/* Sections and keys of other programs are no business of ours. */
static enum err_code
on_profile_line(void *arg, const struct ini_line *line, struct err *err)
{
	struct creds *c = arg;
	(void)err;
	if (strcmp(line->section, "basic") != 0)
		return ERR_NONE;
	for (size_t i = 0; i < N_PROFILE; i++)
		if (strcmp(line->key, profile_keys[i].name) == 0)
			creds_set(c, profile_keys[i].field, line->value);
	return ERR_NONE;
}

enum err_code
creds_read_profile(struct creds *c, const char *name, const char *text, size_t len, struct err *err)
{
	*c = (struct creds){ 0 };
	if (ini_read_text(name, text, len, on_profile_line, c, err) != ERR_NONE ||
	    check(c, name, profile_keys, N_PROFILE, err) != ERR_NONE)
		creds_fini(c);
	else
		return ERR_NONE;
	return err->code = ERR_CONFIG;
}

static void
take(struct creds *c, struct json_reader *r, const json_t *object, const struct key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_object_get(object, keys[i].name) != NULL)
			creds_set(c, keys[i].field, json_get_string(r, object, keys[i].name, ""));
}

/* The profile by name; without one the current one, or NULL when the file has none. */
static const json_t *
choose(struct json_reader *r, const json_t *root, const char *profile)
{
	const char *wanted = profile != NULL ? profile : json_get_string(r, root, "current", "");
	const json_t *list = json_object_get(root, "profiles"), *one;
	size_t i;
	if (r->failed || wanted[0] == '\0')
		return NULL;
	json_array_foreach (list, i, one) {
		const char *name = json_string_value(json_object_get(one, "name"));
		if (name != NULL && strcmp(name, wanted) == 0)
			return one;
	}
	err_set(r->err, ERR_CONFIG, "it has no profile \"%s\"", wanted);
	r->failed = true;
	return NULL;
}

static void
take_profile(struct creds *c, struct json_reader *r, const json_t *one)
{
	const json_t *sso = json_object_get(json_object_get(one, "ssoAuth"), "stsToken");
	take(c, r, one, hcloud_keys, N_HCLOUD);
	if (strcmp(json_get_string(r, one, "mode", ""), "SSO") == 0)
		take(c, r, sso, hcloud_keys, N_HCLOUD);
}

enum err_code
creds_read_hcloud(struct creds *c, const char *name, const char *text, size_t len,
    const char *profile, struct err *err)
{
	struct json_reader r = { .err = err };
	*c = (struct creds){ 0 };
	json_t *root = json_read(text, len, err);
	if (root == NULL) {
		/* the parser quotes what it found, which may be a key */
		return err_set(err, ERR_CONFIG, "%s: not JSON", name);
	}
	const json_t *one = choose(&r, root, profile);
	if (one != NULL)
		take_profile(c, &r, one);
	enum err_code code = ERR_NONE;
	if (r.failed)
		code = err_prefix(err, "%s", name);
	else if (one != NULL)
		code = check(c, name, hcloud_keys, N_HCLOUD, err);
	json_decref(root);
	if (code == ERR_NONE)
		return ERR_NONE;
	creds_fini(c);
	return err->code = ERR_CONFIG;
}

enum err_code
creds_read_agency(struct creds *c, const char *text, size_t len, struct err *err)
{
	struct json_reader r = { .err = err, .where = "credential" };
	*c = (struct creds){ 0 };
	json_t *root = json_read(text, len, err);
	if (root == NULL)
		return err_set(err, ERR_TEMP, "the metadata service's reply is not JSON");
	take(c, &r, json_object_get(root, "credential"), agency_keys, N_AGENCY);
	json_decref(root);
	enum err_code code = r.failed ?
	    err->code :
	    check(c, "the metadata service", agency_keys, N_AGENCY, err);
	if (code == ERR_NONE && c->kind != CREDS_KEY)
		code = err_set(err, ERR_TEMP, "the metadata service's reply contains no key");
	if (code != ERR_NONE)
		creds_fini(c);
	return code;
}
