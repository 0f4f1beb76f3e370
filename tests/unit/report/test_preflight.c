/* What is to be done over several addresses: each thing once, in its order; ready or not. */
#include "test.h"

#include "base/arena.h"
#include "report/preflight.h"

#define ADDRESSES_MAX 3

/* One wanted thing of one address. */
struct thing {
	size_t address;
	enum stage stage;
	enum preflight_state state;
	const char *todo, *line, *seen;
	enum severity severity;
	bool bearable; /* not required */
	bool planned;
};

#define MISSING PREFLIGHT_MISSING
#define UNKNOWN PREFLIGHT_UNKNOWN
#define BETTER PREFLIGHT_BETTER
#define LATER PREFLIGHT_LATER
#define MET PREFLIGHT_MET

/* steps: "todo (addresses) [lines] {seen}; ..."; later: the same. */
static const struct row {
	const char *name;
	struct thing things[8];
	enum verdict verdict, strict_warn, strict_unknown;
	const char *headline, *steps, *later;
} rows[] = {
	/* clang-format off */
	{ "nothing was looked at", { { 0 } }, VERDICT_TEMPERROR, VERDICT_TEMPERROR, VERDICT_TEMPERROR,
	  "nothing could be checked", "", "" },
	{ "all is met", { { 0, STAGE_PTR, MET, "", "", "x", 0, false, false } }, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS,
	  "everything is as wanted", "", "" },
	{ "met by what is planned", { { 0, STAGE_PTR, MET, "", "", "x", 0, false, true } }, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS,
	  "once the planned records are published; everything is as wanted", "", "" },
	{ "one thing is missing", { { 0, STAGE_PTR, MISSING, "set it", "fix A", "none", SEVERITY_HIGH, false, false } },
	  VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL, "1 thing is missing", "set it (A) [fix A] {none}", "" },
	{ "what could not be told", { { 0, STAGE_PTR, UNKNOWN, "again", "", "?", SEVERITY_HIGH, false, false } },
	  VERDICT_TEMPERROR, VERDICT_TEMPERROR, VERDICT_TEMPERROR, "1 unknown", "again (A) [] {?}", "" },
	{ "could not be told, and need not", { { 0, STAGE_PTR, MET, "", "", "x", 0, false, false },
	    { 0, STAGE_GREETING, UNKNOWN, "again", "", "?", SEVERITY_LOW, true, false } },
	  VERDICT_PASS, VERDICT_PASS, VERDICT_TEMPERROR, "1 unknown", "again (A) [] {?}", "" },
	{ "better", { { 0, STAGE_PTR, MET, "", "", "x", 0, false, false },
	    { 0, STAGE_CERTIFICATE, BETTER, "renew", "", "old", SEVERITY_HIGH, false, false } },
	  VERDICT_PASS, VERDICT_FAIL, VERDICT_PASS, "1 could be better", "renew (A) [] {old}", "" },
	{ "for later alone: nothing was judged", { { 0, STAGE_GREETING, LATER, "look", "", "closed", 0, true, false } },
	  VERDICT_TEMPERROR, VERDICT_TEMPERROR, VERDICT_TEMPERROR, "1 to check later", "", "look (A) [] {closed}" },
	{ "by stage, whatever the order of addresses",
	  { { 0, STAGE_LISTING, MISSING, "delist", "", "listed", SEVERITY_CRITICAL, false, false },
	    { 0, STAGE_PTR, MISSING, "set", "fix A", "none", SEVERITY_LOW, false, false },
	    { 1, STAGE_CERTIFICATE, BETTER, "renew", "", "old", SEVERITY_HIGH, false, false },
	    { 1, STAGE_GREETING, MISSING, "greet", "", "other", SEVERITY_LOW, false, false },
	    { 1, STAGE_FORWARD, MISSING, "publish", "m A B", "nothing", SEVERITY_LOW, false, false } },
	  VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL, "4 things are missing, 1 could be better",
	  "publish (B) [m A B] {nothing}; set (A) [fix A] {none}; greet (B) [] {other}; renew (B) [] {old}; delist (A) [] {listed}", "" },
	{ "what could not be told comes last",
	  { { 0, STAGE_FORWARD, UNKNOWN, "again", "", "?", SEVERITY_CRITICAL, false, false },
	    { 0, STAGE_LISTING, MISSING, "delist", "", "listed", SEVERITY_LOW, false, false } },
	  VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL, "1 thing is missing, 1 unknown",
	  "delist (A) [] {listed}; again (A) [] {?}", "" },
	{ "in a stage what matters most",
	  { { 0, STAGE_LISTING, MISSING, "small", "", "s", SEVERITY_LOW, false, false },
	    { 0, STAGE_LISTING, MISSING, "great", "", "g", SEVERITY_CRITICAL, false, false } },
	  VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL, "2 things are missing", "great (A) [] {g}; small (A) [] {s}", "" },
	{ "once for several addresses, each with its line",
	  { { 0, STAGE_PTR, MISSING, "set", "fix A", "A none", SEVERITY_LOW, false, false },
	    { 1, STAGE_PTR, MISSING, "set", "fix B", "B none", SEVERITY_LOW, false, false },
	    { 2, STAGE_PTR, MISSING, "set other", "fix C", "C none", SEVERITY_LOW, false, false } },
	  VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL, "3 things are missing",
	  "set (A,B) [fix A,fix B] {A none,B none}; set other (C) [fix C] {C none}", "" },
	{ "what is seen alike is said once",
	  { { 0, STAGE_GREETING, LATER, "look", "", "closed", 0, true, false },
	    { 1, STAGE_GREETING, LATER, "look", "", "closed", 0, true, false },
	    { 2, STAGE_GREETING, LATER, "look", "", "filtered", 0, true, false },
	    { 2, STAGE_PTR, MET, "", "", "x", 0, false, false } },
	  VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, "3 to check later", "", "look (A,B,C) [] {closed,filtered}" },
	{ "one stage is not another, nor is one state",
	  { { 0, STAGE_GREETING, MISSING, "do", "", "x", SEVERITY_LOW, false, false },
	    { 1, STAGE_CERTIFICATE, MISSING, "do", "", "x", SEVERITY_LOW, false, false },
	    { 2, STAGE_GREETING, BETTER, "do", "", "x", SEVERITY_LOW, false, false } },
	  VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL, "2 things are missing, 1 could be better",
	  "do (A) [] {x}; do (C) [] {x}; do (B) [] {x}", "" },
	{ "no remedy is known: what was seen stands for it",
	  { { 0, STAGE_LISTING, UNKNOWN, "", "", "no list told", SEVERITY_LOW, false, false } },
	  VERDICT_TEMPERROR, VERDICT_TEMPERROR, VERDICT_TEMPERROR, "1 unknown", "no list told (A) [] {no list told}", "" },
	/* clang-format on */
};

/* Two servers: the first has one address, the second the others. */
struct world {
	struct arena arena;
	struct preflight_address addresses[ADDRESSES_MAX];
	struct preflight_server servers[2];
	struct preflight preflight;
};

static void
add_thing(struct world *w, const struct thing *t)
{
	struct preflight_address *at = &w->addresses[t->address];
	at->items = arena_grow(&w->arena, at->items, at->n, &at->cap, sizeof *at->items);
	at->items[at->n++] = (struct preflight_item){ .stage = t->stage,
		.state = t->state,
		.required = !t->bearable,
		.planned = t->planned,
		.severity = t->severity,
		.rule = "x.y",
		.what = "a thing",
		.seen = t->seen,
		.todo = t->todo,
		.line = t->line,
		.why = "" };
}

static void
world_init(struct world *w, const struct row *row)
{
	*w = (struct world){
		.preflight = { .file = "intent", .servers = w->servers, .n_servers = 2 }
	};
	arena_init(&w->arena);
	for (size_t i = 0; i < ADDRESSES_MAX; i++)
		snprintf(w->addresses[i].text, sizeof w->addresses[i].text, "%c", (char)('A' + i));
	for (size_t i = 0; i < 2; i++)
		w->servers[i] = (struct preflight_server){ .name = i == 0 ? "one" : "two",
			.line = 1,
			.ehlo = "mail.example.com",
			.banner = "mail.example.com",
			.provider = "",
			.addresses = &w->addresses[i],
			.n_addresses = i == 0 ? 1 : ADDRESSES_MAX - 1 };
	for (size_t i = 0; i < N_ELEMENTS(row->things) && row->things[i].seen != NULL; i++)
		add_thing(w, &row->things[i]);
}

static const char *
texts_shown(const struct preflight_texts *texts, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < texts->n; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? "," : "", texts->list[i]);
	return text;
}

static const char *
steps_shown(const struct preflight_step *steps, size_t n, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < n; i++)
		text = arena_printf(a, "%s%s%s (%s) [%s] {%s}", text, i > 0 ? "; " : "",
		    steps[i].todo, texts_shown(&steps[i].addresses, a),
		    texts_shown(&steps[i].lines, a), texts_shown(&steps[i].seen, a));
	return text;
}

static enum verdict
verdict_of(struct world *w, bool warn, bool unknown)
{
	struct preflight_sum sum;
	w->preflight.strict_warn = warn;
	w->preflight.strict_unknown = unknown;
	preflight_add_up(&w->preflight, &w->arena, &sum);
	return sum.verdict;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct world w;
		struct preflight_sum sum;
		ROW(row->name);
		world_init(&w, row);
		preflight_add_up(&w.preflight, &w.arena, &sum);
		assert_int_equal(sum.verdict, row->verdict);
		assert_string_equal(sum.headline, row->headline);
		assert_string_equal(steps_shown(sum.steps, sum.n_steps, &w.arena), row->steps);
		assert_string_equal(steps_shown(sum.later, sum.n_later, &w.arena), row->later);
		assert_int_equal(verdict_of(&w, true, false), row->strict_warn);
		assert_int_equal(verdict_of(&w, false, true), row->strict_unknown);
		arena_fini(&w.arena);
	}
}

/* All that stands in for outside text is harmless in every format. */
static void
test_formats(void **state)
{
	(void)state;
	static const struct row hostile = { .things = { { 0, STAGE_PTR, MISSING, "<b>&\"'", "fix A",
						"]]>\\x1b", SEVERITY_LOW, false, false } } };
	void (*const formats[])(const struct preflight *, const struct render_options *,
	    struct buf *) = { preflight_text, preflight_json, preflight_junit };
	const char *const says[] = { "NOT READY", "\"not ready\"", "&lt;b&gt;&amp;" };
	const struct render_options how = { .color = false };
	struct world w;
	world_init(&w, &hostile);
	for (size_t i = 0; i < N_ELEMENTS(formats); i++) {
		struct buf out;
		buf_init(&out, 1 << 20);
		formats[i](&w.preflight, &how, &out);
		assert_false(out.failed);
		if (strstr(out.data, says[i]) == NULL)
			fail_msg("'%s' is not in: %s", says[i], out.data);
		buf_fini(&out);
	}
	arena_fini(&w.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_formats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
