/* What is written by hand in the manual: its references lead somewhere, and nothing is said twice. */
#include "test.h"

#include <glob.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum { PAGE_MAX = 1 << 20, PATH_LEN = 80, LINE_MAX_LEN = 200, LINE_LONG = 50 };

static void
read_page(const char *path, struct buf *page)
{
	struct err err;
	buf_init(page, PAGE_MAX);
	if (file_read(path, page, &err) != ERR_NONE)
		fail_msg("%s", err.text);
}

/* Calls look for all pages, in the order of their names. */
static void
for_each_page(void (*look)(const char *path, const char *page))
{
	glob_t found;
	assert_int_equal(glob("man/*.[1-9]", 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 10);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct buf page;
		read_page(found.gl_pathv[i], &page);
		look(found.gl_pathv[i], page.data);
		buf_fini(&page);
	}
	globfree(&found);
}

static void
look_at_references(const char *path, const char *page)
{
	for (const char *c = page; (c = strstr(c, "Xr ")) != NULL; c++) {
		char name[PATH_LEN], file[2 * PATH_LEN], section;
		assert_int_equal(sscanf(c, "Xr %79s %c", name, &section), 2);
		snprintf(file, sizeof file, "man/%s.%c", name, section);
		if (strstr(name, "mailready") != NULL && access(file, F_OK) != 0)
			fail_msg("%s refers to %s", path, file);
	}
}

/* Each page of ours that a page refers to is there. */
static void
test_references(void **state)
{
	(void)state;
	for_each_page(look_at_references);
}

/*
 * The next line at *at that is long enough to be a sentence and is not made from a table, with the
 * newlines around it; false at the end.
 */
static bool
next_line(const char **at, bool *by_hand, char line[LINE_MAX_LEN])
{
	while (**at != '\0') {
		const char *c = *at;
		size_t len = strcspn(c, "\n");
		*at += len + (c[len] == '\n');
		if (strncmp(c, ".\\\" BEGIN", 9) == 0)
			*by_hand = false;
		if (strncmp(c, ".\\\" END", 7) == 0)
			*by_hand = true;
		if (*by_hand && c[0] != '.' && len > LINE_LONG && len + 3 < LINE_MAX_LEN) {
			snprintf(line, LINE_MAX_LEN, "\n%.*s\n", (int)len, c);
			return true;
		}
	}
	return false;
}

static const char *looked_at_path, *looked_at; /* the page that others are compared with */

static void
look_for_its_lines(const char *path, const char *page)
{
	char line[LINE_MAX_LEN];
	bool by_hand = true;
	const char *at = looked_at;
	while (strcmp(path, looked_at_path) > 0 && next_line(&at, &by_hand, line))
		if (strstr(page, line) != NULL)
			fail_msg("%s and %s both say:%s", looked_at_path, path, line);
}

static void
look_at_others(const char *path, const char *page)
{
	looked_at_path = path;
	looked_at = page;
	for_each_page(look_for_its_lines);
}

/* What a page says by hand, no other page says: the manual has one place for each thing. */
static void
test_said_once(void **state)
{
	(void)state;
	for_each_page(look_at_others);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_said_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
