/* Huawei Cloud and the clouds that run the same software. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "provider/creds/check_priv.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/provider_priv.h"

static bool
names_metadata(const struct provider_options *o)
{
	for (size_t i = 0; i < o->n_endpoints; i++)
		if (strncmp(o->endpoints[i], "metadata=", 9) == 0)
			return true;
	return false;
}

/* A server of the cloud may have an agency; elsewhere nobody is asked unless it is said so. */
static bool
configured(const struct provider_options *o)
{
	bool is_server = o->machine != NULL && strcmp(o->machine, "HUAWEICLOUD") == 0;
	return creds_found(o) || names_metadata(o) || is_server;
}

static enum err_code
find_creds(struct huawei *h, struct err *err)
{
	struct provider_session *s = h->session;
	struct err why = { 0 };
	if (creds_read(&h->creds, s->options, err) != ERR_NONE)
		return err->code;
	if (h->creds.warning[0] != '\0')
		provider_warn(s, "%s", h->creds.warning);
	if (h->creds.kind != CREDS_NONE)
		return ERR_NONE;
	if (huawei_endpoints(h, err) != ERR_NONE)
		return err->code;
	if (huawei_metadata(h, &why) == ERR_NONE)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "no credentials for Huawei Cloud: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK (or "
	    "HW_ACCESS_KEY and HW_SECRET_KEY), or write ~/.huaweicloud/credentials, or run on a "
	    "server "
	    "with an agency (%s)",
	    why.text);
}

static enum err_code
find_region(struct huawei *h, struct err *err)
{
	const char *region = h->session->options->region;
	if (region == NULL || region[0] == '\0')
		region = creds_get(&h->creds, CREDS_REGION);
	if (region[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "no region: give it with --region (ap-southeast-1 and the like) or "
		    "HW_REGION_NAME");
	if (creds_check_value(CREDS_REGION, "--region", region, err) != ERR_NONE)
		return err->code;
	snprintf(h->region, sizeof h->region, "%s", region);
	return huawei_endpoints(h, err);
}

/* Projects are called by their region, or REGION_something: what looks so is a name, and no id. */
static enum err_code
take_project(struct huawei *h, struct err *err)
{
	const char *said = h->session->options->project;
	if (said == NULL || said[0] == '\0')
		said = creds_get(&h->creds, CREDS_PROJECT);
	if (said[0] == '\0')
		return ERR_NONE;
	if (creds_check_value(CREDS_PROJECT, "--project", said, err) != ERR_NONE)
		return err->code;
	if (strncmp(said, h->region, strlen(h->region)) == 0)
		creds_set(&h->creds, CREDS_PROJECT_NAME, said);
	else
		snprintf(h->project, sizeof h->project, "%s", said);
	return ERR_NONE;
}

static enum err_code
log_in(struct huawei *h, struct err *err)
{
	if (take_project(h, err) != ERR_NONE)
		return err->code;
	if (h->creds.kind == CREDS_TOKEN)
		h->token = secret_dup(creds_get(&h->creds, CREDS_AUTH_TOKEN));
	if (h->creds.kind == CREDS_PASSWORD && huawei_login(h, err) != ERR_NONE)
		return err->code;
	if (h->project[0] != '\0')
		return ERR_NONE;
	const char *name = creds_get(&h->creds, CREDS_PROJECT_NAME);
	return huawei_project(h, name[0] != '\0' ? name : h->region, err);
}

static void
close_session(struct provider_session *s)
{
	struct huawei *h = s->state;
	if (h == NULL)
		return;
	secret_free(h->token);
	creds_fini(&h->creds);
	free(h);
	s->state = NULL;
}

static enum err_code
open_session(struct provider_session *s, struct err *err)
{
	struct huawei *h = mem_zalloc(1, sizeof *h);
	s->state = h;
	h->session = s;
	if (find_creds(h, err) == ERR_NONE && find_region(h, err) == ERR_NONE &&
	    log_in(h, err) == ERR_NONE)
		return ERR_NONE;
	close_session(s);
	return err->code;
}

const struct provider provider_huawei = {
	.name = "huawei",
	.title = "Huawei Cloud",
	.max_names = PROVIDER_NAMES_MAX,
	.min_ttl_s = 1,
	.max_ttl_s = INT32_MAX,
	.default_ttl_s = HUAWEI_DEFAULT_TTL_S,
	.ip4 = true,
	.has_default = true,
	.check = huawei_check,
	.configured = configured,
	.open = open_session,
	.close = close_session,
	.find = huawei_find,
	.get = huawei_get,
	.put = huawei_put,
	.poll = huawei_poll,
	.list = huawei_list,
	.forward_get = huawei_forward_get,
	.forward_put = huawei_forward_put,
	.forward_poll = huawei_forward_poll,
};
