/* The login: agency of the server, password to token, project of the region. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hide.h"
#include "base/json.h"
#include "base/secret.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/huawei/sign_priv.h"

/* --- the metadata service ---------------------------------------------------------------- */

/* A token that shows that we can send a header; older services know none (404, 405, 503). */
static enum err_code
metadata_token(struct huawei *h, struct arena *a, struct http_reply *reply, struct err *err)
{
	struct http_request r = { .method = "PUT" };
	http_header(&r, "X-Metadata-Token-Ttl-Seconds", "21600");
	enum err_code code = huawei_send(h, a, &r, HUAWEI_METADATA, "/meta-data/latest/api/token",
	    reply, err);
	if (code == ERR_NONE && (reply->status != 200 || strpbrk(reply->body, "\r\n") != NULL))
		reply->body = "";
	hide_learn(reply->body);
	return code;
}

static enum err_code
metadata_get(struct huawei *h, struct arena *a, const char *token, const char *path,
    struct http_reply *reply, struct err *err)
{
	struct http_request r = { .method = "GET" };
	if (token[0] != '\0')
		http_header(&r, "X-Metadata-Token", token);
	return huawei_send(h, a, &r, HUAWEI_METADATA, path, reply, err);
}

/* Region and project of the server itself; what is said elsewhere goes first. */
static void
take_server(struct huawei *h, struct arena *a, const char *token)
{
	struct err ignored = { 0 };
	struct http_reply reply;
	struct json_reader r = { .err = &ignored };
	if (metadata_get(h, a, token, "/openstack/latest/meta_data.json", &reply, &ignored) !=
	    ERR_NONE)
		return;
	json_t *root = reply.status == 200 ? json_read(reply.body, reply.body_len, &ignored) : NULL;
	const char *region = json_get_string(&r, root, "region_id", "");
	const char *project = json_get_string(&r, root, "project_id", "");
	if (creds_get(&h->creds, CREDS_REGION)[0] == '\0' && provider_is_id(region))
		creds_set(&h->creds, CREDS_REGION, region);
	if (creds_get(&h->creds, CREDS_PROJECT)[0] == '\0' && provider_is_id(project))
		creds_set(&h->creds, CREDS_PROJECT, project);
	json_decref(root);
}

static enum err_code
take_agency(struct huawei *h, struct arena *a, const char *token, struct err *err)
{
	struct http_reply reply;
	struct creds found;
	if (metadata_get(h, a, token, "/openstack/latest/securitykey", &reply, err) != ERR_NONE)
		return err->code;
	if (reply.status == 401 || reply.status == 404)
		return err_set(err, ERR_CONFIG, "this server has no agency (HTTP %d)",
		    reply.status);
	if (reply.status != 200)
		return err_set(err, ERR_TEMP, "the metadata service answers HTTP %d", reply.status);
	enum err_code code = creds_read_agency(&found, reply.body, reply.body_len, err);
	http_reply_wipe(&reply);
	if (code != ERR_NONE)
		return code;
	for (size_t i = CREDS_DOMAIN_ID; i < CREDS_FIELDS; i++)
		creds_set(&found, (enum creds_field)i, creds_get(&h->creds, (enum creds_field)i));
	creds_fini(&h->creds);
	h->creds = found;
	take_server(h, a, token);
	return ERR_NONE;
}

enum err_code
huawei_metadata(struct huawei *h, struct err *err)
{
	struct arena a;
	struct http_reply token;
	arena_init(&a);
	enum err_code code = metadata_token(h, &a, &token, err);
	if (code == ERR_NONE)
		code = take_agency(h, &a, token.body, err);
	arena_fini(&a);
	h->session->maybe_done = false; /* asking for a token changes nothing */
	return code;
}

/* --- password to token ------------------------------------------------------------------- */

static json_t *
scope_of(const struct huawei *h)
{
	const char *project = h->project, *name = creds_get(&h->creds, CREDS_PROJECT_NAME);
	if (project[0] != '\0')
		return json_pack("{s:{s:s}}", "project", "id", project);
	return json_pack("{s:{s:s}}", "project", "name", name[0] != '\0' ? name : h->region);
}

/* An account's name or id, whichever was given (the check made sure of the name). */
static char *
login_body(const struct huawei *h)
{
	json_t *body = json_pack("{s:{s:{s:[s],s:{s:{s:s,s:s,s:{s:s}}}},s:o}}", "auth", "identity",
	    "methods", "password", "password", "user", "name", creds_get(&h->creds, CREDS_USER),
	    "password", creds_get(&h->creds, CREDS_PASS), "domain", "name",
	    creds_get(&h->creds, CREDS_DOMAIN), "scope", scope_of(h));
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	return text;
}

/* The token's own project saves looking it up. */
static void
take_project(struct huawei *h, const struct http_reply *reply)
{
	struct err ignored = { 0 };
	struct json_reader r = { .err = &ignored };
	json_t *root = json_read(reply->body, reply->body_len, &ignored);
	const json_t *token = json_object_get(root, "token");
	const char *id = json_get_string(&r, json_object_get(token, "project"), "id", "");
	if (h->project[0] == '\0' && provider_is_id(id))
		snprintf(h->project, sizeof h->project, "%s", id);
	json_decref(root);
}

static enum err_code
read_login(struct huawei *h, struct http_reply *reply, struct err *err)
{
	struct huawei_answer answer = { .status = reply->status };
	snprintf(answer.request_id, sizeof answer.request_id, "%s", reply->request_id);
	if (reply->status == 201 && reply->subject_token[0] != '\0') {
		h->token = secret_dup(reply->subject_token);
		hide_learn(h->token);
		take_project(h, reply);
		return ERR_NONE;
	}
	if (reply->status == 201)
		return err_set(err, ERR_TEMP, "the IAM service returned no token");
	huawei_error_read(reply->body, reply->body_len, &answer);
	h->session->retry_after_s = provider_retry_after(reply->retry_after,
	    provider_now_s(h->session));
	huawei_error(h, "the IAM service", &answer, reply->date, err);
	if (reply->status == 401)
		err_prefix(err,
		    "the login of user \"%s\" of account \"%s\" (it must be an IAM user, not "
		    "the account itself) failed",
		    creds_get(&h->creds, CREDS_USER), creds_get(&h->creds, CREDS_DOMAIN));
	return err->code;
}

enum err_code
huawei_login(struct huawei *h, struct err *err)
{
	struct arena a;
	struct http_reply reply;
	struct http_request r = { .method = "POST" };
	char *body = login_body(h);
	if (body == NULL)
		return err_set(err, ERR_CONFIG, "user name or password is not UTF-8");
	arena_init(&a);
	r.body = body;
	r.body_len = strlen(body);
	http_header(&r, "Content-Type", "application/json");
	enum err_code code = huawei_send(h, &a, &r, HUAWEI_IAM, "/v3/auth/tokens", &reply, err);
	char old[HUAWEI_URL_MAX];
	if (code == ERR_UNAVAILABLE && !reply.maybe_sent && huawei_go_global(h, HUAWEI_IAM, old)) {
		r.url = NULL;
		code = huawei_send(h, &a, &r, HUAWEI_IAM, "/v3/auth/tokens", &reply, err);
	}
	secret_free(body);
	if (code == ERR_NONE) {
		code = read_login(h, &reply, err);
		http_reply_wipe(&reply);
	}
	h->session->maybe_done = false; /* a token that nobody got harms nobody */
	arena_fini(&a);
	return code;
}

/* --- the project of the region ----------------------------------------------------------- */

static enum err_code
projects(struct huawei *h, struct arena *a, const char *name, struct huawei_answer *answer,
    json_t **list, struct err *err)
{
	struct huawei_call call = { .method = "GET",
		.service = HUAWEI_IAM,
		.path = name != NULL ?
		    arena_printf(a, "/v3/projects?name=%s", provider_url_text(a, name)) :
		    "/v3/projects" };
	*list = NULL;
	if (huawei_call(h, a, &call, answer, err) != ERR_NONE)
		return err->code;
	*list = huawei_array(answer->json, "projects", err);
	return *list != NULL ? ERR_NONE : err->code;
}

/* "id (name), id (name)" of what the list holds, for a message. */
static const char *
shown(struct arena *a, const json_t *list, const char *key)
{
	const char *text = "";
	const json_t *one;
	size_t i;
	json_array_foreach (list, i, one) {
		const char *value = json_string_value(json_object_get(one, key));
		if (i >= 20)
			return arena_printf(a, "%s ...", text);
		text = arena_printf(a, "%s%s%s", text, i > 0 ? ", " : "",
		    value != NULL ? value : "?");
	}
	return text;
}

static enum err_code
choose(struct huawei *h, struct arena *a, const json_t *list, const char *name, struct err *err)
{
	size_t n = json_array_size(list);
	if (n == 0)
		return err_set(err, ERR_CONFIG,
		    "this account has no project \"%s\": check --region, or give the project's id "
		    "by "
		    "--project",
		    name);
	if (n > 1)
		return err_set(err, ERR_CONFIG,
		    "%zu projects are called \"%s\": choose one with --project: %s", n, name,
		    shown(a, list, "id"));
	const char *id = json_string_value(json_object_get(json_array_get(list, 0), "id"));
	if (id == NULL || !provider_is_id(id))
		return err_set(err, ERR_TEMP, "the IAM service returned no project id");
	snprintf(h->project, sizeof h->project, "%s", id);
	return ERR_NONE;
}

enum err_code
huawei_project(struct huawei *h, const char *name, struct err *err)
{
	struct arena a;
	struct huawei_answer answer;
	json_t *list;
	arena_init(&a);
	enum err_code code = projects(h, &a, name, &answer, &list, err);
	if (code == ERR_NONE)
		code = choose(h, &a, list, name, err);
	else if (answer.status == 403)
		code = err_set(err, ERR_NOPERM,
		    "the credentials may not look up the project of region %s (HTTP 403, request "
		    "%s): give its id with --project",
		    name, answer.request_id);
	json_decref(answer.json);
	arena_fini(&a);
	return code;
}

const char *
huawei_other_regions(struct huawei *h, struct arena *a)
{
	struct err ignored;
	struct huawei_answer answer;
	json_t *list;
	const char *text = "";
	if (projects(h, a, NULL, &answer, &list, &ignored) == ERR_NONE)
		text = shown(a, list, "name");
	json_decref(answer.json);
	return text;
}
