/* OVHcloud: keys and endpoint as OVH's own clients find them.  Errors name variable or file, never a value. */
#include <stdio.h>
#include <string.h>

#include "base/hide.h"
#include "base/inifile.h"
#include "base/secret.h"
#include "provider/ovh/ovh_priv.h"

enum { KEY_MAX = 256 };

static const struct {
	const char *variable, *name;
} key_rows[OVH_KEYS] = {
	[OVH_APPLICATION_KEY] = { "OVH_APPLICATION_KEY", "application_key" },
	[OVH_APPLICATION_SECRET] = { "OVH_APPLICATION_SECRET", "application_secret" },
	[OVH_CONSUMER_KEY] = { "OVH_CONSUMER_KEY", "consumer_key" },
	[OVH_CLIENT_ID] = { "OVH_CLIENT_ID", "client_id" },
	[OVH_CLIENT_SECRET] = { "OVH_CLIENT_SECRET", "client_secret" },
};

static const struct {
	const char *name, *base, *token_url;
} endpoints[] = {
	{ "ovh-eu", "https://eu.api.ovh.com", "https://www.ovh.com/auth/oauth2/token" },
	{ "ovh-ca", "https://ca.api.ovh.com", "https://ca.ovh.com/auth/oauth2/token" },
	{ "ovh-us", "https://api.us.ovhcloud.com", "https://us.ovhcloud.com/auth/oauth2/token" },
	{ "kimsufi-eu", "https://eu.api.kimsufi.com", "" },
	{ "kimsufi-ca", "https://ca.api.kimsufi.com", "" },
	{ "soyoustart-eu", "https://eu.api.soyoustart.com", "" },
	{ "soyoustart-ca", "https://ca.api.soyoustart.com", "" },
};

/* Keys go into headers and a form as they are. */
static enum err_code
take_key(struct ovh_config *c, enum ovh_key key, const char *where, const char *value,
    struct err *err)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	size_t len = strlen(value);
	if (c->keys[key] != NULL || len == 0)
		return ERR_NONE;
	hide_learn(value);
	if (len > KEY_MAX || strspn(value, letters) != len)
		return err_set(err, ERR_CONFIG,
		    "%s is not a valid key: expected one word of letters and digits, as OVHcloud "
		    "shows it",
		    where);
	c->keys[key] = secret_dup(value);
	snprintf(c->where[key], sizeof c->where[key], "%s", where);
	return ERR_NONE;
}

static enum err_code
read_variables(struct ovh_config *c, const struct provider_options *o, struct err *err)
{
	snprintf(c->endpoint, sizeof c->endpoint, "%s", provider_variable(o, "OVH_ENDPOINT"));
	for (enum ovh_key i = 0; i < OVH_KEYS; i++)
		if (take_key(c, i, key_rows[i].variable, provider_variable(o, key_rows[i].variable),
			err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}

/* ---- the files */

static enum err_code
on_default(void *arg, const struct ini_line *line, struct err *err)
{
	struct ovh_config *c = arg;
	if (c->endpoint[0] != '\0' || strcmp(line->section, "default") != 0 ||
	    strcmp(line->key, "endpoint") != 0)
		return ERR_NONE;
	/* a file of the working directory does not say where keys of other files are sent */
	if (strchr(line->value, '/') != NULL)
		return err_set(err, ERR_CONFIG,
		    "endpoint: expected a name such as ovh-eu; for a URL, set OVH_ENDPOINT");
	snprintf(c->endpoint, sizeof c->endpoint, "%s", line->value);
	return ERR_NONE;
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct ovh_config *c = arg;
	char where[OVH_PATH_MAX];
	const char *section = c->endpoint[0] != '\0' ? c->endpoint : endpoints[0].name;
	for (enum ovh_key i = 0; i < OVH_KEYS; i++) {
		if (strcmp(line->key, key_rows[i].name) != 0 || strcmp(line->section, section) != 0)
			continue;
		snprintf(where, sizeof where, "%s of [%.64s] in %.800s", line->key, line->section,
		    line->file);
		return take_key(c, i, where, line->value, err);
	}
	return ERR_NONE;
}

enum err_code
ovh_config_read_text(struct ovh_config *c, const char *file, const char *text, size_t len,
    struct err *err)
{
	return ini_read_text(file, text, len, on_key, c, err);
}

/* In the order in which they are asked; "~/" stands for the home directory. */
static const char *const places[] = { "ovh.conf", "~/.ovh.conf", "/etc/ovh.conf" };

enum { N_PLACES = sizeof places / sizeof places[0] };

static bool
path_of(const struct provider_options *o, const char *place, char out[OVH_PATH_MAX])
{
	const char *home = provider_variable(o, "HOME");
	bool below = strncmp(place, "~/", 2) == 0;
	snprintf(out, OVH_PATH_MAX, "%s%s", below ? home : "", place + (below ? 1 : 0));
	return !below || home[0] != '\0';
}

static size_t
n_keys(const struct ovh_config *c)
{
	size_t n = 0;
	for (enum ovh_key i = 0; i < OVH_KEYS; i++)
		n += c->keys[i] != NULL;
	return n;
}

/* The endpoint is looked for in all files before the first key is: it is the name of the keys' section. */
static enum err_code
read_file(struct ovh_config *c, struct provider_session *s, const char *place, ini_fn *fn,
    struct err *err)
{
	char path[OVH_PATH_MAX];
	struct secret_file f;
	size_t had = n_keys(c);
	if (!path_of(s->options, place, path))
		return ERR_NONE;
	enum err_code code = secret_file_read(&f, path, err);
	if (code == ERR_NOINPUT)
		return ERR_NONE;
	if (code != ERR_NONE)
		return err->code = ERR_CONFIG;
	code = ini_read_text(path, f.text, f.len, fn, c, err);
	if (f.exposed_mode != 0 && n_keys(c) > had)
		provider_warn(s,
		    "%.400s holds a secret, but others may read it (mode %04o): chmod 600", path,
		    f.exposed_mode);
	secret_file_free(&f);
	return code;
}

static enum err_code
read_files(struct ovh_config *c, struct provider_session *s, struct err *err)
{
	static ini_fn *const passes[] = { on_default, on_key };
	for (size_t pass = 0; pass < sizeof passes / sizeof passes[0]; pass++)
		for (size_t i = 0; i < N_PLACES; i++)
			if (read_file(c, s, places[i], passes[pass], err) != ERR_NONE)
				return err->code;
	return ERR_NONE;
}

/* ---- what they are together */

static enum err_code
take_endpoint(struct ovh_config *c, struct err *err)
{
	const char *name = c->endpoint[0] != '\0' ? c->endpoint : endpoints[0].name;
	c->base = strchr(name, '/') != NULL ? c->endpoint : "";
	c->token_url = "";
	for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++)
		if (strcmp(endpoints[i].name, name) == 0) {
			c->base = endpoints[i].base;
			c->token_url = endpoints[i].token_url;
		}
	return c->base[0] != '\0' ? ERR_NONE :
				    err_set(err, ERR_CONFIG,
					"OVH_ENDPOINT, or endpoint in ovh.conf: '%s' is not known; "
					"expected ovh-eu, ovh-ca, ovh-us or a URL",
					name);
}

static enum err_code
check_keys(struct ovh_config *c, struct err *err)
{
	enum ovh_key from = OVH_APPLICATION_KEY, to = OVH_CLIENT_ID;
	c->service_account = c->keys[OVH_CLIENT_ID] != NULL || c->keys[OVH_CLIENT_SECRET] != NULL;
	if (c->service_account) {
		from = OVH_CLIENT_ID;
		to = OVH_KEYS;
	}
	enum ovh_key there = from;
	while (c->keys[there] == NULL)
		there++;
	for (enum ovh_key i = 0; i < OVH_CLIENT_ID && c->service_account; i++)
		if (c->keys[i] != NULL)
			return err_set(err, ERR_CONFIG,
			    "both an application (%s) and a service account (%s) are set: use one",
			    c->where[i], c->where[there]);
	for (enum ovh_key i = from; i < to; i++)
		if (c->keys[i] == NULL)
			return err_set(err, ERR_CONFIG, "%s is set, but %s is not", c->where[there],
			    strncmp(c->where[there], "OVH_", 4) == 0 ? key_rows[i].variable :
								       key_rows[i].name);
	return ERR_NONE;
}

enum err_code
ovh_config_read(struct ovh_config *c, struct provider_session *s, struct err *err)
{
	*c = (struct ovh_config){ .base = "", .token_url = "" };
	secret_protect();
	enum err_code code = read_variables(c, s->options, err);
	if (code == ERR_NONE)
		code = read_files(c, s, err);
	if (code == ERR_NONE)
		code = take_endpoint(c, err);
	if (code == ERR_NONE && n_keys(c) > 0)
		code = check_keys(c, err);
	if (code != ERR_NONE)
		ovh_config_fini(c);
	return code;
}

void
ovh_config_fini(struct ovh_config *c)
{
	for (enum ovh_key i = 0; i < OVH_KEYS; i++) {
		secret_free(c->keys[i]);
		c->keys[i] = NULL;
	}
}
