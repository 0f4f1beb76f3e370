/*
 * Servers over time against files in tests/golden: the same month in every format of report, with
 * whatever strangers can write into it.  UPDATE_GOLDEN=1 (make golden) rewrites them.
 */
#include "by_name.h"
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "golden.h"
#include "report/past.h"

enum { DAY = 86400, DAYS = 30, UNTIL = 1790000000 };
#define AT(day) (UNTIL - (int64_t)(DAYS - (day)) * DAY)

static const char hostile[] = "</style><script>alert(1)</script>|`=cmd()\" ' & \\xff\\x1b[31m";

static const char hostile_name[] = "<b>it</b>|";

static const char *names[] = { "mail.example.com", "mx.example.com" };

static struct digest_list lists[] = {
	{ "zen.spamhaus.example", "203.0.113.25", LIST_LISTED, LIST_KIND_BLOCK, LIST_CRITICAL,
	    LIST_OK, "127.0.0.4" },
	{ "b.barracuda.example", "203.0.113.25", LIST_LISTED, LIST_KIND_BLOCK, LIST_LOW, LIST_OK,
	    "127.0.0.2" },
	{ "quiet.example", "203.0.113.25", LIST_UNKNOWN, LIST_KIND_BLOCK, LIST_HIGH, LIST_TIMEOUT,
	    "" },
	{ "clean.example", "203.0.113.25", LIST_CLEAN, LIST_KIND_BLOCK, LIST_HIGH, LIST_OK, "" },
	{ "also-clean.example", "example.com", LIST_CLEAN, LIST_KIND_BLOCK, LIST_MEDIUM, LIST_OK,
	    "" },
	{ "ip6-only.example", "203.0.113.25", LIST_NOT_APPLICABLE, LIST_KIND_BLOCK, LIST_HIGH,
	    LIST_FAMILY, "" },
	{ "allow.example", "203.0.113.25", LIST_LISTED, LIST_KIND_ALLOW, LIST_INFO, LIST_OK,
	    "127.0.10.2" },
};

static struct digest_finding bad_findings[] = {
	{ "ptr.found", VERDICT_PASS, SEVERITY_INFO, true, "203.0.113.25",
	    "203.0.113.25 has the PTR names mail.example.com and mx.example.com", "", "", false,
	    NULL, false, NULL },
	{ "iprev.fail", VERDICT_FAIL, SEVERITY_CRITICAL, true, "203.0.113.25",
	    "no PTR name leads back to 203.0.113.25: mail.example.com resolves to 203.0.113.99",
	    "Publish the record mail.example.com A 203.0.113.25.",
	    "Gmail answers 451 4.7.23, later 550 5.7.25; Microsoft 550 5.7.25 over IPv6.", false,
	    "PTR 25.113.0.203.in-addr.arpa -> NOERROR; 127.0.0.1#5300, 20.5 ms, 1 attempt\n"
	    "  mail.example.com  (TTL 3600 s)",
	    false, NULL },
	{ "dnsbl.listed", VERDICT_FAIL, SEVERITY_CRITICAL, false, "zen.spamhaus.example",
	    "listed by zen.spamhaus.example (127.0.0.4)",
	    "Find what the server sent, stop it, then ask for removal.",
	    "Most receivers refuse what it lists.", false, NULL, false, NULL },
	{ "dnsbl.unknown", VERDICT_TEMPERROR, SEVERITY_LOW, false, "quiet.example",
	    "quiet.example gave no usable answer: timeout", "", "", false, NULL, false, NULL },
	{ "ehlo.other", VERDICT_WARN, SEVERITY_LOW, false, "mail.example.com", hostile,
	    "Ask about <b>it</b>.", "Some receivers mind.", false, NULL, false, NULL },
	{ "smtp.certificate", VERDICT_INFO, SEVERITY_INFO, false, "mail.example.com",
	    "the certificate expires on 2026-10-21", "", "", false, NULL, false, NULL },
};
static struct digest_finding good_findings[] = {
	{ "ptr.found", VERDICT_PASS, SEVERITY_INFO, true, "2001:db8::25",
	    "2001:db8::25 has the PTR name mail.example.com", "", "", false, NULL, false, NULL },
	{ "iprev.pass", VERDICT_PASS, SEVERITY_INFO, true, "2001:db8::25",
	    "mail.example.com leads back to 2001:db8::25", "", "", false, NULL, false, NULL },
};

static const struct digest last[] = {
	{ .time_s = UNTIL - 3600,
	    .time_us = 41234,
	    .label = "outbound 1",
	    .address = "203.0.113.25",
	    .host = "",
	    .ehlo = "mail.example.com",
	    .domain = "example.com",
	    .groups = "relays, customer <a>",
	    .verdict = VERDICT_FAIL,
	    .reason =
		"no PTR name leads back to 203.0.113.25: mail.example.com resolves to 203.0.113.99",
	    .has_ptr = true,
	    .has_iprev = true,
	    .has_ehlo = true,
	    .ptr_status = PTR_FOUND,
	    .ptr_names = names,
	    .n_ptr_names = 2,
	    .iprev = IPREV_FAIL,
	    .ehlo_seen = "mail.example.com",
	    .ehlo_result = IPREV_FAIL,
	    .counts = { .asked = 5, .listed = 2, .clean = 2, .unknown = 1, .not_applicable = 1 },
	    .cert_expires_s = UNTIL + 30 * DAY,
	    .lists = lists,
	    .n_lists = N_ELEMENTS(lists),
	    .findings = bad_findings,
	    .n_findings = N_ELEMENTS(bad_findings) },
	{ .time_s = UNTIL - 3600,
	    .time_us = 32000,
	    .label = "",
	    .address = "2001:db8::25",
	    .host = "mail.example.com",
	    .ehlo = "",
	    .domain = "",
	    .groups = "relays",
	    .verdict = VERDICT_PASS,
	    .reason = "nothing found that receivers refuse",
	    .has_ptr = true,
	    .has_iprev = true,
	    .ptr_status = PTR_FOUND,
	    .ptr_names = names,
	    .n_ptr_names = 1,
	    .iprev = IPREV_PASS,
	    .ehlo_seen = "",
	    .findings = good_findings,
	    .n_findings = N_ELEMENTS(good_findings) },
	{ .time_s = UNTIL - 3600,
	    .label = hostile,
	    .address = "203.0.113.66",
	    .host = "",
	    .ehlo = "@SUM(1,2)",
	    .domain = "",
	    .verdict = VERDICT_TEMPERROR,
	    .reason = "203.0.113.66 could not be looked up: SERVFAIL",
	    .has_ptr = true,
	    .has_iprev = true,
	    .ptr_status = PTR_TEMPERROR,
	    .iprev = IPREV_TEMPERROR,
	    .ehlo_seen = "" },
};

static const struct history_server servers[] = {
	{ 1, "outbound 1", "203.0.113.25", "", "mail.example.com", "example.com", AT(0),
	    UNTIL - 3600, DAYS, 0 },
	{ 2, "", "2001:db8::25", "mail.example.com", "", "", AT(20), UNTIL - 3600, 10, 0 },
	{ 3, hostile, "203.0.113.66", "", "@SUM(1,2)", "", UNTIL - 3600, UNTIL - 3600, 1, 0 },
};

static const struct history_span spans[] = {
	{ "dnsbl.listed", "zen.spamhaus.example", "listed by zen.spamhaus.example (127.0.0.4)",
	    VERDICT_FAIL, SEVERITY_CRITICAL, AT(3), AT(9), 6, false,
	    "A 25.113.0.203.zen.spamhaus.example -> NOERROR; 127.0.0.1#5300, 20.5 ms\n"
	    "  127.0.0.4  (TTL 60 s)",
	    "A 25.113.0.203.zen.spamhaus.example -> NOERROR; 127.0.0.1#5300, 9.1 ms\n"
	    "  <b>127.0.0.4</b>" },
	{ "ehlo.other", "mail.example.com", hostile, VERDICT_WARN, SEVERITY_LOW, AT(0), AT(29), 30,
	    true, "one run alone", "one run alone" },
	{ "iprev.fail", "203.0.113.25",
	    "no PTR name leads back to 203.0.113.25: mail.example.com resolves to 203.0.113.99",
	    VERDICT_FAIL, SEVERITY_CRITICAL, AT(25), AT(29), 5, true, "", NULL },
};
static const struct history_listing listings[] = {
	{ "zen.spamhaus.example", "203.0.113.25", AT(3), AT(9), false },
	{ "b.barracuda.example", "203.0.113.25", AT(28), AT(29), true },
};

static const struct history_demand demands[] = {
	{ { "gmail", "Gmail", DEMAND_SPF, DEMAND_NOT_MET, DEMAND_NOT_MET, "550 5.7.26" }, AT(25) },
	{ { "gmail", "Gmail", DEMAND_DMARC, DEMAND_MET, DEMAND_NOT_MET, "" }, AT(0) },
	{ { "evil", hostile_name, DEMAND_LIST, DEMAND_UNKNOWN, DEMAND_UNKNOWN, "" }, AT(29) },
};

/* A month of daily runs: listed for a week, two days without a run, one that could not tell. */
static void
fill_points(struct history_point *points, size_t *n)
{
	for (int day = 0; day < DAYS; day++) {
		struct history_point p = { AT(day), VERDICT_WARN, { .asked = 5, .clean = 5 } };
		if (day == 14 || day == 15 || day == 16 || day == 17)
			continue;
		if ((day >= 3 && day < 9) || day >= 25)
			p.verdict = VERDICT_FAIL;
		if (day == 12)
			p.verdict = VERDICT_TEMPERROR;
		points[(*n)++] = p;
	}
}

/* The resolver was down for a day, and a list has been mute since yesterday. */
static const struct history_outage outages[] = {
	{ .id = 1,
	    .kind = OUTAGE_RESOLVER,
	    .subject = "127.0.0.53#53",
	    .text = "nothing can be looked up: 127.0.0.53#53 does not answer",
	    .remedy = "Is the resolver running?",
	    .n_servers = 3,
	    .first_s = AT(12),
	    .last_s = AT(12) + 64800,
	    .n_runs = 4,
	    .end_s = AT(13) },
	{ .id = 2,
	    .kind = OUTAGE_LIST,
	    .subject = "mute.example",
	    .text = "mute.example has no answer for any server: timeout <b>",
	    .remedy = "",
	    .first_s = AT(29),
	    .last_s = UNTIL - 3600,
	    .n_runs = 3 },
};

static void
render(const char *format, bool by_group, const struct render_options *o, struct buf *out)
{
	struct history_point points[DAYS], good[10],
	    one[1] = { { UNTIL - 3600, VERDICT_TEMPERROR, { .asked = 0 } } };
	size_t n = 0;

	fill_points(points, &n);
	for (int i = 0; i < 10; i++)
		good[i] = (struct history_point){ AT(20 + i), VERDICT_PASS,
			{ .asked = 5, .clean = 5 } };
	const struct past_server all[] = {
		{ .last = &last[1],
		    .server = &servers[1],
		    .points = good,
		    .n_points = 10,
		    .has_demands = true },
		{ .last = &last[0],
		    .server = &servers[0],
		    .points = points,
		    .spans = spans,
		    .listings = listings,
		    .n_points = n,
		    .n_spans = N_ELEMENTS(spans),
		    .n_blind = 4,
		    .n_listings = N_ELEMENTS(listings),
		    .demands = demands,
		    .n_demands = N_ELEMENTS(demands),
		    .has_demands = true },
		{ .last = &last[2], .server = &servers[2], .points = one, .n_points = 1 },
	};
	const struct past past = { AT(0), UNTIL, all, N_ELEMENTS(all), outages, N_ELEMENTS(outages),
		by_group };
	const struct past_format *f = past_format_by_name(format);
	assert_non_null(f);
	f->write(&past, o, out);
	assert_false(out->failed);
}

static const struct {
	const char *name, *format;
	struct render_options options;
	bool by_group;
} cases[] = {
	{ "month.text", "text", { .verbose = 0 }, false },
	{ "month-quiet.text", "text", { .quiet = true }, false },
	{ "month-v.text", "text", { .verbose = 1 }, false },
	{ "month.html", "html", { .verbose = 0 }, false },
	{ "month-quiet.html", "html", { .quiet = true }, false },
	{ "month.markdown", "markdown", { .verbose = 1 }, false },
	{ "month-groups.text", "text", { .verbose = 0 }, true },
	{ "month-groups.html", "html", { .quiet = true }, true },
	{ "month-groups.markdown", "markdown", { .verbose = 0 }, true },
	{ "month.json", "json", { .verbose = 0 }, false },
	{ "month.csv", "csv", { .verbose = 0 }, false },
	{ "month.openmetrics", "openmetrics", { .verbose = 0 }, false },
	{ "month.junit", "junit", { .verbose = 0 }, false },
};

static void
test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct buf got;
		char path[100];
		ROW(cases[i].name);
		snprintf(path, sizeof(path), "tests/golden/%s", cases[i].name);
		buf_init(&got, GOLDEN_MAX);
		render(cases[i].format, cases[i].by_group, &cases[i].options, &got);
		golden_compare(path, &got);
		buf_fini(&got);
	}
}

/* Two runs a day apart speak for two days: one bar without a gap. */
static void
test_strip(void **state)
{
	(void)state;
	static const struct render_options plain = { .verbose = 0 };
	static const char bar[] = "<rect class=\"pass\"";
	const struct history_point points[] = {
		{ AT(28), VERDICT_PASS, { .asked = 5, .clean = 5 } },
		{ AT(29), VERDICT_PASS, { .asked = 5, .clean = 5 } },
	};
	const struct past_server server = { .last = &last[1],
		.server = &servers[1],
		.points = points,
		.n_points = N_ELEMENTS(points) };
	const struct past past = { AT(0), UNTIL, &server, 1, NULL, 0, false };
	struct buf got;
	buf_init(&got, GOLDEN_MAX);
	past_format_by_name("html")->write(&past, &plain, &got);
	const char *first = strstr(got.data, bar);
	assert_non_null(first);
	assert_null(strstr(first + 1, bar));
	buf_fini(&got);
}

/* Each server counts, wherever it stands. */
static void
test_ready(void **state)
{
	(void)state;
	static const struct render_options plain = { .verbose = 0 };
	static const struct {
		const char *name;
		size_t servers[2]; /* 0 is not ready, 1 is */
		const char *title;
	} rows[] = {
		{ "none", { 0, 0 }, ">0 of 2 servers are ready<" },
		{ "the first", { 1, 0 }, ">1 of 2 servers is ready<" },
		{ "the second", { 0, 1 }, ">1 of 2 servers is ready<" },
		{ "both", { 1, 1 }, ">2 of 2 servers are ready<" },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct past_server all[2];
		for (size_t k = 0; k < 2; k++)
			all[k] = (struct past_server){ .last = &last[rows[i].servers[k]],
				.server = &servers[rows[i].servers[k]] };
		const struct past past = { AT(0), UNTIL, all, 2, NULL, 0, false };
		struct buf got;
		ROW(rows[i].name);
		buf_init(&got, GOLDEN_MAX);
		past_format_by_name("html")->write(&past, &plain, &got);
		assert_non_null(strstr(got.data, rows[i].title));
		buf_fini(&got);
	}
}

/* Text that is markup where it comes from is none where it goes to. */
static void
test_markup_is_text(void **state)
{
	(void)state;
	static const struct render_options plain = { .verbose = 1 };
	static const char *const formats[] = { "html", "junit", "markdown" };
	for (size_t i = 0; i < N_ELEMENTS(formats); i++) {
		struct buf got;
		ROW(formats[i]);
		buf_init(&got, GOLDEN_MAX);
		render(formats[i], true, &plain, &got);
		assert_null(strstr(got.data, "<script"));
		assert_null(strstr(got.data, "<b>it"));
		assert_non_null(strstr(got.data, "script"));
		buf_fini(&got);
	}
}

/* A server of a history file that somebody has made: every column is markup. */
static const char evil[] = "<a href=https://evil.example>x</a>`|\" www.evil.example";
static struct digest_finding evil_finding = { evil, VERDICT_FAIL, SEVERITY_HIGH, true, evil, evil,
	evil, evil, false, NULL, false, NULL };
static struct digest_list evil_list = { evil, evil, LIST_LISTED, LIST_KIND_BLOCK, LIST_HIGH,
	LIST_OK, evil };
static const char *evil_names[] = { evil };
static const struct digest evil_digest = { .time_s = UNTIL - 3600,
	.label = evil,
	.address = evil,
	.host = evil,
	.ehlo = evil,
	.domain = evil,
	.groups = evil,
	.verdict = VERDICT_FAIL,
	.reason = evil,
	.has_ptr = true,
	.has_iprev = true,
	.has_ehlo = true,
	.ptr_status = PTR_FOUND,
	.ptr_names = evil_names,
	.n_ptr_names = 1,
	.ehlo_seen = evil,
	.counts = { .asked = 1, .listed = 1 },
	.lists = &evil_list,
	.n_lists = 1,
	.findings = &evil_finding,
	.n_findings = 1 };
static const struct history_server evil_known = { 1, evil, evil, evil, evil, evil, AT(0),
	UNTIL - 3600, 2, 0 };
static const struct history_span evil_span = { evil, evil, evil, VERDICT_FAIL, SEVERITY_HIGH, AT(0),
	AT(29), 2, true, NULL, NULL };
static const struct history_listing evil_listing = { evil, evil, AT(0), AT(29), true };
static const struct history_point evil_points[] = {
	{ AT(28), VERDICT_FAIL, { .asked = 1 } },
	{ AT(29), VERDICT_FAIL, { .asked = 1 } },
};
static const struct past_server evil_server = { .last = &evil_digest,
	.server = &evil_known,
	.points = evil_points,
	.spans = &evil_span,
	.listings = &evil_listing,
	.n_points = N_ELEMENTS(evil_points),
	.n_spans = 1,
	.n_listings = 1 };
static const struct past evil_past = { AT(0), UNTIL, &evil_server, 1, NULL, 0, true };

/* A history file may come from anywhere: no column of it adds markup, a link, a metric or a cell. */
static void
test_any_column_is_text(void **state)
{
	(void)state;
	static const struct render_options plain = { .verbose = 1 };
	static const struct {
		const char *format, *text;
	} forbidden[] = {
		{ "html", "<a href=http" },
		{ "junit", "<a href" },
		{ "markdown", "<a href" },
		{ "markdown", "www.evil" },
		{ "markdown", "https://evil" },
		{ "markdown", "`|" },
		{ "openmetrics", "`|\" " },
		{ "json", "`|\" " },
		{ "csv", "`|\" " },
	};
	for (size_t i = 0; i < N_ELEMENTS(forbidden); i++) {
		struct buf got;
		ROW(forbidden[i].format);
		buf_init(&got, GOLDEN_MAX);
		past_format_by_name(forbidden[i].format)->write(&evil_past, &plain, &got);
		assert_null(strstr(got.data, forbidden[i].text));
		assert_non_null(strstr(got.data, "evil"));
		buf_fini(&got);
	}
}

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < past_formats_n; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(past_formats[i].name, past_formats[j].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_strip),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_markup_is_text),
		cmocka_unit_test(test_any_column_is_text),
		cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
