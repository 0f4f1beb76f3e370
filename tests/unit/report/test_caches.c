/* How long caches hold what was there: the same in the text and in the JSON of a repair. */
#include "test.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "report/fix.h"

enum { NOW_S = 1790000000 };

struct row {
	const char *name;
	enum fix_outcome outcome;
	bool undo;
	int64_t written_s[2]; /* by step */
	uint32_t ttl_s[2];    /* of what each step wrote */
	uint32_t cached_s;    /* of what was there before */
	const char *until;    /* in both forms; "": neither has it */
	const char *length;   /* in the text */
};

static const struct row rows[] = {
	{ .name = "nothing written", .outcome = FIX_PLANNED, .cached_s = 600, .until = "" },
	{ .name = "from the last step on",
	    .outcome = FIX_PROVEN,
	    .written_s = { NOW_S - 100, NOW_S - 60 },
	    .cached_s = 3600,
	    .until = "2026-09-21T15:12:20Z",
	    .length = "for 60 min" },
	{ .name = "nothing was cached",
	    .outcome = FIX_PROVEN,
	    .written_s = { NOW_S },
	    .until = "" },
	{ .name = "failed after the first step",
	    .outcome = FIX_FAILED,
	    .written_s = { NOW_S },
	    .cached_s = 3600,
	    .until = "2026-09-21T15:13:20Z",
	    .length = "for 60 min" },
	{ .name = "undo: the longest TTL, here of the first step",
	    .outcome = FIX_PROVEN,
	    .undo = true,
	    .written_s = { NOW_S - 9999, NOW_S - 9999 },
	    .ttl_s = { 3600, 300 },
	    .cached_s = 60,
	    .until = "2026-09-21T15:13:20Z",
	    .length = "for 60 min" },
	{ .name = "an undo that failed",
	    .outcome = FIX_FAILED,
	    .undo = true,
	    .written_s = { NOW_S },
	    .ttl_s = { 3600, 300 },
	    .cached_s = 60,
	    .until = "" },
};

static void
expect_json(const struct row *row, const struct fix_report *r)
{
	json_t *json = fix_json(r);
	const char *until = json_string_value(json_object_get(json, "cached_until"));

	assert_string_equal(until != NULL ? until : "", row->until);
	json_decref(json);
}

static void
expect_text(const struct row *row, const struct fix_report *r)
{
	static const struct render_options options = { .columns = 0 };
	struct buf text;
	char date[32] = "";

	buf_init(&text, 1 << 16);
	fix_text(r, &options, &text);
	if (row->until[0] == '\0') {
		assert_null(strstr(text.data, "may hold the old answer"));
	} else {
		snprintf(date, sizeof date, "%.10s %.8s UTC", row->until, row->until + 11);
		assert_non_null(strstr(text.data, date));
		assert_non_null(strstr(text.data, row->length));
	}
	buf_fini(&text);
}

static void
caches_are_the_same_in_both_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		static const char *none[1];
		struct arena a;
		static struct journal journal;
		struct err err = { .code = ERR_NONE };
		ROW(row->name);
		arena_init(&a);
		journal = (struct journal){ .path = "j.journal", .fd = -1 };
		journal.plan = (struct plan){ .address = "203.0.113.25",
			.provider = "fake",
			.summary = "set the PTR record",
			.status = PLAN_CHANGE,
			.cached_s = row->cached_s,
			.n_steps = 2 };
		for (size_t k = 0; k < 2; k++) {
			journal.written_s[k] = row->written_s[k];
			journal.plan.steps[k] = (struct plan_step){ .kind = STEP_PTR,
				.subject = "203.0.113.25",
				.rule = "",
				.old = { .values = none, .tags = none, .description = "" },
				.new = { .values = none,
				    .tags = none,
				    .description = "",
				    .ttl_s = row->ttl_s[k] } };
		}
		struct fix_report report = { .plan = &journal.plan,
			.title = "",
			.warnings = "",
			.outcome = row->outcome,
			.undo = row->undo,
			.result = true,
			.journal = &journal,
			.err = &err,
			.now_s = NOW_S,
			.arena = &a };
		expect_json(row, &report);
		expect_text(row, &report);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(caches_are_the_same_in_both_forms) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
