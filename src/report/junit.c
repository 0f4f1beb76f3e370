/* JUnit XML for CI servers: a test suite a target, a test case a finding. */
#include "report/junit.h"

#include <string.h>

#include "base/arena.h"
#include "report_priv.h"

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

/* A rule can say several things about one subject: later ones get a number. */
static const char *
case_name(const struct digest *d, size_t index, struct arena *a)
{
	const struct digest_finding *f = &d->findings[index];
	size_t same = 1;

	for (size_t i = 0; i < index; i++)
		same += strcmp(d->findings[i].rule, f->rule) == 0 &&
		    strcmp(d->findings[i].subject, f->subject) == 0;
	if (same > 1)
		return arena_printf(a, "%s %s (%zu)", f->rule, f->subject, same);
	return arena_printf(a, "%s %s", f->rule, f->subject);
}

static void
case_of(const struct digest *d, size_t i, struct arena *a, struct junit_case *out)
{
	const struct digest_finding *f = &d->findings[i];

	*out = (struct junit_case){ .group = arena_printf(a, "mailready.%.*s",
					(int)strcspn(f->rule, "."), f->rule),
		.name = case_name(d, i, a),
		.type = f->rule,
		.message = f->text,
		.text = text_of(f, a),
		.outcome = outcome_of(f) };
	if (out->outcome == JUNIT_PASSED && f->verdict != VERDICT_WARN)
		out->message = "";
}

static void
suite_of(const struct digest *d, struct arena *a, struct junit_suite *out)
{
	const char *const properties[] = { "address", d->address, "host", d->host, "verdict",
		enumtab_name(&verdict_names, (int)d->verdict), "reason", d->reason, NULL };
	const char **kept = arena_array(a, sizeof properties / sizeof properties[0], sizeof *kept);
	struct junit_case *cases = arena_array(a, d->n_findings, sizeof *cases);

	memcpy(kept, properties, sizeof properties);
	for (size_t i = 0; i < d->n_findings; i++)
		case_of(d, i, a, &cases[i]);
	*out = (struct junit_suite){ .name = digest_name(d, a),
		.host = d->address,
		.time_s = d->time_s,
		.time_us = d->time_us,
		.properties = kept,
		.cases = cases,
		.n = d->n_findings };
}

static void
junit_whole(const struct digest *all, size_t n, const struct render_options *o, struct buf *out)
{
	struct arena a;

	(void)o;
	arena_init(&a);
	struct junit_suite *suites = arena_array(&a, n, sizeof *suites);
	for (size_t i = 0; i < n; i++)
		suite_of(&all[i], &a, &suites[i]);
	junit_add(out, suites, n);
	arena_fini(&a);
}

const struct renderer render_junit = {
	.name = "junit",
	.help = "JUnit XML, for CI servers",
	.whole = junit_whole,
};
