/* The formats of servers over time, and the words that they share. */
#include "past_priv.h"
#include "report/outage.h"

/* An outage that lasts as a report of its own: one, whatever the number of servers. */
static struct digest
outage_digest(const struct history_outage *o, struct arena *a)
{
	struct digest_finding *f = arena_alloc(a, sizeof *f);

	*f = (struct digest_finding){ .rule = arena_printf(a, "outage.%s",
					  enumtab_name(&outage_kind_names, (int)o->kind)),
		.verdict = outage_verdict(o),
		.severity = outage_severity(o),
		.required = o->kind != OUTAGE_LIST,
		.subject = o->subject,
		.text = outage_text(o, a),
		.remedy = o->remedy,
		.why = "" };
	return (struct digest){ .time_s = o->last_s,
		.label = "",
		.address = o->subject,
		.host = "",
		.ehlo = "",
		.domain = "",
		.verdict = outage_verdict(o),
		.reason = o->text,
		.ehlo_seen = "",
		.findings = f,
		.n_findings = 1 };
}

/* Formats that show how servers are, not how they were: of the last run of each. */
static void
write_last(const struct past *p, const struct renderer *r, bool with_outages,
    const struct render_options *o, struct buf *out)
{
	struct arena a;
	size_t n = 0;

	arena_init(&a);
	struct digest *all = arena_array(&a, p->n_outages + p->n, sizeof *all);
	for (size_t i = 0; with_outages && i < p->n_outages; i++)
		if (p->outages[i].end_s == 0)
			all[n++] = outage_digest(&p->outages[i], &a);
	for (size_t i = 0; i < p->n; i++)
		all[n++] = *p->servers[i].last;
	r->whole(all, n, o, out);
	arena_fini(&a);
}

static void
past_junit(const struct past *p, const struct render_options *o, struct buf *out)
{
	write_last(p, &render_junit, true, o, out);
}

static void
past_openmetrics(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct render_options with = *o;

	with.watched = with.resolver_up = true;
	for (size_t i = 0; i < p->n_outages; i++)
		with.resolver_up &= !outage_blinds(&p->outages[i]);
	for (size_t i = 0; i < p->n; i++)
		if (p->servers[i].last->time_s > with.last_success_s)
			with.last_success_s = p->servers[i].last->time_s;
	write_last(p, &render_openmetrics, false, &with, out);
}

const struct past_format past_formats[] = {
	{ "text", true, past_text },
	{ "html", true, html_past },
	{ "markdown", true, past_markdown },
	{ "json", true, past_json },
	{ "csv", false, past_csv },
	{ "openmetrics", false, past_openmetrics },
	{ "junit", false, past_junit },
};
const size_t past_formats_n = sizeof past_formats / sizeof past_formats[0];
