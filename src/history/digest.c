#include "history/digest.h"

#include "base/arena.h"

const char *
digest_name(const struct digest *d, struct arena *a)
{
	/* a host name may stand for several addresses */
	if (d->label[0] != '\0' && d->host[0] != '\0')
		return arena_printf(a, "%s (%s)", d->label, d->address);
	if (d->label[0] != '\0')
		return d->label;
	if (d->host[0] != '\0')
		return arena_printf(a, "%s (%s)", d->address, d->host);
	return d->address;
}

static void
copy_lists(const struct digest *from, struct arena *a, struct digest *out)
{
	out->lists = arena_array(a, from->n_lists, sizeof *out->lists);
	for (size_t i = 0; i < from->n_lists; i++) {
		const struct digest_list *l = &from->lists[i];
		out->lists[i] = (struct digest_list){ .zone = arena_strdup(a, l->zone),
			.subject = arena_strdup(a, l->subject),
			.state = arena_strdup(a, l->state),
			.kind = arena_strdup(a, l->kind),
			.impact = arena_strdup(a, l->impact),
			.reason = arena_strdup(a, l->reason) };
	}
}

static void
copy_findings(const struct digest *from, struct arena *a, struct digest *out)
{
	out->findings = arena_array(a, from->n_findings, sizeof *out->findings);
	for (size_t i = 0; i < from->n_findings; i++) {
		const struct digest_finding *f = &from->findings[i];
		out->findings[i] = (struct digest_finding){ .rule = arena_strdup(a, f->rule),
			.verdict = f->verdict,
			.severity = f->severity,
			.required = f->required,
			.subject = arena_strdup(a, f->subject),
			.text = arena_strdup(a, f->text),
			.remedy = arena_strdup(a, f->remedy),
			.why = arena_strdup(a, f->why),
			.evidence = f->evidence != NULL ? arena_strdup(a, f->evidence) : NULL };
	}
}

void
digest_copy(const struct digest *from, struct arena *a, struct digest *out)
{
	*out = *from;
	out->label = arena_strdup(a, from->label);
	out->address = arena_strdup(a, from->address);
	out->host = arena_strdup(a, from->host);
	out->ehlo = arena_strdup(a, from->ehlo);
	out->domain = arena_strdup(a, from->domain);
	out->reason = arena_strdup(a, from->reason);
	out->ptr_status = arena_strdup(a, from->ptr_status);
	out->iprev = arena_strdup(a, from->iprev);
	out->ehlo_seen = arena_strdup(a, from->ehlo_seen);
	out->ehlo_result = arena_strdup(a, from->ehlo_result);
	out->ptr_names = arena_array(a, from->n_ptr_names, sizeof *out->ptr_names);
	for (size_t i = 0; i < from->n_ptr_names; i++)
		out->ptr_names[i] = arena_strdup(a, from->ptr_names[i]);
	copy_lists(from, a, out);
	copy_findings(from, a, out);
}
