#include "base/map.h"

#include "base/arena.h"
#include "test.h"

static void
test_empty_map_has_nothing(void **state)
{
	(void)state;
	struct map m;
	map_init(&m);
	assert_null(map_get(&m, ""));
	assert_null(map_get(&m, "x"));
	map_fini(&m);
}

static void
test_put_replaces(void **state)
{
	(void)state;
	struct map m;
	map_init(&m);
	int one, two;
	map_put(&m, "key", &one);
	map_put(&m, "", &two);
	assert_ptr_equal(map_get(&m, "key"), &one);
	assert_ptr_equal(map_get(&m, ""), &two);
	assert_null(map_get(&m, "Key"));

	char same[] = "key";
	map_put(&m, same, &two);
	assert_ptr_equal(map_get(&m, "key"), &two);
	assert_int_equal(m.n, 2);
	map_fini(&m);
	assert_null(map_get(&m, "key"));
}

static void
test_many_keys(void **state)
{
	(void)state;
	enum { N = 5000 };
	struct arena a;
	struct map m;
	static int values[N];
	arena_init(&a);
	map_init(&m);
	for (int i = 0; i < N; i++) {
		map_put(&m, arena_printf(&a, "%d.2.0.192.in-addr.arpa", i), &values[i]);
		assert_true(m.n < m.cap);
	}
	assert_int_equal(m.n, N);
	for (int i = 0; i < N; i++)
		assert_ptr_equal(map_get(&m, arena_printf(&a, "%d.2.0.192.in-addr.arpa", i)),
		    &values[i]);
	for (int i = N; i < 2 * N; i++)
		assert_null(map_get(&m, arena_printf(&a, "%d.2.0.192.in-addr.arpa", i)));
	map_fini(&m);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_map_has_nothing),
		cmocka_unit_test(test_put_replaces),
		cmocka_unit_test(test_many_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
