/* Certificates run out by and by: what was told two weeks before is told again near the end. */
#include <string.h>

#include "change_priv.h"

enum { DAY_S = 86400 };

/* Days left; the finding itself comes on the thirteenth, and once expired it is another one. */
static const int64_t reminder_days[] = { 7, 3, 1 };

static const char expiring[] = "smtp.cert-expiring", expired[] = "smtp.cert-expired";

/* The run before that saw the same certificate; NULL. */
static const struct digest *
seen_before(const struct digest *runs, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (runs[i].cert_expires_s == runs[0].cert_expires_s)
			return &runs[i];
	return NULL;
}

bool
change_reminds(const struct digest *runs, size_t n, const struct digest_finding *f)
{
	const struct digest *before = seen_before(runs, n);

	if (strcmp(f->rule, expiring) != 0 || runs[0].cert_expires_s == 0 || before == NULL)
		return false;
	int64_t now = (runs[0].cert_expires_s - runs[0].time_s) / DAY_S;
	int64_t then = (before->cert_expires_s - before->time_s) / DAY_S;
	for (size_t i = 0; i < sizeof reminder_days / sizeof reminder_days[0]; i++)
		if (then > reminder_days[i] && now <= reminder_days[i])
			return true;
	return false;
}

bool
change_goes_on(const struct digest *run, const struct digest_finding *before)
{
	if (strcmp(before->rule, expiring) != 0)
		return false;
	for (size_t i = 0; i < run->n_findings; i++)
		if (strcmp(run->findings[i].rule, expired) == 0)
			return true;
	return false;
}
