#include "test.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/when.h"
#include "views/receiver_table.h"

static const char data_dir[] = "data/receivers";

static const char *const receivers[] = { "apple", "comcast", "gmail", "gmx", "microsoft365",
	"netease", "orange", "outlook", "qq", "t-online", "yahoo" };

static void
assert_rule_is_complete(const struct receiver_rule *rule)
{
	int64_t day;
	ROW(rule->id);
	assert_int_equal(strncmp(rule->source, "https://", 8), 0);
	assert_int_not_equal(rule->text[strlen(rule->text) - 1], '.');
	assert_true(when_parse_day(rule->checked, &day));
	assert_int_equal(rule->checked_s, day);
	/* a source is older than the day on which it was compared */
	assert_true(strncmp(rule->dated, rule->checked, strlen(rule->dated)) <= 0);
	assert_true(rule->since[0] == '\0' ||
	    strncmp(rule->since, rule->checked, strlen(rule->since)) <= 0);
	/* a reply is a code, perhaps with words */
	assert_true(rule->code[0] == '\0' || rule->code[0] == '4' || rule->code[0] == '5');
}

static void
each_receiver_is_complete(void **state)
{
	struct err err = { .text = "" };
	struct receiver_table *t;
	size_t n;
	(void)state;
	if (receiver_table_read_dir(data_dir, &t, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	const struct receiver *rows = receiver_table_rows(t, &n);
	assert_int_equal(n, N_ELEMENTS(receivers));
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(rows[i].id, receivers[i]);
		assert_true(rows[i].n_rules > 0);
		for (size_t k = 0; k < rows[i].n_rules; k++)
			assert_rule_is_complete(&rows[i].rules[k]);
	}
	receiver_table_free(t);
}

static void
no_directory_is_an_error(void **state)
{
	struct err err = { .text = "" };
	struct receiver_table *t;
	(void)state;
	assert_int_equal(receiver_table_read_dir("tests/judge/no-such", &t, &err), ERR_CONFIG);
	assert_null(t);
	assert_non_null(strstr(err.text, "no-such: no file of a receiver"));
}

#define HEAD "[receiver]\nname = A\nbulk = many\n"
#define RULE \
	"[r]\ndemand = spf\ntest = spf\ntext = SPF passes\nsource = s\ndated = 2026-06\n" \
	"checked = 2026-11-30\n"

static void
a_rule_is_read(void **state)
{
	static const char text[] = HEAD RULE
	    "who = bulk\nfamily = ipv6\ncode = 550 5.7.26\nsince = 2024\n"
	    "[l]\ndemand = list\ntest = not-listed\nlist = zen.example\ntext = t\n"
	    "source = s\ndated = 2026\nchecked = 2026-11-30\n";
	struct err err = { .text = "" };
	struct receiver_table *t;
	size_t n;
	(void)state;
	assert_int_equal(receiver_table_read_text("dir/a.b.ini", text, strlen(text), &t, &err),
	    ERR_NONE);
	const struct receiver *row = receiver_table_rows(t, &n);
	assert_int_equal(n, 1);
	assert_string_equal(row->id, "a");
	assert_string_equal(row->bulk, "many");
	assert_string_equal(row->note, "");
	assert_int_equal(row->n_rules, 2);
	const struct receiver_rule *rule = &row->rules[0];
	assert_string_equal(rule->id, "r");
	assert_int_equal(rule->line, 4);
	assert_int_equal(rule->demand, DEMAND_SPF);
	assert_int_equal(rule->test, TEST_SPF);
	assert_int_equal(rule->who, RULE_BULK);
	assert_int_equal(rule->family, RULE_IPV6);
	assert_string_equal(rule->code, "550 5.7.26");
	assert_string_equal(rule->since, "2024");
	rule = &row->rules[1];
	assert_string_equal(rule->list, "zen.example");
	assert_int_equal(rule->who, RULE_ALL);
	assert_int_equal(rule->family, RULE_ANY);
	assert_string_equal(rule->code, "");
	receiver_table_free(t);
}

static void
bad_files_are_refused(void **state)
{
	static const struct {
		const char *name, *text, *error;
	} cases[] = {
		{ "good", HEAD RULE, "" },
		{ "empty", "", "t: expected [receiver] and at least one rule" },
		{ "no rule", HEAD, "t: expected [receiver] and at least one rule" },
		{ "a key without section", "name = A\n", "t:1: expected [receiver] before" },
		{ "no head", RULE, "t:1: expected [receiver] as the first section, and once" },
		{ "two heads", HEAD RULE "[receiver]\n", "t:11: expected [receiver] as the first" },
		{ "a head without name", "[receiver]\nbulk = b\n" RULE,
		    "t:3: section \"receiver\" of line 1 has no \"name\"" },
		{ "an unknown key of the head", "[receiver]\nnames = A\n",
		    "t:2: unknown key 'names'" },
		{ "an unknown key", HEAD RULE "codes = 5\n", "t:11: unknown key 'codes'" },
		{ "a key twice", HEAD RULE "text = B\n", "t:11: text: given a second time" },
		{ "a demand that is none", HEAD "[r]\ndemand = sfp\n", "t:5: demand: " },
		{ "a test that is none", HEAD "[r]\ntest = sfp\n", "t:5: test: " },
		{ "a sender that is none", HEAD "[r]\nwho = some\n", "t:5: who: " },
		{ "a section twice", HEAD RULE RULE, "t:11: section \"r\" is there twice" },
		{ "the last lacks keys", HEAD "[r]\ndemand = spf\n",
		    "t: section \"r\" of line 4 has no \"test\"" },
		{ "another lacks keys", HEAD "[q]\ndemand = spf\n" RULE,
		    "t:6: section \"q\" of line 4 has no \"test\"" },
		{ "a source's date that is none", HEAD "[r]\ndated = 2026-13\n",
		    "t:5: dated: \"2026-13\" is not a valid date" },
		{ "a date of another form", HEAD "[r]\nsince = June 2026\n",
		    "\"June 2026\" is not a valid date" },
		{ "a day that is a month", HEAD "[r]\nchecked = 2026-11\n",
		    "t:5: checked: \"2026-11\" is not a valid day" },
		{ "a day that is not in the calendar", HEAD "[r]\nchecked = 2026-02-30\n",
		    "\"2026-02-30\" is not a valid day" },
		{ "a list without its test", HEAD RULE "list = x\n",
		    "t: section \"r\" of line 4: \"list\" goes with test = not-listed" },
		{ "bulk senders without threshold", "[receiver]\nname = A\n" RULE "who = bulk\n",
		    "section \"r\" of line 3 is for bulk senders, but \"receiver\" has no" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct err err = { .text = "" };
		struct receiver_table *t;
		ROW(cases[i].name);
		enum err_code code = receiver_table_read_text("t", cases[i].text,
		    strlen(cases[i].text), &t, &err);
		assert_int_equal(code, cases[i].error[0] == '\0' ? ERR_NONE : ERR_CONFIG);
		assert_int_equal(t == NULL, code != ERR_NONE);
		if (strstr(err.text, cases[i].error) == NULL)
			fail_msg("%s", err.text);
		receiver_table_free(t);
	}
}

static void
a_rule_is_old_after_a_year(void **state)
{
	static const struct {
		const char *now;
		bool old;
	} cases[] = {
		{ "2026-11-30", false }, { "2027-11-30", false }, { "2027-12-01", true },
		{ "2026-01-01", false }, /* a clock that is behind */
	};
	struct receiver_rule rule = { .id = "r" };
	(void)state;
	assert_true(when_parse_day("2026-11-30", &rule.checked_s));
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		int64_t now_s;
		ROW(cases[i].now);
		assert_true(when_parse_day(cases[i].now, &now_s));
		assert_int_equal(receiver_rule_is_old(&rule, now_s), cases[i].old);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_receiver_is_complete),
		cmocka_unit_test(no_directory_is_an_error),
		cmocka_unit_test(a_rule_is_read),
		cmocka_unit_test(bad_files_are_refused),
		cmocka_unit_test(a_rule_is_old_after_a_year),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
