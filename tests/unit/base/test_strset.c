#include "test.h"

#include "base/strset.h"

enum { ITEMS_MAX = 8 };

static const struct row {
	const char *name;
	const char *list[ITEMS_MAX], *set[ITEMS_MAX]; /* up to NULL */
} rows[] = {
	{ "none", { NULL }, { NULL } },
	{ "one", { "a" }, { "a" } },
	{ "order", { "b", "a", "c" }, { "a", "b", "c" } },
	{ "each once", { "b", "a", "b", "a", "a" }, { "a", "b" } },
	{ "the empty string is one", { "a", "", "" }, { "", "a" } },
	{ "by bytes", { "b", "B", "\xc3\xbc", "a1" }, { "B", "a1", "b", "\xc3\xbc" } },
};

static size_t
count(const char *const *list)
{
	size_t n = 0;
	while (n < ITEMS_MAX && list[n] != NULL)
		n++;
	return n;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const char *list[ITEMS_MAX];
		size_t n_set = count(rows[i].set);
		ROW(rows[i].name);
		memcpy(list, rows[i].list, sizeof list);
		size_t n = strset_make(list, count(rows[i].list));
		assert_true(strset_equal(list, n, rows[i].set, n_set));
		assert_true(n == 0 || !strset_equal(list, n - 1, rows[i].set, n_set));
		for (size_t k = 0; k < count(rows[i].list); k++)
			assert_true(strset_has(list, n, rows[i].list[k]));
		assert_false(strset_has(list, n, "zz"));
		assert_false(strset_has(list, n, "0"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
