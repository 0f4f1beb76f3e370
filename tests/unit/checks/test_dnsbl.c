/* What the check of lists asks for, and its view; what it judges is in tests/judge/dnsbl. */
#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "views/understanding.h"

#define LIST(zone, rest) "[" zone ".example]\nname = The " zone " list\n" rest
#define LOW(zone, operator_) \
	LIST(zone, "operator = " operator_ "\nimpact = low\ncode.127.0.0.2 = low trap hits\n")

static const char mixed[] = LIST("zen",
    "operator = Z\nfamily = ip4 ip6\nimpact = critical\n"
    "why = Yahoo and Microsoft refuse for it\nremoval = https://zen.example/?ip={address}&x\n"
    "access = it wants registered resolvers\nfirst-fix = stop the spam\n"
    "code.127.0.0.2 = critical SBL: spam\n"
    "code.127.0.0.10 = high PBL: a policy\nfix.127.0.0.10 = use the relay\n")
    LIST("mid", "operator = M\nimpact = medium\ncode.127.0.0.2 = medium reported\n")
	LOW("low1", "A") LOW("low2", "B") LOW("low3", "B")
	    LIST("info", "operator = I\nimpact = info\ncode.127.0.0.2 = info a neighbour\n");

/* Two lists of no importance, one of them without test entries. */
static const char pair[] = LOW("low1", "A") LIST("rats",
    "impact = medium\ncode.127.0.0.2 = medium x\ntest-listed4 = none\n"
    "test-clean4 = none\n");

static const char plain[] = "a.example\nb.example\nc.example\nd.example\ne.example\n";

/* A target with its facts. */
struct world {
	struct arena arena;
	struct catalogue lists;
	struct policy policy;
	struct target target;
	struct facts facts;
};

static void
set_up(struct world *w, const char *lists, const char *address)
{
	struct err err;
	*w = (struct world){ .policy = { .lists = &w->lists } };
	arena_init(&w->arena);
	if (catalogue_read_text(&w->lists, &w->arena, "lists", lists, strlen(lists), &err) !=
	    ERR_NONE)
		fail_msg("%s", err.text);
	w->target = (struct target){ .names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &w->policy };
	assert_true(ip_parse(address, &w->target.ip));
	ip_format(&w->target.ip, w->target.address);
	facts_init(&w->facts, &w->arena);
}

static void
tear_down(struct world *w)
{
	facts_fini(&w->facts);
	arena_fini(&w->arena);
}

static const struct list_view *
rows_of(struct world *w, size_t *n)
{
	struct understanding known;
	understanding_init(&known, &w->target, &w->facts, &w->arena);
	*n = known_lists(&known)->n;
	return known_lists(&known)->rows;
}

static struct fact *
fact_of(struct world *w, const char *name, uint16_t type)
{
	facts_want_dns(&w->facts, name, type);
	for (size_t i = 0; i < w->facts.n; i++)
		if (w->facts.list[i] == facts_find_dns(&w->facts, name, type))
			return w->facts.list[i];
	fail_msg("no fact for %s", name);
	return NULL;
}

/* An answer in a word: addresses with "+" between them, "no" = NXDOMAIN, or a status. */
static void
set_answer(struct world *w, const char *name, const char *word)
{
	struct dns_answer answer = dns_answer_pending;
	struct dns_record records[8] = { 0 };
	char copy[200], *rest = copy;
	int status;
	snprintf(copy, sizeof copy, "%s", strcmp(word, "no") == 0 ? "nxdomain" : word);
	answer.records = records;
	if (enumtab_code(&dns_status_names, copy, &status)) {
		answer.status = (enum dns_status)status;
	} else {
		answer.status = DNS_FOUND;
		for (char *one = strsep(&rest, "+"); one != NULL; one = strsep(&rest, "+")) {
			struct dns_record *r = &records[answer.n_records++];
			*r = (struct dns_record){ .owner = name, .type = DNS_A, .text = one };
			assert_true(ip_parse(one, &r->ip));
		}
	}
	if (answer.status != DNS_PENDING)
		facts_set_dns(fact_of(w, name, DNS_A), &w->arena, &answer);
}

static void
set_txt(struct world *w, const char *zone, const char *text)
{
	char name[NAME_TEXT_MAX];
	const struct list l = { .zone = zone };
	struct dns_record record = { .owner = "", .type = DNS_TXT, .text = text };
	struct dns_answer answer = dns_answer_pending;
	answer.status = DNS_FOUND;
	answer.records = &record;
	answer.n_records = 1;
	list_query_name(&l, &w->target.ip, name);
	facts_set_dns(fact_of(w, name, DNS_TXT), &w->arena, &answer);
}

static void
set_list(struct world *w, const struct list *l, const char *answer, const char *listed,
    const char *clean)
{
	char name[NAME_TEXT_MAX];
	const struct list_test *test = list_test_for(l, &w->target.ip);
	if (!list_takes(l, &w->target.ip))
		return;
	set_answer(w, list_query_name(l, &w->target.ip, name), answer);
	if (*test->listed != '\0')
		set_answer(w, test->listed, listed);
	if (*test->clean != '\0')
		set_answer(w, test->clean, clean);
}

static const struct list *
list_named(const struct world *w, const char *label)
{
	size_t len = strlen(label);
	for (size_t i = 0; i < w->lists.n; i++)
		if (strncmp(w->lists.lists[i].zone, label, len) == 0 &&
		    w->lists.lists[i].zone[len] == '.')
			return &w->lists.lists[i];
	fail_msg("no list %s", label);
	return NULL;
}

/*
 * "zen=127.0.0.2 mid=timeout/127.0.0.2/no": the address's answer, and those of the test entries.
 * "*=..." is every list; what is not named is healthy and does not list the address.
 */
static void
set_facts(struct world *w, const char *spec)
{
	char copy[512], *rest = copy;
	snprintf(copy, sizeof copy, "* %s", spec);
	for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " ")) {
		char *label = strsep(&word, "=");
		const char *answer = strsep(&word, "/");
		const char *listed = strsep(&word, "/");
		answer = answer == NULL ? "no" : answer;
		listed = listed == NULL ? "127.0.0.2" : listed;
		const char *clean = word == NULL ? "no" : word;
		if (strcmp(label, "*") != 0 && *label != '\0')
			set_list(w, list_named(w, label), answer, listed, clean);
		for (size_t i = 0; i < w->lists.n && strcmp(label, "*") == 0; i++)
			set_list(w, &w->lists.lists[i], answer, listed, clean);
	}
}

/* What was healthy lately needs no test entries, except for a listing. */
static void
test_tested_lately(void **state)
{
	(void)state;
	static const char *const tested[] = { "a.example" };
	struct world w;
	size_t n;
	set_up(&w, plain, "8.8.8.8");
	w.policy.tested = tested;
	w.policy.n_tested = 1;
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 5 + 4 * 2);
	set_answer(&w, "8.8.8.8.a.example", "no");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 5 + 4 * 2);
	const struct list_view *v = rows_of(&w, &n);
	assert_int_equal(v[0].verdict.state, LIST_CLEAN);
	assert_false(v[0].tested);
	set_answer(&w, "8.8.8.8.a.example", "127.0.0.2");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 5 + 5 * 2 + 1);
	v = rows_of(&w, &n);
	assert_int_equal(v[0].verdict.reason, LIST_PENDING);
	/* and not where the others show that answers get lost */
	static const struct {
		const char *name, *facts;
		enum list_reason reason; /* of the others */
	} silences[] = {
		{ "removed", "*=nodata/nodata/nodata", LIST_FILTERED },
		{ "removed, but not everywhere", "*=nodata/nodata/nodata a=no", LIST_EMPTY },
		{ "blocked", "*=no/no/no", LIST_EMPTY },
	};
	for (size_t i = 0; i < N_ELEMENTS(silences); i++) {
		ROW(silences[i].name);
		set_facts(&w, silences[i].facts);
		v = rows_of(&w, &n);
		assert_int_equal(v[0].verdict.reason, LIST_UNTESTED);
		assert_int_equal(v[1].verdict.reason, silences[i].reason);
	}
	tear_down(&w);
}

/* --- which facts are wanted --- */

static void
test_wants(void **state)
{
	(void)state;
	struct world w;
	set_up(&w, pair, "8.8.8.8");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n,
	    4); /* two addresses, and the entries of the list that has them */
	/* the addresses first, because they lead on */
	assert_string_equal(w.facts.list[0]->name, "8.8.8.8.low1.example");
	assert_string_equal(w.facts.list[1]->name, "8.8.8.8.rats.example");
	for (int i = 0; i < 2; i++)
		assert_true(w.facts.list[i]->found_followed && !w.facts.list[i]->followed);
	assert_string_equal(w.facts.list[2]->name, "2.0.0.127.low1.example");
	assert_string_equal(w.facts.list[3]->name, "1.0.0.127.low1.example");
	for (int i = 2; i < 4; i++)
		assert_false(w.facts.list[i]->found_followed || w.facts.list[i]->followed);
	set_answer(&w, "8.8.8.8.low1.example", "no");
	set_answer(&w, "8.8.8.8.rats.example", "127.255.255.254");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 4);
	tear_down(&w);
}

static void
test_wants_reason(void **state)
{
	(void)state;
	struct world w;
	set_up(&w, pair, "8.8.8.8");
	check_dnsbl.wants(&w.target, &w.facts);
	set_answer(&w, "8.8.8.8.low1.example", "127.0.0.2");
	for (int i = 0; i < 2; i++)
		check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 5);
	assert_int_equal(w.facts.list[4]->type, DNS_TXT);
	assert_string_equal(w.facts.list[4]->name, "8.8.8.8.low1.example");
	assert_false(w.facts.list[4]->followed || w.facts.list[4]->found_followed);
	tear_down(&w);
}

/* The engine says wants again for every followed answer: sixty times for sixty lists. */
static void
test_wants_is_cheap(void **state)
{
	(void)state;
	struct world w;
	struct timespec from, to;
	char lists[60 * 32];
	size_t used = 0;
	for (int i = 0; i < 60; i++)
		used += (size_t)snprintf(lists + used, sizeof lists - used,
		    "bl%02d.lists.example\n", i);
	set_up(&w, lists, "2001:4860:4860::8888");
	check_dnsbl.wants(&w.target, &w.facts);
	size_t total = w.arena.total;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < 60; i++)
		check_dnsbl.wants(&w.target, &w.facts);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	print_message("60 lists x 60 wants: %.2f ms\n", ms);
	assert_int_equal(w.facts.n, 180);
	assert_int_equal(w.arena.total, total); /* nothing is made again and again */
	assert_true(ms < 100);                  /* some 5 ms; the sanitizers take their time */
	tear_down(&w);
}

/* --- views --- */

static void
test_views(void **state)
{
	(void)state;
	struct world w;
	size_t n;
	set_up(&w, mixed, "8.8.8.8");
	set_facts(&w, "mid=127.0.0.2 low1=timeout");
	set_txt(&w, "mid.example", "because");
	const struct list_view *v = rows_of(&w, &n);
	assert_int_equal(n, 6);
	assert_string_equal(v[0].list->zone, "zen.example");
	assert_int_equal(v[0].verdict.state, LIST_CLEAN);
	assert_int_equal(v[1].verdict.state, LIST_LISTED);
	assert_string_equal(v[1].verdict.codes[0], "127.0.0.2");
	assert_string_equal(v[1].text, "because");
	assert_int_equal(v[2].verdict.reason, LIST_TIMEOUT);
	assert_string_equal(v[2].text, "");
	tear_down(&w);
	set_up(&w, mixed, "192.168.0.1");
	v = rows_of(&w, &n);
	assert_int_equal(v[0].verdict.reason, LIST_NOT_ASKED);
	assert_int_equal(v[0].verdict.state, LIST_NOT_APPLICABLE);
	tear_down(&w);
	set_up(&w, mixed, "2001:4860:4860::8888");
	v = rows_of(&w, &n);
	assert_int_equal(v[0].verdict.reason, LIST_PENDING);
	assert_int_equal(v[1].verdict.reason, LIST_FAMILY);
	assert_int_equal(v[1].verdict.state, LIST_NOT_APPLICABLE);
	tear_down(&w);
}

static const char empty[] = "# nothing\n";

static const char kinds[] = LIST("dom",
    "operator = D\nfamily = domain\nimpact = critical\nremoval = https://d.example/{address}\n"
    "code.127.0.1.2 = critical spammer\n") LIST("reg",
    "operator = R\nfamily = domain\nnames = registered\nimpact = low\nbit.2 = low black\n"
    "bit.64 = low abuse\n")
    LIST("good", "kind = allow\nimpact = info\ncode.127.0.0.2 = info known\n") LIST("rats",
	"operator = X\nfamily = ip4 ip6\nscope6 = /64\nimpact = medium\n"
	"code.127.0.0.2 = low x\ncode.127.0.0.37 = medium no PTR\n"
	"cause.127.0.0.37 = no-ptr\n") LIST("key",
	"operator = K\nimpact = critical\nkey = some\n"
	"code.127.0.0.2 = critical x\n");

static void
set_domain(struct world *w, const char *label, const char *domain, const char *answer)
{
	char name[NAME_TEXT_MAX];
	assert_true(list_domain_name(list_named(w, label), domain, name));
	set_answer(w, name, answer);
}

static void
set_entries(struct world *w, const char *label, const char *listed, const char *clean,
    const char *probe)
{
	const struct list *l = list_named(w, label);
	char name[NAME_TEXT_MAX];
	set_answer(w, l->test_domain.listed, listed);
	set_answer(w, l->test_domain.clean, clean);
	assert_true(list_domain_name(l, "qwertyuiopas", name));
	set_answer(w, name, probe);
}

static void
set_ptr(struct world *w, const char *target, uint32_t ttl_s)
{
	char reverse[IP_REVERSE_MAX];
	struct dns_answer answer = dns_answer_pending;
	struct dns_record record = { .owner = "", .type = DNS_PTR, .text = target, .ttl_s = ttl_s };
	answer.status = target != NULL ? DNS_FOUND : DNS_NXDOMAIN;
	answer.records = &record;
	answer.n_records = target != NULL;
	answer.soa_negative_ttl_s = ttl_s;
	facts_set_dns(fact_of(w, ip_reverse_name(&w->target.ip, reverse), DNS_PTR), &w->arena,
	    &answer);
}

static void
set_kinds(struct world *w, const char *address)
{
	set_up(w, kinds, address);
	w->policy.probe = "qwertyuiopas";
	w->target.names.domain = "mail.sender.example";
	set_list(w, list_named(w, "good"), "no", "127.0.0.2", "no");
	set_list(w, list_named(w, "rats"), "no", "127.0.0.2", "no");
	set_entries(w, "dom", "127.0.1.2", "no", "no");
	set_entries(w, "reg", "127.0.0.2", "no", "no");
	set_domain(w, "dom", "sender.example", "no");
	set_domain(w, "dom", "mail.sender.example", "no");
	set_domain(w, "reg", "sender.example", "no");
	set_ptr(w, NULL, 900);
}

/* Each block list counts once, whatever the subjects; the summary of the check says the same. */
static void
test_counts(void **state)
{
	(void)state;
	static const struct {
		const char *name, *lists, *address, *facts;
		bool offline;
		struct list_counts counts;
	} rows[] = {
		{ "all clean", mixed, "8.8.8.8", "", false, { .asked = 6, .clean = 6 } },
		{ "one of each", mixed, "8.8.8.8", "mid=127.0.0.2 low1=timeout", false,
		    { .asked = 6, .listed = 1, .clean = 4, .unknown = 1 } },
		{ "not for IPv6", mixed, "2001:4860:4860::8888", "", false,
		    { .asked = 1, .clean = 1, .not_applicable = 5 } },
		{ "no test entry for IPv6", plain, "2001:4860:4860::8888", "*=no/no a=no", false,
		    { .asked = 1, .clean = 1, .not_applicable = 4 } },
		{ "nothing has arrived", mixed, "8.8.8.8", NULL, false,
		    { .asked = 6, .unknown = 6 } },
		{ "special-use", mixed, "10.1.2.3", NULL, false, { .not_applicable = 6 } },
		{ "offline, one planned", mixed, "8.8.8.8",
		    "*=not-asked/not-asked/not-asked zen=127.0.0.2", true,
		    { .asked = 1, .listed = 1, .not_applicable = 5 } },
		{ "over budget is unknown", mixed, "8.8.8.8", "low1=not-asked/not-asked/not-asked",
		    false, { .asked = 6, .clean = 5, .unknown = 1 } },
		{ "no names: lists of domains are not asked", kinds, "8.8.8.8", NULL, false,
		    { .asked = 2, .unknown = 2, .not_applicable = 2 } },
		{ "no lists", empty, "8.8.8.8", NULL, false, { .asked = 0 } },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w;
		struct understanding known;
		ROW(rows[i].name);
		set_up(&w, rows[i].lists, rows[i].address);
		w.policy.offline = rows[i].offline;
		if (rows[i].facts != NULL)
			set_facts(&w, rows[i].facts);
		understanding_init(&known, &w.target, &w.facts, &w.arena);
		const struct lists_view *lists = known_lists(&known);
		assert_ptr_equal(known_lists(&known), lists);
		assert_int_equal(lists->counts.asked, rows[i].counts.asked);
		assert_int_equal(lists->counts.listed, rows[i].counts.listed);
		assert_int_equal(lists->counts.clean, rows[i].counts.clean);
		assert_int_equal(lists->counts.unknown, rows[i].counts.unknown);
		assert_int_equal(lists->counts.not_applicable, rows[i].counts.not_applicable);
		tear_down(&w);
	}
}

/* One subject decides for its list: listed before unknown before clean. */
static void
test_counts_of_subjects(void **state)
{
	(void)state;
	static const struct {
		const char *full, *registered;
		size_t listed, unknown;
	} rows[] = {
		{ "no", "no", 0, 0 },
		{ "no", "127.0.1.2", 1, 0 },
		{ "timeout", "no", 0, 1 },
		{ "timeout", "127.0.1.2", 1, 0 },
		{ "127.0.1.2", "127.0.1.2", 1, 0 },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w;
		struct understanding known;
		ROW(rows[i].full);
		set_kinds(&w, "8.8.8.8");
		set_domain(&w, "dom", "mail.sender.example", rows[i].full);
		set_domain(&w, "dom", "sender.example", rows[i].registered);
		understanding_init(&known, &w.target, &w.facts, &w.arena);
		const struct list_counts *counts = &known_lists(&known)->counts;
		assert_int_equal(counts->asked, 4);
		assert_int_equal(counts->listed, rows[i].listed);
		assert_int_equal(counts->unknown, 1 + rows[i].unknown); /* one wants a key */
		tear_down(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tested_lately),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_wants_reason),
		cmocka_unit_test(test_wants_is_cheap),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_counts_of_subjects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
