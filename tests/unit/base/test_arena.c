#include "base/arena.h"

#include "test.h"

static void
test_sizes_are_zeroed_and_aligned(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, 7, 8, 4000, 4096, 4097, 100000, 300000, 3 };
	struct arena a;
	arena_init(&a);
	size_t total = 0;
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < N_ELEMENTS(sizes); i++) {
			unsigned char *p = arena_alloc(&a, sizes[i]);
			assert_non_null(p);
			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(p[j], 0);
			memset(p, 0xa5, sizes[i]);
			total += sizes[i];
		}
	}
	assert_int_equal(a.total, total);
	arena_fini(&a);
	assert_null(a.head);
	assert_int_equal(a.total, 0);
}

static void
test_addresses_stay_and_do_not_overlap(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	char *kept[2000];
	for (size_t i = 0; i < N_ELEMENTS(kept); i++)
		kept[i] = arena_printf(&a, "string %zu of many", i);
	for (size_t i = 0; i < N_ELEMENTS(kept); i++) {
		char expected[40];
		snprintf(expected, sizeof expected, "string %zu of many", i);
		assert_string_equal(kept[i], expected);
	}
	arena_fini(&a);
}

/* Also what is empty has a place of its own: a list without rows is not NULL, nor its neighbour. */
static void
test_nothing_has_a_place(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	const char *one = arena_alloc(&a, 0), *two = arena_alloc(&a, 0);
	assert_non_null(one);
	assert_ptr_not_equal(one, two);
	arena_fini(&a);
}

static void
test_usable_after_fini(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	arena_alloc(&a, 10);
	arena_fini(&a);
	arena_fini(&a);
	assert_string_equal(arena_strdup(&a, "again"), "again");
	arena_fini(&a);
}

/* What a reset keeps is the first block, in its own size. */
static void
test_small(void **state)
{
	(void)state;
	struct arena a;
	arena_init_small(&a, 64);
	void *first = arena_alloc(&a, 40), *second = arena_alloc(&a, 40);
	const struct arena_block *newest = a.head;
	assert_ptr_not_equal(first, second);
	arena_reset(&a);
	assert_ptr_equal(arena_alloc(&a, 64), first);
	assert_ptr_not_equal(a.head, newest);
	assert_non_null(arena_alloc(&a, 100000));
	arena_fini(&a);
	assert_int_equal(a.first, 64);
}

static void
test_strings(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(&a, NULL, 0), "");
	assert_memory_equal(arena_strndup(&a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	const char *wide = arena_printf(&a, "%10000d|", 7);
	assert_int_equal(strlen(wide), 10001);
	assert_string_equal(wide + 9999, "7|");
	arena_fini(&a);
}

static void
test_grow_keeps_content(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	int *items = NULL;
	size_t cap = 0;
	for (size_t n = 0; n < 1000; n++) {
		const int *before = items;
		size_t cap_before = cap;
		items = arena_grow(&a, items, n, &cap, sizeof *items);
		assert_true(cap > n);
		if (n < cap_before)
			assert_ptr_equal(items, before);
		items[n] = (int)n;
	}
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(items[n], n);
	arena_fini(&a);
}

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>

/* The sanitizers see where an allocation ends, not only where its block does. */
static void
test_gaps(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 13, 16, 17, 4096, 300000 };
	struct arena a;
	arena_init(&a);
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < N_ELEMENTS(sizes); i++) {
			char *p = arena_alloc(&a, sizes[i]), *next = arena_alloc(&a, 1);
			assert_false(__asan_address_is_poisoned(p + sizes[i] - 1));
			assert_true(__asan_address_is_poisoned(p + sizes[i]));
			assert_true(__asan_address_is_poisoned(next + 1));
		}
		arena_reset(&a);
	}
	arena_fini(&a);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef __SANITIZE_ADDRESS__
		cmocka_unit_test(test_gaps),
#endif
		cmocka_unit_test(test_sizes_are_zeroed_and_aligned),
		cmocka_unit_test(test_addresses_stay_and_do_not_overlap),
		cmocka_unit_test(test_nothing_has_a_place),
		cmocka_unit_test(test_usable_after_fini),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_grow_keeps_content),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
