/*
 * Whole reports against files in tests/golden: fixed facts and findings in every format.
 * UPDATE_GOLDEN=1 (make golden) rewrites them, and git diff shows what changed.
 */
#include "by_name.h"
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "checks/registry.h"
#include "golden.h"
#include "lists/catalogue.h"
#include "report/digest.h"
#include "report/render.h"
#include "views/receiver_table.h"

static const struct rule rules[] = {
	{ "ptr.missing", &topic_ptr, "no PTR record", SEVERITY_CRITICAL, true, "RFC 1912 2.1",
	    "Gmail refuses mail from an address without a PTR record: 550-5.7.25." },
	{ "iprev.unconfirmed", &topic_ptr, "PTR name does not lead back", SEVERITY_HIGH, true,
	    "RFC 8601 3", "Receivers that want forward-confirmed names refuse or greylist." },
	{ "dnsbl.unknown", &topic_lists, "a list could not be checked", SEVERITY_LOW, false, "",
	    "A list that does not answer says nothing." },
	{ "dnsbl.listed", &topic_lists, "listed", SEVERITY_HIGH, false, "RFC 5782",
	    "Receivers that use it refuse: 554 5.7.1." },
	{ "ptr.found", &topic_ptr, "PTR record found", SEVERITY_INFO, true, "RFC 1035 3.5",
	    "Receivers look for it first." },
	{ "smtp.certificate", &topic_certificate, "certificate is not verified", SEVERITY_LOW,
	    false, "RFC 3207", "Senders that verify will not deliver." },
};
enum { PTR_MISSING_RULE, IPREV_RULE, LIST_UNKNOWN_RULE, LISTED_RULE, PTR_FOUND_RULE, CERT_RULE };

/* Everything that one report needs. */
struct world {
	struct arena arena;
	struct facts facts;
	struct findings findings;
	struct catalogue catalogue;
	struct policy policy;
	struct target target;
	const struct check *checks[8];
	struct understanding known;
	struct report report;
	struct receiver_table *receivers;
};

static void
world_init(struct world *w, const char *address)
{
	static const char lists[] = "one.example\ntwo.example\n";
	struct err err;
	memset(w, 0, sizeof(*w));
	arena_init(&w->arena);
	facts_init(&w->facts, &w->arena);
	findings_init(&w->findings, &w->arena);
	assert_int_equal(catalogue_read_text(&w->catalogue, &w->arena, "lists", lists,
			     sizeof(lists) - 1, &err),
	    ERR_NONE);
	w->policy = (struct policy){ .lists = &w->catalogue,
		.smtp = true,
		.smtp_port = 25,
		.authority = AUTHORITY_NEVER,
		.authority_port = 53,
		.now_s = 1790000000,
		.allow_special = true };
	w->target = (struct target){ .names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &w->policy };
	assert_true(ip_parse(address, &w->target.ip));
	ip_format(&w->target.ip, w->target.address);
	understanding_init(&w->known, &w->target, &w->facts, &w->arena);
	w->report = (struct report){ .target = &w->target,
		.facts = &w->facts,
		.known = &w->known,
		.checks = w->checks,
		.findings = &w->findings,
		.time_us = 41234,
		.arena = &w->arena };
}

static void
world_fini(struct world *w)
{
	receiver_table_free(w->receivers);
	facts_fini(&w->facts);
	arena_fini(&w->arena);
}

static void
add_checks(struct world *w, const char *const *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		w->checks[w->report.n_checks++] = check_by_id(ids[i]);
}

/* An answer with one record a text; server, rcode and time are the same for all. */
static const struct fact *
add_dns(struct world *w, const char *name, uint16_t type, enum dns_status status,
    const char *const *texts, size_t n)
{
	struct dns_record records[4] = { 0 };
	struct dns_answer answer = dns_answer_pending;
	answer.status = status;
	answer.rcode = status == DNS_NXDOMAIN ? 3 : status == DNS_SERVFAIL ? 2 : 0;
	answer.time_us = 20500;
	answer.attempts = 1;
	assert_true(endpoint_parse("127.0.0.1#5300", 53, &answer.server));
	for (size_t i = 0; i < n; i++) {
		records[i] = (struct dns_record){ .owner = name,
			.type = type,
			.ttl_s = 3600,
			.text = texts[i] };
		if (type == DNS_A || type == DNS_AAAA)
			assert_true(ip_parse(texts[i], &records[i].ip));
	}
	answer.records = records;
	answer.n_records = n;
	if (status == DNS_NXDOMAIN) {
		answer.soa_zone = "113.0.203.in-addr.arpa";
		answer.soa_negative_ttl_s = 300;
	}
	if (status == DNS_SERVFAIL) {
		answer.ede = 6;
		answer.ede_text = "bogus \033[31msignature";
	}
	struct fact *fact = facts_need_dns(&w->facts, NULL, name, type);
	facts_set_dns(fact, &w->arena, &answer);
	return fact;
}

static const struct fact *
add_smtp(struct world *w, const char *banner, const char *banner_name)
{
	const char *names[] = { "mail.example.com", "*.example.com" };
	const char *capabilities[] = { "SIZE 10240000", "STARTTLS" };
	struct smtp_dialogue d = smtp_dialogue_pending;
	struct endpoint server = { .ip = w->target.ip, .port = 25 };
	d.status = SMTP_TALKED;
	d.server = server;
	d.time_us = 33100;
	d.banner_code = 220;
	d.banner = banner;
	d.our_name = "probe.example";
	d.banner_name = banner_name;
	d.ehlo_code = 250;
	d.ehlo_name = "mail.example.com";
	d.capabilities = capabilities;
	d.n_capabilities = 2;
	d.tls = SMTP_TLS_DONE;
	d.tls_name = "mail.example.com";
	d.tls_version = "TLSv1.3";
	d.tls_cipher = "TLS_AES_256_GCM_SHA384";
	d.tls_exchange = "X25519 253 bits";
	d.cert = (struct smtp_cert){ .names = names,
		.n_names = 2,
		.not_before_s = 1780000000,
		.not_after_s = 1787000000,
		.issuer = "CN=Test CA",
		.key = "EC 256 bits",
		.signature = "ecdsa-with-SHA256",
		.chain_error = "unable to get local issuer certificate",
		.expired = { 1, "CN=Test CA 2", "2026-08-01" } };
	struct fact *fact = facts_need_smtp(&w->facts, &server);
	facts_set_smtp(fact, &w->arena, &d);
	return fact;
}

/* A server without a PTR record, on a list, with another list that does not answer. */
static void
build_missing(struct world *w)
{
	static const char *const ids[] = { "ptr", "iprev", "generic_ptr", "ehlo", "dnsbl" };
	static const char *const code[] = { "127.0.0.2" };
	world_init(w, "203.0.113.25");
	add_checks(w, ids, N_ELEMENTS(ids));
	struct findings *out = &w->findings;
	const struct fact *ptr = add_dns(w, "25.113.0.203.in-addr.arpa", DNS_PTR, DNS_NXDOMAIN,
	    NULL, 0);
	const struct fact *one = add_dns(w, "25.113.0.203.one.example", DNS_A, DNS_FOUND, code, 1);
	const struct fact *two = add_dns(w, "25.113.0.203.two.example", DNS_A, DNS_SERVFAIL, NULL,
	    0);

	struct finding *f = finding_add(out, &rules[PTR_MISSING_RULE], VERDICT_FAIL, "203.0.113.25",
	    "no PTR record (NXDOMAIN)");
	finding_evidence(out, f, ptr);
	finding_remedy(out, f,
	    "Have %s publish a PTR record for %s that names the mail server: "
	    "25.113.0.203.in-addr.arpa. PTR mail.example.com. For the plan: "
	    "`mailready fix 203.0.113.25 --name mail.example.com --with-forward --replace`",
	    "whoever serves the reverse zone "
	    "113.0.203.in-addr.arpa",
	    "203.0.113.25");
	f = finding_add(out, &rules[IPREV_RULE], VERDICT_PERMERROR, "203.0.113.25",
	    "permerror: there is no PTR name to confirm");
	finding_evidence(out, f, ptr);
	f = finding_add(out, &rules[LIST_UNKNOWN_RULE], VERDICT_TEMPERROR, "two.example",
	    "two.example gave no usable answer: SERVFAIL");
	finding_evidence(out, f, two);
	f = finding_add(out, &rules[LISTED_RULE], VERDICT_FAIL, "one.example",
	    "listed by one.example (127.0.0.2)");
	finding_evidence(out, f, one);
	finding_remedy(out, f, "Find what the server sent, stop it, then ask for removal.");
	finding_add(out, &rules[LISTED_RULE], VERDICT_PASS, "203.0.113.25", "clean elsewhere");
	w->report.verdict = findings_verdict(out);
}

/* Everything good but a certificate; a host name stood for the address. */
static void
build_ready(struct world *w)
{
	static const char *const ids[] = { "ptr", "iprev", "smtp" };
	static const char *const name[] = { "mail.example.com" };
	static const char *const address[] = { "2001:db8::25" };
	world_init(w, "2001:db8::25");
	w->target.names.host = w->target.names.ehlo = "mail.example.com";
	add_checks(w, ids, N_ELEMENTS(ids));
	struct findings *out = &w->findings;
	char reverse[IP_REVERSE_MAX];
	const struct fact *ptr = add_dns(w, ip_reverse_name(&w->target.ip, reverse), DNS_PTR,
	    DNS_FOUND, name, 1);
	const struct fact *aaaa = add_dns(w, "mail.example.com", DNS_AAAA, DNS_FOUND, address, 1);
	add_dns(w, "mail.example.com", DNS_A, DNS_NODATA, NULL, 0);
	const struct fact *smtp = add_smtp(w, "mail.example.com ESMTP", "mail.example.com");

	struct finding *f = finding_add(out, &rules[PTR_FOUND_RULE], VERDICT_PASS, "2001:db8::25",
	    "mail.example.com");
	finding_evidence(out, f, ptr);
	f = finding_add(out, &rules[IPREV_RULE], VERDICT_PASS, "mail.example.com",
	    "mail.example.com resolves to 2001:db8::25");
	finding_evidence(out, f, ptr);
	finding_evidence(out, f, aaaa);
	f = finding_add(out, &rules[CERT_RULE], VERDICT_WARN, "mail.example.com",
	    "the certificate expired on 2026-08-17");
	finding_evidence(out, f, smtp);
	finding_remedy(out, f, "Renew the certificate.");
	w->report.verdict = findings_verdict(out);
}

/* Names and a banner that try to write on the terminal and into HTML. */
static void
build_hostile(struct world *w)
{
	static const char *const ids[] = { "ptr", "iprev", "smtp" };
	static const char *const names[] = {
		"\\027[2j\\007.example",
		"<script>alert\\(1\\)</script>.example",
		("\xe2\x80\xae"
		 "moc.elpmaxe.liam"),
	};
	world_init(w, "203.0.113.66");
	add_checks(w, ids, N_ELEMENTS(ids));
	struct findings *out = &w->findings;
	const struct fact *ptr = add_dns(w, "66.113.0.203.in-addr.arpa", DNS_PTR, DNS_FOUND, names,
	    3);
	const struct fact *smtp = add_smtp(w, "\033]0;owned\007 \"quoted\" \\ \xff\xfe <b>",
	    "\033[1m");
	struct finding *f = finding_add(out, &rules[PTR_FOUND_RULE], VERDICT_WARN, "\033[31m",
	    "3 PTR names, the first %s", "\033[2J\r\nPASS");
	finding_evidence(out, f, ptr);
	f = finding_add(out, &rules[CERT_RULE], VERDICT_INFO, "x", "greets as %s",
	    "\x9b"
	    "31m");
	finding_evidence(out, f, smtp);
	finding_remedy(out, f, "Ask about %s",
	    "\xe2\x80\xae"
	    "evil");
	w->report.verdict = findings_verdict(out);
}

/* Nothing judged: no finding that says anything. */
static void
build_nothing(struct world *w)
{
	static const char *const ids[] = { "ptr" };
	world_init(w, "192.0.2.1");
	add_checks(w, ids, 1);
	finding_add(&w->findings, &rules[PTR_FOUND_RULE], VERDICT_SKIP, "192.0.2.1",
	    "not looked at");
	w->report.verdict = findings_verdict(&w->findings);
}

/* What a spreadsheet would take for formulas, and what RFC 4180 wants in quotes. */
static void
build_formulas(struct world *w)
{
	static const char *const ids[] = { "ptr", "ehlo" };
	static const char *const names[] = { "=cmd|' /c calc'!a0.example", "a,b\".example" };
	world_init(w, "203.0.113.67");
	add_checks(w, ids, N_ELEMENTS(ids));
	w->target.names.host = "\uff0b1.example"; /* a plus of full width */
	w->target.names.ehlo = "@SUM(1,2)";
	struct findings *out = &w->findings;
	const struct fact *ptr = add_dns(w, "67.113.0.203.in-addr.arpa", DNS_PTR, DNS_FOUND, names,
	    2);
	finding_evidence(out,
	    finding_add(out, &rules[PTR_MISSING_RULE], VERDICT_FAIL, "x",
		"-2+3+cmd, it said \"no\""),
	    ptr);
	w->report.verdict = findings_verdict(out);
}

/* A receiver of every kind of demand; its words try to write on the terminal and into HTML. */
static void
build_receivers(struct world *w)
{
	static const char demands[] =
	    "[receiver]\nname = <b>Big\\033[31m|\nbulk = more than *ten* a day\nnote = Not for "
	    "<i>\n"
	    "[ptr]\ndemand = ptr\ntest = ptr\ntext = there is a PTR record\ncode = 550 5.7.25\n"
	    "since = 2024-02-01\nsource = https://a.example/\ndated = 2026-06\n"
	    "checked = 2026-09-01\n"
	    "[forward]\ndemand = forward\ntest = forward\ntext = the PTR name has the address\n"
	    "source = https://a.example/\ndated = 2026\nchecked = 2025-09-01\n"
	    "[spf]\ndemand = spf\ntest = spf\ntext = SPF passes\nwho = bulk\n"
	    "source = https://a.example/\ndated = 2026\nchecked = 2026-09-01\n"
	    "[tls]\ndemand = tls\ntest = unseen\ntext = mail is sent over TLS\ncode = 421\n"
	    "source = https://a.example/\ndated = 2026\nchecked = 2026-09-01\n";
	struct err err;
	build_missing(w);
	if (receiver_table_read_text("big.ini", demands, sizeof demands - 1, &w->receivers, &err) !=
	    ERR_NONE)
		fail_msg("%s", err.text);
	w->policy.receivers = w->receivers;
	w->policy.show_receivers = true;
}

static const struct {
	const char *name;
	void (*build)(struct world *w);
	const char *format;
	struct render_options options;
} cases[] = {
	{ "missing.text", build_missing, "text", { .verbose = 0 } },
	{ "missing-v.text", build_missing, "text", { .verbose = 1 } },
	{ "missing-vv.text", build_missing, "text", { .verbose = 2 } },
	{ "missing-color.text", build_missing, "text", { .color = true } },
	{ "missing-quiet.text", build_missing, "text", { .quiet = true } },
	{ "missing-narrow.text", build_missing, "text", { .columns = 60 } },
	{ "missing.brief", build_missing, "brief", { .quiet = true, .columns = 40 } },
	{ "missing.json", build_missing, "json", { .many = false } },
	{ "missing.jsonl", build_missing, "jsonl", { .many = false } },
	{ "ready.text", build_ready, "text", { .verbose = 0 } },
	{ "ready-v.text", build_ready, "text", { .verbose = 1 } },
	{ "ready.brief", build_ready, "brief", { .verbose = 0 } },
	{ "ready.json", build_ready, "json", { .many = true } },
	{ "ready.jsonl", build_ready, "jsonl", { .many = true } },
	{ "hostile.text", build_hostile, "text", { .verbose = 2 } },
	{ "hostile.brief", build_hostile, "brief", { .color = true } },
	{ "hostile.json", build_hostile, "json", { .many = false } },
	{ "receivers.text", build_receivers, "text", { .verbose = 0 } },
	{ "receivers-v.text", build_receivers, "text", { .verbose = 1, .columns = 60 } },
	{ "receivers.json", build_receivers, "json", { .many = false } },
	{ "receivers.jsonl", build_receivers, "jsonl", { .many = false } },
	{ "receivers.markdown", build_receivers, "markdown", { .verbose = 0 } },
	{ "receivers.html", build_receivers, "html", { .verbose = 0 } },
	{ "missing.csv", build_missing, "csv", { .verbose = 0 } },
	{ "ready.csv", build_ready, "csv", { .verbose = 0 } },
	{ "hostile.csv", build_hostile, "csv", { .verbose = 0 } },
	{ "formulas.csv", build_formulas, "csv", { .verbose = 0 } },
	{ "nothing.csv", build_nothing, "csv", { .verbose = 0 } },
	{ "nothing.text", build_nothing, "text", { .verbose = 0 } },
	{ "nothing.jsonl", build_nothing, "jsonl", { .verbose = 0 } },
	{ "missing.junit", build_missing, "junit", { .verbose = 0 } },
	{ "ready.junit", build_ready, "junit", { .verbose = 0 } },
	{ "hostile.junit", build_hostile, "junit", { .verbose = 0 } },
	{ "missing.markdown", build_missing, "markdown", { .verbose = 1 } },
	{ "ready.markdown", build_ready, "markdown", { .verbose = 0 } },
	{ "hostile.markdown", build_hostile, "markdown", { .verbose = 1 } },
	{ "nothing.markdown", build_nothing, "markdown", { .verbose = 0 } },
	{ "missing.html", build_missing, "html", { .verbose = 0 } },
	{ "ready.html", build_ready, "html", { .verbose = 0 } },
	{ "hostile.html", build_hostile, "html", { .verbose = 0 } },
	{ "nothing.html", build_nothing, "html", { .verbose = 0 } },
	{ "nothing.junit", build_nothing, "junit", { .verbose = 0 } },
	{ "missing.nagios", build_missing, "nagios", { .verbose = 0 } },
	{ "ready.nagios", build_ready, "nagios", { .verbose = 1 } },
	{ "hostile.nagios", build_hostile, "nagios", { .verbose = 1 } },
	{ "nothing.nagios", build_nothing, "nagios", { .verbose = 1 } },
	{ "missing.openmetrics", build_missing, "openmetrics", { .verbose = 0 } },
	{ "ready.openmetrics", build_ready, "openmetrics", { .verbose = 0 } },
	{ "hostile.openmetrics", build_hostile, "openmetrics", { .verbose = 0 } },
	{ "nothing.openmetrics", build_nothing, "openmetrics", { .verbose = 0 } },
};

/* No check of the program said what these worlds hold: whose finding it is stands in the id. */
static void
name_checks(const struct world *w)
{
	for (size_t i = 0; i < w->findings.n; i++) {
		struct finding *f = w->findings.list[i];
		size_t len = strcspn(f->rule->id, ".");
		for (size_t k = 0; k < w->report.n_checks; k++)
			if (strlen(w->checks[k]->id) == len &&
			    memcmp(w->checks[k]->id, f->rule->id, len) == 0)
				f->check = w->checks[k];
	}
}

static void
render_case(size_t i, struct buf *out)
{
	struct world w;
	const struct renderer *r = renderer_by_name(cases[i].format);
	assert_non_null(r);
	cases[i].build(&w);
	name_checks(&w);
	if (r->whole != NULL) {
		struct digest d;
		digest_of_report(&w.report, &w.arena, &d);
		r->whole(&d, 1, &cases[i].options, out);
	}
	if (r->begin != NULL)
		r->begin(&cases[i].options, out);
	if (r->report != NULL)
		r->report(&w.report, &cases[i].options, out);
	if (r->end != NULL)
		r->end(&cases[i].options, out);
	assert_false(out->failed);
	world_fini(&w);
}

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
		render_case(i, &got);
		golden_compare(path, &got);
		buf_fini(&got);
	}
}

/* Whatever strangers wrote, no control byte but line ends leaves a renderer without colour. */
static void
test_nothing_leaks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct buf got;
		if (cases[i].options.color)
			continue;
		ROW(cases[i].name);
		buf_init(&got, GOLDEN_MAX);
		render_case(i, &got);
		for (size_t k = 0; k < got.len; k++) {
			unsigned char c = (unsigned char)got.data[k];
			assert_true(c == '\n' || (c == '\r' && got.data[k + 1] == '\n') ||
			    (c >= ' ' && c != 0x7f));
		}
		assert_null(strstr(got.data, "\xe2\x80\xae"));
		buf_fini(&got);
	}
}

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < renderers_n; i++) {
		ROW(renderers_all[i]->name);
		assert_true(
		    (renderers_all[i]->report != NULL) != (renderers_all[i]->whole != NULL));
		assert_true(strlen(renderers_all[i]->help) > 5);
	}
}

/* -q shows nothing at all of a target that is good. */
static void
test_quiet(void **state)
{
	(void)state;
	static const struct render_options quiet = { .quiet = true };
	for (size_t i = 0; i < renderers_n; i++) {
		if (strstr("text brief csv markdown", renderers_all[i]->name) == NULL)
			continue;
		struct world w;
		struct buf got;
		build_ready(&w);
		w.report.verdict = VERDICT_PASS;
		buf_init(&got, GOLDEN_MAX);
		ROW(renderers_all[i]->name);
		renderers_all[i]->report(&w.report, &quiet, &got);
		assert_string_equal(got.data, "");
		buf_fini(&got);
		world_fini(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_nothing_leaks),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_quiet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
