/* Explanations as they are shown: nobody is named, hostile words do no harm, every line is an object. */
#include "test.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "report/explain.h"

static const struct {
	const char *name, *in, *out;
} masks[] = {
	{ "in angles", "<bob@b.example>: unknown", "<*@b.example>: unknown" },
	{ "in a sentence", "mail for bob.smith+x@b.example was refused",
	    "mail for *@b.example was refused" },
	{ "quoted", "<\"bob smith\"@b.example> no", "<*@b.example> no" },
	{ "not ASCII",
	    "b\xc3\xb6"
	    "b@b.example",
	    "*@b.example" },
	{ "two", "a@x.example, b@y.example", "*@x.example, *@y.example" },
	{ "an address literal", "bob@[192.0.2.1]", "*@[192.0.2.1]" },
	{ "no mail address", "see https://x.example/?a=1 @ home",
	    "see https://x.example/?a=1 @ home" },
	{ "without local part", "@b.example", "@b.example" },
	{ "a quote that does not open", "x\"@b.example", "x\"@b.example" },
	{ "empty", "", "" },
};

static void
test_masked(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(masks); i++) {
		struct arena a;
		ROW(masks[i].name);
		arena_init(&a);
		assert_string_equal(explain_masked(&a, masks[i].in), masks[i].out);
		arena_fini(&a);
	}
}

static const struct explain_finding finding = { .id = "ptr.missing",
	.verdict = VERDICT_PERMERROR,
	.severity = SEVERITY_CRITICAL,
	.subject = "203.0.113.25",
	.text = "203.0.113.25 has no PTR record",
	.remedy = "Set it.",
	.why = "Why.",
	.spec = "RFC 1912 2.1" };

/* What a receiver may send, in every text. */
static struct explanation
hostile(void)
{
	const char *evil = "\x1b[31m\xff\"<b>\n";
	return (struct explanation){ .code = 550,
		.status = "5.7.25",
		.stage = "rcpt",
		.text = evil,
		.host = evil,
		.address = { 4, { 203, 0, 113, 25 } },
		.ehlo = evil,
		.sender = evil,
		.recipient = evil,
		.time_s = 1796019980,
		.refused = true,
		.provider = "Gmail",
		.rule = "gmail-ptr",
		.cause = "rdns",
		.or_cause = "",
		.title = "reverse DNS",
		.means = "It is so.",
		.remedy = "Do it. `mailready fix 203.0.113.25`",
		.source = "s",
		.date = "2026",
		.checks = "ptr",
		.list = "",
		.who = EXPLAIN_HOSTER,
		.now = EXPLAIN_STILL_BROKEN,
		.now_why = evil,
		.retry_at_s = 1796023580,
		.findings = &finding,
		.n_findings = 1,
		.count = 3,
		.where = evil };
}

/* Two today, four ten days ago. */
static const struct explain_days days = { .cause = "rdns", .n = { [0] = 2, [10] = 4 } };

static void
render(bool summary,
    void (*how)(const struct explain_report *r, const struct render_options *o, struct buf *out),
    struct buf *out)
{
	const struct explanation one = hostile();
	const struct explanation *list[] = { &one, &one };
	const struct explain_report r = { .list = list,
		.n = 2,
		.n_refused = 6,
		.now_s = 1796019980,
		.summary = summary,
		.days = &days,
		.n_days = 1 };
	const struct render_options o = { .verbose = 1 };
	buf_init(out, 1 << 20);
	how(&r, &o, out);
	assert_false(out->failed);
	for (const char *c = out->data; *c != '\0'; c++)
		assert_true(*c == '\n' || (*c == '\r' && c[1] == '\n') || (unsigned char)*c >= ' ');
}

static void
test_text(void **state)
{
	static const char *const parts[] = {
		"STILL BROKEN  550 5.7.25  reverse DNS  203.0.113.25  (3 times)",
		"Gmail, by the mark of its reply", "203.0.113.25 has no PTR record (ptr.missing)",
		"      mailready fix 203.0.113.25\n", "not before 2026-11-30 07:26:20 UTC",
		"gmail-ptr: s, 2026"
	};
	struct buf out;
	(void)state;
	render(false, explain_text, &out);
	for (size_t i = 0; i < N_ELEMENTS(parts); i++)
		if (strstr(out.data, parts[i]) == NULL)
			fail_msg("no '%s' in:\n%s", parts[i], out.data);
	buf_fini(&out);
	render(true, explain_text, &out);
	assert_non_null(strstr(out.data, "6 refused, 2 different\n"));
	assert_non_null(strstr(out.data, "      3  STILL BROKEN"));
	buf_fini(&out);
}

/* The address is the other server's then, or the user's where our own filter refused: seen by no receiver. */
static void
test_by_us(void **state)
{
	static const struct {
		const char *name;
		struct ip address;
		bool given;
		const char *text;
	} rows[] = {
		{ "another server", { 4, { 203, 0, 113, 25 } }, false,
		    "  By        This machine: 203.0.113.25 is the server that it refused, or its "
		    "own" },
		{ "nobody is named", { .family = 0 }, false,
		    "  By        This machine: its server, its filter or its mail boxes.\n" },
		{ "its own filter, and the user names this machine", { 4, { 203, 0, 113, 25 } },
		    true,
		    "  By        This machine: its server, its filter or its mail boxes.\n"
		    "  Address   203.0.113.25, as you gave it; the reply quotes none.\n" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct explanation one = hostile();
		const struct explanation *list[] = { &one };
		const struct explain_report r = { .list = list, .n = 1, .n_refused = 1 };
		const struct render_options o = { .verbose = 0 };
		struct buf out;
		ROW(rows[i].name);
		one.by_us = true;
		one.address = rows[i].address;
		one.address_given = rows[i].given;
		buf_init(&out, 1 << 20);
		explain_text(&r, &o, &out);
		assert_non_null(strstr(out.data, rows[i].text));
		assert_null(strstr(out.data, "The receiver saw"));
		buf_reset(&out);
		explain_json(&r, &o, &out);
		assert_non_null(strstr(out.data, "\"by_us\":true"));
		buf_fini(&out);
	}
}

static void
test_json(void **state)
{
	struct buf out;
	size_t lines = 0;
	(void)state;
	render(false, explain_json, &out);
	for (const char *line = out.data; *line != '\0'; lines++) {
		size_t len = strcspn(line, "\n");
		json_t *o = json_loadb(line, len, 0, NULL);
		assert_non_null(o);
		assert_string_equal(json_string_value(json_object_get(o, "schema")),
		    EXPLAIN_SCHEMA);
		assert_string_equal(json_string_value(json_object_get(o, "now")), "still-broken");
		assert_string_equal(json_string_value(json_object_get(o, "retry_at")),
		    "2026-11-30T07:26:20Z");
		assert_int_equal(json_array_size(json_object_get(o, "findings")), 1);
		json_decref(o);
		line += len + 1;
	}
	assert_int_equal(lines, 2);
	buf_fini(&out);
}

static void
test_tables(void **state)
{
	static const struct {
		const char *name;
		void (*how)(const struct explain_report *r, const struct render_options *o,
		    struct buf *out);
		const char *parts[6], *absent;
	} rows[] = {
		{ "csv", explain_csv,
		    { "count,now,provider,cause,code,status,address,last,rule,now_why,text\r\n",
			"3,still-broken,Gmail,rdns,550,5.7.25,203.0.113.25,2026-11-30T06:26:20Z,"
			"gmail-"
			"ptr,",
			"\"\"<b>", "\r\n" },
		    "\x1b" },
		{ "markdown", explain_markdown,
		    { "6 refused, 2 different.\n", "\n| Count | Now |", "\n|---|---|",
			"\n| 3 | still-broken | Gmail | rdns | 550 | 5.7.25 | 203.0.113.25 |" },
		    "<b>" },
		{ "html", explain_html,
		    { "<p class=\"lead\">6 refused, 2 different</p>",
			"<figcaption>rdns: 6</figcaption>",
			"<rect class=\"fail\" x=\"0.00\" y=\"0.00\"",
			"<title>2026-11-30: 2</title></rect></svg>",
			"<td>still-broken</td><td>Gmail</td>", "</html>\n" },
		    "<b>" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct buf out;
		ROW(rows[i].name);
		render(true, rows[i].how, &out);
		for (size_t k = 0; k < 6 && rows[i].parts[k] != NULL; k++)
			if (strstr(out.data, rows[i].parts[k]) == NULL)
				fail_msg("no '%s' in:\n%s", rows[i].parts[k], out.data);
		assert_null(strstr(out.data, rows[i].absent));
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masked),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_by_us),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
