/* Which news is for whom. */
#include "test.h"

#include "base/arena.h"
#include "notify/notify_priv.h"

static const struct {
	const char *name, *groups; /* of the channel */
	enum severity least, now, before;
	enum change_kind kind;
	size_t n_servers, n_changes, n_standing, n_outages;
} rows[] = {
	{ "all", "", SEVERITY_INFO, SEVERITY_LOW, SEVERITY_LOW, CHANGE_NEW, 1, 1, 1, 4 },
	{ "of its group", "x, customer a", SEVERITY_INFO, SEVERITY_LOW, SEVERITY_LOW, CHANGE_NEW, 1,
	    1, 1, 4 },
	{ "of another group", "customer, relay", SEVERITY_INFO, SEVERITY_LOW, SEVERITY_LOW,
	    CHANGE_NEW, 0, 0, 0, 4 },
	{ "severe enough", "", SEVERITY_HIGH, SEVERITY_HIGH, SEVERITY_HIGH, CHANGE_GONE, 1, 1, 1,
	    1 },
	{ "not severe enough", "", SEVERITY_HIGH, SEVERITY_MEDIUM, SEVERITY_LOW, CHANGE_WORSE, 1, 0,
	    0, 1 },
	{ "it was severe", "", SEVERITY_HIGH, SEVERITY_MEDIUM, SEVERITY_HIGH, CHANGE_BETTER, 1, 1,
	    0, 1 },
	{ "other PTR names", "", SEVERITY_MEDIUM, SEVERITY_LOW, SEVERITY_LOW, CHANGE_PTR, 1, 1, 0,
	    4 },
	{ "other PTR names are not severe", "", SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_LOW,
	    CHANGE_PTR, 1, 0, 0, 1 },
	{ "an end is told to all", "", SEVERITY_CRITICAL, SEVERITY_LOW, SEVERITY_LOW, CHANGE_ENDED,
	    1, 1, 0, 1 },
};

static void
test_selected(void **state)
{
	(void)state;
	const struct history_outage outages[] = { { .kind = OUTAGE_LIST },
		{ .kind = OUTAGE_REFUSAL }, { .kind = OUTAGE_LOG }, { .kind = OUTAGE_RESOLVER } };
	const struct digest digest = { .groups = "relays, customer a" };
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct selection out;
		struct digest_finding now = { .severity = rows[i].now },
				      was = { .severity = rows[i].before };
		const struct digest_finding *standing = &now;
		bool finds = rows[i].kind != CHANGE_PTR && rows[i].kind != CHANGE_ENDED;
		struct change change = { .kind = rows[i].kind,
			.finding = finds ? &now : NULL,
			.before = finds ? &was : NULL };
		struct changes changes = { .list = &change,
			.n = 1,
			.standing = &standing,
			.n_standing = 1,
			.over = &standing,
			.n_over = 1 };
		const struct watched_server server = { &digest, &changes };
		const struct notify_filter filter = { rows[i].groups, rows[i].least };
		const struct notify_run run = { .outages = outages,
			.n_outages = N_ELEMENTS(outages) };
		ROW(rows[i].name);
		arena_init(&a);
		notify_select(&filter, false, &run, &server, 1, &a, &out);
		assert_int_equal(out.n, rows[i].n_servers);
		assert_int_equal(out.n > 0 ? out.servers[0].changes->n : 0, rows[i].n_changes);
		assert_int_equal(out.n > 0 ? out.servers[0].changes->n_standing : 0,
		    rows[i].n_standing);
		assert_int_equal(out.n_outages, rows[i].n_outages);
		assert_int_equal(out.n > 0 ? out.servers[0].changes->n_over : 0,
		    rows[i].n_standing);
		arena_fini(&a);
	}
}

/* Who keeps alarms of high severity: what is less severe now has gone, as what it was. */
static void
test_alarms(void **state)
{
	(void)state;
	static const struct {
		enum severity now;
		enum change_kind told;
	} cases[] = { { SEVERITY_MEDIUM, CHANGE_GONE }, { SEVERITY_HIGH, CHANGE_BETTER } };
	const struct digest digest = { .groups = "" };
	const struct notify_filter filter = { "", SEVERITY_HIGH };
	const struct notify_run run = { .n_outages = 0 };
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct selection out;
		struct digest_finding now = { .severity = cases[i].now },
				      was = { .severity = SEVERITY_CRITICAL };
		struct change change = { .kind = CHANGE_BETTER, .finding = &now, .before = &was };
		struct changes changes = { .list = &change, .n = 1 };
		const struct watched_server server = { &digest, &changes };
		bool gone = cases[i].told == CHANGE_GONE;
		arena_init(&a);
		notify_select(&filter, true, &run, &server, 1, &a, &out);
		assert_int_equal(out.servers[0].changes->n, 1);
		const struct change *c = &out.servers[0].changes->list[0];
		assert_int_equal(c->kind, cases[i].told);
		assert_ptr_equal(c->finding, gone ? &was : &now);
		assert_ptr_equal(c->before, gone ? NULL : &was);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_selected),
		cmocka_unit_test(test_alarms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
