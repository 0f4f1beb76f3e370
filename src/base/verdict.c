/* Names and order of verdicts. */
#include "base/verdict.h"

#include <ctype.h>
#include <stdio.h>

static const struct enumtab_row verdict_rows[] = {
	{ "pass", VERDICT_PASS },
	{ "info", VERDICT_INFO },
	{ "skip", VERDICT_SKIP },
	{ "warn", VERDICT_WARN },
	{ "temperror", VERDICT_TEMPERROR },
	{ "permerror", VERDICT_PERMERROR },
	{ "fail", VERDICT_FAIL },
};
const struct enumtab verdict_names = ENUMTAB(verdict_rows);

const char *
verdict_word(enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_INFO] = "info",
		[VERDICT_SKIP] = "skipped",
		[VERDICT_WARN] = "warn",
		[VERDICT_TEMPERROR] = "unknown",
		[VERDICT_PERMERROR] = "fail",
		[VERDICT_FAIL] = "fail",
	};
	return words[v];
}

static const struct enumtab_row severity_rows[] = {
	{ "info", SEVERITY_INFO },
	{ "low", SEVERITY_LOW },
	{ "medium", SEVERITY_MEDIUM },
	{ "high", SEVERITY_HIGH },
	{ "critical", SEVERITY_CRITICAL },
};
const struct enumtab severity_names = ENUMTAB(severity_rows);

bool
verdict_is_bad(enum verdict v)
{
	return v == VERDICT_FAIL || v == VERDICT_PERMERROR;
}

bool
verdict_is_good(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_INFO || v == VERDICT_SKIP;
}

const char *
verdict_capitals(enum verdict v, char out[VERDICT_TEXT_MAX])
{
	snprintf(out, VERDICT_TEXT_MAX, "%s", verdict_word(v));
	for (char *c = out; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return out;
}

int
verdict_rank(enum verdict v)
{
	static const int ranks[] = {
		[VERDICT_INFO] = 0,
		[VERDICT_SKIP] = 1,
		[VERDICT_PASS] = 2,
		[VERDICT_WARN] = 3,
		[VERDICT_TEMPERROR] = 4,
		[VERDICT_PERMERROR] = 5,
		[VERDICT_FAIL] = 5,
	};
	return ranks[v];
}
