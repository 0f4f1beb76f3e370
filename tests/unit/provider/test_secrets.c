/* Whatever a service says of a request, and wherever the secret came from: no error shows it. */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/hide.h"
#include "base/secret.h"
#include "lists/keyring.h"
#include "provider/provider.h"
#include "provider/rfc2136/tsig_key_priv.h"
#include "standin.h"

#define URL "https://cloud.example"
#define AK "FAKEAK0000EXAMPLE777"
#define SK "fakeSecretKey0000/+00000000000000000secret"
#define SESSION_TOKEN "gQpzZXNzaW9u/+dG9rZW4tb2YtbWFpbHJlYWR5=="
#define LOGIN_TOKEN "MIIEtoken-that-the-login-gave-us-0123456789"
#define PASSWORD "c0rrect \"horse/ battery"

enum { ANSWER_CUT, ANSWER_JSON, ANSWER_GATEWAY, ANSWER_PAGE, ANSWER_LIBRARY, ANSWERS };

static const struct row {
	const char *name;
	const char *provider;
	const char *environment[8];
	bool login; /* works: the refusal is of what comes after it */
	const char *secrets[4];
} rows[] = {
	{ "a key", "huawei",
	    { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" SK, "HW_REGION_NAME=eu-de",
		"HW_PROJECT_ID=p1" },
	    .secrets = { AK, SK } },
	{ "a temporary key", "huawei",
	    { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" SK, "HW_SECURITY_TOKEN=" SESSION_TOKEN,
		"HW_REGION_NAME=eu-de", "HW_PROJECT_ID=p1" },
	    .secrets = { AK, SK, SESSION_TOKEN } },
	{ "a token", "huawei",
	    { "HW_AUTH_TOKEN=" SESSION_TOKEN, "HW_REGION_NAME=eu-de", "HW_PROJECT_ID=p1" },
	    .secrets = { SESSION_TOKEN } },
	{ "a password at the login", "huawei",
	    { "HW_USER_NAME=u", "HW_USER_PASSWORD=" PASSWORD, "HW_DOMAIN_NAME=d",
		"HW_REGION_NAME=eu-de", "HW_PROJECT_ID=p1" },
	    .secrets = { PASSWORD } },
	{ "the token of a login", "huawei",
	    { "HW_USER_NAME=u", "HW_USER_PASSWORD=" PASSWORD, "HW_DOMAIN_NAME=d",
		"HW_REGION_NAME=eu-de", "HW_PROJECT_ID=p1" },
	    .login = true, .secrets = { PASSWORD, LOGIN_TOKEN } },
	{ "a password at the identity service", "openstack",
	    { "OS_AUTH_URL=" URL "/v3", "OS_USERNAME=u", "OS_PASSWORD=" PASSWORD,
		"OS_PROJECT_NAME=p", "OS_USER_DOMAIN_NAME=d", "OS_PROJECT_DOMAIN_NAME=d" },
	    .secrets = { PASSWORD } },
	{ "an application credential", "openstack",
	    { "OS_AUTH_URL=" URL "/v3", "OS_APPLICATION_CREDENTIAL_ID=c1",
		"OS_APPLICATION_CREDENTIAL_SECRET=" SK },
	    .secrets = { SK } },
	{ "the token of the identity service", "openstack",
	    { "OS_AUTH_URL=" URL "/v3", "OS_APPLICATION_CREDENTIAL_ID=c1",
		"OS_APPLICATION_CREDENTIAL_SECRET=" SK },
	    .login = true, .secrets = { SK, LOGIN_TOKEN } },
};

#define ENDPOINT \
	"\"endpoints\":[{\"interface\":\"public\",\"region\":\"R1\",\"region_id\":\"R1\"," \
	"\"url\":\"" URL "\"}]"
#define LOGGED_IN \
	"{\"token\":{\"project\":{\"id\":\"p1\",\"name\":\"mail\"},\"catalog\":[{\"type\":" \
	"\"dns\"," ENDPOINT "},{\"type\":\"network\"," ENDPOINT "}]}}"

struct cloud {
	const struct row *row;
	int manner; /* ANSWER_... */
	int status;
};

/* The whole request as one text, as a service would repeat it. */
static const char *
echo(const struct http_request *r, struct arena *a)
{
	const char *text = arena_printf(a, "%s %s", r->method, r->url);
	for (size_t i = 0; i < r->n_headers; i++)
		text = arena_printf(a, "%s|%s:%s", text, r->headers[i].name, r->headers[i].value);
	return arena_printf(a, "%s|%s", text, r->body != NULL ? r->body : "");
}

static const char *
refusal(const struct cloud *c, const char *said, struct arena *a)
{
	if (c->manner == ANSWER_PAGE)
		return arena_printf(a, "<p>%s</p>", said);
	if (c->manner == ANSWER_CUT)
		said = arena_printf(a, "%.150s", said);
	json_t *o = c->manner == ANSWER_GATEWAY ?
	    json_pack("{s:s, s:s+}", "error_code", "APIGW.0301", "error_msg",
		"verify aksk signature fail, canonicalRequest:", said) :
	    json_pack("{s:{s:s, s:s}}", "error", "code", "X.1", "message", said);
	char *text = json_dumps(o, JSON_COMPACT);
	const char *body = arena_strdup(a, text);
	free(text);
	json_decref(o);
	return body;
}

static enum err_code
answer(void *arg, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	const struct cloud *c = arg;
	bool is_login = strstr(r->url, "/auth/tokens") != NULL;
	*reply = (struct http_reply){ .body = "",
		.date = "",
		.retry_after = "",
		.request_id = "",
		.subject_token = "",
		.status = c->status };
	if (is_login && c->row->login) {
		reply->status = 201;
		reply->body = arena_strdup(a, LOGGED_IN);
		reply->subject_token = arena_strdup(a, LOGIN_TOKEN);
	} else if (c->manner == ANSWER_LIBRARY) {
		return err_set(err, ERR_TEMP, "cannot send %s", echo(r, a));
	} else {
		reply->body = refusal(c, echo(r, a), a);
	}
	reply->body_len = strlen(reply->body);
	return ERR_NONE;
}

/* As far as the session comes: to the first refusal. */
static void
use(struct provider_session *s, struct err *err)
{
	struct ip ip;
	struct provider_place place;
	assert_true(ip_parse("192.0.2.10", &ip));
	if (s->provider->open(s, err) != ERR_NONE)
		return;
	assert_int_not_equal(s->provider->find(s, &ip, &place, err), ERR_NONE);
	s->provider->close(s);
}

static void
expect_hidden(const char *text, const char *const *secrets)
{
	for (size_t i = 0; i < 4 && secrets[i] != NULL; i++) {
		char part[HIDE_PART_MIN + 1];
		snprintf(part, sizeof part, "%s", secrets[i]);
		if (strstr(text, part) != NULL)
			fail_msg("a secret in: %s", text);
	}
}

static void
test_services(void **state)
{
	(void)state;
	static const int statuses[] = { 400, 401, 403, 404, 500 };
	for (size_t i = 0; i < N_ELEMENTS(rows) * ANSWERS * N_ELEMENTS(statuses); i++) {
		struct cloud cloud = { &rows[i % N_ELEMENTS(rows)],
			(int)(i / N_ELEMENTS(rows) % ANSWERS),
			statuses[i / N_ELEMENTS(rows) / ANSWERS] };
		struct provider_options options = { .region = "",
			.project = "",
			.cloud = "",
			.world = { .arg = &cloud,
			    .getenv = standin_getenv,
			    .wall_s = standin_wall_s,
			    .http = answer } };
		struct provider_session s = { .provider = provider_by_name(cloud.row->provider),
			.options = &options };
		struct err err = { .text = "" };
		ROW(cloud.row->name);
		standin_environment(cloud.row->environment);
		arena_init(&s.arena);
		use(&s, &err);
		assert_string_not_equal(err.text, "");
		expect_hidden(err.text, cloud.row->secrets);
		expect_hidden(s.warnings, cloud.row->secrets);
		arena_fini(&s.arena);
	}
}

static void
learn_tsig(struct err *err)
{
	static const char file[] =
	    "key \"k\" { algorithm hmac-sha256; secret \"dHNpZy1zZWNyZXQtb2Ytb3Vycw==\"; };";
	struct tsig_key key;
	assert_int_equal(tsig_key_parse("k", file, strlen(file), &key, err), ERR_NONE);
}

static void
learn_list_key(struct err *err)
{
	static char variable[] = "MAILREADY_KEY_SPAMHAUS_DQS=Abcdefghij0123456789klmnop";
	char *const environment[] = { variable, NULL };
	struct keyring *k = keyring_new();
	assert_int_equal(keyring_read_env(k, environment, err), ERR_NONE);
	keyring_free(k);
}

/* The SMTP password and the key of the webhook: one line of a file. */
static void
learn_line(struct err *err)
{
	char path[] = "/tmp/mailready-line.XXXXXX", *secret;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(write(fd, "one line of a file\n", 19) == 19);
	close(fd);
	assert_int_equal(secret_line_read(path, &secret, err), ERR_NONE);
	secret_free(secret);
	unlink(path);
}

static const struct {
	const char *name;
	void (*learn)(struct err *err);
	const char *repeated, *secret;
} others[] = {
	{ "a TSIG key", learn_tsig, "BADSIG dHNpZy1zZWNyZXQtb2Ytb3Vycw== of k", "dHNpZy1zZWNyZXQ" },
	{ "the key of a list", learn_list_key,
	    "no answer for 2.0.0.127.abcdefghij0123456789KLMNOP.zen.dq.spamhaus.net",
	    "abcdefghij0" },
	{ "the password of the mail server", learn_line, "535 \"one line of a file\" is wrong",
	    "one line" },
	{ "a login of the mail server", learn_line,
	    "535 AUTH PLAIN AG1lAG9uZSBsaW5lIG9mIGEgZmlsZQ== is wrong", "uZSBsaW5l" },
};

static void
test_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(others); i++) {
		struct err err = { .text = "" };
		ROW(others[i].name);
		others[i].learn(&err);
		err_set(&err, ERR_NOPERM, "the server says: %s", others[i].repeated);
		assert_null(strstr(err.text, others[i].secret));
		assert_non_null(strstr(err.text, "[secret]"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
