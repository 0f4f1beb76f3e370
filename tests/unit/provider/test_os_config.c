/* The cloud of a clouds.yaml, its secure.yaml, and the variables beside them. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provider/openstack/config_priv.h"
#include "provider/provider_priv.h"
#include "test.h"

#define AUTH \
	"auth: {auth_url: 'https://keystone.example/v3', username: u, project_name: p, " \
	"user_domain_name: Default, project_domain_name: Default"
#define CLOUD "clouds: {mine: {region_name: r1, " AUTH
#define SECRET "TopSecretOfTheTest"

enum { VARIABLES = 4 };

static char home[64];
static const char *const *now; /* getenv has no argument of its own */

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	size_t len = strlen(name);
	if (strcmp(name, "HOME") == 0)
		return home;
	for (size_t i = 0; i < VARIABLES && now[i] != NULL; i++)
		if (strncmp(now[i], name, len) == 0 && now[i][len] == '=')
			return now[i] + len + 1;
	return NULL;
}

static const struct {
	const char *name;
	const char *clouds, *secure; /* content of the files; NULL: not there */
	mode_t mode;                 /* of secure.yaml; 0: 0600 */
	const char *variables[VARIABLES];
	const char *region, *project; /* of the options */
	enum err_code code;
	const char *says; /* in the error */
	const char *warns;
	enum os_field field;
	const char *value; /* of the field */
} rows[] = {
	{ "one file", .clouds = CLOUD ", password: " SECRET "}}}", .variables = { "OS_CLOUD=mine" },
	    .field = OS_PASSWORD, .value = SECRET },
	{ "the secret beside it", .clouds = CLOUD "}}}",
	    .secure = "clouds: {mine: {auth: {password: " SECRET "}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_PASSWORD, .value = SECRET },
	{ "the file beside it overrules", .clouds = CLOUD ", password: overruled}}}",
	    .secure = "clouds: {mine: {auth: {password: " SECRET "}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_PASSWORD, .value = SECRET },
	{ "a password of two lines",
	    .variables = { "OS_AUTH_URL=https://k.example", "OS_USERNAME=u",
		"OS_PASSWORD=" SECRET "\n" SECRET, "OS_PROJECT_NAME=p" },
	    .code = ERR_CONFIG, .says = "OS_PASSWORD is not valid: it contains a line break" },
	{ "an application credential with a line break",
	    .variables = { "OS_AUTH_URL=https://k.example",
		"OS_APPLICATION_CREDENTIAL_SECRET=" SECRET "\r", "OS_APPLICATION_CREDENTIAL_ID=i" },
	    .code = ERR_CONFIG, .says = "OS_APPLICATION_CREDENTIAL_SECRET is not valid" },
	{ "a line break in a file", .clouds = CLOUD ", password: \"" SECRET "\\n\"}}}",
	    .variables = { "OS_CLOUD=mine" }, .code = ERR_CONFIG,
	    .says = "password is not valid: it contains a line break" },
	{ "no password anywhere", .clouds = CLOUD "}}}", .variables = { "OS_CLOUD=mine" },
	    .code = ERR_CONFIG, .says = "password" },
	{ "a cloud that the file does not have", .clouds = CLOUD "}}}",
	    .variables = { "OS_CLOUD=other" }, .code = ERR_CONFIG, .says = "other" },
	{ "no file at all", .variables = { "OS_CLOUD=mine" }, .code = ERR_CONFIG,
	    .says = "clouds.yaml" },
	{ "a file that is no YAML", .clouds = "clouds: {", .variables = { "OS_CLOUD=mine" },
	    .code = ERR_CONFIG, .says = "clouds.yaml" },
	{ "the file beside it is broken", .clouds = CLOUD ", password: x}}}", .secure = "{",
	    .variables = { "OS_CLOUD=mine" }, .code = ERR_CONFIG, .says = "secure.yaml" },
	{ "others can read the secret", .clouds = CLOUD "}}}",
	    .secure = "clouds: {mine: {auth: {password: " SECRET "}}}", .mode = 0640,
	    .variables = { "OS_CLOUD=mine" }, .warns = "secure.yaml", .field = OS_PASSWORD,
	    .value = SECRET },
	{ "the region of the file", .clouds = CLOUD ", password: x}}}",
	    .variables = { "OS_CLOUD=mine", "OS_REGION_NAME=r2" }, .field = OS_REGION,
	    .value = "r1" },
	{ "the region of the options", .clouds = CLOUD ", password: x}}}", .region = "r3",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_REGION, .value = "r3" },
	{ "a variable beside a file", .clouds = CLOUD ", password: x}}}",
	    .variables = { "OS_CLOUD=mine", "OS_CACERT=/ca.pem" }, .field = OS_CACERT,
	    .value = "/ca.pem" },
	{ "the project of the options", .clouds = CLOUD ", password: x}}}", .project = "p9",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_PROJECT_ID, .value = "p9" },
	{ "domains beside auth count more than in it",
	    .clouds = "clouds: {mine: {region_name: r1, user_domain_name: Beside, " AUTH
		      ", password: x}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_USER_DOMAIN_NAME, .value = "Beside" },
	{ "the project's as well",
	    .clouds = "clouds: {mine: {project_domain_id: d9, " AUTH ", password: x}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_PROJECT_DOMAIN_ID, .value = "d9" },
	{ "a user beside auth counts less",
	    .clouds = "clouds: {mine: {username: beside, password: x, " AUTH "}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_USERNAME, .value = "u" },
	{ "a password beside auth", .clouds = "clouds: {mine: {password: " SECRET ", " AUTH "}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_PASSWORD, .value = SECRET },
	{ "nothing, as YAML writes it",
	    .clouds = "clouds: {mine: {cacert: null, " AUTH ", password: x}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_CACERT, .value = "" },
	{ "the same in another way",
	    .clouds = "clouds: {mine: {cacert: ~, region_name: , " AUTH ", password: x}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_REGION, .value = "" },
	{ "a project that is called so",
	    .clouds = "clouds: {mine: {project_name: 'null', " AUTH ", password: x}}}",
	    .variables = { "OS_CLOUD=mine" }, .field = OS_PROJECT_NAME, .value = "null" },
	{ "nothing for a secret does not hide the other file's",
	    .clouds = CLOUD ", password: " SECRET "}}}",
	    .secure = "clouds: {mine: {auth: {password: ~}}}", .variables = { "OS_CLOUD=mine" },
	    .field = OS_PASSWORD, .value = SECRET },
	{ "one cloud, and nobody names it", .clouds = CLOUD ", password: " SECRET "}}}",
	    .field = OS_PASSWORD, .value = SECRET },
	{ "two clouds, and nobody names one", .clouds = "clouds: {mine: {}, yours: {}}",
	    .code = ERR_CONFIG, .says = "(mine, yours): name one in OS_CLOUD" },
	{ "no cloud at all", .code = ERR_CONFIG, .says = "name one of clouds.yaml in OS_CLOUD" },
	{ "a profile that would name the address",
	    .clouds = "clouds: {mine: {profile: vexxhost, auth: {username: u, password: x}}}",
	    .variables = { "OS_CLOUD=mine" }, .code = ERR_CONFIG,
	    .says = "what its key profile stands for is not read" },
	{ "values of regions",
	    .clouds = "clouds: {mine: {regions: [{name: r1, values: {auth: "
		      "{auth_url: 'https://k.example'}}}]}}",
	    .variables = { "OS_CLOUD=mine" }, .code = ERR_CONFIG, .says = "its key regions" },
	{ "the password of the environment", .clouds = CLOUD "}}}",
	    .variables = { "OS_CLOUD=mine", "OS_PASSWORD=" SECRET }, .field = OS_PASSWORD,
	    .value = SECRET },
	{ "that of the file goes first", .clouds = CLOUD ", password: " SECRET "}}}",
	    .variables = { "OS_CLOUD=mine", "OS_PASSWORD=other" }, .field = OS_PASSWORD,
	    .value = SECRET },
	{ "variables alone",
	    .variables = { "OS_AUTH_URL=https://keystone.example/v3",
		"OS_APPLICATION_CREDENTIAL_ID=i", "OS_APPLICATION_CREDENTIAL_SECRET=" SECRET },
	    .field = OS_CREDENTIAL_SECRET, .value = SECRET },
};

static void
path_of(const char *file, char out[128])
{
	snprintf(out, 128, "%s/.config/openstack/%s", home, file);
}

static void
put_file(const char *file, const char *text, mode_t mode)
{
	char path[128];
	path_of(file, path);
	(void)unlink(path);
	if (text == NULL)
		return;
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
run_row(size_t i)
{
	struct provider_options options = { .region = rows[i].region != NULL ? rows[i].region : "",
		.project = rows[i].project != NULL ? rows[i].project : "",
		.cloud = "",
		.world = { .getenv = get_variable } };
	struct provider_session s = { .options = &options };
	struct os_config c = { .from_file = false };
	struct err err = { .text = "" };
	now = rows[i].variables;
	put_file("clouds.yaml", rows[i].clouds, 0600);
	put_file("secure.yaml", rows[i].secure, rows[i].mode != 0 ? rows[i].mode : 0600);
	arena_init(&s.arena);
	enum err_code code = os_config_read(&s, &c, &err);
	if (code != rows[i].code)
		fail_msg("code %d: %s", (int)code, err.text);
	if (code != ERR_NONE && strstr(err.text, rows[i].says) == NULL)
		fail_msg("%s", err.text);
	if (code == ERR_NONE)
		assert_string_equal(os_get(&c, rows[i].field), rows[i].value);
	if (rows[i].warns != NULL)
		assert_non_null(strstr(s.warnings, rows[i].warns));
	else
		assert_string_equal(s.warnings, "");
	assert_null(strstr(err.text, SECRET));
	const char *first = rows[i].variables[0];
	if (code == ERR_NONE)
		assert_int_equal(c.from_file, first == NULL || first[3] == 'C');
	os_config_fini(&c);
	arena_fini(&s.arena);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		run_row(i);
	}
}

/* The file of secrets may be elsewhere. */
static void
test_secure_file(void **state)
{
	(void)state;
	char path[128], variable[160];
	const char *variables[VARIABLES] = { "OS_CLOUD=mine", variable };
	struct provider_options options = { .region = "",
		.project = "",
		.cloud = "",
		.world = { .getenv = get_variable } };
	struct provider_session s = { .options = &options };
	struct os_config c = { .from_file = false };
	struct err err = { .text = "" };
	path_of("elsewhere.yaml", path);
	snprintf(variable, sizeof variable, "OS_CLIENT_SECURE_FILE=%s", path);
	put_file("clouds.yaml", CLOUD "}}}", 0600);
	put_file("secure.yaml", "clouds: {mine: {auth: {password: beside}}}", 0600);
	put_file("elsewhere.yaml", "clouds: {mine: {auth: {password: elsewhere}}}", 0600);
	now = variables;
	arena_init(&s.arena);
	assert_int_equal(os_config_read(&s, &c, &err), ERR_NONE);
	assert_string_equal(os_get(&c, OS_PASSWORD), "elsewhere");
	put_file("elsewhere.yaml", NULL, 0);
	os_config_fini(&c);
	arena_fini(&s.arena);
}

/* A file that is named goes before the user's own. */
static void
test_named_file(void **state)
{
	(void)state;
	char path[128], variable[160];
	const char *variables[VARIABLES] = { "OS_CLOUD=mine", variable };
	struct provider_options options = { .region = "",
		.project = "",
		.cloud = "",
		.world = { .getenv = get_variable } };
	struct provider_session s = { .options = &options };
	struct os_config c = { .from_file = false };
	struct err err = { .text = "" };
	path_of("named.yaml", path);
	snprintf(variable, sizeof variable, "OS_CLIENT_CONFIG_FILE=%s", path);
	put_file("clouds.yaml", CLOUD ", password: users}}}", 0600);
	put_file("named.yaml", CLOUD ", password: named}}}", 0600);
	put_file("secure.yaml", NULL, 0);
	now = variables;
	arena_init(&s.arena);
	assert_int_equal(os_config_read(&s, &c, &err), ERR_NONE);
	assert_string_equal(os_get(&c, OS_PASSWORD), "named");
	assert_non_null(strstr(c.source, "named.yaml"));
	assert_true(os_config_found(&options));
	variables[0] = NULL;
	assert_false(os_config_found(&options));
	variables[0] = "OS_AUTH_URL=https://keystone.example";
	assert_true(os_config_found(&options));
	put_file("named.yaml", NULL, 0);
	os_config_fini(&c);
	arena_fini(&s.arena);
}

static int
make_home(void **state)
{
	(void)state;
	char path[128];
	snprintf(home, sizeof home, "/tmp/mailready-os.XXXXXX");
	if (mkdtemp(home) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/.config", home);
	if (mkdir(path, 0700) != 0)
		return 1;
	path_of("", path);
	return mkdir(path, 0700);
}

static int
remove_home(void **state)
{
	(void)state;
	char path[128];
	put_file("clouds.yaml", NULL, 0);
	put_file("secure.yaml", NULL, 0);
	path_of("", path);
	int left = rmdir(path);
	snprintf(path, sizeof path, "%s/.config", home);
	return left + rmdir(path) + rmdir(home);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_secure_file),
		cmocka_unit_test(test_named_file),
	};
	return cmocka_run_group_tests(tests, make_home, remove_home);
}
