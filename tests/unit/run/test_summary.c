/* What a summary counts, which addresses it calls the worst, and lines of reports read back. */
#include "test.h"

#include <stdlib.h>

#include "run/line_priv.h"

struct one {
	const char *address;
	enum verdict verdict;
	const char *rule;
	enum verdict finding;
	enum severity severity;
};

static const struct one all[] = {
	{ "192.0.2.9", VERDICT_FAIL, "ptr.missing", VERDICT_FAIL, SEVERITY_CRITICAL },
	{ "192.0.2.1", VERDICT_PASS, "ptr.found", VERDICT_PASS, SEVERITY_INFO },
	{ "192.0.2.2", VERDICT_WARN, "ptr.several", VERDICT_WARN, SEVERITY_LOW },
	{ "192.0.2.8", VERDICT_FAIL, "ptr.missing", VERDICT_FAIL, SEVERITY_CRITICAL },
	{ "192.0.2.3", VERDICT_TEMPERROR, "ptr.missing", VERDICT_TEMPERROR, SEVERITY_INFO },
	{ "192.0.2.4", VERDICT_FAIL, "smtp.\033[2J\nx", VERDICT_FAIL, SEVERITY_LOW },
	{ "192.0.2.5", VERDICT_WARN, "ptr.several", VERDICT_WARN, SEVERITY_HIGH },
};

static const char expected[] = "7 targets: 3 fail, 1 unknown, 2 warn, 1 pass\n"
			       "          2  fail       ptr.missing\n"
			       "          1  fail       smtp.\\x1b[2J\\x0ax\n"
			       "          1  unknown    ptr.missing\n"
			       "          2  warn       ptr.several\n"
			       "worst:\n"
			       "  192.0.2.8  fail  no\\x1b[2J\n"
			       "  192.0.2.9  fail  no\\x1b[2J\n"
			       "  192.0.2.4  fail  no\\x1b[2J\n"
			       "  192.0.2.3  unknown  no\\x1b[2J\n"
			       "  192.0.2.5  warn  no\\x1b[2J\n"
			       "  192.0.2.2  warn  no\\x1b[2J\n";

static void
add(struct summary *s, const struct one *one)
{
	struct summary_target t = { .weight = 0 };
	struct ip ip;

	assert_true(ip_parse(one->address, &ip));
	summary_finding(s, &t, one->rule, one->finding, one->severity);
	summary_target(s, &t, &ip, one->address, one->verdict, "no\033[2J");
}

/* Whatever the order of arrival. */
static void
test_any_order(void **state)
{
	(void)state;
	for (size_t start = 0; start < N_ELEMENTS(all); start++) {
		struct summary s;
		char got[2000] = "";
		FILE *f = fmemopen(got, sizeof got, "w");
		summary_init(&s);
		for (size_t i = 0; i < N_ELEMENTS(all); i++)
			add(&s, &all[(start + i * 3) % N_ELEMENTS(all)]);
		summary_print(&s, f);
		fclose(f);
		assert_string_equal(got, expected);
		summary_fini(&s);
	}
}

static void
test_bounded(void **state)
{
	struct summary s;
	char id[32], last[IP_TEXT_MAX];

	(void)state;
	summary_init(&s);
	for (unsigned i = 0; i < 5000; i++) {
		struct summary_target t = { .weight = 0 };
		struct ip ip = { .family = 4,
			.bytes = { 192, 0, (uint8_t)(~i >> 8), (uint8_t)~i } };
		snprintf(id, sizeof id, "rule.%u", i);
		summary_finding(&s, &t, id, VERDICT_FAIL, SEVERITY_HIGH);
		summary_target(&s, &t, &ip, ip_format(&ip, last), VERDICT_FAIL, "no");
	}
	assert_int_equal(s.n[VERDICT_FAIL], 5000);
	assert_int_equal(s.n_rules, SUMMARY_RULES_MAX);
	assert_int_equal(s.n_worst, SUMMARY_WORST);
	/* the lowest addresses of all that are equally bad */
	assert_string_equal(ip_format(&s.worst[0].ip, last), "192.0.236.120");
	assert_string_equal(ip_format(&s.worst[9].ip, last), "192.0.236.129");
	summary_fini(&s);
}

#define HEAD "{\"schema\":\"mailready.report/1\",\"time\":\"2026-09-01T12:00:00Z\","
#define GOOD HEAD "\"target\":{\"address\":\"192.0.2.1\"},\"verdict\":\"warn\",\"summary\":\"s\","

static void
test_lines(void **state)
{
	static const struct {
		const char *name, *text, *says; /* says NULL: it is read */
	} cases[] = {
		{ "report", GOOD "\"findings\":[]}", NULL },
		{ "with a finding",
		    GOOD "\"findings\":[{\"id\":\"a.b\",\"verdict\":\"temperror\",\"severity\":"
			 "\"low\"}]}",
		    NULL },
		{ "array", "[]", "object" },
		{ "cut", GOOD, "not JSON" },
		{ "NUL", GOOD "\"findings\":[],\"x\":\"\\u0000\"}", "not JSON" },
		{ "other schema", "{\"schema\":\"mailready.facts/1\"}", "facts/1" },
		{ "no schema", "{}", "schema" },
		{ "no target", HEAD "\"verdict\":\"warn\",\"summary\":\"s\",\"findings\":[]}",
		    "target" },
		{ "no address",
		    HEAD "\"target\":{\"address\":\"mail.example\"},\"verdict\":\"warn\","
			 "\"summary\":\"s\",\"findings\":[]}",
		    "mail.example" },
		{ "a name without address",
		    HEAD
		    "\"target\":{\"address\":\"mail.example\",\"family\":0},\"verdict\":\"warn\","
		    "\"summary\":\"s\",\"findings\":[]}",
		    NULL },
		{ "unknown verdict",
		    HEAD "\"target\":{\"address\":\"192.0.2.1\"},\"verdict\":\"nice\",\"summary\":"
			 "\"s\",\"findings\":[]}",
		    "nice" },
		{ "no findings", GOOD "\"x\":1}", "findings" },
		{ "finding without id",
		    GOOD "\"findings\":[{\"verdict\":\"fail\",\"severity\":\"low\"}]}", "id" },
		{ "finding of unknown severity",
		    GOOD
		    "\"findings\":[{\"id\":\"a.b\",\"verdict\":\"fail\",\"severity\":\"very\"}]}",
		    "very" },
		{ "not a finding", GOOD "\"findings\":[7]}", "id" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct report_line line;
		struct err err = { .code = ERR_NONE };
		ROW(cases[i].name);
		enum err_code code = report_line_read(cases[i].text, strlen(cases[i].text), &line,
		    NULL, &err);
		assert_int_equal(code, cases[i].says == NULL ? ERR_NONE : ERR_DATA);
		if (cases[i].says != NULL && strstr(err.text, cases[i].says) == NULL)
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		if (cases[i].says != NULL)
			continue;
		assert_int_equal(line.time, 20260901120000);
		assert_int_equal(line.verdict, VERDICT_WARN);
		assert_int_equal(line.any_unknown, i == 1);
	}
}

/* Targets of one address are told apart by what was said with it. */
static void
test_who(void **state)
{
	static const char *const targets[] = { "\"address\":\"192.0.2.1\"",
		"\"address\":\"192.0.2.1\",\"host\":\"a\"",
		"\"address\":\"192.0.2.1\",\"ehlo\":\"a\"",
		"\"address\":\"192.0.2.1\",\"domain\":\"a\"",
		"\"address\":\"192.0.2.1\",\"ehlo\":\"b\"" };
	struct report_line lines[N_ELEMENTS(targets)];

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(targets); i++) {
		char text[500];
		struct err err;
		ROW(targets[i]);
		snprintf(text, sizeof text,
		    "%s\"target\":{%s},\"verdict\":\"pass\",\"summary\":\"\",\"findings\":[]}",
		    HEAD, targets[i]);
		assert_int_equal(report_line_read(text, strlen(text), &lines[i], NULL, &err),
		    ERR_NONE);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(lines[i].who, lines[k].who);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_who),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
