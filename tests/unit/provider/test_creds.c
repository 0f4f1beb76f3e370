/* Credentials: what is found where, what is refused, and that no error shows a value. */
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provider/creds/creds_priv.h"
#include "provider/provider_priv.h"
#include "standin.h"

enum { PATH_TEXT_MAX = 256 };

#define AK "FAKEAK0000EXAMPLE001"
#define AK2 "FAKEAK0000EXAMPLE002"
#define SK "fakeSecretKey0000000000000000000000example"
#define PROFILE "[basic]\nak = " AK "\nsk = " SK "\n"
#define HCLOUD(keys) \
	"{\"current\":\"p\",\"profiles\":[{\"name\":\"other\"},{\"name\":\"p\"," keys "}]}"

static char home[] = "/tmp/mailready-test-home-XXXXXX";

static const struct {
	const char *name;
	const char *environment[8]; /* beside HOME */
	const char *profile;        /* ~/.huaweicloud/credentials, or NULL */
	const char *hcloud;         /* ~/.hcloud/config.json, or NULL */
	enum creds_kind kind;
	enum err_code code;
	const char *text; /* of the error, or the source */
	const char *region, *project;
} rows[] = {
	{ "nothing", { NULL }, NULL, NULL, CREDS_NONE, ERR_NONE, "", "", "" },
	{ "the SDK's variables",
	    { "HUAWEICLOUD_SDK_AK=" AK, "HUAWEICLOUD_SDK_SK=" SK, "HUAWEICLOUD_SDK_PROJECT_ID=p1" },
	    NULL, NULL, CREDS_KEY, ERR_NONE, "HUAWEICLOUD_SDK_AK", "", "p1" },
	{ "region of another family",
	    { "HUAWEICLOUD_SDK_AK=" AK, "HUAWEICLOUD_SDK_SK=" SK, "HW_REGION_NAME=eu-de",
		"OS_REGION_NAME=RegionOne", "OS_PROJECT_ID=p2" },
	    NULL, NULL, CREDS_KEY, ERR_NONE, "HUAWEICLOUD_SDK_AK", "eu-de", "" },
	{ "Terraform's variables",
	    { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" SK, "HW_REGION_NAME=eu-de" }, NULL, NULL,
	    CREDS_KEY, ERR_NONE, "HW_ACCESS_KEY", "eu-de", "" },
	{ "OpenStack style keys",
	    { "OS_ACCESS_KEY=" AK, "OS_SECRET_KEY=" SK, "OS_TENANT_ID=p3", "OS_REGION_NAME=eu-de" },
	    NULL, NULL, CREDS_KEY, ERR_NONE, "OS_ACCESS_KEY", "eu-de", "p3" },
	{ "an OpenStack user is not ours",
	    { "OS_USERNAME=u", "OS_PASSWORD=p", "OS_AUTH_URL=http://x" }, NULL, NULL, CREDS_NONE,
	    ERR_NONE, "", "", "" },
	{ "a token", { "HW_AUTH_TOKEN=MII" }, NULL, NULL, CREDS_TOKEN, ERR_NONE, "HW_AUTH_TOKEN",
	    "", "" },
	{ "a password", { "HW_USER_NAME=u", "HW_USER_PASSWORD=p w", "HW_DOMAIN_NAME=d" }, NULL,
	    NULL, CREDS_PASSWORD, ERR_NONE, "HW_USER_NAME", "", "" },
	{ "environment before file", { "HW_ACCESS_KEY=" AK2, "HW_SECRET_KEY=" SK }, PROFILE, NULL,
	    CREDS_KEY, ERR_NONE, "HW_ACCESS_KEY", "", "" },
	{ "profile file", { NULL }, PROFILE "project_id = p4\n", NULL, CREDS_KEY, ERR_NONE,
	    ".huaweicloud/credentials", "", "p4" },
	{ "profile file and region", { "HW_REGION_NAME=eu-de" }, PROFILE, NULL, CREDS_KEY, ERR_NONE,
	    ".huaweicloud/credentials", "eu-de", "" },
	{ "foreign sections", { NULL }, "[global]\nak = x\n[basic]\nother = y\n", NULL, CREDS_NONE,
	    ERR_NONE, "", "", "" },
	{ "profile file before hcloud's", { NULL }, PROFILE, HCLOUD("\"accessKeyId\":\"x\""),
	    CREDS_KEY, ERR_NONE, ".huaweicloud/credentials", "", "" },
	{ "hcloud's file", { NULL }, NULL,
	    HCLOUD("\"mode\":\"AKSK\",\"accessKeyId\":\"" AK "\",\"secretAccessKey\":\"" SK
		   "\",\"securityToken\":\"\",\"region\":\"eu-de\",\"projectId\":\"p5\""),
	    CREDS_KEY, ERR_NONE, ".hcloud/config.json", "eu-de", "p5" },
	{ "hcloud's single sign-on", { NULL }, NULL,
	    HCLOUD(
		"\"mode\":\"SSO\",\"region\":\"eu-de\",\"ssoAuth\":{\"stsToken\":{\"accessKeyId\":"
		"\"" AK "\",\"secretAccessKey\":\"" SK "\",\"securityToken\":\"tok\"}}"),
	    CREDS_KEY, ERR_NONE, ".hcloud/config.json", "eu-de", "" },
	{ "hcloud's other profile", { "HW_PROFILE=other" }, NULL,
	    HCLOUD("\"accessKeyId\":\"" AK "\""), CREDS_NONE, ERR_NONE, "", "", "" },

	{ "half: no secret", { "HUAWEICLOUD_SDK_AK=" AK }, NULL, NULL, CREDS_NONE, ERR_CONFIG,
	    "HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not", "", "" },
	{ "half: no key", { "HW_SECRET_KEY=" SK }, NULL, NULL, CREDS_NONE, ERR_CONFIG,
	    "HW_SECRET_KEY is set, but HW_ACCESS_KEY is not", "", "" },
	{ "half: the other half elsewhere", { "HW_SECRET_KEY=" SK, "HUAWEICLOUD_SDK_AK=" AK }, NULL,
	    NULL, CREDS_NONE, ERR_CONFIG,
	    "HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not", "", "" },
	{ "half: empty counts as not set", { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" }, NULL, NULL,
	    CREDS_NONE, ERR_CONFIG, "HW_SECRET_KEY is not", "", "" },
	{ "half: security token alone", { "HW_SECURITY_TOKEN=tok" }, NULL, NULL, CREDS_NONE,
	    ERR_CONFIG, "HW_SECURITY_TOKEN is set, but HW_ACCESS_KEY is not", "", "" },
	{ "half: no password", { "HW_USER_NAME=u", "HW_DOMAIN_NAME=d" }, NULL, NULL, CREDS_NONE,
	    ERR_CONFIG, "HW_USER_NAME is set, but HW_USER_PASSWORD is not", "", "" },
	{ "half: no account", { "HW_USER_NAME=u", "HW_USER_PASSWORD=pw" }, NULL, NULL, CREDS_NONE,
	    ERR_CONFIG, "HW_USER_NAME is set, but HW_DOMAIN_NAME is not", "", "" },
	{ "half: in a file", { NULL }, "[basic]\nak = " AK "\n", NULL, CREDS_NONE, ERR_CONFIG,
	    "credentials: ak is set, but sk is not", "", "" },
	{ "half: in hcloud's file", { NULL }, NULL, HCLOUD("\"secretAccessKey\":\"" SK "\""),
	    CREDS_NONE, ERR_CONFIG, "config.json: secretAccessKey is set, but accessKeyId is not",
	    "", "" },

	{ "malformed: line break", { "HW_ACCESS_KEY=" AK "\n", "HW_SECRET_KEY=" SK }, NULL, NULL,
	    CREDS_NONE, ERR_CONFIG, "HW_ACCESS_KEY does not look like an access key", "", "" },
	{ "malformed: quotes", { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY='" SK "'" }, NULL, NULL,
	    CREDS_NONE, ERR_CONFIG, "HW_SECRET_KEY does not look like a secret key", "", "" },
	{ "malformed: too short", { "HW_ACCESS_KEY=AK", "HW_SECRET_KEY=" SK }, NULL, NULL,
	    CREDS_NONE, ERR_CONFIG, "HW_ACCESS_KEY does not", "", "" },
	{ "malformed: token with a header in it", { "HW_AUTH_TOKEN=a\r\nX: y" }, NULL, NULL,
	    CREDS_NONE, ERR_CONFIG,
	    "HW_AUTH_TOKEN does not look like a token: it contains a blank or a line break", "",
	    "" },
	{ "malformed: region",
	    { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" SK, "HW_REGION_NAME=evil.example/x" }, NULL,
	    NULL, CREDS_NONE, ERR_CONFIG, "HW_REGION_NAME does not look like a region", "", "" },
	{ "malformed: project of a file", { NULL }, PROFILE "project_id = ../x\n", NULL, CREDS_NONE,
	    ERR_CONFIG, "project_id does not look like a project id", "", "" },
	{ "malformed: encrypted by hcloud", { NULL }, NULL,
	    HCLOUD("\"accessKeyId\":\"qP3/x+==\",\"secretAccessKey\":\"AAECAwQFBgcICQ==\""),
	    CREDS_NONE, ERR_CONFIG, "accessKeyId does not look like an access key", "", "" },
	{ "malformed: no INI", { NULL }, SK "\n", NULL, CREDS_NONE, ERR_CONFIG,
	    "credentials:1:", "", "" },
	{ "malformed: no JSON", { NULL }, NULL, "{" SK, CREDS_NONE, ERR_CONFIG,
	    "config.json: not JSON", "", "" },
	{ "malformed: another type", { NULL }, NULL, HCLOUD("\"accessKeyId\":5"), CREDS_NONE,
	    ERR_CONFIG, "\"accessKeyId\" must be a string", "", "" },
	{ "no such profile", { "HW_PROFILE=mine" }, NULL, HCLOUD("\"x\":1"), CREDS_NONE, ERR_CONFIG,
	    "it has no profile \"mine\"", "", "" },
	{ "a named file that is not there", { "HUAWEICLOUD_SDK_CREDENTIALS_FILE=/nonexistent/c" },
	    PROFILE, NULL, CREDS_NONE, ERR_CONFIG,
	    "HUAWEICLOUD_SDK_CREDENTIALS_FILE: /nonexistent/c", "", "" },
	{ "a named file that is none", { "HUAWEICLOUD_SDK_CREDENTIALS_FILE=/dev" }, NULL, NULL,
	    CREDS_NONE, ERR_CONFIG, "/dev: ", "", "" },
};

static const char *
path_of(const char *name, char path[PATH_TEXT_MAX])
{
	snprintf(path, PATH_TEXT_MAX, "%s/%s", home, name);
	return path;
}

static void
put_file(const char *name, const char *text, mode_t mode)
{
	char path[PATH_TEXT_MAX];
	path_of(name, path);
	unlink(path);
	if (text == NULL)
		return;
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static struct provider_options
options_with(const char *const *given, const char *merged[10])
{
	static char home_variable[PATH_TEXT_MAX];
	size_t n = 0;
	snprintf(home_variable, sizeof home_variable, "HOME=%s", home);
	merged[n++] = home_variable;
	while (n < 9 && given[n - 1] != NULL) {
		merged[n] = given[n - 1];
		n++;
	}
	merged[n] = NULL;
	standin_environment(merged);
	return (struct provider_options){ .world.getenv = standin_getenv };
}

static void
expect_part(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const char *merged[10];
		struct creds c;
		struct err err = { 0 };
		ROW(rows[i].name);
		put_file(".huaweicloud/credentials", rows[i].profile, 0600);
		put_file(".hcloud/config.json", rows[i].hcloud, 0600);
		struct provider_options o = options_with(rows[i].environment, merged);
		enum err_code code = creds_read(&c, &o, &err);
		if (code != rows[i].code)
			fail_msg("code %d: %s", (int)code, err.text);
		assert_int_equal(c.kind, rows[i].kind);
		expect_part(code == ERR_NONE ? c.source : err.text, rows[i].text);
		assert_string_equal(creds_get(&c, CREDS_REGION), rows[i].region);
		assert_string_equal(creds_get(&c, CREDS_PROJECT), rows[i].project);
		assert_string_equal(c.warning, "");
		assert_null(strstr(err.text, "fakeSecret"));
		assert_null(strstr(err.text, AK));
		assert_int_equal(creds_found(&o), code != ERR_NONE || c.kind != CREDS_NONE);
		creds_fini(&c);
	}
}

static void
test_exposed_file(void **state)
{
	(void)state;
	static const char *const nothing[] = { NULL };
	static const struct {
		mode_t mode;
		const char *warning;
	} modes[] = {
		{ 0600, "" },
		{ 0400, "" },
		{ 0640, "(mode 0640): chmod 600" },
		{ 0644, "(mode 0644): chmod 600" },
		{ 0660, "(mode 0660)" },
		{ 0604, "(mode 0604)" },
	};
	for (size_t i = 0; i < N_ELEMENTS(modes); i++) {
		const char *merged[10];
		struct creds c;
		struct err err = { 0 };
		put_file(".hcloud/config.json", NULL, 0);
		put_file(".huaweicloud/credentials", PROFILE, modes[i].mode);
		struct provider_options o = options_with(nothing, merged);
		assert_int_equal(creds_read(&c, &o, &err), ERR_NONE);
		expect_part(c.warning, modes[i].warning);
		assert_int_equal(c.warning[0] == '\0', modes[i].warning[0] == '\0');
		creds_fini(&c);
	}
}

static const struct {
	const char *name;
	const char *text;
	enum err_code code;
	const char *part;
} agencies[] = {
	{ "as documented",
	    "{\"credential\":{\"access\":\"" AK "\",\"secret\":\"" SK
	    "\",\"securitytoken\":\"a/+==\","
	    "\"expires_at\":\"2026-01-08T03:50:07.574000Z\"}}",
	    ERR_NONE, "" },
	{ "without secret", "{\"credential\":{\"access\":\"" AK "\"}}", ERR_CONFIG,
	    "secret is not" },
	{ "empty", "{}", ERR_TEMP, "contains no key" },
	{ "another type", "{\"credential\":5}", ERR_TEMP, "contains no key" },
	{ "a member of another type", "{\"credential\":{\"access\":[]}}", ERR_DATA,
	    "must be a string" },
	{ "no JSON", "<html>" SK, ERR_TEMP, "is not JSON" },
	{ "nothing", "", ERR_TEMP, "is not JSON" },
};

static void
test_agency(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(agencies); i++) {
		struct creds c;
		struct err err = { 0 };
		ROW(agencies[i].name);
		assert_int_equal(creds_read_agency(&c, agencies[i].text, strlen(agencies[i].text),
				     &err),
		    agencies[i].code);
		expect_part(err.text, agencies[i].part);
		assert_null(strstr(err.text, "fakeSecret"));
		assert_string_equal(creds_get(&c, CREDS_SECURITY_TOKEN), i == 0 ? "a/+==" : "");
		creds_fini(&c);
	}
}

static int
setup(void **state)
{
	(void)state;
	char path[PATH_TEXT_MAX];
	return mkdtemp(home) == NULL || mkdir(path_of(".huaweicloud", path), 0700) != 0 ||
	    mkdir(path_of(".hcloud", path), 0700) != 0;
}

static int
teardown(void **state)
{
	(void)state;
	char path[PATH_TEXT_MAX];
	put_file(".huaweicloud/credentials", NULL, 0);
	put_file(".hcloud/config.json", NULL, 0);
	rmdir(path_of(".huaweicloud", path));
	rmdir(path_of(".hcloud", path));
	return rmdir(home);
}

static const char *
no_variable(void *arg, const char *name)
{
	(void)arg, (void)name;
	return NULL;
}

/* Without other credentials only a server of the cloud's own is asked for those of its agency. */
static void
test_machines(void **state)
{
	static const struct {
		const char *machine;
		bool configured;
	} machines[] = { { "HUAWEICLOUD", true }, { "OpenStack Nova", false }, { "", false },
		{ NULL, false } };
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(machines); i++) {
		struct provider_options o = { .machine = machines[i].machine,
			.world.getenv = no_variable };
		assert_int_equal(provider_huawei.configured(&o), machines[i].configured);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_exposed_file),
		cmocka_unit_test(test_agency),
		cmocka_unit_test(test_machines),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
