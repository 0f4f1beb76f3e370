/* The schemas in data/ know every word of the tables that the JSON takes words from. */
#include "test.h"

#include <jansson.h>

#include "base/json.h"
#include "checks/finding.h"
#include "lists/catalogue.h"
#include "report/past.h"
#include "report/preflight.h"
#include "smtp/dialogue.h"
#include "views/receivers.h"
#include "views/views.h"

static const struct word_case {
	const char *path; /* members from the root to the enum, between slashes */
	const struct enumtab *words;
	size_t more; /* words that come from elsewhere, null included */
} cases[] = {
	{ "properties/ptr/properties/status/enum", &ptr_status_names, 0 },
	{ "properties/iprev/properties/result/enum", &iprev_result_names, 0 },
	{ "properties/generic/properties/class/enum", &generic_class_names, 1 },
	{ "properties/ehlo/properties/source/enum", &ehlo_source_names, 0 },
	{ "properties/ehlo/properties/result/enum", &iprev_result_names, 1 },
	{ "properties/lists/items/properties/state/enum", &list_state_names, 0 },
	{ "properties/lists/items/properties/impact/enum", &list_impact_names, 0 },
	{ "properties/lists/items/properties/kind/enum", &list_kind_names, 0 },
	{ "properties/findings/items/properties/verdict/enum", &verdict_names, 0 },
	{ "properties/findings/items/properties/severity/enum", &severity_names, 0 },
	{ "$defs/demand_state/enum", &demand_state_names, 0 },
	{ "properties/receivers/items/properties/demands/items/properties/demand/enum",
	    &receiver_demand_names, 0 },
	{ "$defs/dns/properties/status/enum", &dns_status_names, 0 },
	{ "$defs/dns/properties/type/enum", &dns_type_names, 0 },
	{ "$defs/smtp/properties/status/enum", &smtp_status_names, 0 },
	{ "$defs/smtp/properties/tls/enum", &smtp_tls_names, 0 },
};

static const struct word_case preflight_cases[] = {
	{ "$defs/stage/enum", &stage_names, 0 },
	{ "$defs/state/enum", &preflight_state_names, 0 },
	{ "$defs/severity/enum", &severity_names, 0 },
};

static const json_t *
find(const json_t *root, const char *path)
{
	char copy[200];
	char *save = NULL;
	snprintf(copy, sizeof(copy), "%s", path);
	for (char *w = strtok_r(copy, "/", &save); w != NULL; w = strtok_r(NULL, "/", &save)) {
		root = json_object_get(root, w);
		assert_non_null(root);
	}
	return root;
}

static bool
has_word(const json_t *array, const char *word)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (text != NULL && strcmp(text, word) == 0)
			return true;
	}
	return false;
}

static void
check_words(const char *path, const struct word_case *list, size_t n)
{
	struct err err;
	json_t *schema = json_read_file(path, 1 << 20, &err);
	assert_non_null(schema);
	for (size_t i = 0; i < n; i++) {
		const struct enumtab *words = list[i].words;
		const json_t *listed = find(schema, list[i].path);
		ROW(list[i].path);
		assert_int_equal(json_array_size(listed), words->n + list[i].more);
		for (size_t k = 0; k < words->n; k++) {
			if (!has_word(listed, words->rows[k].name))
				fail_msg("'%s' is not in the schema", words->rows[k].name);
		}
	}
	json_decref(schema);
}

static void
test_words(void **state)
{
	(void)state;
	check_words("data/report.schema.json", cases, N_ELEMENTS(cases));
	check_words("data/preflight.schema.json", preflight_cases, N_ELEMENTS(preflight_cases));
}

/* Each of the two asks for the members that the other has. */
static void
assert_members(const json_t *schema, const char *const *required, size_t n, json_t *object)
{
	const char *key;
	const json_t *value;
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += json_array_size(find(schema, required[i]));
	assert_int_equal(json_object_size(object), all);
	json_object_foreach (object, key, value) {
		bool known = false;
		for (size_t i = 0; i < n; i++)
			known |= has_word(find(schema, required[i]), key);
		if (!known)
			fail_msg("'%s' is not in the schema", key);
	}
}

static void
test_history_members(void **state)
{
	static const char *const server_members[] = { "$defs/server/required" };
	static const char *const finding_members[] = {
		"$defs/server/properties/findings_over_time/items/required", "$defs/span/required"
	};
	static const char *const listing_members[] = {
		"$defs/server/properties/listings_over_time/items/required", "$defs/span/required"
	};
	static const struct history_server server = { 1, "out", "192.0.2.1", "", "", "", 1, 2, 2,
		0 };
	static const struct history_span span = { "ptr.missing", "192.0.2.1", "no PTR record",
		VERDICT_FAIL, SEVERITY_CRITICAL, 1, 2, 2, true, "PTR", NULL };
	static const struct history_listing listing = { "zen.example", "192.0.2.1", 1, 2, true };
	const struct past_server s = { .server = &server,
		.spans = &span,
		.n_spans = 1,
		.listings = &listing,
		.n_listings = 1 };
	struct err err;
	json_t *schema = json_read_file("data/history.schema.json", 1 << 20, &err);
	json_t *json = history_json(&s);

	(void)state;
	assert_non_null(schema);
	assert_members(schema, server_members, 1, json);
	assert_members(schema, finding_members, 2,
	    json_array_get(json_object_get(json, "findings_over_time"), 0));
	assert_members(schema, listing_members, 2,
	    json_array_get(json_object_get(json, "listings_over_time"), 0));
	json_decref(json);
	json_decref(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_history_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
