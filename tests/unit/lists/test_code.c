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
	{ "listed", .list = &zen, .answer = "127.0.0.2", .must_list = "127.0.0.2", .must_not = "no",
	    .state = "listed", .reason = "ok", .codes = "127.0.0.2" },
	{ "clean, NXDOMAIN", .list = &zen, .answer = "no", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "clean", .reason = "ok", .codes = "" },
	{ "clean, NODATA", .list = &zen, .answer = "nodata", .must_list = "127.0.0.2",
	    .must_not = "nodata", .state = "clean", .reason = "ok", .codes = "" },
	{ "several codes, sorted, each once", .list = &zen,
	    .answer = "127.0.0.10 127.0.0.2 127.0.0.10", .must_list = "127.0.0.2", .must_not = "no",
	    .state = "listed", .reason = "ok", .codes = "127.0.0.2 127.0.0.10" },
	{ "unknown code", .list = &zen, .answer = "127.0.0.77", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "listed", .reason = "ok", .codes = "127.0.0.77" },
	{ "test entry with a code of its own", .list = &zen, .answer = "no",
	    .must_list = "127.0.0.99", .must_not = "no", .state = "clean", .reason = "ok",
	    .codes = "" },
	{ "code outside 127.0.0.0/24 (RFC 5782 2.1: any of 127/8)", .list = &plain,
	    .answer = "127.0.10.3", .must_list = "127.0.10.3", .must_not = "no", .state = "listed",
	    .reason = "ok", .codes = "127.0.10.3" },
	{ "127.255.254.1 is a code", .list = &plain, .answer = "127.255.254.1",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "listed", .reason = "ok",
	    .codes = "127.255.254.1" },
	{ "127.0.0.1 where the list documents it", .list = &rpbl, .answer = "127.0.0.1",
	    .must_list = "127.0.0.1", .must_not = "no", .state = "listed", .reason = "ok",
	    .codes = "127.0.0.1" },
	{ "sum of bits", .list = &sum, .answer = "127.0.0.72", .must_list = "127.0.0.64",
	    .must_not = "no", .state = "listed", .reason = "ok", .codes = "127.0.0.72" },
	{ "sum: 127.0.0.1 refuses", .list = &sum, .answer = "127.0.0.1", .must_list = "127.0.0.64",
	    .must_not = "no", .state = "unknown", .reason = "refused-other", .codes = "127.0.0.1" },
	{ "sum: elsewhere it is a code like any other", .list = &sum, .answer = "127.0.1.8",
	    .must_list = "127.0.0.64", .must_not = "no", .state = "listed", .reason = "ok",
	    .codes = "127.0.1.8" },
	{ "a good word is no listing", .list = &karma, .answer = "127.0.0.1",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "clean", .reason = "ok",
	    .codes = "" },
	{ "a good word beside a listing", .list = &karma, .answer = "127.0.0.1 127.0.0.2",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "listed", .reason = "ok",
	    .codes = "127.0.0.2" },
	{ "a good word about the entry that must not be listed", .list = &karma,
	    .answer = "127.0.0.2", .must_list = "127.0.0.2", .must_not = "127.0.0.1",
	    .state = "listed", .reason = "ok", .codes = "127.0.0.2" },
	{ "a good word is no proof of life", .list = &karma, .answer = "no",
	    .must_list = "127.0.0.1", .must_not = "no", .state = "unknown", .reason = "empty",
	    .codes = "" },
	{ "wrong key: silence", .list = &keyed, .answer = "no", .must_list = "no", .must_not = "no",
	    .state = "unknown", .reason = "key-wrong", .codes = "" },
	{ "right key", .list = &keyed, .answer = "no", .must_list = "127.0.0.2", .must_not = "no",
	    .state = "clean", .reason = "ok", .codes = "" },
	/* refusals are never listings */
	{ "127.255.255.254", .list = &zen, .answer = "127.255.255.254",
	    .must_list = "127.255.255.254", .must_not = "127.255.255.254", .state = "unknown",
	    .reason = "refused-public-resolver", .codes = "127.255.255.254" },
	{ "127.255.255.255", .list = &plain, .answer = "127.255.255.255",
	    .must_list = "127.255.255.255", .must_not = "127.255.255.255", .state = "unknown",
	    .reason = "refused-volume", .codes = "127.255.255.255" },
	{ "127.255.255.252", .list = &plain, .answer = "127.255.255.252", .must_list = "no",
	    .must_not = "no", .state = "unknown", .reason = "refused-zone-name",
	    .codes = "127.255.255.252" },
	{ "127.255.255.253", .list = &plain, .answer = "127.255.255.253", .must_list = "no",
	    .must_not = "no", .state = "unknown", .reason = "refused-other",
	    .codes = "127.255.255.253" },
	{ "127.255.255.0", .list = &plain, .answer = "127.255.255.0", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "refused-other",
	    .codes = "127.255.255.0" },
	{ "127.0.0.1", .list = &plain, .answer = "127.0.0.1", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "refused-other", .codes = "127.0.0.1" },
	{ "127.0.0.1 of a list with codes", .list = &zen, .answer = "127.0.0.1",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "unknown",
	    .reason = "refused-other", .codes = "127.0.0.1" },
	{ "the list's own refusal", .list = &zen, .answer = "127.0.0.255", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "refused-other",
	    .codes = "127.0.0.255" },
	{ "refusal beside a listing code", .list = &zen, .answer = "127.0.0.2 127.255.255.254",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "unknown",
	    .reason = "refused-public-resolver", .codes = "127.255.255.254" },
	{ "only the test entry is refused", .list = &zen, .answer = "no",
	    .must_list = "127.255.255.254", .must_not = "no", .state = "unknown",
	    .reason = "refused-public-resolver", .codes = "127.255.255.254" },
	{ "only the other test entry is refused", .list = &plain, .answer = "no",
	    .must_list = "127.0.0.2", .must_not = "127.255.255.255", .state = "unknown",
	    .reason = "refused-volume", .codes = "127.255.255.255" },
	/* answers outside 127/8 come from parked domains and rewriting resolvers */
	{ "parked", .list = &zen, .answer = "198.51.100.80", .must_list = "198.51.100.80",
	    .must_not = "198.51.100.80", .state = "unknown", .reason = "parked",
	    .codes = "198.51.100.80" },
	{ "parked, seen at a test entry only", .list = &plain, .answer = "no",
	    .must_list = "127.0.0.2", .must_not = "198.51.100.80", .state = "unknown",
	    .reason = "parked", .codes = "198.51.100.80" },
	{ "parked goes before refusal", .list = &plain, .answer = "127.255.255.254",
	    .must_list = "198.51.100.80", .must_not = "no", .state = "unknown", .reason = "parked",
	    .codes = "198.51.100.80" },
	{ "outside beside a listing code", .list = &plain, .answer = "127.0.0.2 198.51.100.80",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "unknown", .reason = "parked",
	    .codes = "198.51.100.80" },
	{ "126.0.0.2 and 128.0.0.2 are outside", .list = &plain, .answer = "126.0.0.2 128.0.0.2",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "unknown", .reason = "parked",
	    .codes = "126.0.0.2 128.0.0.2" },
	/* RFC 5782 5: the test entries */
	{ "lists everything", .list = &zen, .answer = "127.0.0.2", .must_list = "127.0.0.2",
	    .must_not = "127.0.0.2", .state = "unknown", .reason = "wildcard",
	    .codes = "127.0.0.2" },
	{ "wildcard that spares the address", .list = &zen, .answer = "no",
	    .must_list = "127.0.0.2", .must_not = "127.0.0.2", .state = "unknown",
	    .reason = "wildcard", .codes = "" },
	{ "inverted entries (a fraud)", .list = &plain, .answer = "127.0.0.2", .must_list = "no",
	    .must_not = "127.0.0.2", .state = "unknown", .reason = "wildcard",
	    .codes = "127.0.0.2" },
	{ "emptied", .list = &zen, .answer = "no", .must_list = "no", .must_not = "no",
	    .state = "unknown", .reason = "empty", .codes = "" },
	{ "emptied, NODATA", .list = &zen, .answer = "no", .must_list = "nodata", .must_not = "no",
	    .state = "unknown", .reason = "empty", .codes = "" },
	{ "listing without the test entry", .list = &zen, .answer = "127.0.0.2", .must_list = "no",
	    .must_not = "no", .state = "unknown", .reason = "empty", .codes = "127.0.0.2" },
	{ "emptied goes before a failed look-up", .list = &zen, .answer = "timeout",
	    .must_list = "no", .must_not = "no", .state = "unknown", .reason = "empty",
	    .codes = "" },
	{ "list without test entries, clean", .list = &zen, .answer = "no", .must_list = "none",
	    .must_not = "none", .state = "clean", .reason = "ok", .codes = "" },
	{ "list without test entries, listed", .list = &zen, .answer = "127.0.0.4",
	    .must_list = "none", .must_not = "none", .state = "listed", .reason = "ok",
	    .codes = "127.0.0.4" },
	{ "list without the listed entry is still no wildcard", .list = &zen, .answer = "127.0.0.4",
	    .must_list = "none", .must_not = "127.0.0.4", .state = "unknown", .reason = "wildcard",
	    .codes = "127.0.0.4" },
	/* DNS failures are neither listed nor clean */
	{ "timeout", .list = &zen, .answer = "timeout", .must_list = "timeout",
	    .must_not = "timeout", .state = "unknown", .reason = "timeout", .codes = "" },
	{ "pending", .list = &zen, .answer = "pending", .must_list = "pending",
	    .must_not = "pending", .state = "unknown", .reason = "pending", .codes = "" },
	{ "SERVFAIL", .list = &zen, .answer = "servfail", .must_list = "servfail",
	    .must_not = "servfail", .state = "unknown", .reason = "servfail", .codes = "" },
	{ "REFUSED", .list = &zen, .answer = "refused", .must_list = "127.0.0.2", .must_not = "no",
	    .state = "unknown", .reason = "refused", .codes = "" },
	{ "other rcode", .list = &zen, .answer = "rcode", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "dns-error", .codes = "" },
	{ "malformed", .list = &zen, .answer = "malformed", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "dns-error", .codes = "" },
	{ "unreachable", .list = &zen, .answer = "unreachable", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "dns-error", .codes = "" },
	{ "CNAME loop", .list = &zen, .answer = "cname-loop", .must_list = "127.0.0.2",
	    .must_not = "no", .state = "unknown", .reason = "dns-error", .codes = "" },
	{ "offline", .list = &zen, .answer = "not-asked", .must_list = "not-asked",
	    .must_not = "not-asked", .state = "unknown", .reason = "not-asked", .codes = "" },
	{ "healthy list, address unanswered", .list = &zen, .answer = "timeout",
	    .must_list = "127.0.0.2", .must_not = "no", .state = "unknown", .reason = "timeout",
	    .codes = "" },
	{ "clean, test entry unanswered: never clean", .list = &zen, .answer = "no",
	    .must_list = "timeout", .must_not = "no", .state = "unknown", .reason = "timeout",
	    .codes = "" },
	{ "clean, test entry pending", .list = &zen, .answer = "no", .must_list = "pending",
	    .must_not = "no", .state = "unknown", .reason = "pending", .codes = "" },
	{ "listed, test entry unanswered", .list = &zen, .answer = "127.0.0.2",
	    .must_list = "servfail", .must_not = "no", .state = "unknown", .reason = "servfail",
	    .codes = "127.0.0.2" },
	{ "listed, other entry unanswered: may be a wildcard", .list = &zen, .answer = "127.0.0.2",
	    .must_list = "127.0.0.2", .must_not = "timeout", .state = "unknown",
	    .reason = "timeout", .codes = "127.0.0.2" },
	{ "clean, other entry unanswered: no wildcard can hide a listing", .list = &zen,
	    .answer = "no", .must_list = "127.0.0.2", .must_not = "timeout", .state = "clean",
	    .reason = "ok", .codes = "" },
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
	{ "one code", .list = &zen, .answer = "127.0.0.10", .impact = LIST_HIGH, .meanings = "PBL",
	    .fixes = "use the relay" },
	{ "the worst of two", .list = &zen, .answer = "127.0.0.10 127.0.0.5",
	    .impact = LIST_CRITICAL, .meanings = "XBL PBL",
	    .fixes = "clean the host use the relay" },
	{ "each with its own", .list = &zen, .answer = "127.0.0.2 127.0.0.10",
	    .impact = LIST_CRITICAL, .meanings = "SBL PBL",
	    .fixes = "ask the provider use the relay" },
	{ "unknown code is never critical", .list = &zen, .answer = "127.0.0.77",
	    .impact = LIST_LOW, .meanings = "a code without a known meaning", .fixes = "" },
	{ "a refusal beside known codes is no listing", .list = &zen,
	    .answer = "127.0.0.1 127.0.0.10 127.0.0.11", .impact = LIST_CRITICAL },
	{ "unknown code of a list without weight", .list = &info, .answer = "127.0.0.77",
	    .impact = LIST_INFO, .meanings = "a code without a known meaning", .fixes = "" },
	{ "plain list", .list = &plain, .answer = "127.0.0.77", .impact = LIST_MEDIUM,
	    .meanings = "", .fixes = "" },
	{ "first and last of a range", .list = &zen, .answer = "127.0.0.4 127.0.0.7",
	    .impact = LIST_CRITICAL, .meanings = "XBL XBL",
	    .fixes = "clean the host clean the host" },
	{ "one beyond a range", .list = &zen, .answer = "127.0.0.8", .impact = LIST_LOW,
	    .meanings = "a code without a known meaning", .fixes = "" },
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
	assert_string_equal(list_reason_text((enum list_reason)(LIST_PRIVATE + 1)), "");
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
