/* Where lists and keys are read from, with a user's configuration of its own. */
#include "lists/source.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "test.h"

static char home[64];

static char *
path_of(const char *file, char out[128])
{
	snprintf(out, 128, "%s/mailready/%s", home, file);
	return out;
}

static void
write_file(const char *file, const char *text)
{
	char path[128];
	FILE *f = fopen(path_of(file, path), "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static const struct {
	const char *name;
	const char *lists_ini, *keys_ini; /* of the user; NULL: none */
	const char *files[2], *only, *skip, *keys;
	enum list_set set;
	bool whole;
	enum err_code code;
	const char *asked, *not_asked; /* zones; or asked is a part of the error */
} rows[] = {
	{ "by default those that matter", .asked = "zen.spamhaus.org", .not_asked = "all.s5h.net" },
	{ "one of the user's own",
	    .lists_ini = "[mine.example]\nimpact = high\ncode.127.0.0.2 = high x\n",
	    .asked = "mine.example", .not_asked = "all.s5h.net" },
	{ "the user's file is wrong", .lists_ini = "[mine.example]\nnosuch = 1\n", .code = ERR_DATA,
	    .asked = "lists.ini" },
	{ "all of them", .set = LIST_SET_ALL, .asked = "all.s5h.net" },
	{ "one that only the whole catalogue knows", .only = "all.s5h.net", .asked = "all.s5h.net",
	    .not_asked = "zen.spamhaus.org" },
	{ "one is skipped", .skip = "zen.spamhaus.org", .not_asked = "zen.spamhaus.org",
	    .asked = "bl.spamcop.net" },
	{ "without a key", .not_asked = "dq.spamhaus.net", .asked = "zen.spamhaus.org" },
	{ "with the user's key", .keys_ini = "[keys]\nspamhaus-dqs = SecretOfTheTest\n",
	    .asked = "zen.dq.spamhaus.net", .not_asked = "zen.spamhaus.org" },
	{ "a file of keys that is named, but is not there", .keys = "/nonexistent/keys.ini",
	    .code = ERR_NOINPUT, .asked = "/nonexistent/keys.ini" },
	{ "a file of lists alone", .files = { "a.txt" }, .asked = "a.example",
	    .not_asked = "zen.spamhaus.org" },
	{ "two files", .files = { "a.txt", "b.txt" }, .asked = "b.example",
	    .not_asked = "zen.spamhaus.org" },
	{ "a file that is not there", .files = { "nosuch.txt" }, .code = ERR_NOINPUT,
	    .asked = "expected default, critical, all or a file of lists" },
	{ "the whole is read, the choice stays", .whole = true, .asked = "zen.spamhaus.org",
	    .not_asked = "all.s5h.net" },
};

static bool
has_list(const struct catalogue *c, const char *zone)
{
	return catalogue_find(c, zone) != NULL;
}

static void
run_row(size_t i)
{
	char paths[2][128], unused[128];
	const char *files[2];
	struct lists_options o = { .set = rows[i].set,
		.files = files,
		.only = &rows[i].only,
		.n_only = rows[i].only != NULL,
		.skip = &rows[i].skip,
		.n_skip = rows[i].skip != NULL,
		.keys = rows[i].keys };
	struct lists_source s;
	struct arena a;
	struct err err = { .text = "" };
	for (; o.n_files < 2 && rows[i].files[o.n_files] != NULL; o.n_files++)
		files[o.n_files] = path_of(rows[i].files[o.n_files], paths[o.n_files]);
	if (rows[i].lists_ini != NULL)
		write_file("lists.ini", rows[i].lists_ini);
	if (rows[i].keys_ini != NULL)
		write_file("keys.ini", rows[i].keys_ini);
	arena_init(&a);
	enum err_code code = lists_open(&s, &o, rows[i].whole, &a, &err);
	if (code != rows[i].code)
		fail_msg("code %d: %s", (int)code, err.text);
	if (code != ERR_NONE)
		assert_non_null(strstr(err.text, rows[i].asked));
	if (code == ERR_NONE && !has_list(&s.selection.lists, rows[i].asked))
		fail_msg("%s is not asked", rows[i].asked);
	if (rows[i].not_asked != NULL && has_list(&s.selection.lists, rows[i].not_asked))
		fail_msg("%s is asked", rows[i].not_asked);
	if (code == ERR_NONE)
		assert_int_equal(has_list(&s.all, "all.s5h.net"),
		    rows[i].whole || rows[i].set == LIST_SET_ALL ||
			o.n_only + o.n_skip + o.n_files > 0);
	lists_close(&s);
	arena_fini(&a);
	(void)unlink(path_of("lists.ini", unused));
	(void)unlink(path_of("keys.ini", unused));
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

static void
test_no_data(void **state)
{
	(void)state;
	struct lists_options o = { .n_files = 0 };
	struct lists_source s;
	struct arena a;
	struct err err = { .text = "" };
	arena_init(&a);
	setenv("MAILREADY_DATA", "/nonexistent", 1);
	assert_int_equal(lists_open(&s, &o, false, &a, &err), ERR_CONFIG);
	assert_non_null(strstr(err.text, "/nonexistent/lists/ip.ini"));
	lists_close(&s);
	setenv("MAILREADY_DATA", "data", 1);
	arena_fini(&a);
}

static int
make_home(void **state)
{
	(void)state;
	const char *tmp = getenv("TMPDIR");
	char path[128];
	snprintf(home, sizeof home, "%s/mailready-source.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(home) == NULL || mkdir(path_of("", path), 0700) != 0)
		return 1;
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("MAILREADY_DATA", "data", 1);
	write_file("a.txt", "a.example\n");
	write_file("b.txt", "b.example\n");
	return 0;
}

static int
remove_home(void **state)
{
	(void)state;
	char path[128];
	(void)unlink(path_of("a.txt", path));
	(void)unlink(path_of("b.txt", path));
	return rmdir(path_of("", path)) != 0 || rmdir(home) != 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_data),
	};
	return cmocka_run_group_tests(tests, make_home, remove_home);
}
