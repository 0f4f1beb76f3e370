/* One report as a digest. */
#include "report/digest.h"

#include "base/arena.h"
#include "base/safe.h"
#include "report_priv.h"

enum {
	EVIDENCE_KEPT = 12, /* facts of a finding */
	/* more than so many facts have: a question, a chain and records, each cut (evidence.c) */
	EVIDENCE_MAX = 128 << 10,
};

/* NULL when the finding rests on no single fact. */
static const char *
evidence_lines(const struct finding *f, struct arena *a)
{
	struct buf lines;
	const char *text = NULL;

	buf_init(&lines, EVIDENCE_MAX);
	if (f->story != NULL)
		buf_printf(&lines, "%s\n", f->story);
	for (size_t i = 0; i < f->n_evidence && i < EVIDENCE_KEPT; i++)
		evidence_text(f->evidence[i], 0, &lines);
	if (f->n_evidence > EVIDENCE_KEPT)
		buf_printf(&lines, "and %zu more\n", f->n_evidence - EVIDENCE_KEPT);
	if (lines.len > 0)
		text = arena_strndup(a, lines.data, lines.len - 1);
	buf_fini(&lines);
	return text;
}

void
digest_findings(const struct report *r, struct digest *d)
{
	d->n_findings = r->findings->n;
	d->findings = arena_array(r->arena, d->n_findings, sizeof *d->findings);
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct finding *f = r->findings->list[i];
		d->findings[i] = (struct digest_finding){ .rule = f->rule->id,
			.verdict = f->verdict,
			.severity = f->severity,
			.required = f->rule->required,
			.subject = f->subject,
			.text = f->text,
			.remedy = f->remedy,
			.why = f->why,
			.leads = f->leads,
			.cause = f->cause };
	}
}

void
digest_borrow(const struct report *r, struct digest *out)
{
	const struct target *t = r->target;

	*out = (struct digest){ .time_s = t->policy->now_s,
		.time_us = r->time_us,
		.label = "",
		.address = target_title(t),
		.host = safe_text(r->arena, t->names.host),
		.ehlo = safe_text(r->arena, t->names.ehlo),
		.domain = safe_text(r->arena, t->names.domain),
		.verdict = r->verdict,
		.reason = report_reason(r),
		.ehlo_seen = "" };
	parts_take(r, out);
	if (receivers_apply(r->known)) {
		out->receivers = known_receivers(r->known);
		receivers_digest(out->receivers, r->arena, out);
	}
	digest_findings(r, out);
}

void
digest_evidence(const struct report *r, struct digest *d)
{
	for (size_t i = 0; i < d->n_findings; i++)
		d->findings[i].evidence = evidence_lines(r->findings->list[i], r->arena);
}

void
digest_of_report(const struct report *r, struct arena *a, struct digest *out)
{
	struct digest d;

	digest_borrow(r, &d);
	digest_evidence(r, &d);
	digest_copy(&d, a, out);
}
