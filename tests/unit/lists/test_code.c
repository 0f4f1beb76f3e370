#include "test.h"

#include "base/arena.h"
#include "lists/code.h"

/* --- lists as the catalogue would give them --- */

static struct list_code zen_codes[] = {
	{ 0x7f000002, 0x7f000002, LIST_CRITICAL, "SBL", "ask the provider", LIST_CAUSE_NONE },
	{ 0x7f000004, 0x7f000007, LIST_CRITICAL, "XBL", "clean the host", LIST_CAUSE_NONE },
	{ 0x7f00000a, 0x7f00000a, LIST_HIGH, "PBL", "use the relay", LIST_CAUSE_NONE },
};
static struct list_code refused_codes[] = {
	{ 0x7f0000ff, 0x7f0000ff, LIST_INFO, "registration needed", "", LIST_CAUSE_NONE },
};
static struct list_code rpbl_codes[] = {
	{ 0x7f000001, 0x7f000001, LIST_MEDIUM, "botnet", "", LIST_CAUSE_NONE },
};

static struct list_code bits[] = {
	{ 4, 4, LIST_LOW, "disposable", "", LIST_CAUSE_NONE },
	{ 8, 8, LIST_HIGH, "phishing", "stop it", LIST_CAUSE_NONE },
	{ 64, 64, LIST_MEDIUM, "abuse", "", LIST_CAUSE_NONE },
};
static struct list_code karma_codes[] = {
	{ 0x7f000002, 0x7f000002, LIST_LOW, "black", "", LIST_CAUSE_NO_PTR },
};
static struct list_code karma_harmless[] = {
	{ 0x7f000001, 0x7f000001, LIST_INFO, "white", "", LIST_CAUSE_NONE },
	{ 0x7f000003, 0x7f000005, LIST_INFO, "yellow", "", LIST_CAUSE_NONE },
};
static const struct list sum = { .impact = LIST_HIGH, .bits = bits, .n_bits = 3 };
static const struct list karma = { .impact = LIST_LOW,
	.codes = karma_codes,
	.n_codes = 1,
	.harmless = karma_harmless,
	.n_harmless = 2 };
static const struct list keyed = { .impact = LIST_HIGH,
	.key = "some",
	.codes = karma_codes,
	.n_codes = 1 };

static const struct list zen = { .impact = LIST_CRITICAL,
	.codes = zen_codes,
	.n_codes = 3,
	.refusals = refused_codes,
	.n_refusals = 1 };
static const struct list plain = { .impact = LIST_MEDIUM, .plain = true };
static const struct list rpbl = { .impact = LIST_MEDIUM, .codes = rpbl_codes, .n_codes = 1 };
static const struct list info = { .impact = LIST_INFO, .codes = rpbl_codes, .n_codes = 1 };

/*
 * An answer in a word: addresses with blanks between them, "no" = NXDOMAIN, "nodata", the name of
 * a failure, "none" = the list has no such test entry.
 */
struct words {
	struct dns_answer answer;
	struct dns_record records[32];
};

static const struct dns_answer *
answer_of(const char *text, struct words *w)
{
	char copy[512], *rest = copy;
	int status;
	if (strcmp(text, "none") == 0)
		return NULL;
	w->answer = dns_answer_pending;
	w->answer.records = w->records;
	if (strcmp(text, "no") == 0)
		text = "nxdomain";
	if (enumtab_code(&dns_status_names, text, &status)) {
		w->answer.status = (enum dns_status)status;
		return &w->answer;
	}
	w->answer.status = DNS_FOUND;
	snprintf(copy, sizeof copy, "%s", text);
	for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " ")) {
		struct dns_record *r = &w->records[w->answer.n_records++];
		*r = (struct dns_record){ .owner = "", .type = DNS_A, .text = "" };
		assert_true(ip_parse(word, &r->ip));
	}
	return &w->answer;
}

static const struct {
	const char *name;
	const struct list *list;
	const char *answer, *must_list, *must_not;
	const char *state, *reason;
	const char *codes; /* joined by blanks */
} rows[] = {
	/* a healthy list */
	{ "listed", &zen, "127.0.0.2", "127.0.0.2", "no", "listed", "ok", "127.0.0.2" },
	{ "clean, NXDOMAIN", &zen, "no", "127.0.0.2", "no", "clean", "ok", "" },
	{ "clean, NODATA", &zen, "nodata", "127.0.0.2", "nodata", "clean", "ok", "" },
	{ "several codes, sorted, each once", &zen, "127.0.0.10 127.0.0.2 127.0.0.10", "127.0.0.2",
	    "no", "listed", "ok", "127.0.0.2 127.0.0.10" },
	{ "unknown code", &zen, "127.0.0.77", "127.0.0.2", "no", "listed", "ok", "127.0.0.77" },
	{ "test entry with a code of its own", &zen, "no", "127.0.0.99", "no", "clean", "ok", "" },
	{ "code outside 127.0.0.0/24 (RFC 5782 2.1: any of 127/8)", &plain, "127.0.10.3",
	    "127.0.10.3", "no", "listed", "ok", "127.0.10.3" },
	{ "127.255.254.1 is a code", &plain, "127.255.254.1", "127.0.0.2", "no", "listed", "ok",
	    "127.255.254.1" },
	{ "127.0.0.1 where the list documents it", &rpbl, "127.0.0.1", "127.0.0.1", "no", "listed",
	    "ok", "127.0.0.1" },
	{ "sum of bits", &sum, "127.0.0.72", "127.0.0.64", "no", "listed", "ok", "127.0.0.72" },
	{ "sum: 127.0.0.1 refuses", &sum, "127.0.0.1", "127.0.0.64", "no", "unknown",
	    "refused-other", "127.0.0.1" },
	{ "sum: elsewhere it is a code like any other", &sum, "127.0.1.8", "127.0.0.64", "no",
	    "listed", "ok", "127.0.1.8" },
	{ "a good word is no listing", &karma, "127.0.0.1", "127.0.0.2", "no", "clean", "ok", "" },
	{ "a good word beside a listing", &karma, "127.0.0.1 127.0.0.2", "127.0.0.2", "no",
	    "listed", "ok", "127.0.0.2" },
	{ "a good word about the entry that must not be listed", &karma, "127.0.0.2", "127.0.0.2",
	    "127.0.0.1", "listed", "ok", "127.0.0.2" },
	{ "a good word is no proof of life", &karma, "no", "127.0.0.1", "no", "unknown", "empty",
	    "" },
	{ "wrong key: silence", &keyed, "no", "no", "no", "unknown", "key-wrong", "" },
	{ "right key", &keyed, "no", "127.0.0.2", "no", "clean", "ok", "" },
	/* refusals are never listings */
	{ "127.255.255.254", &zen, "127.255.255.254", "127.255.255.254", "127.255.255.254",
	    "unknown", "refused-public-resolver", "127.255.255.254" },
	{ "127.255.255.255", &plain, "127.255.255.255", "127.255.255.255", "127.255.255.255",
	    "unknown", "refused-volume", "127.255.255.255" },
	{ "127.255.255.252", &plain, "127.255.255.252", "no", "no", "unknown", "refused-zone-name",
	    "127.255.255.252" },
	{ "127.255.255.253", &plain, "127.255.255.253", "no", "no", "unknown", "refused-other",
	    "127.255.255.253" },
	{ "127.255.255.0", &plain, "127.255.255.0", "127.0.0.2", "no", "unknown", "refused-other",
	    "127.255.255.0" },
	{ "127.0.0.1", &plain, "127.0.0.1", "127.0.0.2", "no", "unknown", "refused-other",
	    "127.0.0.1" },
	{ "127.0.0.1 of a list with codes", &zen, "127.0.0.1", "127.0.0.2", "no", "unknown",
	    "refused-other", "127.0.0.1" },
	{ "the list's own refusal", &zen, "127.0.0.255", "127.0.0.2", "no", "unknown",
	    "refused-other", "127.0.0.255" },
	{ "refusal beside a listing code", &zen, "127.0.0.2 127.255.255.254", "127.0.0.2", "no",
	    "unknown", "refused-public-resolver", "127.255.255.254" },
	{ "only the test entry is refused", &zen, "no", "127.255.255.254", "no", "unknown",
	    "refused-public-resolver", "127.255.255.254" },
	{ "only the other test entry is refused", &plain, "no", "127.0.0.2", "127.255.255.255",
	    "unknown", "refused-volume", "127.255.255.255" },
	/* answers outside 127/8 come from parked domains and rewriting resolvers */
	{ "parked", &zen, "198.51.100.80", "198.51.100.80", "198.51.100.80", "unknown", "parked",
	    "198.51.100.80" },
	{ "parked, seen at a test entry only", &plain, "no", "127.0.0.2", "198.51.100.80",
	    "unknown", "parked", "198.51.100.80" },
	{ "parked goes before refusal", &plain, "127.255.255.254", "198.51.100.80", "no", "unknown",
	    "parked", "198.51.100.80" },
	{ "outside beside a listing code", &plain, "127.0.0.2 198.51.100.80", "127.0.0.2", "no",
	    "unknown", "parked", "198.51.100.80" },
	{ "126.0.0.2 and 128.0.0.2 are outside", &plain, "126.0.0.2 128.0.0.2", "127.0.0.2", "no",
	    "unknown", "parked", "126.0.0.2 128.0.0.2" },
	/* RFC 5782 5: the test entries */
	{ "lists everything", &zen, "127.0.0.2", "127.0.0.2", "127.0.0.2", "unknown", "wildcard",
	    "127.0.0.2" },
	{ "wildcard that spares the address", &zen, "no", "127.0.0.2", "127.0.0.2", "unknown",
	    "wildcard", "" },
	{ "inverted entries (a fraud)", &plain, "127.0.0.2", "no", "127.0.0.2", "unknown",
	    "wildcard", "127.0.0.2" },
	{ "emptied", &zen, "no", "no", "no", "unknown", "empty", "" },
	{ "emptied, NODATA", &zen, "no", "nodata", "no", "unknown", "empty", "" },
	{ "listing without the test entry", &zen, "127.0.0.2", "no", "no", "unknown", "empty",
	    "127.0.0.2" },
	{ "emptied goes before a failed look-up", &zen, "timeout", "no", "no", "unknown", "empty",
	    "" },
	{ "list without test entries, clean", &zen, "no", "none", "none", "clean", "ok", "" },
	{ "list without test entries, listed", &zen, "127.0.0.4", "none", "none", "listed", "ok",
	    "127.0.0.4" },
	{ "list without the listed entry is still no wildcard", &zen, "127.0.0.4", "none",
	    "127.0.0.4", "unknown", "wildcard", "127.0.0.4" },
	/* DNS failures are neither listed nor clean */
	{ "timeout", &zen, "timeout", "timeout", "timeout", "unknown", "timeout", "" },
	{ "pending", &zen, "pending", "pending", "pending", "unknown", "pending", "" },
	{ "SERVFAIL", &zen, "servfail", "servfail", "servfail", "unknown", "servfail", "" },
	{ "REFUSED", &zen, "refused", "127.0.0.2", "no", "unknown", "refused", "" },
	{ "other rcode", &zen, "rcode", "127.0.0.2", "no", "unknown", "dns-error", "" },
	{ "malformed", &zen, "malformed", "127.0.0.2", "no", "unknown", "dns-error", "" },
	{ "unreachable", &zen, "unreachable", "127.0.0.2", "no", "unknown", "dns-error", "" },
	{ "CNAME loop", &zen, "cname-loop", "127.0.0.2", "no", "unknown", "dns-error", "" },
	{ "offline", &zen, "not-asked", "not-asked", "not-asked", "unknown", "not-asked", "" },
	{ "healthy list, address unanswered", &zen, "timeout", "127.0.0.2", "no", "unknown",
	    "timeout", "" },
	{ "clean, test entry unanswered: never clean", &zen, "no", "timeout", "no", "unknown",
	    "timeout", "" },
	{ "clean, test entry pending", &zen, "no", "pending", "no", "unknown", "pending", "" },
	{ "listed, test entry unanswered", &zen, "127.0.0.2", "servfail", "no", "unknown",
	    "servfail", "127.0.0.2" },
	{ "listed, other entry unanswered: may be a wildcard", &zen, "127.0.0.2", "127.0.0.2",
	    "timeout", "unknown", "timeout", "127.0.0.2" },
	{ "clean, other entry unanswered: no wildcard can hide a listing", &zen, "no", "127.0.0.2",
	    "timeout", "clean", "ok", "" },
};

static const char *
join(const char *const *items, size_t n, char out[512])
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(out + used, 512 - used, "%s%s", i > 0 ? " " : "",
		    items[i]);
	return out;
}

static void
test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct words w[3] = { 0 };
		struct list_verdict v;
		char codes[512];
		ROW(rows[i].name);
		arena_init(&a);
		list_judge(rows[i].list, answer_of(rows[i].answer, &w[0]),
		    answer_of(rows[i].must_list, &w[1]), answer_of(rows[i].must_not, &w[2]), &a,
		    &v);
		assert_string_equal(enumtab_name(&list_state_names, (int)v.state), rows[i].state);
		assert_string_equal(enumtab_name(&list_reason_names, (int)v.reason),
		    rows[i].reason);
		assert_string_equal(join(v.codes, v.n_codes, codes), rows[i].codes);
		assert_int_equal(v.odd.family, v.reason == LIST_PARKED ? 4 : 0);
		bool tells = v.state == LIST_LISTED && rows[i].list->n_codes > 0;
		for (size_t j = 0; j < v.n_codes && tells; j++)
			assert_true(strlen(v.meanings[j]) > 0);
		arena_fini(&a);
	}
}

/* --- how much a listing matters --- */

static const struct {
	const char *name;
	const struct list *list;
	const char *answer;
	enum list_impact impact;
	const char *meanings; /* joined by blanks */
	const char *fixes;
} weights[] = {
	{ "one code", &zen, "127.0.0.10", LIST_HIGH, "PBL", "use the relay" },
	{ "the worst of two", &zen, "127.0.0.10 127.0.0.5", LIST_CRITICAL, "XBL PBL",
	    "clean the host use the relay" },
	{ "each with its own", &zen, "127.0.0.2 127.0.0.10", LIST_CRITICAL, "SBL PBL",
	    "ask the provider use the relay" },
	{ "unknown code is never critical", &zen, "127.0.0.77", LIST_LOW,
	    "a code without a known meaning", "" },
	{ "a refusal beside known codes is no listing", &zen, "127.0.0.1 127.0.0.10 127.0.0.11",
	    LIST_CRITICAL, NULL, NULL },
	{ "unknown code of a list without weight", &info, "127.0.0.77", LIST_INFO,
	    "a code without a known meaning", "" },
	{ "plain list", &plain, "127.0.0.77", LIST_MEDIUM, "", "" },
	{ "first and last of a range", &zen, "127.0.0.4 127.0.0.7", LIST_CRITICAL, "XBL XBL",
	    "clean the host clean the host" },
	{ "one beyond a range", &zen, "127.0.0.8", LIST_LOW, "a code without a known meaning", "" },
};

static void
test_weights(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(weights); i++) {
		struct arena a;
		struct words w = { 0 };
		struct list_verdict v;
		char text[512];
		ROW(weights[i].name);
		arena_init(&a);
		list_judge(weights[i].list, answer_of(weights[i].answer, &w), NULL, NULL, &a, &v);
		assert_int_equal(v.impact, weights[i].impact);
		if (weights[i].meanings == NULL) {
			assert_int_equal(v.state, LIST_UNKNOWN);
		} else {
			assert_int_equal(v.state, LIST_LISTED);
			assert_string_equal(join(v.meanings, v.n_codes, text), weights[i].meanings);
			assert_string_equal(join(v.fixes, v.n_codes, text), weights[i].fixes);
		}
		arena_fini(&a);
	}
}

/* More codes than a verdict holds: the worst still decides. */
static void
test_many_codes(void **state)
{
	(void)state;
	struct arena a;
	struct words w = { 0 };
	struct list_verdict v;
	struct list_code late[] = { { 0x7f000063, 0x7f000063, LIST_CRITICAL, "late", "hurry",
	    LIST_CAUSE_NONE } };
	const struct list l = { .impact = LIST_LOW, .codes = late, .n_codes = 1 };
	arena_init(&a);
	w.answer = dns_answer_pending;
	w.answer.status = DNS_FOUND;
	w.answer.records = w.records;
	for (uint8_t i = 0; i < 20; i++)
		w.records[w.answer.n_records++] = (struct dns_record){ .type = DNS_A,
			.ip = { .family = 4, .bytes = { 127, 0, 0, (uint8_t)(99 - i) } } };
	list_judge(&l, &w.answer, NULL, NULL, &a, &v);
	assert_int_equal(v.n_codes, 16);
	assert_string_equal(v.codes[0], "127.0.0.80");
	assert_int_equal(v.impact, LIST_CRITICAL);
	arena_fini(&a);
}

static void
test_sum(void **state)
{
	(void)state;
	static const struct {
		const char *answer, *meaning, *fix;
		enum list_impact impact;
	} cases[] = {
		{ "127.0.0.72", "phishing, abuse", "stop it", LIST_HIGH },
		{ "127.0.0.68", "disposable, abuse", "", LIST_MEDIUM },
		{ "127.0.0.4", "disposable", "", LIST_LOW },
		{ "127.0.0.32", "a code without a known meaning", "", LIST_LOW },
		{ "127.0.0.40", "phishing", "stop it", LIST_HIGH },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct words w = { 0 }, yes = { 0 }, no = { 0 };
		struct arena a;
		struct list_verdict v;
		ROW(cases[i].answer);
		arena_init(&a);
		list_judge(&sum, answer_of(cases[i].answer, &w), answer_of("127.0.0.64", &yes),
		    answer_of("no", &no), &a, &v);
		assert_int_equal(v.n_codes, 1);
		assert_string_equal(v.meanings[0], cases[i].meaning);
		assert_string_equal(v.fixes[0], cases[i].fix);
		assert_int_equal(v.impact, cases[i].impact);
		arena_fini(&a);
	}
}

static void
test_cause(void **state)
{
	(void)state;
	struct words w = { 0 }, no = { 0 };
	struct arena a;
	struct list_verdict v;
	arena_init(&a);
	list_judge(&karma, answer_of("127.0.0.2", &w), &w.answer, answer_of("no", &no), &a, &v);
	assert_int_equal(v.cause, LIST_CAUSE_NO_PTR);
	list_judge(&karma, answer_of("no", &no), answer_of("127.0.0.2", &w), &no.answer, &a, &v);
	assert_int_equal(v.cause, LIST_CAUSE_NONE);
	arena_fini(&a);
}

static void
test_answer_lists(void **state)
{
	(void)state;
	static const struct {
		const char *answer;
		bool lists;
	} cases[] = {
		{ "127.0.0.2", true },
		{ "127.0.0.2 127.255.255.254", true },
		{ "127.255.255.254", false },
		{ "127.0.0.1", false },
		{ "198.51.100.80", false },
		{ "no", false },
		{ "timeout", false },
		{ "none", false },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct words w = { 0 };
		ROW(cases[i].answer);
		assert_int_equal(list_answer_lists(&zen, answer_of(cases[i].answer, &w)),
		    cases[i].lists);
	}
}

static void
test_tables(void **state)
{
	(void)state;
	assert_true(enumtab_is_sound(&list_state_names));
	assert_true(enumtab_is_sound(&list_reason_names));
	assert_true(enumtab_is_sound(&list_impact_names));
	assert_true(enumtab_is_sound(&list_kind_names));
	assert_true(enumtab_is_sound(&list_status_names));
	assert_true(enumtab_is_sound(&list_cause_names));
	assert_true(enumtab_is_sound(&list_scope_names));
	assert_true(enumtab_is_sound(&list_remover_names));
	assert_true(enumtab_is_sound(&list_sure_names));
	for (size_t i = 0; i < list_reason_names.n; i++) {
		enum list_reason reason = (enum list_reason)list_reason_names.rows[i].code;
		assert_true(strlen(list_reason_text(reason)) > 0);
	}
	assert_string_equal(list_reason_text((enum list_reason)(LIST_BUDGET + 1)), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_many_codes),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_cause),
		cmocka_unit_test(test_answer_lists),
		cmocka_unit_test(test_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
