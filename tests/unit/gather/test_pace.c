#include "test.h"

#include "base/arena.h"
#include "gather/pace.h"
#include "lists/catalogue.h"

static const char lists[] = "[slow.example]\nrate = 10\ncode.127.0.0.2 = low x\n"
			    "[free.example]\ncode.127.0.0.2 = low x\n"
			    "[once.example]\nrate = 1\ncode.127.0.0.2 = low x\n";

/* One after the other, on one pace; times in milliseconds. */
static const struct {
	const char *question;
	uint64_t now_ms, deadline_ms;
	uint64_t due_ms; /* 0: no place any more */
} rows[] = {
	{ "2.0.0.127.free.example", 1000, 4000, 1000 },
	{ "2.0.0.127.free.example", 1000, 4000, 1000 },
	{ "2.0.0.127.slow.example", 1000, 4000, 1000 },
	{ "1.0.0.127.slow.example", 1000, 4000, 1100 },
	{ "4.3.2.1.slow.example", 1050, 4000, 1200 },
	{ "4.3.2.1.once.example", 1050, 4000, 1050 },
	{ "5.3.2.1.once.example", 1050, 2000, 0 },
	{ "5.3.2.1.once.example", 1050, 4000, 2050 },
	{ "other.slow.example.org", 1050, 4000, 1050 },
	{ "9.3.2.1.slow.example", 5000, 8000, 5000 },
};

static void
test_places(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err;
	arena_init(&a);
	assert_null(pace_new(&c, &a));
	assert_null(pace_find(NULL, "a.example"));
	assert_int_equal(pace_place(NULL, 7, 9), 7);
	assert_int_equal(pace_ask(NULL, NULL, 7), PACE_ASK);
	assert_false(pace_is_silent(NULL));
	assert_int_equal(catalogue_read_text(&c, &a, "f", lists, strlen(lists), &err), ERR_NONE);
	struct pace *p = pace_new(&c, &a);
	assert_non_null(p);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		uint64_t due = rows[i].due_ms == 0 ? UINT64_MAX : rows[i].due_ms * 1000;
		ROW(rows[i].question);
		assert_true(pace_place(pace_find(p, rows[i].question), rows[i].now_ms * 1000,
				rows[i].deadline_ms * 1000) == due);
	}
	pace_free(p);
	arena_fini(&a);
}

enum { MS = 1000, ASKED_US = 1000 * MS, LATE_US = 4000 * MS, DEADLINE_US = 20000 * MS };

struct world {
	struct arena arena;
	struct catalogue lists;
	struct pace *pace;
	struct paced *list, *other;
	unsigned asked, refused; /* of those that waited */
};

static void
world_init(struct world *w)
{
	struct err err;

	*w = (struct world){ 0 };
	arena_init(&w->arena);
	assert_int_equal(catalogue_read_text(&w->lists, &w->arena, "f", lists, strlen(lists), &err),
	    ERR_NONE);
	w->pace = pace_new(&w->lists, &w->arena);
	w->list = pace_find(w->pace, "2.0.0.127.free.example");
	w->other = pace_find(w->pace, "2.0.0.127.slow.example");
	assert_ptr_not_equal(w->list, w->other);
}

static void
world_fini(struct world *w)
{
	pace_free(w->pace);
	arena_fini(&w->arena);
}

static void
turn_came(void *arg, enum pace_turn turn)
{
	struct world *w = arg;

	assert_int_not_equal(turn, PACE_WAIT);
	w->asked += turn == PACE_ASK;
	w->refused += turn == PACE_SILENT;
}

static enum pace_turn
ask_until(struct world *w, uint64_t now_us, uint64_t deadline_us)
{
	struct pace_waiter *waiter = arena_alloc(&w->arena, sizeof *waiter);

	*waiter = (struct pace_waiter){ .deadline_us = deadline_us, .turn = turn_came, .arg = w };
	return pace_ask(w->list, waiter, now_us);
}

static void
ask(struct world *w, enum pace_turn wanted, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		assert_int_equal(ask_until(w, ASKED_US, DEADLINE_US), wanted);
}

static void
note(struct world *w, enum dns_status status, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		pace_note(w->pace, w->list, status, true, ASKED_US, LATE_US);
}

/* Somebody is answered, at a time when the questions of note() are on the way. */
static void
others_answer(struct world *w)
{
	pace_note(w->pace, w->other, DNS_NXDOMAIN, false, ASKED_US, ASKED_US + 1);
}

/* A list that has not answered has few questions; the first answer lets in all that wait. */
static void
test_unsure(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, PACE_ASK, PACE_UNSURE_MAX);
	ask(&w, PACE_WAIT, 100);
	assert_int_equal(w.asked, 0);
	note(&w, DNS_SERVFAIL, 1);
	assert_int_equal(w.asked, 1);
	note(&w, DNS_NOT_ASKED, 1);
	assert_int_equal(w.asked, 2);
	note(&w, DNS_NODATA, 1);
	assert_int_equal(w.asked, 100);
	assert_int_equal(w.refused, 0);
	/* it has answered within a second: no limit; then it owes answers, and has one again */
	assert_int_equal(ask_until(&w, LATE_US + 999 * MS, DEADLINE_US), PACE_ASK);
	assert_int_equal(ask_until(&w, LATE_US + 1000 * MS, DEADLINE_US), PACE_WAIT);
	world_fini(&w);
}

/* What has waited for longer than it had is not sent any more. */
static void
test_too_late(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, PACE_ASK, PACE_UNSURE_MAX);
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask_until(&w, ASKED_US, LATE_US), PACE_WAIT);
	ask(&w, PACE_WAIT, 3);
	note(&w, DNS_TIMEOUT, 1);
	assert_int_equal(w.refused, 3);
	assert_int_equal(w.asked, 1);
	world_fini(&w);
}

/* While nobody is answered, it is not the list that is silent. */
static void
test_nobody_answers(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, PACE_ASK, PACE_UNSURE_MAX);
	note(&w, DNS_TIMEOUT, PACE_UNSURE_MAX);
	assert_false(pace_is_silent(w.list));
	world_fini(&w);
}

static void
test_silence(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	others_answer(&w);
	ask(&w, PACE_ASK, PACE_UNSURE_MAX);
	ask(&w, PACE_WAIT, 10);
	note(&w, DNS_TIMEOUT, PACE_SILENT_AFTER - 1);
	/* nobody gets the place of one that was not answered; what was not asked says nothing */
	assert_int_equal(w.asked, 0);
	note(&w, DNS_NOT_ASKED, 1);
	/* what several asked together is one question: that it was not answered counts once at most */
	pace_note(w.pace, w.list, DNS_TIMEOUT, false, ASKED_US, LATE_US);
	/* a failure from a resolver's memory says nothing, either */
	pace_note(w.pace, w.list, DNS_SERVFAIL, true, ASKED_US, ASKED_US + 2);
	assert_false(pace_is_silent(w.list));
	note(&w, DNS_SERVFAIL, 1);
	assert_true(pace_is_silent(w.list));
	assert_int_equal(w.asked + w.refused, 10);
	assert_int_equal(w.refused, 10 - 2);
	assert_false(pace_is_silent(w.other));
	world_fini(&w);
}

/* One a second goes out, and what comes of it decides. */
static void
test_probe(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	others_answer(&w);
	ask(&w, PACE_ASK, PACE_SILENT_AFTER);
	note(&w, DNS_TIMEOUT, PACE_SILENT_AFTER);
	assert_int_equal(ask_until(&w, LATE_US, DEADLINE_US), PACE_SILENT);
	assert_int_equal(ask_until(&w, LATE_US + 999 * MS, DEADLINE_US), PACE_SILENT);
	assert_int_equal(ask_until(&w, LATE_US + 1000 * MS, DEADLINE_US), PACE_ASK);
	assert_int_equal(ask_until(&w, LATE_US + 1001 * MS, DEADLINE_US), PACE_SILENT);
	note(&w, DNS_NXDOMAIN, 1);
	assert_int_equal(ask_until(&w, LATE_US + 1002 * MS, DEADLINE_US), PACE_ASK);
	/* one that did answer has more patience */
	for (unsigned i = 1; i < PACE_SILENT_LATER; i++)
		assert_int_equal(ask_until(&w, LATE_US + 3 * MS, DEADLINE_US), PACE_ASK);
	others_answer(&w);
	note(&w, DNS_TIMEOUT, PACE_SILENT_LATER - 1);
	assert_false(pace_is_silent(w.list));
	pace_note(w.pace, w.list, DNS_TIMEOUT, true, ASKED_US, LATE_US + 2000 * MS);
	assert_true(pace_is_silent(w.list));
	world_fini(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_unsure),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_nobody_answers),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_probe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
