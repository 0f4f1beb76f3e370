/* The token of an API and the address of its service, from variables and from files that they name. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hide.h"
#include "base/mem.h"
#include "base/secret.h"
#include "provider/rest/rest_priv.h"

enum { TOKEN_MAX = 4096, VARIABLE_MAX = 64 };

/* The first that is set; NULL: none is. */
static const char *
first_set(const struct provider_options *o, const char *const *names)
{
	for (size_t i = 0; i < REST_VARIABLES_MAX && names[i] != NULL; i++)
		if (provider_variable(o, names[i])[0] != '\0')
			return names[i];
	return NULL;
}

/* VARIABLE_FILE names a file with the token in its first line. */
static const char *
file_variable(const char *variable, char out[VARIABLE_MAX])
{
	snprintf(out, VARIABLE_MAX, "%s_FILE", variable);
	return out;
}

/* The first whose file is named; NULL: none is. */
static const char *
first_file(const struct provider_options *o, const char *const *names)
{
	char file[VARIABLE_MAX];
	for (size_t i = 0; i < REST_VARIABLES_MAX && names[i] != NULL; i++)
		if (provider_variable(o, file_variable(names[i], file))[0] != '\0')
			return names[i];
	return NULL;
}

/* A file that cannot be used is for rest_open() to complain of. */
static bool
has_vendor_file(const struct rest_api *api, const struct provider_options *o)
{
	struct arena a;
	struct rest_found found;
	struct err ignored;
	if (api->file == NULL)
		return false;
	arena_init(&a);
	bool has = rest_file_find(api->file, o, &a, &found, &ignored) != ERR_NOINPUT;
	secret_free(found.token);
	arena_fini(&a);
	return has;
}

bool
rest_configured(const struct rest_api *api, const struct provider_options *o)
{
	return first_set(o, api->token_variables) != NULL ||
	    first_file(o, api->token_variables) != NULL ||
	    first_set(o, api->user_variables) != NULL || has_vendor_file(api, o);
}

static const char *
fault_of(unsigned char c, bool password)
{
	if (c == '\n' || c == '\r')
		return "line break";
	if (c >= 0x7f && !password)
		return "character that is not ASCII";
	return c < ' ' || c == 0x7f || (c == ' ' && !password) ? "blank or control character" :
								 NULL;
}

/* What is copied from a web page comes with a line break, which would end the header. */
static enum err_code
check_token(const char *variable, const char *what, const char *token, bool password,
    struct err *err)
{
	for (const unsigned char *p = (const unsigned char *)token; *p != '\0'; p++)
		if (fault_of(*p, password) != NULL)
			return err_set(err, ERR_CONFIG, "%s is not a valid %s: it contains a %s",
			    variable, what, fault_of(*p, password));
	if (strlen(token) > TOKEN_MAX)
		return err_set(err, ERR_CONFIG, "%s is not a valid %s: it is longer than %d bytes",
		    variable, what, TOKEN_MAX);
	return ERR_NONE;
}

/* --endpoint SERVICE=URL, else the variable, else the API's own. */
static const char *
given_base(const struct rest_api *api, const struct provider_options *o)
{
	const char *given = provider_endpoint(o, api->service, false);
	if (given != NULL)
		return given;
	const char *variable = first_set(o, api->base_variables);
	return variable == NULL ? api->base : provider_variable(o, variable);
}

/* A URL alone may be meant for another provider, which would then be sent this token. */
static enum err_code
check_endpoints(const struct rest_api *api, const struct provider_options *o, struct err *err)
{
	for (size_t i = 0; i < o->n_endpoints; i++)
		if (strncmp(o->endpoints[i], "http", 4) == 0)
			return err_set(err, ERR_CONFIG,
			    "--endpoint %s does not say whose address it is: write %s=URL",
			    o->endpoints[i], api->service);
	return ERR_NONE;
}

static char *
read_vendor_file(struct provider_session *s, const struct rest_api *api, const char **source,
    struct err *err)
{
	struct rest_found found = { .token = NULL };
	enum err_code code = api->file == NULL ?
	    ERR_NOINPUT :
	    rest_file_find(api->file, s->options, &s->arena, &found, err);
	if (code == ERR_NOINPUT)
		(void)err_set(err, ERR_CONFIG, "no %s: set %s",
		    api->user_variables[0] != NULL ? "password" : "token", api->token_variables[0]);
	if (code != ERR_NONE)
		return NULL;
	if (found.exposed_mode != 0)
		provider_warn(s,
		    "%.400s holds a secret, but others may read it (mode %04o): chmod 600",
		    found.path, found.exposed_mode);
	*source = found.choice == NULL ?
	    found.path :
	    arena_printf(&s->arena, "%s (%s %s)", found.path, api->file->choice, found.choice);
	return found.token;
}

/*
 * From the variable, else from the file that another one names, else from the vendor's own: *variable is what
 * it comes from.  NULL: err.
 */
static char *
read_token(struct provider_session *s, const struct rest_api *api, const char **variable,
    struct err *err)
{
	const struct provider_options *o = s->options;
	char file[VARIABLE_MAX], *token;
	const char *set = *variable = first_set(o, api->token_variables);
	*variable = first_file(o, api->token_variables);
	/* they may be of two accounts */
	if (set != NULL && *variable != NULL) {
		(void)err_set(err, ERR_CONFIG, "%s and %s are both set: use one", set,
		    file_variable(*variable, file));
		return NULL;
	}
	if (set != NULL) {
		*variable = set;
		return secret_dup(provider_variable(o, set));
	}
	if (*variable == NULL)
		return read_vendor_file(s, api, variable, err);
	*variable = arena_strdup(&s->arena, file_variable(*variable, file));
	if (secret_line_read(provider_variable(o, *variable), &token, err) == ERR_NONE)
		return token;
	err->code = ERR_CONFIG;
	(void)err_prefix(err, "%s", *variable);
	return NULL;
}

/* "user:password" in base64 takes the place of the password (RFC 7617 2). */
static enum err_code
add_user(struct provider_session *s, const struct rest_api *api, const char **source, char **token,
    struct err *err)
{
	const char *variable = first_set(s->options, api->user_variables);
	if (variable == NULL)
		return err_set(err, ERR_CONFIG, "%s is set, but %s is not", *source,
		    api->user_variables[0]);
	const char *user = provider_variable(s->options, variable);
	if (check_token(variable, "user name", user, true, err) != ERR_NONE)
		return err->code;
	if (strchr(user, ':') != NULL)
		return err_set(err, ERR_CONFIG, "%s is not a valid user name: it contains a colon",
		    variable);
	size_t len = strlen(user) + 1 + strlen(*token);
	char *both = mem_zalloc(len + 1, 1), *encoded = mem_zalloc(4 * (len / 3 + 1) + 1, 1);
	snprintf(both, len + 1, "%s:%s", user, *token);
	EVP_EncodeBlock((unsigned char *)encoded, (const unsigned char *)both, (int)len);
	secret_free(both);
	secret_free(*token);
	*token = encoded;
	*source = arena_printf(&s->arena, "%s and %s", variable, *source);
	return ERR_NONE;
}

enum err_code
rest_begin(struct provider_session *s, const char *base, const char *source, char *token,
    struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	const char *given = provider_endpoint(s->options, api->service, false);
	if (check_endpoints(api, s->options, err) != ERR_NONE) {
		secret_free(token);
		return err->code;
	}
	struct rest *rest = s->state = mem_zalloc(1, sizeof *rest);
	*rest = (struct rest){ .api = api,
		.base = provider_base_url(&s->arena, given != NULL ? given : base, api->version),
		.source = source,
		.secret = api->user_variables[0] != NULL ? "password" : "token",
		.token = token,
		.action = "" };
	return ERR_NONE;
}

const char *
rest_area(const struct rest_api *api, const struct provider_options *o, const char **from)
{
	*from = "--region";
	if (api->areas == NULL || o->region[0] != '\0')
		return api->areas == NULL ? "" : o->region;
	*from = api->area_variable;
	return provider_variable(o, api->area_variable);
}

/* It becomes a part of a path. */
static enum err_code
check_area(const struct rest_api *api, const struct provider_options *o, struct err *err)
{
	const char *from, *area = rest_area(api, o, &from);
	if (area[0] == '\0' || provider_is_id(area))
		return ERR_NONE;
	return err_set(err, ERR_CONFIG, "%s: '%.80s' is not valid: expected one like %s", from,
	    area, api->areas[0]);
}

enum err_code
rest_open(struct provider_session *s, struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	const char *base = given_base(api, s->options), *source;
	enum err_code code = ERR_NONE;
	secret_protect();
	if (check_area(api, s->options, err) != ERR_NONE)
		return err->code;
	char *token = read_token(s, api, &source, err);
	if (token == NULL)
		return err->code;
	if (base == NULL)
		code = err_set(err, ERR_CONFIG,
		    "the address of its API is missing: set %s, such as http://127.0.0.1:8081",
		    api->base_variables[0]);
	hide_learn(token);
	bool password = api->user_variables[0] != NULL;
	if (code == ERR_NONE)
		code = check_token(source, password ? "password" : "token", token, password, err);
	if (code == ERR_NONE && password)
		code = add_user(s, api, &source, &token, err);
	if (code == ERR_NONE)
		return rest_begin(s, base, source, token, err);
	secret_free(token);
	return code;
}

void
rest_close(struct provider_session *s)
{
	struct rest *rest = s->state;
	if (rest != NULL)
		secret_free(rest->token);
	free(rest);
	s->state = NULL;
}
