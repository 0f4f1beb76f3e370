/* Keys of the server itself: the role of its instance profile, from the metadata service (IMDSv2). */
#include <stdio.h>
#include <string.h>

#include "base/hide.h"
#include "base/json.h"
#include "provider/aws/aws_priv.h"
#include "provider/provider_priv.h"

static enum err_code
ask(struct provider_session *s, const char *method, const char *path, const char *token,
    struct arena *a, struct http_reply *reply, struct err *err)
{
	const struct aws *w = s->state;
	struct http_request r = { .method = method, .timeout_ms = AWS_TIMEOUT_MS / 10 };
	r.url = arena_printf(a, "%s%s", w->metadata, path);
	if (token != NULL)
		http_header(&r, "X-aws-ec2-metadata-token", token);
	else
		http_header(&r, "X-aws-ec2-metadata-token-ttl-seconds", "300");
	*reply = (struct http_reply){ .body = "" };
	if (s->options->world.http(s->options->world.arg, &r, a, reply, err) != ERR_NONE)
		return err_prefix(err, "the metadata service");
	if (reply->status == 404)
		return err_set(err, ERR_CONFIG, "this server has no role (HTTP 404)");
	if (reply->status != 200)
		return err_set(err, ERR_TEMP, "the metadata service answers HTTP %d",
		    reply->status);
	return ERR_NONE;
}

/* {"AccessKeyId", "SecretAccessKey", "Token", ...} */
static enum err_code
take_keys(struct aws_config *c, const struct http_reply *reply, struct err *err)
{
	const char *keys[AWS_KEYS];
	struct json_reader r = { .err = err, .where = "the role's keys" };
	json_t *root = json_read(reply->body, reply->body_len, err);
	if (root == NULL)
		return err->code;
	keys[AWS_KEY_ID] = json_need_string(&r, root, "AccessKeyId");
	keys[AWS_KEY_SECRET] = json_need_string(&r, root, "SecretAccessKey");
	keys[AWS_KEY_TOKEN] = json_need_string(&r, root, "Token");
	enum err_code code = r.failed ? err->code :
					aws_config_take(c, "the role of this server", keys, err);
	json_decref(root);
	return code;
}

static enum err_code
take_role(struct provider_session *s, struct arena *a, struct err *err)
{
	static const char roles[] = "/latest/meta-data/iam/security-credentials/";
	struct aws *w = s->state;
	struct http_reply token, reply;
	if (ask(s, "PUT", "/latest/api/token", NULL, a, &token, err) != ERR_NONE)
		return err->code;
	hide_learn(token.body);
	if (w->config.region[0] == '\0' &&
	    ask(s, "GET", "/latest/meta-data/placement/region", token.body, a, &reply, err) ==
		ERR_NONE &&
	    provider_is_id(reply.body))
		snprintf(w->config.region, sizeof w->config.region, "%s", reply.body);
	if (ask(s, "GET", roles, token.body, a, &reply, err) != ERR_NONE)
		return err->code;
	const char *role = arena_strndup(a, reply.body, strcspn(reply.body, "\r\n"));
	if (role[0] == '\0')
		return err_set(err, ERR_CONFIG, "this server has no role");
	const char *path = arena_printf(a, "%s%s", roles, provider_url_text(a, role));
	if (ask(s, "GET", path, token.body, a, &reply, err) != ERR_NONE)
		return err->code;
	enum err_code code = take_keys(&w->config, &reply, err);
	http_reply_wipe(&reply);
	return code;
}

enum err_code
aws_take_role(struct provider_session *s, struct err *err)
{
	struct arena a;
	arena_init(&a);
	enum err_code code = take_role(s, &a, err);
	arena_fini(&a);
	return code;
}
