/*
 * Rows for spreadsheets: what happened first, then the servers, worst first, each with what else was not
 * good.  No finding has two rows.
 */
#include "past_priv.h"
#include "report/outage.h"

static void
put_fields(struct buf *out, const char *const *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		csv_add(out, fields[i]);
	}
	buf_puts(out, "\r\n");
}

static const char *
moment(int64_t time_s, struct arena *a)
{
	char iso[TIME_TEXT_MAX];

	return arena_strdup(a, time_text(time_s, iso));
}

/* The server itself: its row has no finding. */
static void
put_server(struct buf *out, const struct past_server *s, struct arena *a)
{
	const struct digest *d = s->last;
	const struct history_server *h = s->server;
	const char *const fields[] = { d->address, d->label, d->host, "", "",
		enumtab_name(&verdict_names, (int)d->verdict), "",
		moment(h != NULL ? h->first_s : d->time_s, a), moment(d->time_s, a),
		arena_printf(a, "%zu", s->n_points), "yes", d->reason,
		d->groups != NULL ? d->groups : "" };

	put_fields(out, fields, sizeof fields / sizeof fields[0]);
}

static void
put_span(struct buf *out, const struct digest *d, const struct history_span *s, struct arena *a)
{
	const char *const fields[] = { d->address, d->label, d->host, s->rule, s->subject,
		enumtab_name(&verdict_names, (int)s->verdict),
		enumtab_name(&severity_names, (int)s->severity), moment(s->first_s, a),
		moment(s->last_s, a), arena_printf(a, "%zu", s->n_runs), s->standing ? "yes" : "no",
		s->text, d->groups != NULL ? d->groups : "" };

	put_fields(out, fields, sizeof fields / sizeof fields[0]);
}

/* Of no server. */
static void
put_outage(struct buf *out, const struct past_incident *in, struct arena *a)
{
	const char *const fields[] = { "", "", "", in->rule, in->outage->subject,
		enumtab_name(&verdict_names, (int)outage_verdict(in->outage)),
		enumtab_name(&severity_names, (int)in->severity), moment(in->first_s, a),
		moment(in->last_s, a), arena_printf(a, "%zu", in->outage->n_runs),
		in->standing ? "yes" : "no", in->text, "" };

	put_fields(out, fields, sizeof fields / sizeof fields[0]);
}

static void
put_incidents(struct buf *out, const struct past *p, struct arena *a)
{
	size_t n;
	const struct past_incident *list = past_incidents(p, a, &n);

	for (size_t i = 0; i < n; i++) {
		if (list[i].outage != NULL)
			put_outage(out, &list[i], a);
		for (size_t k = 0; k < list[i].n_sightings; k++) {
			const struct past_sighting *s = &list[i].sightings[k];
			put_span(out, s->server->last, s->span, a);
		}
	}
}

void
past_csv(const struct past *p, const struct render_options *o, struct buf *out)
{
	struct arena a;

	(void)o;
	arena_init(&a);
	buf_puts(out,
	    "address,label,host,finding,subject,verdict,severity,first_seen,last_seen,runs,"
	    "standing,text,groups\r\n");
	put_incidents(out, p, &a);
	const struct past_server *servers = past_sorted(p, &a);
	for (size_t i = 0; i < p->n; i++) {
		const struct past_server *s = &servers[i];
		put_server(out, s, &a);
		for (size_t k = 0; k < s->n_spans; k++)
			if (!past_is_incident(&s->spans[k]))
				put_span(out, s->last, &s->spans[k], &a);
	}
	arena_fini(&a);
}
