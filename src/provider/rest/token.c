/* The token of an API and the address of its service, from variables. */
#include <stdlib.h>
#include <string.h>

#include "base/hide.h"
#include "base/mem.h"
#include "base/secret.h"
#include "provider/rest/rest_priv.h"

enum { TOKEN_MAX = 4096 };

/* The first that is set; NULL: none is. */
static const char *
first_set(const struct provider_options *o, const char *const *names)
{
	for (size_t i = 0; i < REST_VARIABLES_MAX && names[i] != NULL; i++)
		if (provider_variable(o, names[i])[0] != '\0')
			return names[i];
	return NULL;
}

bool
rest_configured(const struct rest_api *api, const struct provider_options *o)
{
	return first_set(o, api->token_variables) != NULL;
}

/* What is copied from a web page comes with a line break, which would end the header. */
static enum err_code
check_token(const char *variable, const char *token, struct err *err)
{
	for (const unsigned char *p = (const unsigned char *)token; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return err_set(err, ERR_CONFIG, "%s is not a valid token: it contains a %s",
			    variable,
			    *p == '\n' || *p == '\r' ? "line break" :
				*p >= 0x7f           ? "character that is not ASCII" :
						       "blank or control character");
	if (strlen(token) > TOKEN_MAX)
		return err_set(err, ERR_CONFIG,
		    "%s is not a valid token: it is longer than %d bytes", variable, TOKEN_MAX);
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

enum err_code
rest_open(struct provider_session *s, struct err *err)
{
	const struct rest_api *api = s->provider->rest;
	const struct provider_options *o = s->options;
	const char *variable = first_set(o, api->token_variables);
	const char *base = given_base(api, o);
	if (variable == NULL)
		return err_set(err, ERR_CONFIG, "no token: set %s", api->token_variables[0]);
	if (base == NULL)
		return err_set(err, ERR_CONFIG,
		    "the address of its API is missing: set %s, such as http://127.0.0.1:8081",
		    api->base_variables[0]);
	if (check_endpoints(api, o, err) != ERR_NONE)
		return err->code;
	secret_protect();
	const char *token = provider_variable(o, variable);
	hide_learn(token);
	if (check_token(variable, token, err) != ERR_NONE)
		return err->code;
	struct rest *rest = s->state = mem_zalloc(1, sizeof *rest);
	*rest = (struct rest){ .api = api,
		.base = provider_base_url(&s->arena, base, api->version),
		.source = variable,
		.token = secret_dup(token),
		.action = "" };
	return ERR_NONE;
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
