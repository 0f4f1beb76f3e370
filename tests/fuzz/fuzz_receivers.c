/* A receiver's demands: what is read without error is whole; faults name the file. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/when.h"
#include "views/receiver_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
use_rule(const struct receiver *row, const struct receiver_rule *rule)
{
	int64_t day;
	assert(rule->demand < RECEIVER_DEMANDS && rule->test <= TEST_UNSEEN);
	assert(rule->text[0] != '\0' && rule->source[0] != '\0' && rule->dated[0] != '\0');
	assert(when_parse_day(rule->checked, &day) && day == rule->checked_s);
	assert(rule->who == RULE_ALL || row->bulk[0] != '\0');
	assert((rule->test == TEST_NOT_LISTED) == (rule->list[0] != '\0'));
	(void)receiver_rule_is_old(rule, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct receiver_table *t;
	struct err err = { 0 };
	size_t n;
	if (receiver_table_read_text("fuzz", (const char *)data, size, &t, &err) != ERR_NONE) {
		assert(t == NULL && strncmp(err.text, "fuzz:", 5) == 0);
		return 0;
	}
	const struct receiver *row = receiver_table_rows(t, &n);
	assert(n == 1 && row->name[0] != '\0');
	assert(row->n_rules > 0 && row->n_rules <= RECEIVER_RULES_MAX);
	for (size_t i = 0; i < row->n_rules; i++)
		use_rule(row, &row->rules[i]);
	receiver_table_free(t);
	return 0;
}
