#include "base/hash.h"

#include "test.h"

/* Vectors of the authors (draft-eastlake-fnv, section 6 and fnv's own test_fnv.c). */
static const struct {
	const char *text;
	uint64_t hash;
} vectors[] = {
	{ "", 0xcbf29ce484222325 },
	{ "a", 0xaf63dc4c8601ec8c },
	{ "b", 0xaf63df4c8601f1a5 },
	{ "foobar", 0x85944171f73967e8 },
};

static void
test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(vectors); i++) {
		ROW(vectors[i].text);
		assert_true(hash_text(vectors[i].text) == vectors[i].hash);
	}
}

static void
test_pieces(void **state)
{
	(void)state;
	uint64_t hash = hash_add(HASH_START, "foo", 3);
	assert_true(hash_add(hash, "bar", 3) == hash_text("foobar"));
	assert_true(hash_add(hash, "", 0) == hash);
	assert_true(hash_add(HASH_START, "\xff", 2) == hash_add(hash_text("\xff"), "", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
