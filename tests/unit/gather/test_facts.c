#include "test.h"

#include <stdlib.h>

#include "base/json.h"
#include "gather/dump.h"

static void
test_deduplication_and_addresses(void **state)
{
	struct arena a;
	struct facts f;

	(void)state;
	arena_init(&a);
	facts_init(&f, &a);
	facts_want_dns(&f, "mail.example", DNS_A);
	const struct fact *first = facts_find_dns(&f, "mail.example", DNS_A);
	assert_false(first->followed);
	for (int i = 0; i < 1000; i++) {
		char name[32];
		snprintf(name, sizeof name, "h%d.example", i);
		facts_want_dns(&f, name, DNS_A);
	}
	facts_follow_dns(&f, "mail.example", DNS_A);
	assert_int_equal(f.n, 1001);
	assert_ptr_equal(facts_find_dns(&f, "mail.example", DNS_A), first);
	assert_true(first->followed);
	/* another type and another server are other facts */
	struct endpoint e = { .ip = { .family = 4, .bytes = { 192, 0, 2, 53 } }, .port = 53 };
	facts_want_dns(&f, "mail.example", DNS_AAAA);
	facts_follow_dns_at(&f, &e, "mail.example", DNS_A);
	assert_int_equal(f.n, 1003);
	facts_fini(&f);
	arena_fini(&a);
}

/* Of an answer that most likely says nothing, nothing is looked at again. */
static void
test_leading_on(void **state)
{
	static const struct {
		enum facts_lead lead;
		enum dns_status status;
		bool leads_on;
	} leads[] = {
		{ FACTS_LEAF, DNS_FOUND, false },
		{ FACTS_LEAD_FOUND, DNS_FOUND, true },
		{ FACTS_LEAD_FOUND, DNS_NXDOMAIN, false },
		{ FACTS_LEAD_FOUND, DNS_TIMEOUT, false },
		{ FACTS_LEAD, DNS_NXDOMAIN, true },
		{ FACTS_LEAD, DNS_SERVFAIL, true },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(leads); i++) {
		struct arena a;
		struct facts f;
		arena_init(&a);
		facts_init(&f, &a);
		assert_int_equal(facts_spare_dns(&f, NULL, "x.example", DNS_A, leads[i].lead)
				     ->status,
		    DNS_PENDING);
		struct fact *fact = f.list[0];
		assert_true(fact->sparing);
		facts_set_dns(fact, &a, dns_answer_bare(leads[i].status));
		assert_int_equal(fact_leads_on(fact), leads[i].leads_on);
		facts_fini(&f);
		arena_fini(&a);
	}
}

static void
test_unknown_reads_as_pending(void **state)
{
	struct arena a;
	struct facts f;
	struct endpoint e = { .ip = { .family = 4, .bytes = { 192, 0, 2, 1 } }, .port = 25 };

	(void)state;
	arena_init(&a);
	facts_init(&f, &a);
	assert_int_equal(facts_dns(&f, "mail.example", DNS_A)->status, DNS_PENDING);
	assert_int_equal(facts_dns_at(&f, &e, "mail.example", DNS_A)->status, DNS_PENDING);
	assert_int_equal(facts_smtp(&f, &e)->status, SMTP_PENDING);
	assert_null(facts_find_dns(&f, "mail.example", DNS_A));
	assert_int_equal(f.n, 0);
	facts_fini(&f);
	arena_fini(&a);
}

static void
test_budget(void **state)
{
	struct arena a;
	struct facts f;

	(void)state;
	arena_init(&a);
	facts_init(&f, &a);
	f.max = 1;
	facts_want_dns(&f, "a.example", DNS_A);
	facts_want_dns(&f, "b.example", DNS_A);
	assert_false(facts_find_dns(&f, "a.example", DNS_A)->final);
	assert_true(facts_find_dns(&f, "b.example", DNS_A)->final);
	assert_int_equal(facts_dns(&f, "b.example", DNS_A)->status, DNS_NOT_ASKED);
	facts_fini(&f);
	arena_fini(&a);
}

static const char *const good_fact = "{\"kind\":\"dns\",\"name\":\"1.2.0.192.in-addr.arpa\","
				     "\"type\":\"PTR\",\"status\":\"found\",\"rcode\":0,\"ede\":-1,"
				     "\"server\":\"127.0.0.1#5300\",\"time_us\":1200,\"attempts\":"
				     "2,\"chain\":[\"1.0/25.2.0.192.in-addr.arpa\"],"
				     "\"records\":[{\"ttl\":300,\"owner\":\"1.0/"
				     "25.2.0.192.in-addr.arpa\",\"text\":\"MAIL.example.\"}]}";

struct row {
	const char *name, *fact;
	const char *error; /* NULL: loads */
};

static const struct row rows[] = {
	{ "a PTR answer", NULL, NULL },
	{ "an authority's answer",
	    "{\"kind\":\"dns\",\"name\":\"a.example\",\"type\":\"A\",\"at\":\"192.0.2.53\","
	    "\"status\":\"timeout\"}",
	    NULL },
	{ "a dialogue",
	    "{\"kind\":\"smtp\",\"at\":\"192.0.2.1#25\",\"status\":\"closed\",\"tls\":\"unknown\"}",
	    NULL },
	{ "no kind", "{}", "kind" },
	{ "unknown kind", "{\"kind\":\"whois\"}", "whois" },
	{ "unknown status",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"A\",\"status\":\"perhaps\"}", "perhaps" },
	{ "unknown type", "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"A6\",\"status\":\"found\"}",
	    "A6" },
	{ "not a name", "{\"kind\":\"dns\",\"name\":\"a..b\",\"type\":\"A\",\"status\":\"found\"}",
	    "a..b" },
	{ "not an address",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"A\",\"status\":\"found\",\"records\":[{"
	    "\"ttl\":1,\"owner\":\"a\",\"text\":\"x\"}]}",
	    "address" },
	{ "ttl out of range",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"PTR\",\"status\":\"found\",\"records\":[{"
	    "\"ttl\":-1,\"owner\":\"a\",\"text\":\"x\"}]}",
	    "ttl" },
	{ "found without records",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"PTR\",\"status\":\"found\"}", "records" },
	{ "found with an empty set",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"A\",\"status\":\"found\",\"records\":[]}",
	    "records" },
	{ "records that are no array",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"PTR\",\"status\":\"found\",\"records\":7}",
	    "records" },
	{ "a certificate before the calendar",
	    "{\"kind\":\"smtp\",\"at\":\"192.0.2.1#25\",\"status\":\"talked\",\"tls\":\"done\","
	    "\"cert\":{\"not_after\":-9223372036854775808}}",
	    "not_after" },
	{ "not a server",
	    "{\"kind\":\"dns\",\"name\":\"a\",\"type\":\"PTR\",\"status\":\"found\",\"server\":"
	    "\"here\"}",
	    "here" },
};

static char *
dumped(const struct target *t, const struct facts *f)
{
	json_t *json = dump_run(t, NULL, 0, f);
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	return text;
}

static void
test_load(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		char text[4096];
		struct policy policy = { .now_s = 0 };
		struct target t;
		struct facts f;
		struct arena a;
		struct err err = { .code = ERR_NONE };

		ROW(rows[i].name);
		snprintf(text, sizeof text,
		    "{\"schema\":\"mailready.facts/"
		    "1\",\"time\":1,\"policy\":{\"authority\":\"auto\",\"smtp_port\":2525},"
		    "\"target\":{\"address\":\"192.0.2.1\",\"ehlo\":\"mail.example\"},\"facts\":[%"
		    "s]}",
		    rows[i].fact != NULL ? rows[i].fact : good_fact);
		json_t *json = json_read(text, strlen(text), &err);
		assert_non_null(json);
		arena_init(&a);
		facts_init(&f, &a);
		enum err_code code = dump_load(json, &policy, &t, &f, &err);
		json_decref(json);
		assert_int_equal(code, rows[i].error != NULL ? ERR_DATA : ERR_NONE);
		if (rows[i].error != NULL && strstr(err.text, rows[i].error) == NULL)
			fail_msg("\"%s\" is not in: %s", rows[i].error, err.text);
		if (rows[i].error == NULL) {
			char *again = dumped(&t, &f);
			assert_non_null(
			    strstr(again, "\"address\":\"192.0.2.1\",\"ehlo\":\"mail.example\""));
			assert_int_equal(f.n, 1);
			assert_true(f.list[0]->final);
			assert_int_equal(policy.smtp_port, 2525);
			free(again);
		}
		facts_fini(&f);
		arena_fini(&a);
	}
}

/* What was wanted first does not show in a dump: it is sorted by key. */
static void
test_dump_order(void **state)
{
	static const char *const names[] = { "a.example", "b.example", "c.example" };
	struct policy policy = { .smtp_port = 25, .authority_port = 53 };
	struct target t = { .address = "192.0.2.1",
		.names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &policy };
	char *text[2];

	(void)state;
	for (size_t turn = 0; turn < 2; turn++) {
		struct facts f;
		struct arena a;
		arena_init(&a);
		facts_init(&f, &a);
		for (size_t i = 0; i < N_ELEMENTS(names); i++)
			facts_want_dns(&f, names[turn == 0 ? i : N_ELEMENTS(names) - 1 - i], DNS_A);
		text[turn] = dumped(&t, &f);
		facts_fini(&f);
		arena_fini(&a);
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

/* Every word of a dialogue comes back. */
static void
test_smtp_again(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"schema\":\"mailready.facts/1\",\"time\":1,\"policy\":{\"authority\":\"auto\"},"
	    "\"target\":{\"address\":\"192.0.2.1\"},\"facts\":[{\"kind\":\"smtp\",\"at\":"
	    "\"192.0.2.1#25\",\"status\":\"talked\",\"time_us\":5,\"error\":\"e\",\"notes\":1,"
	    "\"our_name\":\"o\",\"banner_code\":220,\"banner\":\"b "
	    "x\",\"banner_name\":\"b\",\"ehlo_code\":250,"
	    "\"ehlo_name\":\"n\",\"capabilities\":[\"STARTTLS\"],\"tls\":\"done\",\"tls_name\":"
	    "\"s\",\"tls_version\":\"v\",\"tls_cipher\":\"c\",\"tls_exchange\":\"DH 1 bits\","
	    "\"tls_weak\":true,\"tls_error\":\"t\",\"cert\":{\"names\":[\"a\"],\"not_before\":1,"
	    "\"not_after\":2,\"issuer\":\"i\",\"key\":\"k\",\"signature\":\"g\",\"chain_good\":"
	    "true,\"chain_error\":\"r\",\"weak\":{\"depth\":1,\"subject\":\"w\",\"detail\":\"d\"},"
	    "\"expired\":{\"depth\":2,\"subject\":\"x\",\"detail\":\"y\"},\"self_signed\":true}}]}";
	struct policy policy = { .now_s = 0 };
	struct target t;
	struct facts f;
	struct arena a;
	struct err err = { .text = "" };
	json_t *given = json_read(text, sizeof text - 1, &err);
	arena_init(&a);
	facts_init(&f, &a);
	if (dump_load(given, &policy, &t, &f, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	json_t *again = dump_run(&t, NULL, 0, &f);
	assert_true(json_equal(json_object_get(given, "facts"), json_object_get(again, "facts")));
	json_decref(again);
	json_decref(given);
	facts_fini(&f);
	arena_fini(&a);
}

/* The sender's identities come back as they were given; a file of 0.2.0 has none. */
static void
test_identities(void **state)
{
	(void)state;
	static const struct {
		const char *name, *target, *mail_from, *from;
	} targets[] = {
		{ "neither", "", NULL, NULL },
		{ "both", ",\"mail_from\":\"a@b.example\",\"from\":\"c.example\"", "a@b.example",
		    "c.example" },
		{ "the empty sender", ",\"mail_from\":\"\"", "", NULL },
	};
	for (size_t i = 0; i < N_ELEMENTS(targets); i++) {
		char text[512];
		struct policy policy = { .now_s = 0 };
		struct target t;
		struct facts f;
		struct arena a;
		struct err err = { .text = "" };
		ROW(targets[i].name);
		snprintf(text, sizeof text,
		    "{\"schema\":\"mailready.facts/1\",\"time\":1,\"policy\":{\"authority\":"
		    "\"auto\"},\"target\":{\"address\":\"192.0.2.1\"%s},\"facts\":[]}",
		    targets[i].target);
		json_t *json = json_read(text, strlen(text), &err);
		arena_init(&a);
		facts_init(&f, &a);
		assert_int_equal(dump_load(json, &policy, &t, &f, &err), ERR_NONE);
		assert_true((t.names.mail_from == NULL) == (targets[i].mail_from == NULL));
		assert_true((t.names.from == NULL) == (targets[i].from == NULL));
		if (t.names.mail_from != NULL)
			assert_string_equal(t.names.mail_from, targets[i].mail_from);
		if (t.names.from != NULL)
			assert_string_equal(t.names.from, targets[i].from);
		char *again = dumped(&t, &f);
		assert_non_null(strstr(again, targets[i].target));
		free(again);
		json_decref(json);
		facts_fini(&f);
		arena_fini(&a);
	}
}

/* What a fact does not say. */
static void
test_bare(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"schema\":\"mailready.facts/1\",\"time\":1,\"policy\":{\"authority\":\"auto\"},"
	    "\"target\":{\"address\":\"192.0.2.1\"},\"facts\":[{\"kind\":\"dns\","
	    "\"name\":\"a.example\",\"type\":\"A\",\"status\":\"nxdomain\"}]}";
	struct policy policy = { .now_s = 0 };
	struct target t;
	struct facts f;
	struct arena a;
	struct err err = { .text = "" };
	json_t *json = json_read(text, sizeof text - 1, &err);
	arena_init(&a);
	facts_init(&f, &a);
	if (dump_load(json, &policy, &t, &f, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	const struct dns_answer *answer = facts_dns(&f, "a.example", DNS_A);
	assert_int_equal(answer->status, DNS_NXDOMAIN);
	assert_int_equal(answer->rcode, -1);
	assert_int_equal(answer->ede, -1);
	assert_int_equal(answer->time_us, 0);
	assert_int_equal(answer->attempts, 0);
	assert_int_equal(answer->soa_negative_ttl_s, 0);
	assert_int_equal(answer->n_chain, 0);
	assert_int_equal(answer->n_records, 0);
	assert_false(answer->authoritative || answer->tcp || answer->planned);
	assert_int_equal(answer->server.ip.family, 0);
	assert_string_equal(answer->soa_zone, "");
	assert_string_equal(answer->referral, "");
	json_decref(json);
	facts_fini(&f);
	arena_fini(&a);
}

/* What a dump says of the run that it is of. */
static void
test_run(void **state)
{
	(void)state;
	static const struct {
		const char *name, *run;
		bool ptr, dnsbl; /* were these checks run? */
		const char *zones;
	} runs[] = {
		{ "nothing is said: all checks, no lists", "{}", true, true, NULL },
		{ "checks", "{\"checks\": [\"ptr\", \"iprev\"]}", true, false, NULL },
		{ "none", "{\"checks\": []}", false, false, NULL },
		{ "checks that are no words", "{\"checks\": [1, null, \"dnsbl\"]}", false, true,
		    NULL },
		{ "lists", "{\"lists\": [\"a.example\", \"b.example\"]}", true, true,
		    "a.example\nb.example\n" },
		{ "no list", "{\"lists\": []}", true, true, "" },
		{ "a line break would be two lists",
		    "{\"lists\": [\"a.example\\nb.example\", \"c.example\\r\", \"#d\", 5, "
		    "\"e.example\"]}",
		    true, true, "e.example\n" },
	};
	for (size_t i = 0; i < N_ELEMENTS(runs); i++) {
		struct arena a;
		struct err err;
		json_t *run = json_read(runs[i].run, strlen(runs[i].run), &err);
		ROW(runs[i].name);
		arena_init(&a);
		assert_int_equal(dump_has_check(run, "ptr"), runs[i].ptr);
		assert_int_equal(dump_has_check(run, "dnsbl"), runs[i].dnsbl);
		const char *zones = dump_zones(run, &a);
		assert_int_equal(zones == NULL, runs[i].zones == NULL);
		if (zones != NULL)
			assert_string_equal(zones, runs[i].zones);
		json_decref(run);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smtp_again),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_identities),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_deduplication_and_addresses),
		cmocka_unit_test(test_leading_on),
		cmocka_unit_test(test_unknown_reads_as_pending),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_dump_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
