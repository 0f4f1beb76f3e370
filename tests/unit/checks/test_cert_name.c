#include "test.h"

#include "checks/cert_name_priv.h"

static const struct {
	const char *name;
	const char *presented;
	const char *host;
	bool match;
} rows[] = {
	{ "same name", "mx1.test.example", "mx1.test.example", true },
	{ "case does not matter", "MX1.Test.Example", "mx1.test.example", true },
	{ "final dot does not matter", "mx1.test.example.", "mx1.test.example", true },
	{ "other name", "mx2.test.example", "mx1.test.example", false },
	{ "parent", "test.example", "mx1.test.example", false },
	{ "child", "a.mx1.test.example", "mx1.test.example", false },
	{ "wildcard for one label (RFC 6125 6.4.3)", "*.test.example", "mx1.test.example", true },
	{ "wildcard in upper case", "*.TEST.example", "mx1.test.example", true },
	{ "wildcard for two labels", "*.test.example", "a.mx1.test.example", false },
	{ "wildcard for none", "*.test.example", "test.example", false },
	{ "wildcard in the middle", "mx1.*.example", "mx1.test.example", false },
	{ "part of a label", "mx*.test.example", "mx1.test.example", false },
	{ "end of a label", "*1.test.example", "mx1.test.example", false },
	{ "two wildcards", "*.*.example", "mx1.test.example", false },
	{ "wildcard over a top level (RFC 6125 7.2)", "*.example", "test.example", false },
	{ "wildcard alone", "*", "example", false },
	{ "wildcard and dot", "*.", "example", false },
	{ "wildcard and A-label", "*.test.example", "xn--mx-fka.test.example", true },
	{ "no name in the certificate", "", "mx1.test.example", false },
	{ "no host name", "mx1.test.example", "", false },
	{ "both empty", "", "", false },
	{ "broken name", "mx1..example", "mx1.test.example", false },
	{ "address as a name", "192.0.2.1", "mx1.test.example", false },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		assert_int_equal(cert_name_matches(rows[i].presented, rows[i].host), rows[i].match);
	}
}

static void
test_sets(void **state)
{
	(void)state;
	static const char *const presented[] = { "a.example", "*.b.example" };
	static const char *const first[] = { "x.example", "a.example" };
	static const char *const second[] = { "mx.b.example" };
	static const char *const none[] = { "x.example", "b.example" };
	assert_true(cert_names_match(presented, 2, first, 2));
	assert_true(cert_names_match(presented, 2, second, 1));
	assert_false(cert_names_match(presented, 2, none, 2));
	assert_false(cert_names_match(presented, 0, first, 2));
	assert_false(cert_names_match(presented, 2, first, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
