/* Finding and checking the configuration: the environment, or a cloud in one of the usual files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/safe.h"
#include "base/secret.h"
#include "provider/openstack/config_priv.h"
#include "provider/provider_priv.h"

static bool
has(const struct os_config *c, enum os_field field)
{
	return os_get(c, field)[0] != '\0';
}

bool
os_config_found(const struct provider_options *o)
{
	return provider_variable(o, "OS_CLOUD")[0] != '\0' ||
	    provider_variable(o, "OS_AUTH_URL")[0] != '\0';
}

static void
read_environment(const struct provider_options *o, struct os_config *c)
{
	snprintf(c->source, sizeof c->source, "the variables OS_*");
	for (size_t i = 0; i < OS_FIELDS; i++)
		for (size_t j = 0; j < OS_ALIASES && os_names[i].variables[j] != NULL; j++) {
			const char *value = provider_variable(o, os_names[i].variables[j]);
			if (value[0] != '\0' && c->fields[i] == NULL)
				os_set(c, (enum os_field)i, value);
		}
}

/* Reads a file of clouds and, beside it, the one that may hold the secrets. */
static enum err_code
read_file(struct provider_session *s, struct os_config *c, const char *path, const char *cloud,
    struct err *err)
{
	struct secret_file file;
	if (secret_file_read(&file, path, err) != ERR_NONE)
		return err->code;
	struct os_config part = { .from_file = true };
	enum err_code code = os_clouds_parse(&part, path, file.text, file.len, cloud, err);
	/* a clouds.yaml without secrets may be read by anyone */
	bool has_secret = has(&part, OS_PASSWORD) || has(&part, OS_CREDENTIAL_SECRET);
	if (has_secret && file.exposed_mode != 0)
		provider_warn(s,
		    "%s holds a secret, but others can read it (mode %04o): run chmod 600 on it",
		    path, file.exposed_mode);
	for (size_t i = 0; i < OS_FIELDS; i++)
		if (part.fields[i] != NULL)
			os_set(c, (enum os_field)i, part.fields[i]);
	c->unread = part.unread != NULL ? part.unread : c->unread;
	os_config_fini(&part);
	secret_file_free(&file);
	return code;
}

/* The places where OpenStack's own tools look (openstacksdk, "Configuration"). */
static size_t
clouds_paths(const struct provider_options *o, struct arena *a, const char **out)
{
	const char *named = provider_variable(o, "OS_CLIENT_CONFIG_FILE");
	const char *config = provider_variable(o, "XDG_CONFIG_HOME");
	const char *home = provider_variable(o, "HOME");
	size_t n = 0;
	if (named[0] != '\0')
		out[n++] = named;
	out[n++] = "clouds.yaml";
	if (config[0] != '\0')
		out[n++] = arena_printf(a, "%s/openstack/clouds.yaml", config);
	else if (home[0] != '\0')
		out[n++] = arena_printf(a, "%s/.config/openstack/clouds.yaml", home);
	out[n++] = "/etc/openstack/clouds.yaml";
	return n;
}

/* $OS_CLIENT_SECURE_FILE, or beside the other. */
static const char *
secure_path(const struct provider_options *o, struct arena *a, const char *path)
{
	const char *named = provider_variable(o, "OS_CLIENT_SECURE_FILE");
	if (named[0] != '\0')
		return named;
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 0 : (int)(slash - path + 1);
	return arena_printf(a, "%.*ssecure.yaml", len, path);
}

static enum err_code
read_clouds(struct provider_session *s, struct os_config *c, const char *cloud, struct err *err)
{
	const char *paths[4];
	size_t n = clouds_paths(s->options, &s->arena, paths);
	enum err_code code = ERR_NOINPUT;
	size_t i = 0;
	c->from_file = true;
	/* the first file there is is the one; whether it has the cloud is another question */
	while (i < n && (code = read_file(s, c, paths[i], cloud, err)) == ERR_NOINPUT &&
	    strstr(err->text, "has no cloud") == NULL)
		i++;
	if (i == n)
		return err_set(err, ERR_CONFIG,
		    "OS_CLOUD is set, but no clouds.yaml was found (the last place "
		    "searched is %s)",
		    paths[n - 1]);
	if (code != ERR_NONE)
		return err->code = ERR_CONFIG;
	snprintf(c->source, sizeof c->source, "the cloud %s in %s", cloud, paths[i]);
	code = read_file(s, c, secure_path(s->options, &s->arena, paths[i]), cloud, err);
	return code == ERR_NOINPUT ? ERR_NONE : code;
}

/*
 * The cloud when nobody names one: that of the first file, if it has no other.  "": there is no file;
 * NULL: an error, because it is not known which.
 */
static const char *
only_cloud(struct provider_session *s, struct err *err)
{
	enum { NAMES_MAX = 8 };
	const char *paths[4], *names[NAMES_MAX];
	size_t n_paths = clouds_paths(s->options, &s->arena, paths), n = 0;
	for (size_t i = 0; i < n_paths && n == 0; i++) {
		struct secret_file file;
		struct err ignored;
		if (secret_file_read(&file, paths[i], &ignored) != ERR_NONE)
			continue;
		n = os_clouds_names(paths[i], file.text, file.len, &s->arena, names, NAMES_MAX);
		secret_file_free(&file);
		if (n > 1) {
			err_set(err, ERR_CONFIG,
			    "%s has several clouds (%s%s): name one in OS_CLOUD", paths[i],
			    safe_join(&s->arena, names, n, ", "), n == NAMES_MAX ? " ..." : "");
			return NULL;
		}
	}
	return n == 1 ? names[0] : "";
}

static enum err_code
missing(const struct os_config *c, const char *what, enum os_field one, enum os_field other,
    struct err *err)
{
	const char *a = os_field_name(c, one), *b = os_field_name(c, other);
	return err_set(err, ERR_CONFIG, "%s: %s is missing: set %s%s%s%s%s%s", c->source, what, a,
	    one == other ? "" : " or ", one == other ? "" : b,
	    c->unread != NULL ? " in it; what its key " : "", c->unread != NULL ? c->unread : "",
	    c->unread != NULL ? " stands for is not read" : "");
}

static enum err_code
check_credential(const struct os_config *c, struct err *err)
{
	if (!has(c, OS_CREDENTIAL_SECRET))
		return missing(c, "the secret of the application credential", OS_CREDENTIAL_SECRET,
		    OS_CREDENTIAL_SECRET, err);
	if (has(c, OS_CREDENTIAL_ID))
		return ERR_NONE;
	if (!has(c, OS_CREDENTIAL_NAME))
		return missing(c, "the application credential", OS_CREDENTIAL_ID,
		    OS_CREDENTIAL_NAME, err);
	if (!has(c, OS_USERNAME) && !has(c, OS_USER_ID))
		return missing(c, "the user of the application credential", OS_USERNAME, OS_USER_ID,
		    err);
	return ERR_NONE;
}

static enum err_code
check_password(const struct os_config *c, struct err *err)
{
	if (!has(c, OS_PASSWORD))
		return missing(c, "a password or an application credential", OS_PASSWORD,
		    OS_CREDENTIAL_ID, err);
	if (!has(c, OS_USERNAME) && !has(c, OS_USER_ID))
		return missing(c, "the user", OS_USERNAME, OS_USER_ID, err);
	if (!has(c, OS_PROJECT_ID) && !has(c, OS_PROJECT_NAME))
		return missing(c, "the project", OS_PROJECT_ID, OS_PROJECT_NAME, err);
	return ERR_NONE;
}

static bool
has_credential(const struct os_config *c)
{
	return has(c, OS_CREDENTIAL_ID) || has(c, OS_CREDENTIAL_NAME) ||
	    has(c, OS_CREDENTIAL_SECRET);
}

/* What is copied from a web page, or read from a file, comes with a line break. */
static enum err_code
check_lines(const struct os_config *c, struct err *err)
{
	for (enum os_field i = 0; i < OS_FIELDS; i++)
		if (strpbrk(os_get(c, i), "\r\n") != NULL)
			return err_set(err, ERR_CONFIG,
			    "%s: %s is not valid: it contains a line break", c->source,
			    os_field_name(c, i));
	return ERR_NONE;
}

static enum err_code
check_type(const struct os_config *c, struct err *err)
{
	static const char *const known[] = { "", "password", "v3password",
		"v3applicationcredential" };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(os_get(c, OS_AUTH_TYPE), known[i]) == 0)
			return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "%s: %s \"%s\" is not supported; use v3password or v3applicationcredential", c->source,
	    os_field_name(c, OS_AUTH_TYPE), os_get(c, OS_AUTH_TYPE));
}

/* The words of OpenStack's own tools and of YAML; other words are not guessed. */
static bool
is_word_of(const char *value, const char *const words[4])
{
	for (size_t i = 0; i < 4; i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

/* Whoever reads a request that goes to an unknown server reads the password in it. */
static enum err_code
check_tls(const struct os_config *c, struct err *err)
{
	static const char *const yes[] = { "true", "yes", "on", "1" };
	static const char *const no[] = { "false", "no", "off", "0" };
	enum os_field field = OS_FIELDS;
	if (has(c, OS_VERIFY) && !is_word_of(os_get(c, OS_VERIFY), yes))
		field = OS_VERIFY;
	if (has(c, OS_INSECURE) && !is_word_of(os_get(c, OS_INSECURE), no))
		field = OS_INSECURE;
	if (field == OS_FIELDS)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "%s: \"%s\" for %s is not allowed: certificates are always verified; name those of a "
	    "private "
	    "cloud with %s or --ca-file",
	    c->source, os_get(c, field),
	    field == OS_INSECURE ? "insecure (OS_INSECURE)" : os_names[field].keys[0],
	    os_field_name(c, OS_CACERT));
}

enum err_code
os_config_check(const struct os_config *c, struct err *err)
{
	const char *url = os_get(c, OS_AUTH_URL);
	if (url[0] == '\0')
		return c->from_file ? missing(c, "the address of the identity service", OS_AUTH_URL,
					  OS_AUTH_URL, err) :
				      err_set(err, ERR_CONFIG,
					  "no OpenStack cloud is configured: name one of "
					  "clouds.yaml in OS_CLOUD, or set "
					  "OS_AUTH_URL and the other OS_* variables");
	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		return err_set(err, ERR_CONFIG, "%s: %s is not an http(s) URL", c->source,
		    os_field_name(c, OS_AUTH_URL));
	if (check_lines(c, err) != ERR_NONE || check_type(c, err) != ERR_NONE ||
	    check_tls(c, err) != ERR_NONE)
		return err->code;
	return has_credential(c) ? check_credential(c, err) : check_password(c, err);
}

/* "~/cloud.pem" in a file, where no shell has seen it. */
static void
expand_home(struct provider_session *s, struct os_config *c, enum os_field field)
{
	const char *path = os_get(c, field), *home = provider_variable(s->options, "HOME");
	if (strncmp(path, "~/", 2) == 0 && home[0] != '\0')
		os_set(c, field, arena_printf(&s->arena, "%s%s", home, path + 1));
}

enum err_code
os_config_read(struct provider_session *s, struct os_config *c, struct err *err)
{
	static const enum os_field either[] = { OS_REGION, OS_CACERT, OS_INSECURE, OS_PASSWORD,
		OS_CREDENTIAL_SECRET };
	secret_protect();
	const char *cloud = os_config_found(s->options) ?
	    provider_variable(s->options, "OS_CLOUD") :
	    only_cloud(s, err);
	if (cloud == NULL)
		return err->code;
	if (cloud[0] == '\0')
		read_environment(s->options, c);
	else if (read_clouds(s, c, cloud, err) != ERR_NONE)
		return err->code;
	if (s->options->project[0] != '\0' && !has_credential(c))
		os_set(c, OS_PROJECT_ID, s->options->project);
	if (s->options->region[0] != '\0')
		os_set(c, OS_REGION, s->options->region);
	/* these also count with a file, as they do for OpenStack's command line */
	for (size_t i = 0; i < sizeof either / sizeof either[0]; i++) {
		const char *value = provider_variable(s->options, os_names[either[i]].variables[0]);
		bool is_secret = either[i] == OS_PASSWORD || either[i] == OS_CREDENTIAL_SECRET;
		/* one secret is enough: that of the file, whatever else the environment holds */
		if (!has(c, either[i]) && value[0] != '\0' &&
		    !(is_secret && (has(c, OS_PASSWORD) || has(c, OS_CREDENTIAL_SECRET))))
			os_set(c, either[i], value);
	}
	expand_home(s, c, OS_CACERT);
	return os_config_check(c, err);
}
