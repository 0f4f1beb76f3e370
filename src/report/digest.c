#include "report/digest.h"

#include "base/arena.h"
#include "base/safe.h"
#include "report_priv.h"
#include "views/views.h"

enum {
	EVIDENCE_KEPT = 12, /* facts of a finding */
	EVIDENCE_MAX = 64 << 10,
};

/* Borrows from the report; digest_copy() makes it lasting. */
static void
take_ptr(const struct report *r, struct digest *d)
{
	struct ptr_view v;

	if (!report_ran(r, "ptr"))
		return;
	v = *known_ptr(r->known);
	d->ptr_status = enumtab_name(&ptr_status_names, (int)v.status);
	d->ptr_names = arena_array(r->arena, v.n_names, sizeof *d->ptr_names);
	d->n_ptr_names = v.n_names;
	for (size_t i = 0; i < v.n_names; i++)
		d->ptr_names[i] = v.names[i][0] != '\0' ? safe_text(r->arena, v.names[i]) : ".";
}

static void
take_iprev(const struct report *r, struct digest *d)
{
	struct iprev_view v;

	if (!report_ran(r, "iprev"))
		return;
	v = *known_iprev(r->known);
	d->iprev = enumtab_name(&iprev_result_names, (int)v.result);
}

static void
take_ehlo(const struct report *r, struct digest *d)
{
	struct ehlo_view v;

	if (!report_ran(r, "ehlo"))
		return;
	v = *known_ehlo(r->known);
	if (v.source == EHLO_NONE)
		return;
	d->ehlo_seen = safe_text(r->arena, v.name);
	d->ehlo_result = enumtab_name(&iprev_result_names, (int)v.result);
}

static void
take_certificate(const struct report *r, struct digest *d)
{
	for (size_t i = 0; i < r->facts->n; i++) {
		const struct fact *f = r->facts->list[i];
		if (f->kind == FACT_SMTP && f->smtp->tls == SMTP_TLS_DONE)
			d->cert_expires_s = f->smtp->cert.not_after_s;
	}
}

static const char *
list_why(const struct list_view *v, struct arena *a)
{
	const char *codes = "";

	if (v->verdict.state == LIST_UNKNOWN)
		return enumtab_name(&list_reason_names, (int)v->verdict.reason);
	for (size_t i = 0; v->verdict.state == LIST_LISTED && i < v->verdict.n_codes; i++)
		codes = arena_printf(a, "%s%s%s", codes, i > 0 ? " " : "", v->verdict.codes[i]);
	return codes;
}

static void
take_lists(const struct report *r, struct digest *d)
{
	if (!report_ran(r, "dnsbl"))
		return;
	const struct list_view *views = known_lists(r->known)->rows;
	d->n_lists = known_lists(r->known)->n;
	d->lists = arena_array(r->arena, d->n_lists, sizeof *d->lists);
	for (size_t i = 0; i < d->n_lists; i++) {
		const struct list_view *v = &views[i];
		d->lists[i] = (struct digest_list){ .zone = v->list->zone,
			.subject = safe_text(r->arena, v->subject),
			.state = enumtab_name(&list_state_names, (int)v->verdict.state),
			.kind = enumtab_name(&list_kind_names, (int)v->list->kind),
			.impact = enumtab_name(&list_impact_names, (int)v->verdict.impact),
			.reason = list_why(v, r->arena) };
	}
}

/* NULL when the finding rests on no single fact. */
static const char *
evidence_lines(const struct finding *f, struct arena *a)
{
	struct buf lines;
	const char *text = NULL;

	buf_init(&lines, EVIDENCE_MAX);
	for (size_t i = 0; i < f->n_evidence && i < EVIDENCE_KEPT; i++)
		evidence_text(f->evidence[i], 0, &lines);
	if (f->n_evidence > EVIDENCE_KEPT)
		buf_printf(&lines, "and %zu more\n", f->n_evidence - EVIDENCE_KEPT);
	if (lines.len > 0)
		text = arena_strndup(a, lines.data, lines.len - 1);
	buf_fini(&lines);
	return text;
}

static void
take_findings(const struct report *r, struct digest *d)
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
			.evidence = evidence_lines(f, r->arena) };
	}
}

void
digest_of_report(const struct report *r, struct arena *a, struct digest *out)
{
	const struct target *t = r->target;
	struct digest d = { .time_s = t->policy->now_s,
		.time_us = r->time_us,
		.label = "",
		.address = t->address,
		.host = safe_text(r->arena, t->host),
		.ehlo = safe_text(r->arena, t->ehlo),
		.domain = safe_text(r->arena, t->domain),
		.verdict = r->verdict,
		.reason = report_reason(r),
		.ptr_status = "",
		.iprev = "",
		.ehlo_seen = "",
		.ehlo_result = "" };

	take_ptr(r, &d);
	take_iprev(r, &d);
	take_ehlo(r, &d);
	take_certificate(r, &d);
	take_lists(r, &d);
	take_findings(r, &d);
	digest_copy(&d, a, out);
}
