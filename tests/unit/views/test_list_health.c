/* Whether lists can be trusted: their test entries alone. */
#include "views/list_health.h"

#include "base/arena.h"
#include "checks/list_blame.h"
#include "judge_lists.h"
#include "test.h"

static const char catalogue[] =
    "[four.example]\ncode.127.0.0.2 = low x\n"
    "[six.example]\nfamily = ip6\ncode.127.0.0.2 = low x\n"
    "[dom.example]\nfamily = domain\ncode.127.0.1.2 = low x\n"
    "[bare.example]\ncode.127.0.0.2 = low x\ntest-listed4 = none\n"
    "[none.example]\ncode.127.0.0.2 = low x\ntest-listed4 = none\ntest-clean4 = none\n"
    "[keyed.example]\ncode.127.0.0.2 = low x\nkey = some\n"
    "[spent.example]\ncode.127.0.0.2 = low x\nbudget = 10\n";

/* The answers of lists as in a judge case, and the words for the lists in their order. */
static const struct {
	const char *name, *answers, *words, *blame;
} rows[] = {
	{ "all well", .answers = "dom=no/127.0.1.2",
	    .words = "ok ok ok untested untested key-needed over-budget" },
	{ "nothing arrives", .answers = "*=no/pending/pending",
	    .words = "timeout timeout timeout timeout untested key-needed over-budget",
	    .blame = "4 of 7 lists " },
	{ "one is empty", .answers = "four=no/no dom=no/127.0.1.2",
	    .words = "empty ok ok untested untested key-needed over-budget" },
	{ "one lists everything", .answers = "four=no/127.0.0.2/127.0.0.2 dom=no/127.0.1.2",
	    .words = "wildcard ok ok untested untested key-needed over-budget" },
	{ "a wildcard shows without an entry that must be listed",
	    .answers = "dom=no/127.0.1.2 bare=no/no/127.0.0.2",
	    .words = "ok ok ok wildcard untested key-needed over-budget" },
	{ "one refuses", .answers = "six=no/127.255.255.254/no dom=no/127.0.1.2",
	    .words = "ok refused-public-resolver ok untested untested key-needed over-budget" },
	{ "one fails", .answers = "six=no/servfail/no dom=no/servfail",
	    .words = "ok servfail servfail untested untested key-needed over-budget" },
};

struct world {
	struct arena arena;
	struct catalogue lists;
	struct policy policy;
	struct target target;
	struct facts facts;
};

static void
set_up(struct world *w, const char *answers)
{
	struct err err;
	*w = (struct world){ .policy = { .lists = &w->lists } };
	arena_init(&w->arena);
	assert_int_equal(catalogue_read_text(&w->lists, &w->arena, "lists", catalogue,
			     sizeof catalogue - 1, &err),
	    ERR_NONE);
	w->lists.lists[w->lists.n - 1].exhausted = true;
	w->target = (struct target){ .names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &w->policy };
	assert_true(ip_parse("192.0.2.1", &w->target.ip));
	facts_init(&w->facts, &w->arena);
	check_list_health.wants(&w->target, &w->facts);
	for (size_t i = 0; i < w->facts.n; i++) {
		struct fact *fact = w->facts.list[i];
		struct target six = w->target;
		struct dns_answer answer;
		if (strstr(fact->name, "six.example") != NULL)
			assert_true(ip_parse("2001:db8::1", &six.ip));
		if (judge_lists_answer(&six, answers, fact, &w->arena, &answer))
			facts_set_dns(fact, &w->arena, &answer);
	}
}

static void
tear_down(struct world *w)
{
	facts_fini(&w->facts);
	arena_fini(&w->arena);
}

static void
test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w;
		size_t n;
		const char *words = "", *what = "", *remedy = "";
		ROW(rows[i].name);
		set_up(&w, rows[i].answers);
		struct list_view *views = list_health_views(&w.target, &w.facts, &w.arena, &n);
		for (size_t k = 0; k < n; k++) {
			words = arena_printf(&w.arena, "%s%s%s", words, k > 0 ? " " : "",
			    list_health_word(&views[k]));
			assert_int_equal(views[k].verdict.state == LIST_LISTED,
			    views[k].verdict.reason == LIST_OK);
		}
		assert_string_equal(words, rows[i].words);
		assert_int_equal(list_blame(&w.target, views, n, &w.arena, &what, &remedy),
		    rows[i].blame != NULL);
		if (rows[i].blame != NULL) {
			assert_memory_equal(what, rows[i].blame, strlen(rows[i].blame));
			assert_true(remedy[0] != '\0');
		}
		tear_down(&w);
	}
}

/* Four has two entries, six and dom as well, bare one; what cannot be asked is not. */
static void
test_wants(void **state)
{
	(void)state;
	struct world w;
	set_up(&w, "");
	assert_int_equal(w.facts.n, 7);
	for (size_t i = 0; i < w.facts.n; i++) {
		assert_null(strstr(w.facts.list[i]->name, "keyed"));
		assert_null(strstr(w.facts.list[i]->name, "spent"));
		assert_null(strstr(w.facts.list[i]->name, "none"));
	}
	tear_down(&w);
}

static void
test_views(void **state)
{
	(void)state;
	struct world w;
	size_t n;
	set_up(&w, "dom=no/127.0.1.2");
	struct list_view *views = list_health_views(&w.target, &w.facts, &w.arena, &n);
	assert_int_equal(n, 7);
	assert_string_equal(views[0].list->zone, "four.example");
	assert_false(views[0].is_domain);
	assert_false(views[1].is_domain);
	assert_true(views[2].is_domain);
	assert_true(views[0].tested);
	assert_false(views[3].tested);
	assert_int_equal(views[0].entry, DNS_FOUND);
	assert_int_equal(views[3].entry, DNS_PENDING);
	tear_down(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_views),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
