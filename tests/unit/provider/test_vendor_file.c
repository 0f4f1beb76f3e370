/* Tokens in the files of the vendors' own tools: which one is taken, and what is said of those that cannot be. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "provider/rest/rest_priv.h"

#include "test.h"

#define SECRET "s3cret"
#define TWO \
	"active_context = \"a\"\n\n[[contexts]]\nname = \"a\"\ntoken = \"" SECRET \
	"A\" # mine\n[contexts.preferences]\nname = \"b\"\ntoken = \"x\"\n[[contexts]]\n" \
	"token = '" SECRET "B'\nname = 'b'\n[other]\ntoken = \"y\"\n"
#define USERS \
	"[DEFAULT]\ndefault-user = me\ntoken = z\n[you]\ntoken = " SECRET \
	"Y\n[me]\nregion = eu\ntoken = " SECRET "M\n[empty]\n"
#define PROFILES \
	"access_key: SCWX\nsecret_key: " SECRET "T\nprofiles:\n  a:\n    secret_key: " SECRET \
	"A\n  b:\n    secret_key: ~\n"

static const struct {
	const char *name, *provider, *text, *wanted;
	const char *token, *choice; /* choice NULL: none */
	enum err_code code;
	const char *says;
} rows[] = {
	{ "active context", "hetzner", TWO, "", SECRET "A", "a", ERR_NONE, NULL },
	{ "context by variable, its token before its name", "hetzner", TWO, "b", SECRET "B", "b",
	    ERR_NONE, NULL },
	{ "no such context", "hetzner", TWO, "c", NULL, "c", ERR_CONFIG,
	    "FILE has no context \"c\", which is named in HCLOUD_CONTEXT" },
	{ "active context is gone", "hetzner", "active_context = \"a\"\n", "", NULL, "a",
	    ERR_CONFIG, "FILE has no context \"a\"" },
	{ "no active context", "hetzner",
	    "active_context = \"\"\n[[contexts]]\nname=\"a\"\ntoken=\"" SECRET "\"\n", "", NULL,
	    NULL, ERR_NOINPUT, NULL },
	{ "a context without token", "hetzner", "active_context = \"a\"\n[[contexts]]\nname=\"a\"",
	    "", NULL, "a", ERR_CONFIG, "FILE: the context \"a\" has no token" },
	{ "the token of the context before", "hetzner",
	    "[[contexts]]\ntoken=\"" SECRET "\"\n[[contexts]]\nname=\"a\"\n", "a", NULL, "a",
	    ERR_CONFIG, "FILE: the context \"a\" has no token" },
	{ "not in quotes", "hetzner", "[[contexts]]\ntoken = " SECRET "\n", "a", NULL, "a",
	    ERR_CONFIG, "FILE:2: expected one text in quotes" },
	{ "escapes", "hetzner", "[[contexts]]\ntoken = \"" SECRET "\\n\"\n", "a", NULL, "a",
	    ERR_CONFIG, "FILE:2: expected one text in quotes, without escapes" },
	{ "quote left open", "hetzner", "active_context = \"a", "", NULL, NULL, ERR_CONFIG,
	    "FILE:1: expected one text in quotes" },
	{ "more behind the quotes", "hetzner", "active_context = \"a\" b", "", NULL, NULL,
	    ERR_CONFIG, "FILE:1: expected one text in quotes" },
	{ "a name that would move the cursor", "hetzner", TWO, "\033[2J", NULL, NULL, ERR_CONFIG,
	    "FILE has no context" },
	{ "default user", "linode", USERS, "", SECRET "M", "me", ERR_NONE, NULL },
	{ "no default user", "linode", "[me]\ntoken = " SECRET "\n", "", NULL, NULL, ERR_NOINPUT,
	    NULL },
	{ "no such user", "linode", "[DEFAULT]\ndefault-user = him\n[me]\ntoken = " SECRET "\n", "",
	    NULL, "him", ERR_CONFIG, "FILE has no user \"him\"" },
	{ "a user without token", "linode",
	    "[me]\ntoken = " SECRET "\n[empty]\n[DEFAULT]\ndefault-user = empty\n", "", NULL,
	    "empty", ERR_CONFIG, "FILE: the user \"empty\" has no token" },
	{ "no INI file", "linode", SECRET "\n", "", NULL, NULL, ERR_CONFIG, "FILE:1: expected" },
	{ "beside the profiles", "scaleway", PROFILES, "", SECRET "T", NULL, ERR_NONE, NULL },
	{ "default profile", "scaleway", PROFILES, "default", SECRET "T", "default", ERR_NONE,
	    NULL },
	{ "active profile", "scaleway", "active_profile: a\n" PROFILES, "", SECRET "A", "a",
	    ERR_NONE, NULL },
	{ "variable before active profile", "scaleway", "active_profile: c\n" PROFILES, "a",
	    SECRET "A", "a", ERR_NONE, NULL },
	{ "a profile has what stands beside", "scaleway", PROFILES, "b", SECRET "T", "b", ERR_NONE,
	    NULL },
	{ "no such profile", "scaleway", PROFILES, "c", NULL, "c", ERR_CONFIG,
	    "FILE has no profile \"c\", which is named in SCW_PROFILE" },
	{ "profiles are no map", "scaleway", "secret_key: " SECRET "\nprofiles: [a]\n", "a", NULL,
	    "a", ERR_CONFIG, "FILE has no profile \"a\"" },
	{ "a list of keys", "scaleway", "secret_key: [" SECRET "]\n", "", NULL, NULL, ERR_CONFIG,
	    "FILE:1: expected one value of plain text" },
	{ "a NUL byte", "scaleway", "secret_key: \"" SECRET "\\0x\"\n", "", NULL, NULL, ERR_CONFIG,
	    "FILE:1: expected one value of plain text" },
	{ "no key", "scaleway", "send_telemetry: true\n", "", NULL, NULL, ERR_NOINPUT, NULL },
	{ "no YAML", "scaleway", "secret_key: \"" SECRET "\n", "", NULL, NULL, ERR_CONFIG,
	    "FILE:" },
	{ "one key", "vultr", "api-key: " SECRET "\nbase: x\n", "", SECRET, NULL, ERR_NONE, NULL },
	{ "empty key", "vultr", "api-key:\n", "", NULL, NULL, ERR_NOINPUT, NULL },
	{ "empty file", "vultr", "", "", NULL, NULL, ERR_NOINPUT, NULL },
};

static void
the_chosen_token_is_read(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct rest_file *f = provider_by_name(rows[i].provider)->rest->file;
		struct arena a;
		struct rest_found found;
		struct err err = { .text = "" };
		ROW(rows[i].name);
		arena_init(&a);
		enum err_code code = rest_file_read_text(f, "FILE", rows[i].text,
		    strlen(rows[i].text), rows[i].wanted, &a, &found, &err);
		if (code != rows[i].code ||
		    (rows[i].says != NULL && strstr(err.text, rows[i].says) == NULL))
			fail_msg("%d: %s", (int)code, err.text);
		assert_null(strstr(err.text, SECRET));
		assert_null(strchr(err.text, '\033'));
		if (rows[i].token == NULL)
			assert_null(found.token);
		else
			assert_string_equal(found.token, rows[i].token);
		if (rows[i].choice != NULL)
			assert_string_equal(found.choice, rows[i].choice);
		else
			assert_true(found.choice == NULL || rows[i].code == ERR_CONFIG);
		secret_free(found.token);
		arena_fini(&a);
	}
}

/* ---- in their places */

static char home[64];

static const struct {
	const char *name, *provider;
	const char *path; /* below home; NULL: no file */
	const char *text;
	mode_t mode;
	const char *variables[2]; /* "NAME=" and, where it ends in /, what is below home */
	bool configured;
	enum err_code code;
	const char *says; /* an error, else the source */
	const char *warns;
} places[] = {
	{ "hcloud", "hetzner", ".config/hcloud/cli.toml", TWO, 0600, { NULL }, true, ERR_NONE,
	    "/.config/hcloud/cli.toml (context a)", NULL },
	{ "hcloud has its own place, whatever XDG says", "hetzner", ".config/hcloud/cli.toml", TWO,
	    0600, { "XDG_CONFIG_HOME=/nowhere" }, true, ERR_NONE, "(context a)", NULL },
	{ "another context", "hetzner", ".config/hcloud/cli.toml", TWO, 0600,
	    { "HCLOUD_CONTEXT=b" }, true, ERR_NONE, "(context b)", NULL },
	{ "others may read it", "hetzner", ".config/hcloud/cli.toml", TWO, 0644, { NULL }, true,
	    ERR_NONE, "(context a)", "may read it (mode 0644)" },
	{ "nothing secret in it", "hetzner", ".config/hcloud/cli.toml", "active_context = \"\"\n",
	    0644, { NULL }, false, ERR_CONFIG, "no token: set HCLOUD_TOKEN", NULL },
	{ "a context that does not exist", "hetzner", ".config/hcloud/cli.toml", TWO, 0600,
	    { "HCLOUD_CONTEXT=c" }, true, ERR_CONFIG, "cli.toml has no context \"c\"", NULL },
	{ "a context without file", "hetzner", NULL, NULL, 0, { "HCLOUD_CONTEXT=c" }, true,
	    ERR_CONFIG, "HCLOUD_CONTEXT is set, but there is no /", NULL },
	{ "a file that does not exist", "hetzner", NULL, NULL, 0, { "HCLOUD_CONFIG=/nowhere/f" },
	    true, ERR_CONFIG, "HCLOUD_CONFIG: /nowhere/f", NULL },
	{ "no file", "hetzner", NULL, NULL, 0, { NULL }, false, ERR_CONFIG,
	    "no token: set HCLOUD_TOKEN", NULL },
	{ "a variable goes before", "hetzner", ".config/hcloud/cli.toml", "nonsense", 0600,
	    { "HCLOUD_TOKEN=t" }, true, ERR_NONE, "HCLOUD_TOKEN", NULL },
	{ "linode-cli", "linode", ".config/linode-cli", USERS, 0600, { NULL }, true, ERR_NONE,
	    "/.config/linode-cli (user me)", NULL },
	{ "its old place", "linode", ".linode-cli", USERS, 0600, { NULL }, true, ERR_NONE,
	    "/.linode-cli (user me)", NULL },
	{ "scw", "scaleway", ".config/scw/config.yaml", PROFILES, 0600, { "SCW_PROFILE=a" }, true,
	    ERR_NONE, "/.config/scw/config.yaml (profile a)", NULL },
	{ "scw, where XDG says", "scaleway", "xdg/scw/config.yaml", PROFILES, 0600,
	    { "XDG_CONFIG_HOME=" }, true, ERR_NONE, "/xdg/scw/config.yaml", NULL },
	{ "a line break", "scaleway", ".config/scw/config.yaml",
	    "secret_key: \"" SECRET "\\nX-Other: 1\"\n", 0600, { NULL }, true, ERR_CONFIG,
	    "config.yaml is not a valid token: it contains a line break", NULL },
	{ "vultr-cli", "vultr", ".vultr-cli.yaml", "api-key: " SECRET "\n", 0600, { NULL }, true,
	    ERR_NONE, "/.vultr-cli.yaml", NULL },
	{ "vultr-cli, its new place", "vultr", ".config/vultr-cli.yaml", "api-key: " SECRET "\n",
	    0600, { NULL }, true, ERR_NONE, "/.config/vultr-cli.yaml", NULL },
	{ "a control byte", "vultr", ".vultr-cli.yaml", "api-key: \"" SECRET "\\x07\"\n", 0600,
	    { NULL }, true, ERR_CONFIG, "contains a blank or control character", NULL },
};

static const char *const *variables; /* of the row */

static const char *
get_variable(void *arg, const char *name)
{
	static char value[128];
	(void)arg;
	if (strcmp(name, "HOME") == 0)
		return home;
	for (size_t i = 0; i < 2 && variables[i] != NULL; i++) {
		size_t len = strlen(name);
		if (strncmp(variables[i], name, len) != 0 || variables[i][len] != '=')
			continue;
		snprintf(value, sizeof value, "%s/xdg", home);
		return variables[i][len + 1] != '\0' ? variables[i] + len + 1 : value;
	}
	return NULL;
}

static void
put_file(const char *name, const char *text, mode_t mode)
{
	char path[128];
	int n = snprintf(path, sizeof path, "%s/%s", home, name);
	assert_true(n > 0 && (size_t)n < sizeof path);
	if (text == NULL) {
		assert_int_equal(unlink(path), 0);
		return;
	}
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void
check_opened(size_t i, struct provider_session *s, enum err_code code, const struct err *err)
{
	const struct rest *rest = s->state;
	const char *said = code == ERR_NONE ? rest->source : err->text;
	if (code != places[i].code || strstr(said, places[i].says) == NULL)
		fail_msg("%d: %s", (int)code, said);
	assert_null(strstr(said, SECRET));
	assert_int_equal(s->warnings[0] != '\0', places[i].warns != NULL);
	if (places[i].warns != NULL)
		assert_non_null(strstr(s->warnings, places[i].warns));
}

static void
files_are_found_in_their_places(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(places); i++) {
		struct provider_options o = { .region = "",
			.project = "",
			.cloud = "",
			.world = { .getenv = get_variable } };
		struct provider_session s = { .provider = provider_by_name(places[i].provider),
			.options = &o };
		struct err err = { .text = "" };
		ROW(places[i].name);
		variables = places[i].variables;
		if (places[i].path != NULL)
			put_file(places[i].path, places[i].text, places[i].mode);
		arena_init(&s.arena);
		assert_int_equal(s.provider->configured(&o), places[i].configured);
		enum err_code code = s.provider->open(&s, &err);
		check_opened(i, &s, code, &err);
		s.provider->close(&s);
		arena_fini(&s.arena);
		if (places[i].path != NULL)
			put_file(places[i].path, NULL, 0);
	}
}

static const char *const folders[] = { "", ".config", ".config/hcloud", ".config/scw", "xdg",
	"xdg/scw" };

static int
make_home(void **state)
{
	(void)state;
	int failed = 0;
	snprintf(home, sizeof home, "/tmp/mailready-vendor.XXXXXX");
	if (mkdtemp(home) == NULL)
		return 1;
	for (size_t i = 1; i < N_ELEMENTS(folders); i++) {
		char path[128];
		snprintf(path, sizeof path, "%s/%s", home, folders[i]);
		failed |= mkdir(path, 0700);
	}
	return failed;
}

static int
remove_home(void **state)
{
	(void)state;
	int failed = 0;
	for (size_t i = N_ELEMENTS(folders); i-- > 0;) {
		char path[128];
		snprintf(path, sizeof path, "%s/%s", home, folders[i]);
		failed |= rmdir(path);
	}
	return failed;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_chosen_token_is_read),
		cmocka_unit_test(files_are_found_in_their_places),
	};
	return cmocka_run_group_tests(tests, make_home, remove_home);
}
