/* The tables of all checks: what every row must have. */
#include <ctype.h>

#include "checks/finding.h"
#include "checks/registry.h"
#include "checks/smtp_priv.h"
#include "test.h"
#include "views/domain.h"
#include "views/spf.h"
#include "views/views.h"

static bool
is_rule_id(const struct check *check, const char *id)
{
	size_t len = strlen(check->id);
	if (strncmp(id, check->id, len) != 0 || id[len] != '.')
		return false;
	const char *words = id + len + 1;
	size_t n = strspn(words, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return n > 0 && words[n] == '\0' && words[0] != '-' && words[n - 1] != '-';
}

static bool
is_sentence(const char *text)
{
	size_t len = strlen(text);
	return len > 10 && !islower((unsigned char)text[0]) && text[len - 1] == '.' &&
	    strchr(text, '\n') == NULL;
}

/* A first line, a subject, a title: words, not a sentence. */
static bool
is_headline(const char *text)
{
	size_t len = strlen(text);
	return len > 5 && len <= HEADLINE_MAX && text[len - 1] != '.' && strspn(text, " ") == 0 &&
	    strchr(text, '\n') == NULL;
}

/* No two checks have a rule, or a headline would not say what was found. */
static void
check_is_unique(const struct rule *rule)
{
	size_t ids = 0, headlines = 0;
	for (size_t i = 0; i < checks_n; i++)
		for (size_t k = 0; k < checks_all[i]->n_rules; k++) {
			ids += strcmp(checks_all[i]->rules[k].id, rule->id) == 0;
			headlines += strcmp(checks_all[i]->rules[k].headline, rule->headline) == 0;
		}
	assert_int_equal(ids, 1);
	assert_int_equal(headlines, 1);
}

static void
test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < checks_n; i++) {
		const struct check *check = checks_all[i];
		assert_true(check->n_rules > 0);
		for (size_t k = 0; k < check->n_rules; k++) {
			const struct rule *rule = &check->rules[k];
			assert_non_null(rule->id);
			ROW(rule->id);
			assert_true(is_rule_id(check, rule->id));
			assert_true(is_sentence(rule->why));
			assert_non_null(rule->spec);
			assert_in_range(rule->severity, SEVERITY_INFO, SEVERITY_CRITICAL);
			assert_non_null(rule->topic);
			assert_in_range(rule->topic->stage, STAGE_ADDRESS, STAGE_SENDER);
			assert_true(*rule->topic->noun != '\0');
			assert_true(is_headline(rule->headline));
			check_is_unique(rule);
		}
	}
}

/*
 * Whose lack of an answer leaves the whole run undecided.  No rule of smtp: a port that is closed must
 * never do that.
 */
static void
test_required(void **state)
{
	(void)state;
	static const char *const required[] = { "ptr.found", "ptr.missing", "ptr.undecided",
		"iprev.fail", "iprev.no-ptr", "iprev.pass", "iprev.undecided", "ehlo.undecided",
		"dnsbl.critical-unknown", "dnsbl.resolver", "dnsbl.all-unknown", "sender.undecided",
		"spf.undecided", "dkim.undecided", "dmarc.undecided" };
	size_t n = 0;
	for (size_t i = 0; i < checks_n; i++)
		for (size_t k = 0; k < checks_all[i]->n_rules; k++) {
			const struct rule *rule = &checks_all[i]->rules[k];
			ROW(rule->id);
			if (rule->required) {
				assert_true(n < N_ELEMENTS(required));
				assert_string_equal(rule->id, required[n++]);
			}
		}
	assert_int_equal(n, N_ELEMENTS(required));
	assert_int_equal(check_smtp.n_rules, SMTP_RULES);
}

static void
test_registry(void **state)
{
	(void)state;
	static const char *const order[] = { "address", "ptr", "iprev", "generic_ptr", "ehlo",
		"dnsbl", "sender", "spf", "dkim", "dmarc", "smtp" };
	assert_int_equal(checks_n, N_ELEMENTS(order));
	for (size_t i = 0; i < checks_n; i++) {
		ROW(order[i]);
		assert_string_equal(checks_all[i]->id, order[i]);
		assert_non_null(checks_all[i]->title);
		assert_non_null(checks_all[i]->spec);
		assert_non_null(checks_all[i]->wants);
		assert_non_null(checks_all[i]->judge);
	}
}

static void
test_view_words(void **state)
{
	(void)state;
	static const struct enumtab *const tables[] = { &ptr_status_names, &iprev_result_names,
		&generic_class_names, &ehlo_source_names, &stage_names, &spf_result_names,
		&domain_result_names };
	static const size_t words[] = { 4, 4, 5, 4, 7, 7, 3 };
	for (size_t i = 0; i < N_ELEMENTS(tables); i++) {
		assert_true(enumtab_is_sound(tables[i]));
		assert_int_equal(tables[i]->n, words[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_view_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
