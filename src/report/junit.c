/*
 * JUnit XML for CI servers: a test suite a target, a test case a check.  Servers follow a case by its
 * class and name, so neither says what came of it: the class is the target, the name is the check, and
 * a fault that is gone is the same case, passed.
 */
#include "report/junit.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "report_priv.h"

/* What a target that could be checked has passed; one that could not has findings of this name. */
static const char taken[] = "target";

/*
 * As the exit status has it: what need not be known leaves a run good, so it is skipped here.  A
 * warning has passed.
 */
static enum junit_outcome
outcome_of(const struct digest_finding *f)
{
	if (verdict_is_bad(f->verdict))
		return JUNIT_FAILED;
	if (f->verdict == VERDICT_TEMPERROR)
		return f->required ? JUNIT_ERROR : JUNIT_SKIPPED;
	return f->verdict == VERDICT_SKIP ? JUNIT_SKIPPED : JUNIT_PASSED;
}

/* Of several findings of a check the worst counts; what was skipped says less than what passed. */
static int
weight_of(const struct digest_finding *f)
{
	static const int weights[] = {
		[JUNIT_SKIPPED] = 0,
		[JUNIT_PASSED] = 1,
		[JUNIT_ERROR] = 4,
		[JUNIT_FAILED] = 5,
	};

	if (f->verdict == VERDICT_WARN)
		return 2;
	if (f->verdict == VERDICT_TEMPERROR && !f->required)
		return 3;
	return weights[outcome_of(f)];
}

static const char *
text_of(const struct digest_finding *f, struct arena *a)
{
	const char *text = f->text;

	if (f->why[0] != '\0')
		text = arena_printf(a, "%s\nWhy: %s", text, f->why);
	if (f->remedy[0] != '\0')
		text = arena_printf(a, "%s\nWhat to do: %s", text, f->remedy);
	if (f->evidence != NULL)
		text = arena_printf(a, "%s\n\n%s", text, f->evidence);
	return text;
}

/* What of a check is as bad as its worst: the lists that hold the target, one after the other. */
static const char *
texts_of(const struct digest *d, const char *check, int weight, struct arena *a)
{
	const char *text = "";

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		if (weight_of(f) == weight && digest_same_check(f->rule, check))
			text = arena_printf(a, "%s%s%s", text, text[0] != '\0' ? "\n\n" : "",
			    text_of(f, a));
	}
	return text;
}

/* first: the index of the first finding of the check. */
static void
case_of(const struct digest *d, const char *server, size_t first, struct arena *a,
    struct junit_case *out)
{
	const struct digest_finding *worst = &d->findings[first];
	const char *check = arena_strndup(a, worst->rule, strcspn(worst->rule, "."));

	for (size_t i = first; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		if (digest_same_check(f->rule, check) && weight_of(f) > weight_of(worst))
			worst = f;
	}
	*out = (struct junit_case){ .group = server,
		.name = check,
		.type = worst->rule,
		.message = worst->text,
		.text = texts_of(d, check, weight_of(worst), a),
		.outcome = outcome_of(worst) };
	if (out->outcome == JUNIT_PASSED && worst->verdict != VERDICT_WARN)
		out->message = "";
}

static bool
is_there(const struct junit_case *cases, size_t n, const char *rule)
{
	for (size_t i = 0; i < n; i++)
		if (digest_same_check(cases[i].name, rule))
			return true;
	return false;
}

static size_t
cases_of(const struct digest *d, const char *server, struct arena *a, struct junit_case *cases)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_findings; i++)
		if (!is_there(cases, n, d->findings[i].rule))
			case_of(d, server, i, a, &cases[n++]);
	/* so that a name that has its address back is seen as repaired; no target stands for an outage */
	bool outage = n > 0 && strcmp(cases[0].name, "outage") == 0;
	if (!outage && !is_there(cases, n, taken))
		cases[n++] = (struct junit_case){ .group = server,
			.name = taken,
			.type = "",
			.message = "",
			.text = "",
			.outcome = JUNIT_PASSED };
	return n;
}

/* Two servers of one name differ in their EHLO name or domain: one of them must not hide the other. */
static const char **
classes_of(const struct digest *all, size_t n, struct arena *a)
{
	const char **names = arena_array(a, n, sizeof *names);
	struct map seen;

	map_init(&seen);
	for (size_t i = 0; i < n; i++) {
		const char *name = digest_name(&all[i], a);
		const struct digest *same = map_get(&seen, name);
		if (same == NULL)
			map_put(&seen, name, (void *)(uintptr_t)&all[i]);
		names[i] = same == NULL ?
		    name :
		    arena_printf(a, "%s %s %s", name, all[i].ehlo, all[i].domain);
	}
	map_fini(&seen);
	return names;
}

static void
suite_of(const struct digest *d, const char *name, struct arena *a, struct junit_suite *out)
{
	const char *const properties[] = { "address", d->address, "host", d->host, "verdict",
		enumtab_name(&verdict_names, (int)d->verdict), "reason", d->reason, NULL };
	const char **kept = arena_array(a, sizeof properties / sizeof properties[0], sizeof *kept);
	struct junit_case *cases = arena_array(a, d->n_findings + 1, sizeof *cases);

	memcpy(kept, properties, sizeof properties);
	size_t n = cases_of(d, name, a, cases);
	*out = (struct junit_suite){ .name = name,
		.host = d->address,
		.time_s = d->time_s,
		.time_us = d->time_us,
		.properties = kept,
		.cases = cases,
		.n = n };
}

static void
junit_whole(const struct digest *all, size_t n, const struct render_options *o, struct buf *out)
{
	struct arena a;

	(void)o;
	arena_init(&a);
	struct junit_suite *suites = arena_array(&a, n, sizeof *suites);
	const char **classes = classes_of(all, n, &a);
	for (size_t i = 0; i < n; i++)
		suite_of(&all[i], classes[i], &a, &suites[i]);
	junit_add(out, suites, n);
	arena_fini(&a);
}

const struct renderer render_junit = {
	.name = "junit",
	.help = "JUnit XML, for CI servers",
	.whole = junit_whole,
};
