#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "own_dir.h"
#include "test.h"

static mode_t
mode_of(const char *path)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode;
}

static void
assert_content(const char *path, const char *want)
{
	struct buf got;
	struct err err;
	buf_init(&got, 1000);
	assert_int_equal(file_read(path, &got, &err), ERR_NONE);
	assert_string_equal(got.data, want);
	buf_fini(&got);
}

static void
put(const char *path, const char *text, mode_t mode, const struct stat *like)
{
	struct err err = { 0 };
	int fd = file_replace(path, text, strlen(text),
	    &(struct file_kind){ .mode = mode, .like = like }, &err);
	assert_string_equal(err.text, "");
	assert_true(fd >= 0);
	close(fd);
}

static void
test_make_dirs(void **state)
{
	char path[200];
	(void)state;
	assert_true(file_make_dirs("file"));
	assert_true(file_make_dirs("a/b/file"));
	assert_int_equal(mode_of("a/b"), S_IFDIR | 0700);
	assert_int_equal(access("a/b/file", F_OK), -1);
	assert_true(file_make_dirs("a/b/c/"));
	assert_true(file_make_dirs("a/b/c/"));
	assert_int_equal(mode_of("a/b/c"), S_IFDIR | 0700);
	snprintf(path, sizeof path, "%s/d//e/file", (const char *)*state);
	assert_true(file_make_dirs(path));
	assert_int_equal(mode_of("d/e"), S_IFDIR | 0700);
	assert_true(file_make_dirs("/file"));
}

static void
test_make_dirs_fails(void **state)
{
	static char path[5000];
	(void)state;
	put("file", "", 0600, NULL);
	assert_false(file_make_dirs("file/b/c"));
	assert_int_equal(errno, ENOTDIR);
	memset(path, 'a', sizeof path - 1);
	assert_false(file_make_dirs(path));
	assert_int_equal(errno, ENAMETOOLONG);
	/* a directory that cannot be made, and one there that is there all the same */
	assert_false(file_make_dirs("/proc/none/file"));
	assert_int_equal(errno, ENOENT);
	assert_true(file_make_dirs("/proc/self/file"));
}

static void
test_directory(void **state)
{
	static const char *const paths[] = { "a/file", "file", "/file", "a/" };
	char link[40], at[200], want[100];
	(void)state;
	assert_true(file_make_dirs("a/"));
	for (size_t i = 0; i < N_ELEMENTS(paths); i++) {
		ROW(paths[i]);
		int fd = file_open_dir(paths[i]);
		assert_true(fd >= 0);
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(link, at, sizeof at - 1);
		assert_true(n > 0);
		at[n] = '\0';
		snprintf(want, sizeof want, "%s%s", (const char *)*state, i == 1 ? "" : "/a");
		assert_string_equal(at, i == 2 ? "/" : want);
		close(fd);
		assert_true(i == 2 || file_sync_dir(paths[i]));
	}
	assert_int_equal(file_open_dir("none/file"), -1);
	assert_int_equal(errno, ENOENT);
	assert_false(file_sync_dir("none/file"));
}

static void
test_replace(void **state)
{
	struct stat like = { .st_mode = 0604, .st_uid = geteuid(), .st_gid = getegid() };
	(void)state;
	umask(022);
	put("file", "one", 0666, NULL);
	assert_content("file", "one");
	assert_int_equal(mode_of("file"), S_IFREG | 0644);
	put("file", "two", 0600, NULL);
	assert_content("file", "two");
	assert_int_equal(mode_of("file"), S_IFREG | 0600);
	/* no umask touches the mode of another file */
	umask(077);
	put("file", "", 0600, &like);
	assert_content("file", "");
	assert_int_equal(mode_of("file"), S_IFREG | 0604);
	assert_int_equal(access("file.mailready-new", F_OK), -1);
}

static void
test_replace_adds(void **state)
{
	struct err err;
	(void)state;
	int fd = file_replace("file", "one\n", 4,
	    &(struct file_kind){ .mode = 0600, .may_be_lost = true }, &err);
	assert_true(file_write_all(fd, "two\n", 4));
	close(fd);
	assert_content("file", "one\ntwo\n");
}

/* What another has put where the new file is made is not written through. */
static void
test_replace_is_not_led_astray(void **state)
{
	(void)state;
	put("precious", "mine", 0600, NULL);
	assert_int_equal(symlink("precious", "file.mailready-new"), 0);
	put("file", "one", 0600, NULL);
	assert_content("precious", "mine");
	assert_content("file", "one");
	assert_int_equal(mode_of("file"), S_IFREG | 0600);
}

static void
assert_fails(const char *path, const struct stat *like, enum err_code code, const char *text)
{
	struct err err;
	assert_int_equal(file_replace(path, "x", 1,
			     &(struct file_kind){ .mode = 0600, .like = like }, &err),
	    -1);
	assert_int_equal(err.code, code);
	assert_string_equal(err.text, text);
}

static void
test_replace_fails(void **state)
{
	struct stat like = { .st_mode = 0600, .st_uid = 12345, .st_gid = 12345 };
	(void)state;
	assert_fails("none/file", NULL, ERR_CANTCREAT, "none/file: No such file or directory");
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_fails("dir", NULL, ERR_IO, "dir: Is a directory");
	assert_int_equal(access("dir.mailready-new", F_OK), -1);
	if (geteuid() == 0)
		return; /* root may give files away */
	put("file", "one", 0600, NULL);
	assert_fails("file", &like, ERR_IO, "file: Operation not permitted");
	assert_content("file", "one");
	assert_int_equal(access("file.mailready-new", F_OK), -1);
}

int
main(void)
{
/* Every test begins in a directory of its own, empty. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, own_dir_enter, own_dir_leave)
	const struct CMUnitTest tests[] = {
		TEST(test_make_dirs),
		TEST(test_make_dirs_fails),
		TEST(test_directory),
		TEST(test_replace),
		TEST(test_replace_adds),
		TEST(test_replace_is_not_led_astray),
		TEST(test_replace_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
