#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "checks/smtp_priv.h"

enum { DAY_S = 86400, MAX = 4 };

static const int64_t now_s = 1767225600; /* 2026-01-01 00:00:00 UTC */

struct expected {
	const char *id; /* NULL ends the list */
	enum verdict verdict;
	const char *text;   /* part of the text */
	const char *remedy; /* part of the remedy; NULL: there is none */
};

/* A member left out stands for a good server: mx1.test.example with TLS 1.3 and 60 days left. */
struct row {
	const char *name;
	enum smtp_status status; /* SMTP_PENDING: talked, unless pending is set */
	bool pending;
	int banner_code, ehlo_code;
	const char *banner, *banner_name, *ehlo_name, *error;
	unsigned notes;
	enum smtp_tls tls; /* SMTP_TLS_UNKNOWN: done, unless tls_unknown is set */
	bool tls_unknown;
	const char *tls_version, *tls_error;
	const char *cert[2];
	bool cert_nameless, self_signed;
	int from_days, to_s; /* from now; to_s 0: 60 days */
	const char *chain_error;
	enum dns_status ptr; /* DNS_PENDING: found, unless ptr_pending is set */
	bool ptr_pending;
	const char *ptr_name;
	const char *host, *ehlo; /* what the user said */
	struct expected expected[MAX];
};

#define READY "smtp.ready", VERDICT_PASS

static const struct row rows[] = {
	{ "good",
	    .expected = { { READY,
		"greets as mx1.test.example, answers EHLO as mx1.test.example, and STARTTLS with "
		"TLSv1.3; the certificate for mx1.test.example is valid until 2026-03-02",
		NULL } } },
	{ "TLS 1.2 is good", .tls_version = "TLSv1.2", .expected = { { READY, "TLSv1.2", NULL } } },
	{ "a version of the future is good", .tls_version = "TLSv1.4",
	    .expected = { { READY, "TLSv1.4", NULL } } },

	{ "port closed", .status = SMTP_CLOSED, .error = "Connection refused",
	    .expected = { { "smtp.closed", VERDICT_TEMPERROR,
		"refused the connection: Connection refused",
		"For 203.0.113.25: nothing is needed when it only sends" } } },
	{ "port filtered", .status = SMTP_FILTERED, .error = "no answer",
	    .expected = { { "smtp.filtered", VERDICT_TEMPERROR, "did not answer",
		"block outgoing port 25" } } },
	{ "no route", .status = SMTP_UNREACHABLE, .error = "Network is unreachable",
	    .expected = { { "smtp.unreachable", VERDICT_TEMPERROR, "Network is unreachable",
		"has a route" } } },
	{ "silence", .status = SMTP_SILENT,
	    .error = "the time limit was reached (waiting for the greeting)",
	    .expected = { { "smtp.silent", VERDICT_TEMPERROR, "waiting for the greeting",
		"--timeout" } } },
	{ "pending", .pending = true,
	    .expected = { { "smtp.unknown", VERDICT_TEMPERROR, "not finished", "--timeout" } } },
	{ "not asked", .status = SMTP_NOT_ASKED,
	    .expected = { { "smtp.unknown", VERDICT_TEMPERROR, "was not asked", "again" } } },
	{ "not SMTP", .status = SMTP_BROKEN, .error = "not an SMTP reply: \"SSH-2.0\"",
	    .expected = { { "smtp.broken", VERDICT_WARN, "\"SSH-2.0\"", "what listens" } } },
	{ "escape sequences are not shown", .status = SMTP_BROKEN, .error = "\x1b[31mred",
	    .expected = { { "smtp.broken", VERDICT_WARN, "\\x1b[31mred", "what listens" } } },

	{ "greeting 554", .banner_code = 554, .banner = "5.7.1 go away",
	    .expected = { { "smtp.greeting-refused", VERDICT_WARN, "554 5.7.1 go away",
		"203.0.113.25" } } },
	{ "greeting 421 is of the moment", .banner_code = 421, .banner = "busy",
	    .expected = { { "smtp.greeting-refused", VERDICT_TEMPERROR, "421 busy",
		"203.0.113.25" } } },
	{ "EHLO refused", .ehlo_code = 550, .error = "550 5.7.1 no", .tls_unknown = true,
	    .expected = { { "smtp.ehlo-refused", VERDICT_WARN, "refused EHLO: 550 5.7.1 no",
		"mx1.test.example" } } },
	{ "EHLO refused for now", .ehlo_code = 450, .error = "450 later", .tls_unknown = true,
	    .expected = { { "smtp.ehlo-refused", VERDICT_TEMPERROR, "450 later",
		"mx1.test.example" } } },
	{ "HELO only", .ehlo_code = 502, .tls = SMTP_TLS_NOT_OFFERED,
	    .expected = { { "smtp.helo-only", VERDICT_WARN, "answered with 502", "inspection" } } },
	{ "EHLO unknown, HELO refused", .ehlo_code = 500, .error = "550 no", .tls_unknown = true,
	    .expected = { { "smtp.ehlo-refused", VERDICT_WARN, "EHLO and HELO: 550 no",
		"mx1.test.example" } } },

	{ "bare LF is worth a word", .notes = SMTP_NOTE_BARE_LF,
	    .expected = { { "smtp.line-ends", VERDICT_INFO, "LF alone", "mx1.test.example" },
		{ READY, "greets", NULL } } },
	{ "mixed codes are worth a word", .notes = SMTP_NOTE_MIXED_CODES,
	    .expected = { { "smtp.mixed-codes", VERDICT_INFO, "different codes",
			      "mx1.test.example" },
		{ READY, "greets", NULL } } },
	{ "injected plain text (CVE-2011-0411)", .notes = SMTP_NOTE_INJECTED,
	    .expected = { { "smtp.starttls-injection", VERDICT_WARN, "dropped",
		"mx1.test.example" } } },

	{ "no STARTTLS", .tls = SMTP_TLS_NOT_OFFERED,
	    .expected = { { "smtp.starttls-missing", VERDICT_WARN, "does not offer STARTTLS",
		"For mx1.test.example: get a certificate" } } },
	{ "STARTTLS refused", .tls = SMTP_TLS_REFUSED, .tls_error = "454 4.7.0 no",
	    .expected = { { "smtp.starttls-refused", VERDICT_WARN, "454 4.7.0 no", "log" } } },
	{ "handshake failed", .tls = SMTP_TLS_FAILED, .tls_error = "handshake failure",
	    .expected = { { "smtp.tls-failed", VERDICT_WARN, "handshake failure", "log" } } },
	{ "handshake unfinished is not a failure", .tls_unknown = true,
	    .tls_error = "the time limit was reached",
	    .expected = { { "smtp.tls-unknown", VERDICT_TEMPERROR, "the time limit was reached",
		"--timeout" } } },
	{ "nothing after the handshake", .error = "gone (waiting for the reply to EHLO under TLS)",
	    .expected = { { "smtp.tls-dialogue", VERDICT_WARN, "gone", "log" } } },
	{ "TLS 1.0 (RFC 8996)", .tls_version = "TLSv1",
	    .expected = { { "smtp.tls-old", VERDICT_WARN, "TLSv1 at best", "TLS 1.2 and 1.3" } } },
	{ "TLS 1.1 (RFC 8996)", .tls_version = "TLSv1.1",
	    .expected = { { "smtp.tls-old", VERDICT_WARN, "TLSv1.1 at best",
		"TLS 1.2 and 1.3" } } },

	{ "expired", .from_days = -90, .to_s = -3 * DAY_S,
	    .expected = { { "smtp.cert-expired", VERDICT_WARN, "expired on 2025-12-29, 3 days ago",
		"Renew the certificate of mx1" } } },
	{ "expired a second ago", .to_s = -1,
	    .expected = { { "smtp.cert-expired", VERDICT_WARN, "less than a day ago", "Renew" } } },
	{ "expired before it began", .from_days = 1, .to_s = -DAY_S,
	    .expected = { { "smtp.cert-expired", VERDICT_WARN, "1 day ago", "Renew" } } },
	{ "expires in 13 days", .to_s = 14 * DAY_S - 1,
	    .expected = { { "smtp.cert-expiring", VERDICT_WARN, "expires on 2026-01-14, in 13 days",
		"Renew" } } },
	{ "expires in 14 days", .to_s = 14 * DAY_S, .expected = { { READY, "2026-01-15", NULL } } },
	{ "not yet valid", .from_days = 2,
	    .expected = { { "smtp.cert-not-yet-valid", VERDICT_WARN,
		"only from 2026-01-03 on, in 2 days", "clock" } } },
	{ "valid from this second on", .from_days = 0, .expected = { { READY, "greets", NULL } } },

	{ "wildcard name", .cert = { "*.test.example" },
	    .expected = { { READY, "*.test.example", NULL } } },
	{ "second name", .cert = { "a.example", "MX1.test.example" },
	    .expected = { { READY, "a.example", NULL } } },
	{ "PTR name fits", .cert = { "ptr.test.example" },
	    .expected = { { READY, "greets", NULL } } },
	{ "banner name fits", .cert = { "b.example" }, .banner_name = "b.example",
	    .expected = { { READY, "greets as b.example", NULL } } },
	{ "the user's host name fits", .cert = { "h.example" }, .host = "h.example",
	    .expected = { { READY, "greets", NULL } } },
	{ "the given EHLO name fits", .cert = { "e.example" }, .ehlo = "e.example",
	    .expected = { { READY, "greets", NULL } } },
	{ "no name fits", .cert = { "other.example", "*.other.example" },
	    .expected = { { "smtp.cert-name", VERDICT_WARN,
		"is for other.example, *.other.example, but the server is known as "
		"mx1.test.example, ptr.test.example",
		"Get a certificate for mx1.test.example" } } },
	{ "certificate without names", .cert_nameless = true,
	    .expected = { { "smtp.cert-name", VERDICT_WARN, "no name at all",
		"Get a certificate" } } },
	{ "no name fits, PTR unknown: could not tell", .cert = { "other.example" },
	    .ptr = DNS_SERVFAIL,
	    .expected = { { "smtp.cert-name", VERDICT_TEMPERROR, "cannot be told", NULL } } },
	{ "no name fits, PTR pending: could not tell", .cert = { "other.example" },
	    .ptr_pending = true,
	    .expected = { { "smtp.cert-name", VERDICT_TEMPERROR, "cannot be told", NULL } } },
	{ "a name fits whatever the PTR is", .ptr = DNS_SERVFAIL,
	    .expected = { { READY, "greets", NULL } } },
	{ "no name fits, no PTR", .cert = { "other.example" }, .ptr = DNS_NXDOMAIN,
	    .expected = { { "smtp.cert-name", VERDICT_WARN, "known as mx1.test.example",
		"Get" } } },
	{ "no names to compare with", .banner_name = "esmtp", .ehlo_name = "[203.0.113.25]",
	    .ptr = DNS_NODATA,
	    .expected = { { "smtp.cert-name", VERDICT_SKIP, "to compare", NULL },
		{ READY, "greets as esmtp", NULL } } },
	{ "literal is no name to match", .ehlo_name = "[203.0.113.25]",
	    .cert = { "[203.0.113.25]" },
	    .expected = { { "smtp.cert-name", VERDICT_WARN, "known as mx1.test.example, ptr",
		"Get" } } },

	{ "self-signed", .self_signed = true, .chain_error = "self-signed certificate",
	    .expected = { { "smtp.cert-chain", VERDICT_INFO, "is self-signed", "public authority" },
		{ READY, "greets", NULL } } },
	{ "unknown issuer", .chain_error = "unable to get local issuer certificate",
	    .expected = { { "smtp.cert-chain", VERDICT_INFO, "issued by \"CN = Some CA\"",
			      "intermediate" },
		{ READY, "greets", NULL } } },
	{ "everything at once", .cert = { "x.example" }, .to_s = -DAY_S, .self_signed = true,
	    .chain_error = "self-signed certificate", .tls_version = "TLSv1",
	    .expected = { { "smtp.tls-old", VERDICT_WARN, "TLSv1", "Update" },
		{ "smtp.cert-expired", VERDICT_WARN, "1 day ago", "Renew" },
		{ "smtp.cert-name", VERDICT_WARN, "x.example", "Get" },
		{ "smtp.cert-chain", VERDICT_INFO, "self-signed", "public" } } },
};

static const char *
either(const char *given, const char *otherwise)
{
	return given != NULL ? given : otherwise;
}

static void
fill_cert(const struct row *row, struct arena *a, struct smtp_cert *cert)
{
	cert->names = arena_array(a, 2, sizeof *cert->names);
	cert->names[0] = either(row->cert[0], "mx1.test.example");
	cert->names[1] = row->cert[1];
	cert->n_names = row->cert_nameless ? 0 : row->cert[1] != NULL ? 2 : 1;
	cert->not_before_s = now_s + row->from_days * DAY_S;
	cert->not_after_s = now_s + (row->to_s != 0 ? row->to_s : 60 * DAY_S);
	cert->issuer = "CN = Some CA";
	cert->chain_good = row->chain_error == NULL;
	cert->chain_error = either(row->chain_error, "");
	cert->self_signed = row->self_signed;
}

static struct smtp_dialogue
dialogue_of(const struct row *row, struct arena *a)
{
	struct smtp_dialogue d = smtp_dialogue_pending;
	if (row->pending)
		return d;
	d.status = row->status != SMTP_PENDING ? row->status : SMTP_TALKED;
	d.error = either(row->error, "");
	if (d.status != SMTP_TALKED)
		return d;
	d.banner_code = row->banner_code != 0 ? row->banner_code : 220;
	d.banner = either(row->banner, "mx1.test.example ESMTP");
	if (d.banner_code != 220)
		return d;
	d.banner_name = either(row->banner_name, "mx1.test.example");
	d.ehlo_code = row->ehlo_code != 0 ? row->ehlo_code : 250;
	d.ehlo_name = either(row->ehlo_name, "mx1.test.example");
	d.notes = row->notes;
	d.tls = row->tls != SMTP_TLS_UNKNOWN || row->tls_unknown ? row->tls : SMTP_TLS_DONE;
	d.tls_error = either(row->tls_error, "");
	if (d.tls != SMTP_TLS_DONE)
		return d;
	d.tls_version = either(row->tls_version, "TLSv1.3");
	fill_cert(row, a, &d.cert);
	return d;
}

static const char reverse_name[] = "25.113.0.203.in-addr.arpa";

static void
set_ptr(const struct row *row, struct facts *f)
{
	struct fact *fact = facts_need_dns(f, NULL, reverse_name, DNS_PTR);
	struct dns_record record = { .owner = reverse_name, .type = DNS_PTR };
	struct dns_answer answer = dns_answer_pending;
	if (row->ptr_pending)
		return;
	record.text = either(row->ptr_name, "ptr.test.example");
	answer.status = row->ptr != DNS_PENDING ? row->ptr : DNS_FOUND;
	answer.records = &record;
	answer.n_records = answer.status == DNS_FOUND ? 1 : 0;
	facts_set_dns(fact, f->arena, &answer);
}

static const struct policy good_policy = { .smtp = true,
	.smtp_port = 25,
	.allow_special = true,
	.now_s = now_s };

static struct target
target_of(const char *address, const struct policy *policy)
{
	struct target t = { .host = "", .ehlo = "", .domain = "", .policy = policy };
	assert_true(ip_parse(address, &t.ip));
	ip_format(&t.ip, t.address);
	return t;
}

static void
assert_part(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static void
assert_finding(const struct finding *f, const struct expected *e, const struct fact *fact)
{
	assert_string_equal(f->rule->id, e->id);
	assert_string_equal(enumtab_name(&verdict_names, (int)f->verdict),
	    enumtab_name(&verdict_names, (int)e->verdict));
	assert_string_equal(f->subject, "203.0.113.25 port 25");
	assert_part(f->text, e->text);
	if (e->remedy != NULL)
		assert_part(f->remedy, e->remedy);
	else
		assert_string_equal(f->remedy, "");
	assert_true(f->n_evidence > 0);
	assert_ptr_equal(f->evidence[0], fact);
}

static void
check_row(const struct row *row)
{
	struct arena a;
	struct facts facts;
	struct findings out;
	struct target t = target_of("203.0.113.25", &good_policy);
	struct endpoint server = { .ip = t.ip, .port = 25 };
	arena_init(&a);
	facts_init(&facts, &a);
	findings_init(&out, &a);
	t.host = either(row->host, "");
	t.ehlo = either(row->ehlo, "");
	struct smtp_dialogue d = dialogue_of(row, &a);
	struct fact *fact = facts_need_smtp(&facts, &server);
	facts_set_smtp(fact, &a, &d);
	set_ptr(row, &facts);
	check_smtp.judge(&t, &facts, &out);
	size_t n = 0;
	for (; n < MAX && row->expected[n].id != NULL; n++) {
		assert_true(n < out.n);
		assert_finding(out.list[n], &row->expected[n], fact);
	}
	assert_int_equal(out.n, n);
	facts_fini(&facts);
	arena_fini(&a);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		check_row(&rows[i]);
	}
}

static const struct wants_row {
	const char *name;
	const char *address;
	struct policy policy;
	bool wanted;
	const char *reason; /* in the text when it is not */
} wants_rows[] = {
	{ "public address", "8.8.8.8", { .smtp = true, .smtp_port = 25 }, true, NULL },
	{ "another port", "8.8.8.8", { .smtp = true, .smtp_port = 2525 }, true, NULL },
	{ "public IPv6", "2606:4700::1", { .smtp = true, .smtp_port = 25 }, true, NULL },
	{ "--no-smtp", "8.8.8.8", { .smtp_port = 25 }, false, "on request" },
	{ "--offline", "8.8.8.8", { .smtp = true, .smtp_port = 25, .offline = true }, false,
	    "offline" },
	{ "loopback", "127.0.0.1", { .smtp = true, .smtp_port = 25 }, false, "Loopback" },
	{ "loopback allowed", "127.0.0.1", { .smtp = true, .smtp_port = 25, .allow_special = true },
	    true, NULL },
	{ "documentation", "203.0.113.25", { .smtp = true, .smtp_port = 25 }, false,
	    "ocumentation" },
};

/* Without a dialogue wanted the judgement is "skip"; with one that never came, "could not tell". */
static void
check_wants_row(const struct wants_row *row)
{
	struct arena a;
	struct facts facts;
	struct findings out;
	struct target t = target_of(row->address, &row->policy);
	struct endpoint server = { .ip = t.ip, .port = row->policy.smtp_port };
	arena_init(&a);
	facts_init(&facts, &a);
	findings_init(&out, &a);
	check_smtp.wants(&t, &facts);
	check_smtp.wants(&t, &facts);
	assert_int_equal(facts.n, row->wanted ? 2 : 0);
	assert_int_equal(facts_find_smtp(&facts, &server) != NULL, row->wanted);
	check_smtp.judge(&t, &facts, &out);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.list[0]->verdict, row->wanted ? VERDICT_TEMPERROR : VERDICT_SKIP);
	if (!row->wanted)
		assert_part(out.list[0]->text, row->reason);
	facts_fini(&facts);
	arena_fini(&a);
}

static void
test_wants(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(wants_rows); i++) {
		ROW(wants_rows[i].name);
		check_wants_row(&wants_rows[i]);
	}
}

/* A port that is closed must never make a run undecided. */
static void
test_rules(void **state)
{
	(void)state;
	assert_int_equal(check_smtp.n_rules, SMTP_RULES);
	for (size_t i = 0; i < check_smtp.n_rules; i++) {
		const struct rule *rule = &check_smtp.rules[i];
		assert_non_null(rule->id);
		assert_int_equal(strncmp(rule->id, "smtp.", 5), 0);
		assert_false(rule->required);
		assert_true(rule->why[0] != '\0');
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rule->id, check_smtp.rules[k].id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
