/* OVHcloud: the signature, and where keys come from. */
#include "provider/ovh/ovh_priv.h"

#include "test.h"

/* tests/test_client.py of ovh/python-ovh, test_call_signature. */
static const struct {
	const char *body, *signature;
} signatures[] = {
	{ NULL, "$1$16ae5ba8c63841b1951575be905867991d5f49dc" },
	{ "{\"some\": \"random\", \"data\": 42}", "$1$9acb1ac0120006d16261a635aed788e83ab172d2" },
};

static void
signature_is_the_published_one(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(signatures); i++) {
		struct http_request r = { .method = "METHOD",
			.url = "https://eu.api.ovh.com/1.0/unit/test",
			.body = signatures[i].body };
		char out[OVH_SIGNATURE_MAX];
		ovh_signature("fake application secret", "fake consumer key", &r, "1404395931",
		    out);
		assert_string_equal(out, signatures[i].signature);
	}
}

static const char *const *variables; /* pairs, NULL at the end */

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	for (const char *const *v = variables; *v != NULL; v += 2)
		if (strcmp(*v, name) == 0)
			return v[1];
	return NULL;
}

#define APPLICATION \
	"OVH_APPLICATION_KEY", "ak", "OVH_APPLICATION_SECRET", "as", "OVH_CONSUMER_KEY", "ck"
#define SERVICE "OVH_CLIENT_ID", "id", "OVH_CLIENT_SECRET", "cs"

static const struct {
	const char *name;
	const char *variables[14];
	const char *base; /* NULL: an error */
	const char *token_url;
	const char *says;
} settings[] = {
	{ "nothing", { NULL }, "https://eu.api.ovh.com", "https://www.ovh.com/auth/oauth2/token",
	    NULL },
	{ "an application", { APPLICATION }, "https://eu.api.ovh.com",
	    "https://www.ovh.com/auth/oauth2/token", NULL },
	{ "Canada", { APPLICATION, "OVH_ENDPOINT", "ovh-ca" }, "https://ca.api.ovh.com",
	    "https://ca.ovh.com/auth/oauth2/token", NULL },
	{ "the United States", { SERVICE, "OVH_ENDPOINT", "ovh-us" }, "https://api.us.ovhcloud.com",
	    "https://us.ovhcloud.com/auth/oauth2/token", NULL },
	{ "So you Start", { APPLICATION, "OVH_ENDPOINT", "soyoustart-eu" },
	    "https://eu.api.soyoustart.com", "", NULL },
	{ "a URL", { SERVICE, "OVH_ENDPOINT", "https://x.example/1.0" }, "https://x.example/1.0",
	    "", NULL },
	{ "an unknown endpoint", { APPLICATION, "OVH_ENDPOINT", "ovh-mars" }, NULL, NULL,
	    "'ovh-mars' is not known" },
	{ "no consumer key", { "OVH_APPLICATION_KEY", "ak", "OVH_APPLICATION_SECRET", "as" }, NULL,
	    NULL, "OVH_APPLICATION_KEY is set, but OVH_CONSUMER_KEY is not" },
	{ "no client secret", { "OVH_CLIENT_ID", "id" }, NULL, NULL,
	    "OVH_CLIENT_ID is set, but OVH_CLIENT_SECRET is not" },
	{ "both", { APPLICATION, SERVICE }, NULL, NULL, "use one" },
	{ "a line break", { "OVH_APPLICATION_KEY", "s3cret\nx" }, NULL, NULL,
	    "OVH_APPLICATION_KEY is not a valid key" },
};

static void
variables_are_read(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(settings); i++) {
		struct provider_options o = { .world = { .getenv = get_variable } };
		struct provider_session s = { .options = &o };
		struct ovh_config c;
		struct err err = { 0 };
		ROW(settings[i].name);
		variables = settings[i].variables;
		enum err_code code = ovh_config_read(&c, &s, &err);
		if (settings[i].base == NULL) {
			assert_int_equal(code, ERR_CONFIG);
			if (strstr(err.text, settings[i].says) == NULL ||
			    strstr(err.text, "s3cret") != NULL)
				fail_msg("%s", err.text);
			continue;
		}
		assert_int_equal(code, ERR_NONE);
		assert_string_equal(c.base, settings[i].base);
		assert_string_equal(c.token_url, settings[i].token_url);
		ovh_config_fini(&c);
	}
}

/* A service account: the token is asked for once, and again when its time is over. */
struct cloud {
	int64_t now_s;
	int n_tokens;
	char header[100];
};

static int64_t
wall_s(void *arg)
{
	return ((struct cloud *)arg)->now_s;
}

static enum err_code
carry(void *arg, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct cloud *c = arg;
	char *body = arena_printf(a, "[]");
	(void)err;
	if (strcmp(r->method, "POST") == 0) {
		assert_string_equal(r->url, "https://www.ovh.com/auth/oauth2/token");
		assert_string_equal(r->body,
		    "grant_type=client_credentials&scope=all&client_id=id&client_secret=cs");
		body = arena_printf(a, "{\"access_token\":\"b%d\",\"expires_in\":3600}",
		    ++c->n_tokens);
	} else {
		snprintf(c->header, sizeof c->header, "%s: %s", r->headers[0].name,
		    r->headers[0].value);
	}
	*reply = (struct http_reply){ .status = 200,
		.body = body,
		.body_len = strlen(body),
		.retry_after = "" };
	return ERR_NONE;
}

static void
pass(struct cloud *c, int seconds)
{
	c->now_s += seconds;
}

static void
token_is_renewed(void **test)
{
	static const char *const service[] = { SERVICE, NULL };
	struct cloud cloud = { .now_s = 1768464554 };
	struct provider_options o = {
		.region = "",
		.world = { .arg = &cloud, .getenv = get_variable, .wall_s = wall_s, .http = carry }
	};
	struct provider_session s = { .provider = provider_by_name("ovh"), .options = &o };
	struct provider_place place;
	struct ip ip = { .family = 4, .bytes = { 192, 0, 2, 1 } };
	struct err err = { 0 };
	(void)test;
	variables = service;
	arena_init(&s.arena);
	assert_int_equal(s.provider->open(&s, &err), ERR_NONE);
	assert_int_equal(s.provider->find(&s, &ip, &place, &err), ERR_DATA);
	assert_string_equal(cloud.header, "Authorization: Bearer b1");
	pass(&cloud, 3500);
	assert_int_equal(s.provider->find(&s, &ip, &place, &err), ERR_DATA);
	assert_string_equal(cloud.header, "Authorization: Bearer b1");
	pass(&cloud, 60);
	assert_int_equal(s.provider->find(&s, &ip, &place, &err), ERR_DATA);
	assert_string_equal(cloud.header, "Authorization: Bearer b2");
	s.provider->close(&s);
	arena_fini(&s.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signature_is_the_published_one),
		cmocka_unit_test(variables_are_read),
		cmocka_unit_test(token_is_renewed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
