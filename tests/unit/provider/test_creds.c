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
	{ "nothing", .environment = { NULL }, .kind = CREDS_NONE, .code = ERR_NONE, .text = "",
	    .region = "", .project = "" },
	{ "the SDK's variables",
	    .environment = { "HUAWEICLOUD_SDK_AK=" AK, "HUAWEICLOUD_SDK_SK=" SK,
		"HUAWEICLOUD_SDK_PROJECT_ID=p1" },
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = "HUAWEICLOUD_SDK_AK", .region = "",
	    .project = "p1" },
	{ "region of another family",
	    .environment = { "HUAWEICLOUD_SDK_AK=" AK, "HUAWEICLOUD_SDK_SK=" SK,
		"HW_REGION_NAME=eu-de", "OS_REGION_NAME=RegionOne", "OS_PROJECT_ID=p2" },
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = "HUAWEICLOUD_SDK_AK", .region = "eu-de",
	    .project = "" },
	{ "Terraform's variables",
	    .environment = { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" SK, "HW_REGION_NAME=eu-de" },
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = "HW_ACCESS_KEY", .region = "eu-de",
	    .project = "" },
	{ "OpenStack style keys",
	    .environment = { "OS_ACCESS_KEY=" AK, "OS_SECRET_KEY=" SK, "OS_TENANT_ID=p3",
		"OS_REGION_NAME=eu-de" },
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = "OS_ACCESS_KEY", .region = "eu-de",
	    .project = "p3" },
	{ "an OpenStack user is not ours",
	    .environment = { "OS_USERNAME=u", "OS_PASSWORD=p", "OS_AUTH_URL=http://x" },
	    .kind = CREDS_NONE, .code = ERR_NONE, .text = "", .region = "", .project = "" },
	{ "a token", .environment = { "HW_AUTH_TOKEN=MII" }, .kind = CREDS_TOKEN, .code = ERR_NONE,
	    .text = "HW_AUTH_TOKEN", .region = "", .project = "" },
	{ "a password",
	    .environment = { "HW_USER_NAME=u", "HW_USER_PASSWORD=p w", "HW_DOMAIN_NAME=d" },
	    .kind = CREDS_PASSWORD, .code = ERR_NONE, .text = "HW_USER_NAME", .region = "",
	    .project = "" },
	{ "environment before file", .environment = { "HW_ACCESS_KEY=" AK2, "HW_SECRET_KEY=" SK },
	    .profile = PROFILE, .kind = CREDS_KEY, .code = ERR_NONE, .text = "HW_ACCESS_KEY",
	    .region = "", .project = "" },
	{ "profile file", .environment = { NULL }, .profile = PROFILE "project_id = p4\n",
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = ".huaweicloud/credentials", .region = "",
	    .project = "p4" },
	{ "profile file and region", .environment = { "HW_REGION_NAME=eu-de" }, .profile = PROFILE,
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = ".huaweicloud/credentials",
	    .region = "eu-de", .project = "" },
	{ "foreign sections", .environment = { NULL },
	    .profile = "[global]\nak = x\n[basic]\nother = y\n", .kind = CREDS_NONE,
	    .code = ERR_NONE, .text = "", .region = "", .project = "" },
	{ "profile file before hcloud's", .environment = { NULL }, .profile = PROFILE,
	    .hcloud = HCLOUD("\"accessKeyId\":\"x\""), .kind = CREDS_KEY, .code = ERR_NONE,
	    .text = ".huaweicloud/credentials", .region = "", .project = "" },
	{ "hcloud's file", .environment = { NULL },
	    .hcloud = HCLOUD(
		"\"mode\":\"AKSK\",\"accessKeyId\":\"" AK "\",\"secretAccessKey\":\"" SK
		"\",\"securityToken\":\"\",\"region\":\"eu-de\",\"projectId\":\"p5\""),
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = ".hcloud/config.json", .region = "eu-de",
	    .project = "p5" },
	{ "hcloud's single sign-on", .environment = { NULL },
	    .hcloud = HCLOUD(
		"\"mode\":\"SSO\",\"region\":\"eu-de\",\"ssoAuth\":{\"stsToken\":{\"accessKeyId\":"
		"\"" AK "\",\"secretAccessKey\":\"" SK "\",\"securityToken\":\"tok\"}}"),
	    .kind = CREDS_KEY, .code = ERR_NONE, .text = ".hcloud/config.json", .region = "eu-de",
	    .project = "" },
	{ "hcloud's other profile", .environment = { "HW_PROFILE=other" },
	    .hcloud = HCLOUD("\"accessKeyId\":\"" AK "\""), .kind = CREDS_NONE, .code = ERR_NONE,
	    .text = "", .region = "", .project = "" },

	{ "half: no secret", .environment = { "HUAWEICLOUD_SDK_AK=" AK }, .kind = CREDS_NONE,
	    .code = ERR_CONFIG, .text = "HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not",
	    .region = "", .project = "" },
	{ "half: no key", .environment = { "HW_SECRET_KEY=" SK }, .kind = CREDS_NONE,
	    .code = ERR_CONFIG, .text = "HW_SECRET_KEY is set, but HW_ACCESS_KEY is not",
	    .region = "", .project = "" },
	{ "half: the other half elsewhere",
	    .environment = { "HW_SECRET_KEY=" SK, "HUAWEICLOUD_SDK_AK=" AK }, .kind = CREDS_NONE,
	    .code = ERR_CONFIG, .text = "HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not",
	    .region = "", .project = "" },
	{ "half: empty counts as not set", .environment = { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG, .text = "HW_SECRET_KEY is not", .region = "",
	    .project = "" },
	{ "half: security token alone", .environment = { "HW_SECURITY_TOKEN=tok" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_SECURITY_TOKEN is set, but HW_ACCESS_KEY is not", .region = "",
	    .project = "" },
	{ "half: no password", .environment = { "HW_USER_NAME=u", "HW_DOMAIN_NAME=d" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_USER_NAME is set, but HW_USER_PASSWORD is not", .region = "",
	    .project = "" },
	{ "half: no account", .environment = { "HW_USER_NAME=u", "HW_USER_PASSWORD=pw" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_USER_NAME is set, but HW_DOMAIN_NAME is not", .region = "", .project = "" },
	{ "half: in a file", .environment = { NULL }, .profile = "[basic]\nak = " AK "\n",
	    .kind = CREDS_NONE, .code = ERR_CONFIG, .text = "credentials: ak is set, but sk is not",
	    .region = "", .project = "" },
	{ "half: in hcloud's file", .environment = { NULL },
	    .hcloud = HCLOUD("\"secretAccessKey\":\"" SK "\""), .kind = CREDS_NONE,
	    .code = ERR_CONFIG,
	    .text = "config.json: secretAccessKey is set, but accessKeyId is not", .region = "",
	    .project = "" },

	{ "malformed: line break", .environment = { "HW_ACCESS_KEY=" AK "\n", "HW_SECRET_KEY=" SK },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_ACCESS_KEY does not look like an access key", .region = "", .project = "" },
	{ "malformed: quotes", .environment = { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY='" SK "'" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_SECRET_KEY does not look like a secret key", .region = "", .project = "" },
	{ "malformed: too short", .environment = { "HW_ACCESS_KEY=AK", "HW_SECRET_KEY=" SK },
	    .kind = CREDS_NONE, .code = ERR_CONFIG, .text = "HW_ACCESS_KEY does not", .region = "",
	    .project = "" },
	{ "malformed: token with a header in it", .environment = { "HW_AUTH_TOKEN=a\r\nX: y" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_AUTH_TOKEN does not look like a token: it contains a blank or a line break",
	    .region = "", .project = "" },
	{ "malformed: region",
	    .environment = { "HW_ACCESS_KEY=" AK, "HW_SECRET_KEY=" SK,
		"HW_REGION_NAME=evil.example/x" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HW_REGION_NAME does not look like a region", .region = "", .project = "" },
	{ "malformed: project of a file", .environment = { NULL },
	    .profile = PROFILE "project_id = ../x\n", .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "project_id does not look like a project id", .region = "", .project = "" },
	{ "malformed: encrypted by hcloud", .environment = { NULL },
	    .hcloud = HCLOUD(
		"\"accessKeyId\":\"qP3/x+==\",\"secretAccessKey\":\"AAECAwQFBgcICQ==\""),
	    .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "accessKeyId does not look like an access key", .region = "", .project = "" },
	{ "malformed: no INI", .environment = { NULL }, .profile = SK "\n", .kind = CREDS_NONE,
	    .code = ERR_CONFIG, .text = "credentials:1:", .region = "", .project = "" },
	{ "malformed: no JSON", .environment = { NULL }, .hcloud = "{" SK, .kind = CREDS_NONE,
	    .code = ERR_CONFIG, .text = "config.json: not JSON", .region = "", .project = "" },
	{ "malformed: another type", .environment = { NULL }, .hcloud = HCLOUD("\"accessKeyId\":5"),
	    .kind = CREDS_NONE, .code = ERR_CONFIG, .text = "\"accessKeyId\" must be a string",
	    .region = "", .project = "" },
	{ "no such profile", .environment = { "HW_PROFILE=mine" }, .hcloud = HCLOUD("\"x\":1"),
	    .kind = CREDS_NONE, .code = ERR_CONFIG, .text = "it has no profile \"mine\"",
	    .region = "", .project = "" },
	{ "a profile, and no file", .environment = { "HW_PROFILE=mine" }, .kind = CREDS_NONE,
	    .code = ERR_CONFIG, .text = "HW_PROFILE is set, but there is no ", .region = "",
	    .project = "" },
	{ "a named file that is not there",
	    .environment = { "HUAWEICLOUD_SDK_CREDENTIALS_FILE=/nonexistent/c" },
	    .profile = PROFILE, .kind = CREDS_NONE, .code = ERR_CONFIG,
	    .text = "HUAWEICLOUD_SDK_CREDENTIALS_FILE: /nonexistent/c", .region = "",
	    .project = "" },
	{ "a named directory", .environment = { "HUAWEICLOUD_SDK_CREDENTIALS_FILE=/dev" },
	    .kind = CREDS_NONE, .code = ERR_CONFIG, .text = "/dev: ", .region = "", .project = "" },
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
