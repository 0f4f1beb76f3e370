#include "base/arena.h"
#include "checks/finding.h"
#include "test.h"

static const struct rule needed = { "x.needed", &topic_ptr, "needed", SEVERITY_HIGH, true, "RFC 1",
	"why" };
static const struct rule nice = { "x.nice", &topic_ptr, "nice", SEVERITY_LOW, false, "", "why" };

enum { FINDINGS_MAX = 4, END = -1 };

struct verdict_case {
	const char *name;
	int required[FINDINGS_MAX]; /* verdicts under the required rule, up to END */
	int optional[FINDINGS_MAX];
	enum verdict want;
};

static const struct verdict_case verdict_cases[] = {
	{ "nothing at all", { END }, { END }, VERDICT_TEMPERROR },
	{ "only info and skip", { VERDICT_INFO, END }, { VERDICT_SKIP, END }, VERDICT_TEMPERROR },
	{ "pass", { VERDICT_PASS, END }, { END }, VERDICT_PASS },
	{ "pass and info", { VERDICT_PASS, END }, { VERDICT_INFO, END }, VERDICT_PASS },
	{ "optional pass", { END }, { VERDICT_PASS, END }, VERDICT_PASS },
	{ "warn", { VERDICT_WARN, END }, { VERDICT_PASS, END }, VERDICT_WARN },
	{ "optional temperror", { VERDICT_PASS, END }, { VERDICT_TEMPERROR, END }, VERDICT_PASS },
	{ "only an optional temperror", { END }, { VERDICT_TEMPERROR, END }, VERDICT_TEMPERROR },
	{ "required temperror", { VERDICT_TEMPERROR, END }, { VERDICT_PASS, END },
	    VERDICT_TEMPERROR },
	{ "required temperror and warn", { VERDICT_TEMPERROR, END }, { VERDICT_WARN, END },
	    VERDICT_TEMPERROR },
	{ "fail", { VERDICT_PASS, END }, { VERDICT_FAIL, END }, VERDICT_FAIL },
	{ "permerror is bad", { VERDICT_PERMERROR, END }, { END }, VERDICT_FAIL },
	{ "fail outweighs temperror", { VERDICT_TEMPERROR, END }, { VERDICT_FAIL, END },
	    VERDICT_FAIL },
	{ "fail behind temperror and warn", { VERDICT_WARN, VERDICT_TEMPERROR, VERDICT_FAIL, END },
	    { END }, VERDICT_FAIL },
};

static void
add_all(struct findings *out, const struct rule *rule, const int *verdicts)
{
	for (; *verdicts != END; verdicts++)
		finding_add(out, rule, (enum verdict) * verdicts, "subject", "text");
}

static void
test_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(verdict_cases); i++) {
		const struct verdict_case *c = &verdict_cases[i];
		struct arena a;
		struct findings f;
		ROW(c->name);
		arena_init(&a);
		findings_init(&f, &a);
		add_all(&f, &needed, c->required);
		add_all(&f, &nice, c->optional);
		assert_int_equal(findings_verdict(&f), c->want);
		arena_fini(&a);
	}
}

static void
test_content(void **state)
{
	(void)state;
	struct arena a;
	struct findings f;
	arena_init(&a);
	findings_init(&f, &a);
	struct finding *one = finding_add(&f, &needed, VERDICT_WARN, "bad\nsubject", "%s and %d",
	    "\033[31mred", 7);
	assert_ptr_equal(one, f.list[0]);
	assert_ptr_equal(one->rule, &needed);
	assert_int_equal(one->severity, SEVERITY_HIGH);
	assert_string_equal(one->remedy, "");
	assert_null(strchr(one->subject, '\n'));
	assert_null(strchr(one->text, '\033'));
	assert_non_null(strstr(one->text, "red and 7"));
	finding_remedy(&f, one, "set %s", "a\tb");
	assert_null(strchr(one->remedy, '\t'));
	assert_non_null(strstr(one->remedy, "set a"));

	struct fact facts[2] = { { .key = "dns A x" }, { .key = "dns A y" } };
	finding_evidence(&f, one, NULL);
	assert_int_equal(one->n_evidence, 0);
	finding_evidence(&f, one, &facts[0]);
	finding_evidence(&f, one, &facts[1]);
	finding_evidence(&f, one, &facts[0]);
	assert_int_equal(one->n_evidence, 2);
	assert_ptr_equal(one->evidence[1], &facts[1]);
	arena_fini(&a);
}

static void
test_many_keep_their_place(void **state)
{
	(void)state;
	struct arena a;
	struct findings f;
	arena_init(&a);
	findings_init(&f, &a);
	struct finding *first = finding_add(&f, &nice, VERDICT_PASS, "0", "0");
	for (int i = 1; i < 500; i++)
		finding_add(&f, &nice, VERDICT_PASS, "x", "%d", i);
	assert_int_equal(f.n, 500);
	assert_ptr_equal(f.list[0], first);
	assert_string_equal(f.list[499]->text, "499");
	arena_fini(&a);
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(enumtab_is_sound(&verdict_names));
	assert_true(enumtab_is_sound(&severity_names));
	assert_int_equal(verdict_names.n, VERDICT_FAIL + 1);
	assert_int_equal(severity_names.n, SEVERITY_CRITICAL + 1);
}

/* The rule's headline unless the case has one, which is safe to print and short. */
static void
test_headline(void **state)
{
	(void)state;
	static const char sixty[] = "listed on 123456789 123456789 123456789 123456789 1234567890";
	static const struct {
		const char *said, *shown;
	} rows[] = {
		{ "listed on Spamhaus ZEN (SBL)", "listed on Spamhaus ZEN (SBL)" },
		{ sixty, sixty },
		{ "listed on 123456789 123456789 123456789 123456789 12345678901",
		    "listed on 123456789 123456789 123456789 123456789 1234567..." },
		{ "listed on 123456789 123456789 123456789 123456789 123456\xc3\xa9 and more",
		    "listed on 123456789 123456789 123456789 123456789 123456..." },
		{ "a\033[31mb", "a\\x1b[31mb" },
	};
	struct arena a;
	struct findings out;
	arena_init(&a);
	findings_init(&out, &a);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].shown);
		struct finding *f = finding_add(&out, &needed, VERDICT_FAIL, "x", "text");
		assert_string_equal(f->headline, "needed");
		finding_headline(&out, f, "%s", rows[i].said);
		assert_string_equal(f->headline, rows[i].shown);
	}
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headline),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_many_keep_their_place),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
