/*
 * Runs as letters, oldest first, and what each of them changes.
 *
 * A run: '.' the check passes, F it fails, W it warns, H it fails with a higher severity, S the same and
 * a second look agreed, ? it could
 * not tell, - it did not run, s it was skipped on purpose; R and r refused, T its name is unknown; c the
 * log could not be explained, so that the refusals of the run before stand.
 * A change: N new, w worse, b better, G gone, . none; U and u are new and gone of "could not tell".
 */
#include "test.h"

#include "base/arena.h"
#include "history/change.h"

static struct digest_finding
finding(const char *rule, enum verdict verdict)
{
	return (struct digest_finding){ .rule = rule,
		.verdict = verdict,
		.severity = SEVERITY_MEDIUM,
		.required = true,
		.subject = "192.0.2.1",
		.text = "what is found",
		.remedy = "",
		.why = "" };
}

static struct digest_finding
finding_of(char letter)
{
	struct digest_finding f = finding("iprev.fail", VERDICT_FAIL);

	switch (letter) {
	case '.':
	case 'c':
		return finding("iprev.pass", VERDICT_PASS);
	case 'W':
		f.verdict = VERDICT_WARN;
		return f;
	case 'H':
		f.severity = SEVERITY_HIGH;
		return f;
	case 'S':
		f.severity = SEVERITY_HIGH;
		f.sure = true;
		return f;
	case '?':
		return finding("iprev.temperror", VERDICT_TEMPERROR);
	case 's':
		return finding("iprev.not-looked", VERDICT_SKIP);
	case 'T':
		return finding("target.temperror", VERDICT_TEMPERROR);
	case 'R':
		return finding("refused.rdns", VERDICT_FAIL);
	case 'r':
		return finding("refused.rdns", VERDICT_WARN);
	default:
		return f;
	}
}

static struct digest
empty(void)
{
	return (struct digest){ .address = "192.0.2.1" };
}

/* The first n letters as runs, newest first. */
static struct digest *
runs_of(const char *letters, size_t n, struct arena *a)
{
	struct digest *runs = arena_array(a, n, sizeof *runs);

	for (size_t i = 0; i < n; i++) {
		struct digest *d = &runs[n - 1 - i];
		*d = empty();
		if (letters[i] == '-')
			continue;
		d->findings = arena_alloc(a, sizeof *d->findings);
		d->findings[0] = finding_of(letters[i]);
		d->n_findings = 1;
		if (letters[i] == 'c' && i > 0)
			(void)digest_carry(d, &d[1], "refused.", a);
	}
	return runs;
}

static char
letter_of(const struct changes *c)
{
	static const char told[] = { [CHANGE_NEW] = 'N',
		[CHANGE_WORSE] = 'w',
		[CHANGE_BETTER] = 'b',
		[CHANGE_GONE] = 'G' };

	if (c->n == 0)
		return '.';
	if (c->n > 1)
		return '2';
	if (c->list[0].finding->verdict != VERDICT_TEMPERROR)
		return told[c->list[0].kind];
	return c->list[0].kind == CHANGE_NEW ? 'U' : 'u';
}

static const struct row {
	const char *name, *runs, *changes;
	struct change_policy policy;
} rows[] = {
	{ "good from the beginning", "....", "....", { 3, 2, 3 } },
	{ "bad from the beginning: told at once", "FFFF", "N...", { 3, 2, 3 } },
	{ "new at the second of three", "...FF..", "....N.G", { 3, 2, 3 } },
	{ "new with one good run between", "...F.F", ".....N", { 3, 2, 3 } },
	{ "a refusal counts at once, and is over at once", "..R.RRrr.", "..NGN..bG", { 3, 2, 3 } },
	{ "a refusal that could not be looked at once is not better", "RRrRRrR", "N......",
	    { 3, 2, 3 } },
	{ "not even in the second run", "RrR", "N..", { 3, 2, 3 } },
	{ "a refusal is worse at once", "rrR", "N.w", { 3, 2, 3 } },
	{ "a refusal of a name that could not be looked up stands", "RTTR.", "N...G", { 3, 2, 3 } },
	{ "a refusal whose log could not be explained is not gone", "RccR.", "N...G", { 3, 2, 3 } },
	{ "nor better, nor without an end", "Rcc.", "N..G", { 3, 2, 3 } },
	{ "and where there was none, there is none", ".ccR", "...N", { 3, 2, 3 } },
	{ "one bad run alarms nobody", "...F...", ".......", { 3, 2, 3 } },
	{ "nor two far apart", "...F..F..", ".........", { 3, 2, 3 } },
	{ "what comes and goes is told once", "...FF.F.F.F", "....N......", { 3, 2, 3 } },
	{ "and gone once", "...FF.F.F..", "....N.....G", { 3, 2, 3 } },
	{ "one good run ends nothing", "FFF.FF", "N.....", { 3, 2, 3 } },
	{ "the second bad run of all", ".FF", "..N", { 3, 2, 3 } },
	{ "the first bad run was a chance", "F...", "N.G.", { 3, 2, 3 } },
	{ "worse at the second", "WWWFF", "N...w", { 3, 2, 3 } },
	{ "once worse is a chance", "WWWFWW", "N.....", { 3, 2, 3 } },
	{ "higher severity is worse", "FFFHH", "N...w", { 3, 2, 3 } },
	{ "better at the second", "FFFWW", "N...b", { 3, 2, 3 } },
	{ "better, then gone", "FFFWW..", "N...b.G", { 3, 2, 3 } },
	{ "gone, then back", "FF..FF", "N..G.N", { 3, 2, 3 } },
	{ "temperror says nothing: not gone", "FFF???", "N....U", { 3, 2, 3 } },
	{ "passed over: gone later", "FF?.?.", "N....G", { 3, 2, 3 } },
	{ "passed over: new later", "..F?F", "....N", { 3, 2, 3 } },
	{ "one lost packet", "....?...", "........", { 3, 2, 3 } },
	{ "two in three are not enough", "....?.?..", ".........", { 3, 2, 3 } },
	{ "three in a row", "....???..", "......U.u", { 3, 2, 3 } },
	{ "never from the first run", "???", "..U", { 3, 2, 3 } },
	{ "nor with fewer runs", "?.", "..", { 3, 2, 3 } },
	{ "a check that did not run says nothing", "FF--..", "N....G", { 3, 2, 3 } },
	{ "nor one that judged nothing", "FFss.s.", "N.....G", { 3, 2, 3 } },
	{ "looked at for the first time", "---F", "...N", { 3, 2, 3 } },
	{ "one of one", "..F.F", "..NGN", { 1, 1, 1 } },
	{ "one of one, unknown", ".?.", ".Uu", { 1, 1, 1 } },
	{ "three of five", "....F.F.F...", "........N..G", { 5, 3, 3 } },
	{ "sure: told at once, and once", "...SHH", "...N..", { 3, 2, 3 } },
	{ "sure, then gone at the second", "...S..", "...N.G", { 3, 2, 3 } },
	{ "sure, then as one of three of five", ".....SHHH", ".....N...", { 5, 3, 3 } },
	{ "worse, and sure", "FFFSH", "N..w.", { 3, 2, 3 } },
	{ "unknown of a longer window", "..????..", ".....U.u", { 3, 2, 4 } },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		char got[40] = "";
		ROW(row->name);
		for (size_t n = 1; n <= strlen(row->runs); n++) {
			struct arena a;
			struct changes c;
			arena_init(&a);
			changes_of(runs_of(row->runs, n, &a), n, &row->policy, &a, &c);
			got[n - 1] = letter_of(&c);
			assert_int_equal(c.first, n == 1);
			arena_fini(&a);
		}
		assert_string_equal(got, row->changes);
	}
}

/* The server's verdict before and after the last run, from what is confirmed. */
static void
test_verdicts(void **state)
{
	(void)state;
	static const struct {
		const char *runs;
		enum verdict before, now;
	} cases[] = {
		{ ".", VERDICT_PASS, VERDICT_PASS },
		{ "F", VERDICT_FAIL, VERDICT_FAIL },
		{ "...F", VERDICT_PASS, VERDICT_PASS },
		{ "...FF", VERDICT_PASS, VERDICT_FAIL },
		{ "FFF?", VERDICT_FAIL, VERDICT_FAIL },
		{ "WWWFF", VERDICT_WARN, VERDICT_FAIL },
		{ "FFFW.", VERDICT_FAIL, VERDICT_FAIL },
		{ "WWW..", VERDICT_WARN, VERDICT_PASS },
		{ "...??", VERDICT_PASS, VERDICT_TEMPERROR },
		{ "?", VERDICT_TEMPERROR, VERDICT_TEMPERROR },
		{ "sss", VERDICT_TEMPERROR, VERDICT_TEMPERROR },
		{ "s.", VERDICT_TEMPERROR, VERDICT_PASS },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct changes c;
		size_t n = strlen(cases[i].runs);
		ROW(cases[i].runs);
		arena_init(&a);
		changes_of(runs_of(cases[i].runs, n, &a), n, &change_policy_default, &a, &c);
		assert_int_equal(c.before, cases[i].before);
		assert_int_equal(c.verdict, cases[i].now);
		arena_fini(&a);
	}
}

/* A name without address stands for the server until any check has judged it again. */
static void
test_no_address(void **state)
{
	(void)state;
	struct digest runs[4] = { empty(), empty(), empty(), empty() };
	struct digest_finding good = finding("ptr.found", VERDICT_PASS),
			      none = finding("target.no-address", VERDICT_FAIL);
	const struct {
		struct digest_finding *newest[4];
		enum change_kind kind;
		size_t n;
	} cases[] = {
		{ { &none, &good, &good, &good }, CHANGE_NEW, 0 },
		{ { &none, &none, &good, &good }, CHANGE_NEW, 1 },
		{ { &good, &none, &none, &good }, CHANGE_NEW, 0 },
		{ { &good, &good, &none, &none }, CHANGE_GONE, 1 },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct changes c;
		arena_init(&a);
		for (size_t k = 0; k < 4; k++) {
			runs[k].findings = cases[i].newest[k];
			runs[k].n_findings = 1;
		}
		changes_of(runs, 4, &change_policy_default, &a, &c);
		assert_int_equal(c.n, cases[i].n);
		if (c.n > 0)
			assert_int_equal(c.list[0].kind, cases[i].kind);
		arena_fini(&a);
	}
}

/* A certificate's days left, run by run: 'e' expiring, 'x' expired, '.' good; what the last run tells. */
static void
test_reminders(void **state)
{
	(void)state;
	enum { DAY = 86400, END = 1790000000 };
	static const struct {
		const char *name;
		int hours[4]; /* left, oldest first */
		const char *found;
		enum change_kind kind;
		size_t n;
	} cases[] = {
		{ "new at the second run", { 400, 340, 334, 328 }, "..ee", CHANGE_NEW, 1 },
		{ "nothing between", { 300, 294, 288, 282 }, "eeee", CHANGE_NEW, 0 },
		{ "seven days", { 204, 198, 192, 186 }, "eeee", CHANGE_REMINDER, 1 },
		{ "once", { 198, 192, 186, 180 }, "eeee", CHANGE_REMINDER, 0 },
		{ "three days", { 120, 108, 96, 84 }, "eeee", CHANGE_REMINDER, 1 },
		{ "one day", { 60, 54, 48, 42 }, "eeee", CHANGE_REMINDER, 1 },
		{ "two at once are one", { 120, 108, 96, 42 }, "eeee", CHANGE_REMINDER, 1 },
		{ "expired is new, and nothing is gone", { 12, 6, -1, -7 }, "eexx", CHANGE_NEW, 1 },
		{ "renewed is gone", { 60, 54, 2000, 1994 }, "ee..", CHANGE_GONE, 1 },
		{ "another certificate reminds of nothing", { 204, 198, 192, 0 }, "eeee",
		    CHANGE_REMINDER, 0 },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct digest runs[4];
		struct digest_finding found[4];
		struct arena a;
		struct changes c;
		ROW(cases[i].name);
		arena_init(&a);
		for (int k = 0; k < 4; k++) {
			char letter = cases[i].found[k];
			struct digest *d = &runs[3 - k];
			found[k] = finding(letter == 'e' ? "smtp.cert-expiring" :
				letter == 'x'            ? "smtp.cert-expired" :
							   "smtp.talked",
			    letter == '.' ? VERDICT_PASS : VERDICT_WARN);
			*d = empty();
			d->cert_expires_s = END;
			d->time_s = END - cases[i].hours[k] * (int64_t)3600;
			if (letter == '.' && k > 0 && cases[i].found[k - 1] == 'e')
				d->cert_expires_s = END + 90 * (int64_t)DAY;
			if (cases[i].hours[k] == 0)
				d->cert_expires_s = d->time_s + 6 * (int64_t)DAY;
			d->findings = &found[k];
			d->n_findings = 1;
		}
		changes_of(runs, 4, &change_policy_default, &a, &c);
		assert_int_equal(c.n, cases[i].n);
		/* an alarm that it expires is over when it has, though nobody is told */
		bool expires = strcmp(cases[i].found, "eexx") == 0;
		assert_int_equal(c.n_over, expires ? 1 : 0);
		if (expires)
			assert_string_equal(c.over[0]->rule, "smtp.cert-expiring");
		if (c.n > 0)
			assert_int_equal(c.list[0].kind, cases[i].kind);
		arena_fini(&a);
	}
}

/* Many runs: those beyond the limit are ignored. */
static void
test_limit(void **state)
{
	(void)state;
	char letters[101];
	struct arena a;
	struct changes c;

	memset(letters, 'F', 100);
	letters[98] = letters[99] = '.';
	arena_init(&a);
	changes_of(runs_of(letters, 100, &a), 100, &change_policy_default, &a, &c);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.list[0].kind, CHANGE_GONE);
	assert_string_equal(c.list[0].text, "no longer: what is found");
	arena_fini(&a);
}

/* A list that was asked speaks for itself: c clean, L listed, ? could not tell, - not asked. */
static struct digest *
list_runs(const char *letters, size_t n, struct arena *a)
{
	struct digest *runs = arena_array(a, n, sizeof *runs);

	for (size_t i = 0; i < n; i++) {
		struct digest *d = &runs[n - 1 - i];
		char letter = letters[i];
		*d = empty();
		d->findings = arena_array(a, 3, sizeof *d->findings);
		/* another list never tells */
		d->findings[d->n_findings++] = finding("dnsbl.unknown", VERDICT_TEMPERROR);
		d->findings[0].subject = "mute.example";
		if (letter == 'L' || letter == '?') {
			struct digest_finding f = finding(letter == 'L' ? "dnsbl.listed-high" :
									  "dnsbl.unknown",
			    letter == 'L' ? VERDICT_FAIL : VERDICT_TEMPERROR);
			f.subject = "bl.example";
			d->findings[d->n_findings++] = f;
		}
		if (letter == '-')
			continue;
		d->lists = arena_alloc(a, sizeof *d->lists);
		d->lists[0] = (struct digest_list){ .zone = "bl.example",
			.state = letter == 'L' ? LIST_LISTED :
			    letter == 'c'      ? LIST_CLEAN :
			    letter == 'n'      ? LIST_NOT_APPLICABLE :
						 LIST_UNKNOWN };
		d->n_lists = 1;
	}
	return runs;
}

static void
test_lists(void **state)
{
	(void)state;
	static const struct {
		const char *name, *runs;
		enum change_kind kind;
		size_t n;
	} cases[] = {
		{ "listed", "cccLL", CHANGE_NEW, 1 },
		{ "delisted, while another list is mute", "LLLcc", CHANGE_GONE, 1 },
		{ "mute is not delisted", "LLL?", CHANGE_NEW, 0 },
		{ "not asked is not delisted", "LLL--", CHANGE_NEW, 0 },
		{ "not applicable is not delisted", "LLLnn", CHANGE_NEW, 0 },
		{ "delisted, as seen between mute runs", "LLLc?c", CHANGE_GONE, 1 },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct changes c;
		size_t n = strlen(cases[i].runs);
		ROW(cases[i].name);
		arena_init(&a);
		changes_of(list_runs(cases[i].runs, n, &a), n, &change_policy_default, &a, &c);
		assert_int_equal(c.n, cases[i].n);
		if (c.n > 0) {
			assert_int_equal(c.list[0].kind, cases[i].kind);
			assert_string_equal(c.list[0].finding->subject, "bl.example");
		}
		arena_fini(&a);
	}
}

/* PTR names by letter: a, b or c; B both a and b; . none; ? could not tell. */
static struct digest *
name_runs(const char *letters, size_t n, struct arena *a)
{
	static const char *both[] = { "a.example", "b.example" };
	static const char *third[] = { "c.example" };
	struct digest *runs = arena_array(a, n, sizeof *runs);

	for (size_t i = 0; i < n; i++) {
		struct digest *d = &runs[n - 1 - i];
		char letter = letters[i];
		*d = empty();
		d->has_ptr = true;
		d->ptr_status = letter == '?' ? PTR_TEMPERROR :
		    letter == '.'             ? PTR_NXDOMAIN :
						PTR_FOUND;
		d->n_ptr_names = letter == 'B' ? 2 : letter == '?' || letter == '.' ? 0 : 1;
		d->ptr_names = letter == 'c' ? third : letter == 'b' ? both + 1 : both;
	}
	return runs;
}

static void
test_names(void **state)
{
	(void)state;
	static const struct {
		const char *runs, *text;
	} cases[] = {
		{ "a", NULL },
		{ "aaab", NULL },
		{ "aaabb", "the PTR name is b.example now; before it was a.example" },
		{ "aaabbb", NULL },
		{ "aaabab", "the PTR name is b.example now; before it was a.example" },
		{ "aaa??", NULL },
		{ "aaab?b", "the PTR name is b.example now; before it was a.example" },
		{ "aaaBB", "the PTR names are a.example, b.example now; before it was a.example" },
		{ "BBBcc", "the PTR name is c.example now; before they were a.example, b.example" },
		{ "aaabcc", "the PTR name is c.example now; before it was a.example" },
		{ "aaabaa", NULL },
		{ "aaa..", NULL },
		{ "...aa", NULL },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct changes c;
		size_t n = strlen(cases[i].runs);
		ROW(cases[i].runs);
		arena_init(&a);
		changes_of(name_runs(cases[i].runs, n, &a), n, &change_policy_default, &a, &c);
		assert_int_equal(c.n, cases[i].text != NULL);
		if (c.n > 0) {
			assert_int_equal(c.list[0].kind, CHANGE_PTR);
			assert_null(c.list[0].finding);
			assert_string_equal(c.list[0].text, cases[i].text);
		}
		arena_fini(&a);
	}
}

/* The worst comes first, good news last; the same finding twice in one run is one. */
static void
test_order(void **state)
{
	(void)state;
	struct digest_finding now[] = { finding("ptr.b", VERDICT_WARN),
		finding("ptr.a", VERDICT_FAIL), finding("ptr.a", VERDICT_WARN),
		finding("iprev.pass", VERDICT_PASS) };
	struct digest_finding then[] = { finding("iprev.fail", VERDICT_FAIL),
		finding("ptr.pass", VERDICT_PASS) };
	struct digest runs[4] = { empty(), empty(), empty(), empty() };
	static const char *const order[] = { "ptr.a", "ptr.b", "iprev.fail" };
	struct arena a;
	struct changes c;

	for (size_t i = 0; i < 4; i++) {
		runs[i].findings = i < 2 ? now : then;
		runs[i].n_findings = i < 2 ? N_ELEMENTS(now) : N_ELEMENTS(then);
	}
	arena_init(&a);
	changes_of(runs, 4, &change_policy_default, &a, &c);
	assert_int_equal(c.n, N_ELEMENTS(order));
	for (size_t i = 0; i < c.n; i++)
		assert_string_equal(c.list[i].finding->rule, order[i]);
	assert_int_equal(c.list[0].finding->verdict, VERDICT_FAIL);
	assert_true(enumtab_is_sound(&change_kind_names));
	arena_fini(&a);
}

/* What is grave and would not be told yet; a second look at it. */
static void
test_doubt(void **state)
{
	(void)state;
	static const struct {
		const char *runs;
		size_t n_doubted;
	} cases[] = {
		{ "...H", 1 },
		{ "..H.", 0 },
		{ "..HH", 0 },
		{ "...F", 0 },
		{ "...?", 0 },
		{ "FFFH", 1 },
		{ "...S", 0 },
		{ "H", 0 },
		{ "HH.H", 0 },
	};
	static const struct {
		char letter;
		enum change_look says;
	} looks[] = {
		{ 'H', CHANGE_LOOK_STANDS },
		{ 'F', CHANGE_LOOK_STANDS },
		{ '.', CHANGE_LOOK_GONE },
		{ '?', CHANGE_LOOK_NOTHING },
		{ 's', CHANGE_LOOK_NOTHING },
		{ '-', CHANGE_LOOK_NOTHING },
	};
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct changes c;
		size_t n = strlen(cases[i].runs);
		ROW(cases[i].runs);
		changes_of(runs_of(cases[i].runs, n, &a), n, &change_policy_default, &a, &c);
		assert_int_equal(c.n_doubted, cases[i].n_doubted);
		if (c.n_doubted > 0)
			assert_string_equal(c.doubted[0]->rule, "iprev.fail");
	}
	const struct digest_finding f = finding_of('H');
	for (size_t i = 0; i < N_ELEMENTS(looks); i++) {
		ROW("look");
		assert_int_equal(change_look(&f, runs_of(&looks[i].letter, 1, &a)), looks[i].says);
	}
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_reminders),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_doubt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
