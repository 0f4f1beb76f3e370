#include "base/enumtab.h"

#include "test.h"

static const struct enumtab_row colours[] = { { "red", 1 }, { "green", 2 }, { "blue", -3 } };
static const struct enumtab table = ENUMTAB(colours);

static void
test_both_directions(void **state)
{
	(void)state;
	int code = 99;
	assert_string_equal(enumtab_name(&table, -3), "blue");
	assert_string_equal(enumtab_name(&table, 0), "unknown");
	assert_true(enumtab_code(&table, "GREEN", &code));
	assert_int_equal(code, 2);
	assert_false(enumtab_code(&table, "gree", &code));
	assert_false(enumtab_code(&table, "greens", &code));
	assert_false(enumtab_code(&table, "", &code));
	assert_int_equal(code, 2);
}

static void
test_choices(void **state)
{
	(void)state;
	static const struct {
		size_t n;
		const char *text;
	} cases[] = {
		{ 0, "" },
		{ 1, "red" },
		{ 2, "red or green" },
		{ 3, "red, green or blue" },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].text);
		struct enumtab part = { colours, cases[i].n };
		char out[64];
		assert_ptr_equal(enumtab_choices(&part, out, sizeof out), out);
		assert_string_equal(out, cases[i].text);
	}
	for (size_t size = 1; size < 20; size++) {
		char out[20];
		memset(out, '#', sizeof out);
		enumtab_choices(&table, out, size);
		assert_int_equal(strlen(out), size - 1 < 18 ? size - 1 : 18);
		assert_memory_equal(out, "red, green or blue", strlen(out));
	}
}

static const struct enumtab_row same_name[] = { { "a", 1 }, { "b", 2 }, { "A", 3 } };
static const struct enumtab_row same_code[] = { { "a", 1 }, { "b", 2 }, { "c", 1 } };
static const struct enumtab_row empty_name[] = { { "a", 1 }, { "", 2 } };
static const struct enumtab_row no_name[] = { { NULL, 1 } };

static void
test_soundness(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct enumtab table;
		bool sound;
	} cases[] = {
		{ "sound", ENUMTAB(colours), true },
		{ "a name twice", ENUMTAB(same_name), false },
		{ "a code twice", ENUMTAB(same_code), false },
		{ "an empty name", ENUMTAB(empty_name), false },
		{ "no name", ENUMTAB(no_name), false },
		{ "no rows", { colours, 0 }, false },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		assert_int_equal(enumtab_is_sound(&cases[i].table), cases[i].sound);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_directions),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_soundness),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
