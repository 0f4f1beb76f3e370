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

static const char trio[] = LOW("low1", "A") LOW("low2", "B") LOW("low3", "C")
    LIST("rats", "impact = medium\ncode.127.0.0.2 = medium x\ntest-listed4 = none\n");

static const char only6[] = LIST("six", "family = ip6\ncode.127.0.0.2 = low x\n");
static const char plain[] = "a.example\nb.example\nc.example\nd.example\ne.example\n";
static const char empty[] = "# nothing\n";

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
	w->target = (struct target){ .host = "", .ehlo = "", .domain = "", .policy = &w->policy };
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

enum flag { OFFLINE = 1, ALLOW_SPECIAL = 2 };

static const struct {
	const char *name;
	const char *lists;
	const char *address;
	unsigned flags;
	const char *facts;
	const char *expected; /* rules without "dnsbl.", with their verdicts, in order */
	const char *said;     /* somewhere in the texts */
} cases[] = {
	/* listings, by weight (one critical = fail; low ones warn when independent ones agree) */
	{ "clean", mixed, "8.8.8.8", 0, "", "clean:pass", "listed on 0 of 6|" },
	{ "critical", mixed, "8.8.8.8", 0, "zen=127.0.0.2", "summary:info listed-critical:fail",
	    "listed on 1 of 6 (1 critical)|" },
	{ "high: a policy listing is refused for, too", mixed, "8.8.8.8", 0, "zen=127.0.0.10",
	    "summary:info listed-high:fail", "127.0.0.10 (PBL: a policy)" },
	{ "two codes of one list are one listing", mixed, "8.8.8.8", 0, "zen=127.0.0.10+127.0.0.2",
	    "summary:info listed-critical:fail",
	    "127.0.0.2 (SBL: spam), 127.0.0.10 (PBL: a policy)" },
	{ "unknown code of a critical list alone is noise", mixed, "8.8.8.8", 0, "zen=127.0.0.99",
	    "clean:pass listed-low:info", "with 127.0.0.99 (a code without a known meaning)" },
	{ "medium", mixed, "8.8.8.8", 0, "mid=127.0.0.2", "summary:info listed-medium:warn",
	    "listed on The mid list (mid.example) with 127.0.0.2 (reported)" },
	{ "one low list alone", mixed, "8.8.8.8", 0, "low1=127.0.0.2", "clean:pass listed-low:info",
	    "listed on 1 of 6; few receivers mind such a listing|" },
	{ "two independent low lists", mixed, "8.8.8.8", 0, "low1=127.0.0.2 low2=127.0.0.2",
	    "summary:info listed-low:warn listed-low:warn", "listed on 2 of 6|" },
	{ "two low lists of one operator", mixed, "8.8.8.8", 0, "low2=127.0.0.2 low3=127.0.0.2",
	    "clean:pass listed-low:info listed-low:info", "listed on 2 of 6; few" },
	{ "a low list confirms a medium one", mixed, "8.8.8.8", 0, "mid=127.0.0.2 low1=127.0.0.2",
	    "summary:info listed-medium:warn listed-low:warn", NULL },
	{ "info alone", mixed, "8.8.8.8", 0, "info=127.0.0.2", "clean:pass listed-info:info",
	    NULL },
	{ "info confirms nothing", mixed, "8.8.8.8", 0, "info=127.0.0.2 low1=127.0.0.2",
	    "clean:pass listed-low:info listed-info:info", NULL },
	{ "plain: any answer but .1 and 127.255.255.x", plain, "8.8.8.8", 0, "a=127.0.10.3",
	    "summary:info listed-medium:warn", "listed on a.example with 127.0.10.3|" },
	{ "list without test entries", pair, "8.8.8.8", 0, "rats=127.0.0.2",
	    "summary:info listed-medium:warn", NULL },
	/* could not tell */
	{ "one list silent", mixed, "8.8.8.8", 0, "low1=timeout/timeout/timeout",
	    "clean:pass unknown:temperror", "listed on 0 of 6, 1 could not be asked|" },
	{ "healthy list, address unanswered", mixed, "8.8.8.8", 0, "low1=timeout",
	    "clean:pass unknown:temperror",
	    "The low1 list (low1.example) could not tell: it does not" },
	{ "test entry unanswered: never clean", mixed, "8.8.8.8", 0, "low1=no/timeout",
	    "clean:pass unknown:temperror", NULL },
	{ "SERVFAIL", mixed, "8.8.8.8", 0, "mid=servfail/servfail/servfail",
	    "clean:pass unknown:temperror", "SERVFAIL" },
	{ "critical list silent", mixed, "8.8.8.8", 0, "zen=timeout",
	    "clean:pass critical-unknown:temperror", NULL },
	{ "critical list refuses", mixed, "8.8.8.8", 0,
	    "zen=127.255.255.254/127.255.255.254/127.255.255.254",
	    "clean:pass critical-unknown:temperror",
	    "unattributable resolver; it answered 127.255.255.254|" },
	{ "volume refusal is no listing", mixed, "8.8.8.8", 0, "mid=127.255.255.255",
	    "clean:pass unknown:temperror", "because of too many questions" },
	{ "wildcard is no listing", mixed, "8.8.8.8", 0, "mid=127.0.0.2/127.0.0.2/127.0.0.2",
	    "clean:pass unknown:temperror", "it lists even the test entry" },
	{ "parked is no listing", mixed, "8.8.8.8", 0,
	    "mid=198.51.100.80/198.51.100.80/198.51.100.80", "clean:pass unknown:temperror",
	    "as parked domains do; it answered 198.51.100.80|" },
	{ "empty is not clean", mixed, "8.8.8.8", 0, "mid=no/no", "clean:pass unknown:temperror",
	    "its silence proves nothing" },
	{ "listing beside silent lists", mixed, "8.8.8.8", 0,
	    "zen=127.0.0.2 mid=timeout low1=servfail",
	    "summary:info listed-critical:fail unknown:temperror unknown:temperror",
	    "listed on 1 of 6 (1 critical), 2 could not be asked|" },
	{ "two of two silent: too few to blame the resolver", pair, "8.8.8.8", 0,
	    "*=timeout/timeout/timeout",
	    "all-unknown:temperror unknown:temperror unknown:temperror",
	    "none of 2 lists could tell|" },
	{ "nothing has arrived", pair, "8.8.8.8", 0, NULL,
	    "all-unknown:temperror unknown:temperror unknown:temperror", "when the time was over" },
	/* the resolver is at fault, once */
	{ "resolver removes 127/8", mixed, "8.8.8.8", 0, "*=nodata/nodata/nodata",
	    "all-unknown:temperror resolver:temperror",
	    "6 of 6 lists do not list even their own test entries (NODATA): the resolver may "
	    "remove" },
	{ "removes 127/8: what cannot be tested is not clean, either", trio, "8.8.8.8", 0,
	    "*=nodata/nodata/nodata", "all-unknown:temperror resolver:temperror",
	    "4 of 4 lists do not list" },
	{ "one list's answer came through: nothing removes 127/8", plain, "8.8.8.8", 0,
	    "*=nodata/nodata/nodata a=no",
	    "clean:pass unknown:temperror unknown:temperror unknown:temperror unknown:temperror",
	    "b.example could not tell: it does not list its own test entry" },
	{ "one listing came through: nothing removes 127/8", plain, "8.8.8.8", 0,
	    "*=nodata/nodata/nodata a=127.0.0.2",
	    "summary:info listed-medium:warn unknown:temperror unknown:temperror "
	    "unknown:temperror unknown:temperror",
	    NULL },
	{ "one refusal came through: nothing removes 127/8", plain, "8.8.8.8", 0,
	    "*=nodata/nodata/nodata a=127.255.255.254/no",
	    "all-unknown:temperror unknown:temperror unknown:temperror unknown:temperror "
	    "unknown:temperror unknown:temperror",
	    NULL },
	{ "zones are blocked or do not exist", mixed, "8.8.8.8", 0, "*=no/no/no",
	    "all-unknown:temperror resolver:temperror",
	    "6 of 6 lists do not list even their own test entries (NXDOMAIN): the resolver may "
	    "block" },
	{ "zones are blocked, but one is not", plain, "8.8.8.8", 0, "*=no/no/no a=127.0.0.2",
	    "summary:info resolver:temperror listed-medium:warn",
	    "4 of 5 lists do not list even their own test entries (NXDOMAIN)" },
	{ "some blocked, some emptied: nobody is blamed", plain, "8.8.8.8", 0,
	    "a=no/no b=no/no c=nodata/nodata d=nodata/nodata",
	    "clean:pass unknown:temperror unknown:temperror unknown:temperror unknown:temperror",
	    NULL },
	{ "two empty lists cast no doubt on one without entries", pair, "8.8.8.8", 0, "low1=no/no",
	    "clean:pass unknown:temperror", "listed on 0 of 2, 1 could" },
	{ "public resolver", mixed, "8.8.8.8", 0,
	    "*=127.255.255.254/127.255.255.254/127.255.255.254",
	    "all-unknown:temperror resolver:temperror", "refuse the questions of this resolver" },
	{ "dead resolver", mixed, "8.8.8.8", 0, "*=timeout/timeout/timeout",
	    "all-unknown:temperror resolver:temperror", "gave no answer in time" },
	{ "failing resolver", mixed, "8.8.8.8", 0, "*=servfail/servfail/servfail",
	    "all-unknown:temperror resolver:temperror", "the resolver may be at fault" },
	{ "rewriting resolver", mixed, "8.8.8.8", 0, "*=198.51.100.80/198.51.100.80/198.51.100.80",
	    "all-unknown:temperror resolver:temperror", "the resolver may rewrite answers" },
	{ "blame beside another fault", plain, "8.8.8.8", 0,
	    "*=timeout/timeout/timeout b=no e=no/no",
	    "clean:pass resolver:temperror unknown:temperror", "3 of 5 lists gave no answer" },
	{ "half of the lists is not most", plain, "8.8.8.8", 0, "a=timeout b=timeout",
	    "clean:pass unknown:temperror unknown:temperror", NULL },
	{ "different faults are nobody's", plain, "8.8.8.8", 0,
	    "a=timeout b=servfail c=no/no d=198.51.100.1 e=127.255.255.254",
	    "all-unknown:temperror unknown:temperror unknown:temperror unknown:temperror "
	    "unknown:temperror unknown:temperror",
	    NULL },
	/* address families */
	{ "IPv6: lists that do not take it are no failures", mixed, "2001:4860:4860::8888", 0, "",
	    "clean:pass", "listed on 0 of 1, 5 do not take this address family|" },
	{ "IPv6 listed", mixed, "2001:4860:4860::8888", 0, "zen=127.0.0.2",
	    "summary:info listed-critical:fail", NULL },
	{ "IPv6: no list takes it", pair, "2001:4860:4860::8888", 0, "", "not-asked:skip",
	    "none of the 2 lists takes IPv6 addresses" },
	{ "IPv4: no list takes it", only6, "8.8.8.8", 0, "", "not-asked:skip", "takes IPv4" },
	{ "IPv6, plain: no test entry is no IPv6", plain, "2001:4860:4860::8888", 0, "*=no/no a=no",
	    "clean:pass", "listed on 0 of 1, 4 do not take" },
	{ "IPv6, plain: listed without a test entry", plain, "2001:4860:4860::8888", 0,
	    "a=127.0.0.2/no", "clean:pass unknown:temperror", "it answered 127.0.0.2" },
	{ "IPv6, plain: none has a test entry", plain, "2001:4860:4860::8888", 0, "*=no/no",
	    "all-unknown:temperror", "5 do not take" },
	/* not asked */
	{ "private address", mixed, "10.1.2.3", 0, NULL, "not-asked:skip",
	    "10.1.2.3 is in 10.0.0.0/8" },
	{ "CGNAT address", mixed, "100.64.0.1", 0, NULL, "not-asked:skip", "100.64.0.0/10" },
	{ "documentation address, IPv6", mixed, "2001:db8::1", 0, NULL, "not-asked:skip",
	    "2001:db8::/32" },
	{ "private address, asked all the same", mixed, "10.1.2.3", ALLOW_SPECIAL, "zen=127.0.0.2",
	    "summary:info listed-critical:fail", NULL },
	{ "offline", mixed, "8.8.8.8", OFFLINE, "*=not-asked/not-asked/not-asked", "not-asked:skip",
	    "6 of 6 lists were not asked: the run is offline" },
	{ "offline, one list planned", mixed, "8.8.8.8", OFFLINE,
	    "*=not-asked/not-asked/not-asked zen=127.0.0.2",
	    "not-asked:skip summary:info listed-critical:fail", "listed on 1 of 1" },
	{ "over budget", mixed, "8.8.8.8", 0, "low1=not-asked/not-asked/not-asked",
	    "clean:pass unknown:temperror", "it was not asked" },
	{ "no lists", empty, "8.8.8.8", 0, NULL, "no-lists:skip", "holds no list" },
};

static void
judge_case(struct world *w, size_t i, struct findings *out)
{
	set_up(w, cases[i].lists, cases[i].address);
	w->policy.offline = (cases[i].flags & OFFLINE) != 0;
	w->policy.allow_special = (cases[i].flags & ALLOW_SPECIAL) != 0;
	if (cases[i].facts != NULL)
		set_facts(w, cases[i].facts);
	findings_init(out, &w->arena);
	check_dnsbl.judge(&w->target, &w->facts, out);
}

static void
test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct world w;
		struct findings found;
		char got[1024] = "", texts[8192] = "";
		size_t used = 0, len = 0;
		ROW(cases[i].name);
		judge_case(&w, i, &found);
		for (size_t j = 0; j < found.n; j++) {
			const struct finding *one = found.list[j];
			used += (size_t)snprintf(got + used, sizeof got - used, "%s%s:%s",
			    j > 0 ? " " : "", one->rule->id + strlen("dnsbl."),
			    enumtab_name(&verdict_names, (int)one->verdict));
			len += (size_t)snprintf(texts + len, sizeof texts - len, "%s|", one->text);
		}
		assert_string_equal(got, cases[i].expected);
		if (cases[i].said != NULL && strstr(texts, cases[i].said) == NULL)
			fail_msg("\"%s\" is not in %s", cases[i].said, texts);
		tear_down(&w);
	}
}

/* --- what the user reads about a listing --- */

static struct finding *
find_rule(const struct findings *found, const char *id)
{
	for (size_t i = 0; i < found->n; i++)
		if (strcmp(found->list[i]->rule->id, id) == 0)
			return found->list[i];
	fail_msg("no finding %s", id);
	return NULL;
}

static void
test_listing_text(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_up(&w, mixed, "8.8.8.8");
	set_facts(&w, "zen=127.0.0.10");
	set_txt(&w, "zen.example", "see https://zen.example/\x1b[31m?\"x\"");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	const struct finding *f = find_rule(&found, "dnsbl.listed-high");
	assert_string_equal(f->subject, "zen.example");
	assert_int_equal(f->severity, SEVERITY_HIGH);
	assert_non_null(strstr(f->text, "giving as reason \"see https://zen.example/"));
	assert_null(strchr(f->text, '\x1b'));
	assert_string_equal(f->remedy,
	    "zen.example: first, use the relay. Then see https://zen.example/?ip=8.8.8.8&x. "
	    "Who acts on it: Yahoo and Microsoft refuse for it.");
	/* the answer, its reason and both test entries */
	assert_int_equal(f->n_evidence, 4);
	tear_down(&w);
}

static void
test_long_reason(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	char text[2000];
	/* two-byte characters, so that a careless cut would fall into one */
	text[0] = 'x';
	for (size_t i = 1; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "\xc3\xa4", 3);
	set_up(&w, plain, "8.8.8.8");
	set_facts(&w, "a=127.0.0.2");
	set_txt(&w, "a.example", text);
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	const struct finding *f = find_rule(&found, "dnsbl.listed-medium");
	assert_true(strlen(f->text) < 400);
	assert_non_null(strstr(f->text, "\xc3\xa4...\""));
	assert_null(strstr(f->text, "\\x"));
	tear_down(&w);
}

static void
test_unknown_text(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_up(&w, mixed, "8.8.8.8");
	set_facts(&w, "zen=servfail");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	const struct finding *f = find_rule(&found, "dnsbl.critical-unknown");
	assert_true(f->rule->required);
	assert_non_null(strstr(f->remedy, " it wants registered resolvers."));
	assert_int_equal(findings_verdict(&found), VERDICT_TEMPERROR);
	tear_down(&w);
}

/* Lists with the same remedy share it, and it names them; the count comes first. */
static void
test_shared_remedy(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_up(&w, mixed, "8.8.8.8");
	set_facts(&w, "mid=timeout low1=servfail info=no/no");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	assert_int_equal(found.n, 4);
	assert_true(found.list[0]->sums_up);
	assert_string_equal(found.list[0]->text, "listed on 0 of 6, 3 could not be asked");
	static const char *const remedies[] = {
		"mid.example, low1.example: try again later, and take out what never answers.",
		"mid.example, low1.example: try again later, and take out what never answers.",
		"info.example: take out what stays empty: closed lists end like this.",
	};
	for (size_t i = 0; i < N_ELEMENTS(remedies); i++)
		assert_string_equal(found.list[i + 1]->remedy, remedies[i]);
	tear_down(&w);
}

/* A fault of the resolver leaves the run undecided, even when some lists have told. */
static void
test_resolver_is_required(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_up(&w, plain, "8.8.8.8");
	set_facts(&w, "*=no/no/no a=no");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	assert_int_equal(findings_verdict(&found), VERDICT_TEMPERROR);
	const struct finding *f = find_rule(&found, "dnsbl.resolver");
	assert_non_null(strstr(f->remedy, "blocks these zones"));
	assert_true(f->n_evidence > 0);
	tear_down(&w);
}

/* --- domains, allow lists, keys, causes --- */

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
	w->target.domain = "mail.sender.example";
	set_list(w, list_named(w, "good"), "no", "127.0.0.2", "no");
	set_list(w, list_named(w, "rats"), "no", "127.0.0.2", "no");
	set_entries(w, "dom", "127.0.1.2", "no", "no");
	set_entries(w, "reg", "127.0.0.2", "no", "no");
	set_domain(w, "dom", "sender.example", "no");
	set_domain(w, "dom", "mail.sender.example", "no");
	set_domain(w, "reg", "sender.example", "no");
	set_ptr(w, NULL, 900);
}

static const struct list_view *
view_of(const struct list_view *views, size_t n, const char *zone, const char *subject)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(views[i].list->zone, zone) == 0 &&
		    (subject == NULL || strcmp(views[i].subject, subject) == 0))
			return &views[i];
	fail_msg("no row %s", zone);
	return NULL;
}

static void
test_domains(void **state)
{
	(void)state;
	static const struct {
		const char *name, *domain, *ptr, *ehlo;
		size_t dom, reg; /* rows */
	} subjects[] = {
		{ "sender's domain", "sender.example", NULL, "", 1, 1 },
		{ "host name: registered and full", "mail.sender.example", NULL, "", 2, 1 },
		{ "nothing known", "", NULL, "", 0, 0 },
		{ "PTR name of the same domain", "sender.example", "mx.sender.example", "", 2, 1 },
		{ "EHLO name of another", "", "mx.sender.example", "mail.other.example", 4, 2 },
		{ "an address is no domain", "", NULL, "[192.0.2.1]", 0, 0 },
		{ "nor is it without brackets", "", NULL, "192.0.2.1", 0, 0 },
		{ "names of a private network", "", "mx.lan.local", "localhost", 0, 0 },
		{ "a public suffix belongs to nobody", "", NULL, "co.uk", 0, 0 },
	};
	for (size_t i = 0; i < N_ELEMENTS(subjects); i++) {
		struct world w;
		size_t n, dom = 0, reg = 0;
		ROW(subjects[i].name);
		set_up(&w, kinds, "8.8.8.8");
		w.target.domain = subjects[i].domain;
		w.target.ehlo = subjects[i].ehlo;
		set_ptr(&w, subjects[i].ptr, 60);
		const struct list_view *views = list_views(&w.target, &w.facts, &w.arena, &n);
		for (size_t k = 0; k < n; k++) {
			dom += strcmp(views[k].list->zone, "dom.example") == 0;
			reg += strcmp(views[k].list->zone, "reg.example") == 0;
		}
		assert_int_equal(dom, subjects[i].dom);
		assert_int_equal(reg, subjects[i].reg);
		check_dnsbl.wants(&w.target, &w.facts);
		for (size_t k = 0; k < w.facts.n; k++)
			assert_null(strstr(w.facts.list[k]->name, "192.0.2.1"));
		tear_down(&w);
	}
}

static void
test_domain_listing(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_kinds(&w, "8.8.8.8");
	set_domain(&w, "dom", "sender.example", "127.0.1.2");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	const struct finding *f = find_rule(&found, "dnsbl.listed-critical");
	assert_non_null(strstr(f->text, "sender.example is listed on The dom list"));
	assert_non_null(strstr(f->remedy, "https://d.example/sender.example."));
	assert_string_equal(find_rule(&found, "dnsbl.summary")->text,
	    "listed on 1 of 4 (1 critical), 1 could not be asked");
	assert_int_equal(find_rule(&found, "dnsbl.key-needed")->verdict, VERDICT_SKIP);
	assert_int_equal(findings_verdict(&found), VERDICT_FAIL);
	tear_down(&w);
}

/* A label that nobody can know is listed: then everything is, whatever "invalid" says. */
static void
test_probe(void **state)
{
	(void)state;
	struct world w;
	size_t n;
	set_kinds(&w, "8.8.8.8");
	set_entries(&w, "dom", "127.0.1.2", "no", "127.0.1.2");
	set_domain(&w, "dom", "sender.example", "127.0.1.2");
	const struct list_view *v = list_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(view_of(v, n, "dom.example", "sender.example")->verdict.reason,
	    LIST_WILDCARD);
	set_entries(&w, "dom", "127.0.1.2", "no", "timeout");
	v = list_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(view_of(v, n, "dom.example", "sender.example")->verdict.reason,
	    LIST_TIMEOUT);
	tear_down(&w);
}

static void
test_allow(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_kinds(&w, "8.8.8.8");
	set_list(&w, list_named(&w, "good"), "127.0.0.2", "127.0.0.2", "no");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	assert_int_equal(find_rule(&found, "dnsbl.allowed")->verdict, VERDICT_INFO);
	assert_string_equal(find_rule(&found, "dnsbl.clean")->text,
	    "listed on 0 of 4, 1 could not be asked");
	tear_down(&w);
	/* one that fails is nobody's trouble */
	set_kinds(&w, "8.8.8.8");
	set_list(&w, list_named(&w, "good"), "timeout", "timeout", "timeout");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	for (size_t i = 0; i < found.n; i++)
		assert_int_not_equal(found.list[i]->verdict, VERDICT_TEMPERROR);
	tear_down(&w);
}

static void
test_cause(void **state)
{
	(void)state;
	static const struct {
		const char *name, *ptr, *code, *text, *order;
	} causes[] = {
		{ "no PTR", NULL, "127.0.0.37", "the missing PTR record explains it (ptr.missing)",
		    "rats.example: first, set the PTR record, as ptr.missing says; then wait 15 "
		    "min" },
		{ "mended", "mx.sender.example", "127.0.0.37", "(no PTR)",
		    "The PTR record gives no reason for it now; when it is newer than 15 min, "
		    "wait" },
		{ "each code has its own remedy", NULL, "127.0.0.2+127.0.0.37", "(x), 127.0.0.37",
		    "rats.example: first, for 127.0.0.2, find out what the list saw, from its "
		    "reason "
		    "and its own page, and stop it; for 127.0.0.37, set the PTR record" },
		{ "other code", NULL, "127.0.0.2", "(x)",
		    "rats.example: first, find out what the list saw" },
	};
	for (size_t i = 0; i < N_ELEMENTS(causes); i++) {
		struct world w;
		struct findings found;
		ROW(causes[i].name);
		set_kinds(&w, "8.8.8.8");
		set_ptr(&w, causes[i].ptr, 900);
		set_list(&w, list_named(&w, "rats"), causes[i].code, "127.0.0.2", "no");
		findings_init(&found, &w.arena);
		check_dnsbl.judge(&w.target, &w.facts, &found);
		const struct finding *f = find_rule(&found,
		    strcmp(causes[i].code, "127.0.0.2") == 0 ? "dnsbl.listed-low" :
							       "dnsbl.listed-medium");
		if (strstr(f->text, causes[i].text) == NULL)
			fail_msg("text: %s", f->text);
		if (strstr(f->remedy, causes[i].order) == NULL)
			fail_msg("remedy: %s", f->remedy);
		tear_down(&w);
	}
}

static void
test_scope6(void **state)
{
	(void)state;
	struct world w;
	struct findings found;
	set_kinds(&w, "2001:4860:4860:1::8888");
	set_list(&w, list_named(&w, "rats"), "127.0.0.37", "127.0.0.2", "no");
	findings_init(&found, &w.arena);
	check_dnsbl.judge(&w.target, &w.facts, &found);
	assert_non_null(strstr(find_rule(&found, "dnsbl.listed-medium")->text,
	    "a whole /64, here 2001:4860:4860:1::/64"));
	tear_down(&w);
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
	const struct list_view *v = list_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(v[0].verdict.state, LIST_CLEAN);
	assert_false(v[0].tested);
	set_answer(&w, "8.8.8.8.a.example", "127.0.0.2");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 5 + 5 * 2 + 1);
	v = list_views(&w.target, &w.facts, &w.arena, &n);
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
		v = list_views(&w.target, &w.facts, &w.arena, &n);
		assert_int_equal(v[0].verdict.reason, LIST_UNTESTED);
		assert_int_equal(v[1].verdict.reason, silences[i].reason);
	}
	tear_down(&w);
}

static void
test_exhausted(void **state)
{
	(void)state;
	struct world w;
	size_t n;
	set_up(&w, plain, "8.8.8.8");
	w.lists.lists[0].exhausted = true;
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 4 * 3);
	const struct list_view *v = list_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(v[0].verdict.reason, LIST_BUDGET);
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

static void
test_wants_nothing(void **state)
{
	(void)state;
	struct world w;
	set_up(&w, mixed, "10.1.2.3");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 0);
	w.policy.allow_special = true;
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 18);
	tear_down(&w);
	set_up(&w, mixed, "2001:4860:4860::8888");
	check_dnsbl.wants(&w.target, &w.facts);
	assert_int_equal(w.facts.n, 3);
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
	const struct list_view *v = list_views(&w.target, &w.facts, &w.arena, &n);
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
	v = list_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(v[0].verdict.reason, LIST_NOT_ASKED);
	assert_int_equal(v[0].verdict.state, LIST_NOT_APPLICABLE);
	tear_down(&w);
	set_up(&w, mixed, "2001:4860:4860::8888");
	v = list_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(v[0].verdict.reason, LIST_PENDING);
	assert_int_equal(v[1].verdict.reason, LIST_FAMILY);
	assert_int_equal(v[1].verdict.state, LIST_NOT_APPLICABLE);
	tear_down(&w);
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

static void
test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_dnsbl.n_rules; i++) {
		const struct rule *r = &check_dnsbl.rules[i];
		assert_memory_equal(r->id, "dnsbl.", 6);
		assert_int_equal(r->why[strlen(r->why) - 1], '.');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(r->id, check_dnsbl.rules[j].id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_listing_text),
		cmocka_unit_test(test_long_reason),
		cmocka_unit_test(test_unknown_text),
		cmocka_unit_test(test_shared_remedy),
		cmocka_unit_test(test_resolver_is_required),
		cmocka_unit_test(test_domains),
		cmocka_unit_test(test_domain_listing),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_allow),
		cmocka_unit_test(test_cause),
		cmocka_unit_test(test_scope6),
		cmocka_unit_test(test_tested_lately),
		cmocka_unit_test(test_exhausted),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_wants_reason),
		cmocka_unit_test(test_wants_nothing),
		cmocka_unit_test(test_wants_is_cheap),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_counts_of_subjects),
		cmocka_unit_test(test_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
