/* The state of a monitoring plug-in: ranges, thresholds, and output that nobody cuts. */
#include "by_name.h"
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "report/plugin.h"
#include "report/render.h"

enum { DAY_S = 86400, NOW_S = 1790000000 };

/* The guidelines' own examples, and what is none.  ok and alarm: values. */
static const struct {
	const char *text, *shown;
	double ok, alarm;
} ranges[] = {
	{ "time=10", "10", 10, 10.001 },
	{ "time=10", "10", 0, -1 },
	{ "time=10:", "10:", 10, 9.9 },
	{ "time=~:10", "~:10", -5, 11 },
	{ "time=10:20", "10:20", 15, 9 },
	{ "time=10:20", "10:20", 20, 21 },
	{ "time=@10:20", "@10:20", 9, 10 },
	{ "time=@10:20", "@10:20", 21, 20 },
	{ "time=0.5", "0.5", 0.5, 0.51 },
	{ "time=-5:-1", "-5:-1", -3, 0 },
	{ "time=:7", "7", 7, 8 },
	{ "lists=9,time=2", "2", 2, 3 },
};

static void
test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ranges); i++) {
		struct plugin_limits l = { .warning = { { .given = false } } };
		struct plugin_values v = { .known = { true, true, true } };
		struct err err;
		struct buf out;
		ROW(ranges[i].text);
		buf_init(&out, 100);
		assert_int_equal(plugin_ranges_read(ranges[i].text, l.warning, &err), ERR_NONE);
		plugin_range_add(&out, &l.warning[PLUGIN_TIME], 1);
		assert_string_equal(out.data, ranges[i].shown);
		v.value[PLUGIN_TIME] = ranges[i].ok;
		assert_int_equal(plugin_metric_state(&l, &v, PLUGIN_TIME), PLUGIN_OK);
		v.value[PLUGIN_TIME] = ranges[i].alarm;
		assert_int_equal(plugin_metric_state(&l, &v, PLUGIN_TIME), PLUGIN_WARNING);
		buf_fini(&out);
	}
}

static void
test_not_ranges(void **state)
{
	(void)state;
	static const struct {
		const char *text, *word;
	} rows[] = {
		{ "", "certificate, lists or time" },
		{ "10", "METRIC=RANGE" },
		{ "days=10", "'days=10' is not a threshold" },
		{ "time=", "'' is not a range for time" },
		{ "time=x", "'x' is not a range" },
		{ "time=1e9", "is not a range" },
		{ "time=20:10", "is not a range" },
		{ "time=10~:", "is not a range" },
		{ "time=~", "is not a range" },
		{ "time=@", "is not a range" },
		{ "time=1.", "is not a range" },
		{ "time=1:2:3", "is not a range" },
		{ "time=nan", "is not a range" },
		{ "time=1,", "is not a threshold" },
		{ "time=99999999999999999999999999999999", "is not a range" },
		{ "time=1111111111111111111111111111111111111111111111111111111111111111",
		    "too long" },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct plugin_limits l = { .warning = { { .given = false } } };
		struct err err;
		ROW(rows[i].text);
		assert_int_equal(plugin_ranges_read(rows[i].text, l.warning, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, rows[i].word));
	}
}

static struct digest_finding listed = { .rule = "dnsbl.listed",
	.verdict = VERDICT_WARN,
	.severity = SEVERITY_LOW,
	.subject = "zen.example",
	.text = "listed on zen.example, for a reason of some fifty bytes",
	.remedy = "",
	.why = "" };

static struct digest
server(const char *address, enum verdict v, int days_left, size_t on)
{
	return (struct digest){ .time_s = NOW_S,
		.time_us = 41000,
		.label = "",
		.address = address,
		.host = "",
		.ehlo = "",
		.domain = "",
		.verdict = v,
		.reason = "as it is",
		.ehlo_seen = "",
		.cert_expires_s = days_left > 0 ? NOW_S + days_left * (int64_t)DAY_S : 0,
		.counts = { .asked = 17, .listed = on, .clean = 17 - on },
		.findings = &listed,
		.n_findings = 1 };
}

/* One server, and what is asked of it: w and c as on the command line. */
static const struct {
	const char *name;
	enum verdict verdict;
	int days;
	size_t on;
	const char *warning, *critical;
	const char *first[3]; /* parts of the first line */
} states[] = {
	{ "without thresholds", VERDICT_PASS, 10, 0, NULL, NULL,
	    { "OK - 192.0.2.1: as it is | time=0.041s;;;0 listed=0;;;0;17 ",
		"certificate=864000s;;\n" } },
	{ "far from all", VERDICT_PASS, 40, 0, "certificate=14:,lists=0,time=2", "certificate=7:",
	    { "OK - ", " time=0.041s;2;;0 listed=0;0;;0;17 ",
		"certificate=3456000s;1209600:;604800:\n" } },
	{ "a warning", VERDICT_PASS, 10, 0, "certificate=14:", "certificate=7:",
	    { "WARNING - 10.0 days until the first certificate expires (threshold 14:); "
	      "192.0.2.1" } },
	{ "critical", VERDICT_PASS, 6, 0, "certificate=14:", "certificate=7:",
	    { "CRITICAL - 6.0 days until the first certificate expires (threshold 7:); " } },
	{ "lists", VERDICT_WARN, 0, 1, "lists=0", "lists=2",
	    { "WARNING - on 1 block list (threshold 0); ", " listed=1;0;2;0;17 " } },
	{ "more lists", VERDICT_WARN, 0, 3, "lists=0", "lists=2",
	    { "CRITICAL - on 3 block lists (threshold 2); " } },
	{ "no certificate was seen", VERDICT_PASS, 0, 0, "certificate=14:", NULL,
	    { "UNKNOWN - certificate is not known; " } },
	{ "what is bad stays so", VERDICT_FAIL, 40, 0, "certificate=14:", NULL,
	    { "CRITICAL - 192.0.2.1" } },
	{ "bad and unknown", VERDICT_FAIL, 0, 0, "certificate=14:", NULL,
	    { "CRITICAL - certificate is not known" } },
};

static void
test_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(states); i++) {
		const struct digest d = server("192.0.2.1", states[i].verdict, states[i].days,
		    states[i].on);
		struct render_options o = { .verbose = 0 };
		struct err err;
		struct buf out;
		ROW(states[i].name);
		buf_init(&out, 1 << 20);
		if (states[i].warning != NULL)
			assert_int_equal(plugin_ranges_read(states[i].warning, o.limits.warning,
					     &err),
			    ERR_NONE);
		if (states[i].critical != NULL)
			assert_int_equal(plugin_ranges_read(states[i].critical, o.limits.critical,
					     &err),
			    ERR_NONE);
		renderer_by_name("nagios")->whole(&d, 1, &o, &out);
		for (size_t k = 0; k < 3 && states[i].first[k] != NULL; k++) {
			const char *at = strstr(out.data, states[i].first[k]);
			assert_non_null(at);
			assert_ptr_equal(memchr(out.data, '\n', (size_t)(at - out.data)), NULL);
		}
		buf_fini(&out);
	}
}

/* Worst first, and no more than what every carrier takes; names as long as they come. */
static void
test_room(void **state)
{
	(void)state;
	enum { MANY = 300 };
	static char label[5000];
	struct render_options o = { .verbose = 0 };
	struct arena a;
	struct buf out;

	memset(label, 'x', sizeof label - 1);
	for (int longest = 0; longest < 2; longest++) {
		struct digest all[MANY];
		arena_init(&a);
		buf_init(&out, 1 << 20);
		for (size_t i = 0; i < MANY; i++)
			all[i] = server(arena_printf(&a, "192.0.2.%zu", i), VERDICT_WARN, 3, 1);
		all[200] = server("198.51.100.200", VERDICT_FAIL, 3, 1);
		all[200].label = longest ? label : "";
		renderer_by_name("nagios")->whole(all, MANY, &o, &out);
		assert_true(out.len < 4096);
		assert_true(out.len > 1000);
		const char *second = strchr(out.data, '\n') + 1;
		assert_memory_equal(second, longest ? "(more" : "198.51.100.200: ", 5);
		assert_non_null(strstr(out.data, "(more of it in the other formats"));
		assert_non_null(strstr(out.data, " | time="));
		buf_fini(&out);
		arena_fini(&a);
	}
}

/* One cause: the state is unknown, and no server is blamed for it. */
static void
test_outage(void **state)
{
	(void)state;
	const struct digest d = server("192.0.2.1", VERDICT_TEMPERROR, 0, 0);
	const struct render_options o = { .outage = "nothing can be looked up: 127.0.0.53" };
	struct buf out;
	for (size_t n = 0; n < 2; n++) {
		buf_init(&out, 10000);
		renderer_by_name("nagios")->whole(&d, n, &o, &out);
		assert_memory_equal(out.data,
		    "MAILREADY UNKNOWN - nothing can be looked up: 127.0.0.53", 55);
		assert_null(strstr(out.data, "192.0.2.1"));
		buf_fini(&out);
	}
}

static void
test_worse(void **state)
{
	(void)state;
	static const enum plugin_state order[] = { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_UNKNOWN,
		PLUGIN_CRITICAL };
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++)
			assert_int_equal(plugin_worse(order[i], order[k]), order[i > k ? i : k]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_not_ranges),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_outage),
		cmocka_unit_test(test_worse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
